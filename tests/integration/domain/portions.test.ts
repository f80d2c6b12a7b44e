/** @file Portions and wording in any history: the state says what the events say, no dish is ready unseen, and what is late is as if it were apart. */
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { apply, type State } from '../../../shared/domain/apply.ts'
import { type Command, type CommandName, commandSchemas } from '../../../shared/domain/commands.ts'
import { decide } from '../../../shared/domain/decide/index.ts'
import type { PlateEvent } from '../../../shared/domain/events.ts'
import { type ItemState, last, type OrderState } from '../../../shared/domain/order.ts'
import { workOf } from '../../../shared/domain/portions.ts'
import { handedFor, isOpen, recallsFor } from '../../../shared/domain/shown.ts'
import { itemStatus } from '../../../shared/domain/status.ts'
import { ticketOf } from '../../../shared/domain/view.ts'
import { versionBefore } from '../../support/frozen.ts'
import { times } from '../../support/long.ts'
import { adversarial } from '../../unit/domain/adversary.ts'
import { applyAll, commandOf, itemsOf, play, scriptOf } from '../../unit/domain/history.ts'
import { ORDER, restaurant, uuid } from '../../unit/domain/kit.ts'
import { type ModelLine, model } from './portions-model.ts'

vi.setConfig({ testTimeout: times(300_000, 3_600_000) })
const histories = { numRuns: times(500, 10_000) }

/** The lines of an order as the state has them, in the model's shape. */
function linesOf(order: OrderState): Record<string, ModelLine> {
  return Object.fromEntries(
    itemsOf(order).map((item) => {
      const work = workOf(order, item)
      const tasks = [...(work?.tasks ?? [])].map(([id, { made, served, toMake }]) => [
        id,
        { made, served, toMake },
      ])
      return [item.id, { wanted: work?.wanted ?? 0, tasks: Object.fromEntries(tasks) }]
    }),
  )
}

const eventsOf = (events: readonly PlateEvent[], order: string) =>
  events.filter((event) => event.order === order)

function expectModel(state: State, events: readonly PlateEvent[]): void {
  for (const [id, order] of state.orders) expect(linesOf(order)).toEqual(model(eventsOf(events, id)))
}

/** At least three cores: what two agree on may still differ on a third. */
const short = scriptOf(50).map(({ acts, skews }) => ({ acts, skews: [...skews, 0].slice(0, 3) }))

describe('the state says what the events say', () => {
  test('at the end of any history, everywhere', () => {
    let splits = 0
    fc.assert(
      fc.property(short, (history) => {
        const { events, logs, states } = play(history)
        const all = applyAll(events)
        expectModel(all, events)
        expectModel(states[0] as State, logs[0] ?? [])
        for (const order of all.orders.values()) splits += expectSums(order)
      }),
      histories,
    )
    expect(splits).toBeGreaterThan(100)
  })
})

/** A line and what was split off it have its portions, none fewer than nothing. Returns how many were split off. */
function expectSums(order: OrderState): number {
  let parts = 0
  for (const item of itemsOf(order)) {
    const work = workOf(order, item)
    if (!work) continue
    const off = work.facts.parts.map(({ id, split }) => {
      parts++
      const part = workOf(order, order.items[id] as ItemState)?.facts
      // Whoever wrote its own quantity wants more or fewer than were split off.
      const own = last(part?.item.fields.quantity)
      return own === undefined ? (part?.total ?? 0) : Math.min(split.n, Number.NaN)
    })
    expect(work.wanted).toBeGreaterThanOrEqual(0)
    const sum = off.reduce((a, b) => a + b, 0)
    if (!Number.isNaN(sum)) expect(work.wanted + sum).toBe(work.facts.total)
  }
  return parts
}

/** A command that the screen of `then` leads to, decided on `state`; its events, or none when it is refused. */
function decided(state: State, command: Command, stamp: string): PlateEvent[] {
  let nth = 0
  const decision = decide(state, command, {
    now: 1,
    day: '2026-03-02',
    roles: ['admin'],
    staff: null,
    device: 'late',
    eventId: () => uuid(500_000 + nth),
    stamp: () => `${stamp.slice(0, 16)}${String(999_000 + nth++)}-late`,
    ticketNumber: () => 'late',
  })
  return decision.ok ? decision.value.events : []
}

const WORK: CommandName[] = [
  'startTask',
  'bumpTask',
  'bumpTicket',
  'recallTask',
  'recallTicket',
  'fireCourse',
  'fireItems',
]

describe('a press that comes late is as if it had been made apart', () => {
  test('starts, bumps, recalls and fires', () => {
    let pressed = 0
    fc.assert(
      fc.property(short, fc.nat({ max: 99 }), ({ acts, skews }, share) => {
        const cut = Math.floor((acts.length * share) / 100)
        const before = play({ acts: acts.slice(0, cut), skews: skews.slice(0, 1) })
        const all = play({ acts, skews: skews.slice(0, 1) })
        const [then, now] = [before.states[0], all.states[0]]
        const act = acts[cut]
        if (!then || !now || !act) return
        for (const name of WORK) {
          const command = commandOf(then, { ...act, name }, () => uuid(700_000))
          const stamp = now.orders.get(orderOf(command))?.top ?? ''
          const apart = decided(then, command, stamp)
          if (!apart.length) continue
          pressed++
          const late = decided(now, command, stamp)
          const [one, other] = [applyAll([...all.events, ...apart]), applyAll([...all.events, ...late])]
          const [a, b] = [one, other].map((state) => state.orders.get(orderOf(command)))
          if (a && b && !a.cancelled) expect(standOf(b)).toEqual(standOf(a))
        }
      }),
      histories,
    )
    expect(pressed).toBeGreaterThan(300)
  })
})

const orderOf = (command: Command) => (command.args as { order: string }).order

/** How each living line stands. What is voided is gone, however much was made of it. */
function standOf(order: OrderState): unknown {
  const lines = linesOf(order)
  return itemsOf(order)
    .filter((item) => itemStatus(order, item) !== 'voided')
    .map((item) => [item.id, itemStatus(order, item), lines[item.id]])
}

const SCOPES = [{ scope: 'expo' }, { scope: 'open' }, { scope: 'station', station: 'grill' }] as const
const ticketsOf = (state: State, id: string) => {
  const order = state.orders.get(id)
  return SCOPES.map((scope) => (order ? ticketOf(state.documents, order, scope) : null))
}

describe('undo', () => {
  test('leaves everything as it was before, ages too', () => {
    let undone = 0
    fc.assert(
      fc.property(
        short,
        fc.constantFrom<CommandName>('startTask', 'bumpTask', 'bumpTicket', 'serve'),
        fc.nat(11),
        (history, name, n) => {
          const { events } = play(history)
          const state = applyAll(events, restaurant())
          const act = {
            ...(history.acts.at(-1) as never as (typeof history.acts)[number]),
            name,
            item: n,
            task: n % 3,
          }
          const command = commandOf(state, act, () => uuid(700_000))
          const id = orderOf(command)
          const before = ticketsOf(state, id)
          const stamp = state.orders.get(id)?.top ?? ''
          const deed = decided(state, command, stamp)
          if (!deed.length) return
          undone++
          applyAll(deed, state)
          const deeds = deed.map((event) => event.stamp)
          const args = commandSchemas.undo.parse({ order: id, deeds })
          const back = decided(state, { id: uuid(1), name: 'undo', args }, `${stamp.slice(0, 15)}9`)
          expect(back).toHaveLength(1)
          applyAll(
            back.map((event) => ({ ...event, id: uuid(600_000) })),
            state,
          )
          expect(ticketsOf(state, id)).toEqual(before)
        },
      ),
      histories,
    )
    expect(undone).toBeGreaterThan(100)
  })
})

/** The event as the version before would have written it; null when it could not. */
function asBefore(event: PlateEvent): PlateEvent | null {
  if (event.kind === 'item.split' || event.kind === 'deeds.undone') return null
  const { needs: _, ...rest } = structuredClone(event)
  const before = rest as PlateEvent
  if (before.kind === 'tasks.moved') {
    for (const move of before.data.moves) {
      delete move.n
      delete move.saw
    }
  }
  if (before.kind === 'item.changed') delete before.data.saw
  return before
}

describe('a log of the version before', () => {
  test('reads to the same statuses, but for lines that were changed after somebody had worked on them', async () => {
    const { plate } = await versionBefore()
    let same = 0
    fc.assert(
      fc.property(short, (history) => {
        const log = play(history).events.flatMap((event) => asBefore(event) ?? [])
        const now = applyAll(log, restaurant())
        const then = plate.emptyState()
        then.documents = restaurant().documents as never
        for (const event of log) plate.applyRead(then, plate.parseEvent(event) as never)
        for (const [id, order] of now.orders) {
          const old = then.orders.get(id)
          const shown = old && plate.view(then.documents, old, { scope: 'open' })
          for (const { id: line, status } of shown?.items ?? []) {
            const item = order.items[line] as ItemState
            // Which is what is meant to differ: it is to be made again. And what was begun is not held again.
            const { quantity, modifiers, note, allergies, course } = item.fields
            if (quantity || modifiers || note || allergies || course) continue
            expect(itemStatus(order, item)).toBe(status)
            same++
          }
        }
      }),
      histories,
    )
    expect(same).toBeGreaterThan(1000)
  })
})

describe('no dish is done unseen', () => {
  test('what the cooks have not cooked as it is wanted now is to be made', () => {
    fc.assert(
      fc.property(physical, (acts) => checkCooked(acts)),
      histories,
    )
  })

  test('adversarial events make no count negative, and no line ready of which more is wanted than anybody answered', () => {
    fc.assert(
      fc.property(adversarial, (events) => {
        for (const order of applyAll(events).orders.values()) {
          for (const item of itemsOf(order)) {
            const work = workOf(order, item)
            expect(work?.wanted).toBeGreaterThanOrEqual(0)
            for (const { made, served, toMake } of work?.tasks.values() ?? []) {
              expect(Math.min(made, served, toMake)).toBeGreaterThanOrEqual(0)
              expect(toMake).toBe(Math.max(0, (work?.wanted ?? 0) - Math.max(made, work?.served ?? 0)))
            }
          }
        }
      }),
      histories,
    )
  })
})

/** What happens to one line at one station, by three cores that hear each other sometimes. */
const deed = fc.record({
  pc: fc.nat({ max: 2 }),
  from: fc.nat({ max: 2 }),
  what: fc.constantFrom(
    'quantity',
    'note',
    'allergy',
    'bump',
    'bump',
    'bumpOne',
    'recall',
    'split',
    'serve',
    'hear',
    'hear',
  ),
  n: fc.integer({ min: 1, max: 4 }),
  /** The screen still showed what stood there one deed ago. */
  stale: fc.boolean(),
})
type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never
const physical = fc.array(deed, { minLength: 1, maxLength: 40, size: 'max' })

const STEAK = uuid(11)
const FILTER = { scope: 'station', station: 'grill' } as const

/**
 * Beside the cores a kitchen of flesh and blood: what stands cooked, by line and by how it was cooked. A cook cooks what the
 * screen says is missing, a recall is thrown away, a split takes plates along. The state must never count more as made.
 */
function checkCooked(acts: readonly Deed[]): void {
  const first = kitchenOf()
  const cores = [0, 1, 2].map((pc) => ({ state: applyAll(first, restaurant()), log: [...first], pc }))
  const cooked = new Map<string, number>()
  const shown = cores.map(({ state }) =>
    ticketOf(state.documents, state.orders.get(ORDER) as OrderState, FILTER),
  )
  let now = 0
  for (const act of acts) {
    const core = cores[act.pc]
    const other = cores[act.from]
    if (!core || !other) continue
    const order = core.state.orders.get(ORDER) as OrderState
    const fresh = ticketOf(core.state.documents, order, FILTER)
    const ticket = act.stale ? shown[act.pc] : fresh
    shown[act.pc] = fresh
    if (act.what === 'hear') {
      for (const event of other.log) if (!core.log.includes(event)) take(core, event)
      continue
    }
    const item = ticket?.items[act.n % ticket.items.length]
    const task = item?.tasks[0]
    if (!item || !task) continue
    const plates = (line: string, word: string) => `${line}/${word}`
    const word = `${item.note}/${item.allergies.join()}`
    const key = plates(item.id, word)
    const standing = cooked.get(key) ?? 0
    now++
    const run = (name: CommandName, args: unknown) => commandAt(core, now, name, args)
    if (act.what === 'quantity') run('changeItem', { order: ORDER, item: item.id, quantity: act.n })
    if (act.what === 'note')
      run('changeItem', { order: ORDER, item: item.id, note: act.n % 2 ? '' : 'no salt' })
    if (act.what === 'allergy')
      run('changeItem', { order: ORDER, item: item.id, allergies: act.n % 2 ? [] : ['nuts'] })
    if (act.what === 'serve')
      run('serve', {
        order: ORDER,
        items: handedFor(ticketOf(core.state.documents, order, { scope: 'open' }) ?? ticket),
      })
    if ((act.what === 'bump' || act.what === 'bumpOne') && isOpen(task)) {
      const made = task.made ?? 0
      const n = act.what === 'bump' ? item.quantity : Math.min(item.quantity, made + 1)
      if (
        run('bumpTask', {
          order: ORDER,
          item: item.id,
          task: task.id,
          n,
          ...(item.shown && { saw: item.shown }),
        })
      )
        cooked.set(key, standing + Math.max(0, n - made))
    }
    if (act.what === 'recall') {
      const [recall] = recallsFor({ ...ticket, items: [item] }, true)
      const n = Math.min(act.n, recall?.n ?? 0)
      if (n && run('recallTask', { order: ORDER, ...recall, n })) cooked.set(key, Math.max(0, standing - n))
    }
    if (act.what === 'split') {
      const child = uuid(1000 + now)
      const split = run('splitItem', { order: ORDER, item: item.id, newItem: child, quantity: act.n })?.find(
        ({ kind }) => kind === 'item.split',
      )
      if (split?.kind !== 'item.split') continue
      const { note, allergies } = split.data.line
      const from = plates(item.id, `${note}/${allergies.join()}`)
      const taken = Math.min(split.data.made[0]?.took ?? 0, cooked.get(from) ?? 0)
      cooked.set(from, (cooked.get(from) ?? 0) - taken)
      cooked.set(plates(child, `${note}/${allergies.join()}`), taken)
    }
  }
  const all = [...new Map(cores.flatMap(({ log }) => log).map((event) => [event.id, event])).values()]
  expectStanding(applyAll(all, restaurant()), cooked)
}

/** More is never counted as made than stands cooked as it is wanted now, or for more allergies than that. */
function expectStanding(state: State, cooked: ReadonlyMap<string, number>): void {
  const order = state.orders.get(ORDER) as OrderState
  const ticket = ticketOf(state.documents, order, { scope: 'open' })
  const made = (ticket?.items ?? []).map((item) => {
    const work = [...(workOf(order, order.items[item.id] as never)?.tasks.values() ?? [])][0]
    return { item, made: Math.min(item.quantity, work?.made ?? 0) }
  })
  const wordings = new Set(made.map(({ item }) => item.note))
  for (const note of wordings) {
    const counted = made.filter(({ item }) => item.note === note && item.allergies.length)
    const safe = [...cooked]
      .filter(([key]) => key.endsWith(`/${note}/nuts`))
      .reduce((sum, [, n]) => sum + n, 0)
    expect(counted.reduce((sum, line) => sum + line.made, 0)).toBeLessThanOrEqual(safe)
    const any = [...cooked].filter(([key]) => key.includes(`/${note}/`)).reduce((sum, [, n]) => sum + n, 0)
    const those = made.filter(({ item }) => item.note === note)
    expect(those.reduce((sum, line) => sum + line.made, 0)).toBeLessThanOrEqual(any)
  }
}

interface Core {
  state: State
  log: PlateEvent[]
  pc: number
}

function take(core: Core, event: PlateEvent): void {
  core.log.push(event)
  apply(core.state, event)
}

/** Three steaks. */
function kitchenOf(): PlateEvent[] {
  const core: Core = { state: restaurant(), log: [], pc: 9 }
  const items = [{ id: STEAK, menuItem: 'steak', quantity: 3, modifiers: [] }]
  commandAt(core, 0, 'placeOrder', { order: ORDER, type: 'dineIn', items })
  return core.log
}

/** Decides and applies; the events, or undefined when it was refused. */
function commandAt(core: Core, now: number, name: CommandName, args: unknown): PlateEvent[] | undefined {
  const parsed = commandSchemas[name].safeParse(args)
  if (!parsed.success) return undefined
  let nth = 0
  const decision = decide(core.state, { id: uuid(now), name, args: parsed.data } as Command, {
    now,
    day: '2026-03-02',
    roles: ['admin'],
    staff: null,
    device: `pc${core.pc}`,
    eventId: () => `${core.pc}-${now}-${nth++}`,
    stamp: (above) => {
      const at = `0${String(now).padStart(14, '0')}`
      return above.slice(0, 15) >= at
        ? `${above.slice(0, 16)}${String(Number(above.slice(16, 22)) + 1).padStart(6, '0')}-pc${core.pc}`
        : `${at}-000000-pc${core.pc}`
    },
    ticketNumber: () => '1',
  })
  if (!decision.ok) return undefined
  for (const event of decision.value.events) take(core, event)
  return decision.value.events
}
