/** @file Unit test of conflicts in the audit trail: a row is of a bounded size, whatever another PC has sent. */
import { expect, test } from 'vitest'
import type { PlateEvent } from '../../../shared/domain/events.ts'
import type { Message, Param } from '../../../shared/domain/messages/message.ts'
import { makeStamp } from '../../../shared/domain/stamp.ts'
import { command, FRIDAY, id, placing, testEngine } from './kit.ts'

const LONG = 'x'.repeat(400)

/** All texts in a message. */
const textsOf = (param: Param): string[] => {
  if (typeof param === 'string') return [param]
  if (Array.isArray(param)) return param.flatMap(textsOf)
  return typeof param === 'object' && param !== null
    ? Object.values((param as Message).params ?? {}).flatMap(textsOf)
    : []
}

test('names that are longer than anybody reads are cut, the rest of what is told stays', async () => {
  const { engine, store } = await testEngine()
  const order = id()
  await engine.submit(placing(order))
  await engine.submit(command('cancelOrder', { order, reason: 'guest left' }))
  const bar = 'bar'
  const line = {
    menuItem: 'fries',
    name: LONG,
    price: 1,
    quantity: 1,
    modifiers: [],
    seat: null,
    course: null,
    note: '',
    allergens: [],
    allergies: [],
  }
  const added = {
    id: id(),
    v: 1,
    kind: 'item.added',
    order,
    at: FRIDAY,
    stamp: makeStamp(FRIDAY, 1, bar),
    device: bar,
    staff: { id: 'ben', name: LONG },
    command: id(),
    data: { item: id(), line, tasks: [{ id: 't', station: 'fryer', step: 1 }], held: false },
  } as PlateEvent
  await engine.ingest('bar', [added], 1)
  const row = (await store.audit({ limit: 9 })).find(({ name }) => name === 'merge')
  expect(row?.says).toMatchObject({
    code: 'conflicts.met',
    params: { verdict: { code: 'conflicts.staysCancelled' } },
  })
  const texts = textsOf(row?.says ?? null)
  expect(texts).toEqual(expect.arrayContaining(['guest left', 'x'.repeat(100)]))
  expect(Math.max(...texts.map((text) => text.length))).toBe(100)
})
