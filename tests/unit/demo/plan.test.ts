/** @file The plan of the demo evening and its seeded randomness. */
import { expect, test } from 'vitest'
import { chooseOptions } from '../../../main/core/demo/meal.ts'
import { people, planEvening } from '../../../main/core/demo/plan.ts'
import { createRandom } from '../../../main/core/demo/random.ts'
import { commandSchemas } from '../../../shared/domain/commands.ts'
import { EMPTY_DOCUMENTS } from '../../../shared/domain/documents.ts'
import { documents, START } from './world.ts'

test('random numbers repeat for a seed and spread evenly', () => {
  const [one, same, other] = [createRandom(1), createRandom(1), createRandom(2)]
  const draw = (random: { next(): number }) => Array.from({ length: 2000 }, () => random.next())
  const numbers = draw(one)
  expect(draw(same)).toEqual(numbers)
  expect(draw(other)).not.toEqual(numbers)
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length
  expect(mean).toBeGreaterThan(0.47)
  expect(mean).toBeLessThan(0.53)
  expect(() => one.pick([])).toThrow(RangeError)
  expect(one.uuid(START)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('every planned command is well-formed and in its time', () => {
  const plan = planEvening({ documents, seed: 11, start: START })
  expect(plan).toEqual(planEvening({ documents, seed: 11, start: START }))
  for (const { command, at } of [...plan.stock, ...plan.parties.flatMap((party) => party.steps)]) {
    expect(commandSchemas[command.name].safeParse(command.args).success, command.name).toBe(true)
    expect(at).toBeGreaterThanOrEqual(0)
  }
  const ids = plan.parties.map((party) => party.order)
  expect(new Set(ids).size).toBe(ids.length)
})

test('two humps: more come in the rush than before and between', () => {
  const plan = planEvening({ documents, seed: 11, start: START, covers: 2000 })
  const tenths = Array.from({ length: 10 }, () => 0)
  for (const { steps } of plan.parties) {
    const tenth = Math.floor((steps[0]?.at ?? 0) / (15 * 60_000))
    tenths[tenth] = (tenths[tenth] ?? 0) + 1
  }
  expect(tenths[6]).toBeGreaterThan(2 * (tenths[4] ?? 0))
  expect(tenths[2]).toBeGreaterThan(tenths[4] ?? 0)
})

test('modifiers satisfy every group of every dish', () => {
  const random = createRandom(5)
  for (const item of documents.menu.items) {
    const chosen = chooseOptions(documents.menu, item, random)
    for (const group of documents.menu.modifierGroups) {
      if (!item.modifierGroups.includes(group.id)) continue
      const count = group.options.filter((option) => chosen.includes(option.id)).length
      expect(count).toBeGreaterThanOrEqual(group.min)
      expect(count).toBeLessThanOrEqual(group.max)
    }
  }
})

test('a restaurant without tables still sells to go; without a menu or staff there is nothing to play', () => {
  const plan = planEvening({
    documents: { ...documents, floor: EMPTY_DOCUMENTS.floor },
    seed: 1,
    start: START,
  })
  const tables = plan.parties.flatMap(({ steps }) => steps.map(({ command }) => command.args))
  expect(tables.every((args) => !('table' in args) || args.table === null)).toBe(true)
  expect(() => planEvening({ documents: EMPTY_DOCUMENTS, seed: 1, start: START })).toThrow(RangeError)
})

test('managers stand in for a role nobody has', () => {
  const members = documents.staff.members.filter(({ role }) => role === 'manager' || role === 'cook')
  expect(people({ salt: '', members }, 'server')).toEqual(['farah'])
  expect(people({ salt: '', members }, 'cook')).toContain('chidi')
})
