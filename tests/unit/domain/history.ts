/** @file Random histories for property tests: several cores with skewed clocks that decide, and exchange events partially. Test kit. */
import fc from 'fast-check'
import { apply, emptyState, type State } from '../../../shared/domain/apply.ts'
import { canonical } from '../../../shared/domain/canonical.ts'
import { type Command, type CommandName, commandSchemas } from '../../../shared/domain/commands.ts'
import type { Decision } from '../../../shared/domain/decide/context.ts'
import { decide } from '../../../shared/domain/decide/index.ts'
import type { DocumentBodies, Stations } from '../../../shared/domain/documents.ts'
import type { PlateEvent } from '../../../shared/domain/events.ts'
import { existingItems, type ItemState, type OrderState } from '../../../shared/domain/order.ts'
import { ROLES, type Role } from '../../../shared/domain/roles.ts'
import {
  answerFor,
  answersFor,
  handedFor,
  heldFor,
  recallFor,
  recallsFor,
  startFor,
} from '../../../shared/domain/shown.ts'
import { createStampClock } from '../../../shared/domain/stamp.ts'
import {
  type ItemView,
  type TaskView,
  type TicketFilter,
  type TicketView,
  ticketOf,
} from '../../../shared/domain/view.ts'
import { bodies, line, NOON, placing, restaurant, uuid } from './kit.ts'

/** ×20 in the long run. */
export const runs = (count: number) => ({ numRuns: process.env.PLATE_LONG ? count * 20 : count })

/** The state as one text, whatever the order in which it was built. */
export function fingerprint(state: State): string {
  return canonical({
    orders: Object.fromEntries(state.orders),
    documents: state.documents,
    stock: Object.fromEntries(state.stock),
  })
}

export function applyAll(events: readonly PlateEvent[], state = emptyState()): State {
  for (const event of events) apply(state, event)
  return state
}

/** Freezes a value and everything in it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const inner of value instanceof Map ? value.values() : Object.values(value)) deepFreeze(inner)
  return value
}

/** One thing somebody does. Numbers choose among what exists at that moment, so that most of it makes sense. */
export interface Act {
  device: number
  role: Role
  name: CommandName
  order: number
  item: number
  task: number
  n: number
  flag: boolean
  /** ms that pass on this device before. */
  wait: number
  /** Whether the screen still showed what stood there before the last news. */
  late: boolean
  /** Which device it hears from first, and how much of what it has missed (0–1). */
  hears: { from: number; share: number } | null
}

const ORDERS = 3
const NAMES = Object.keys(commandSchemas) as CommandName[]
// What happens most in a kitchen comes up most.
const often = (name: CommandName, times: number) => Array<CommandName>(times).fill(name)
const WEIGHTED: CommandName[] = [
  ...NAMES,
  ...often('bumpTask', 6),
  ...often('bumpTicket', 6),
  ...often('serve', 4),
  ...often('recallTask', 2),
  ...often('undo', 2),
  ...often('splitItem', 2),
  ...often('acknowledge', 3),
]
const small = fc.nat({ max: 11 })

const act: fc.Arbitrary<Act> = fc.record({
  device: fc.nat({ max: 3 }),
  role: fc.oneof(
    { weight: 9, arbitrary: fc.constant<Role>('admin') },
    { weight: 2, arbitrary: fc.constantFrom(...ROLES) },
  ),
  name: fc.constantFrom(...WEIGHTED),
  order: fc.nat({ max: ORDERS - 1 }),
  item: small,
  task: fc.nat({ max: 3 }),
  n: small,
  flag: fc.boolean(),
  late: fc.boolean(),
  wait: fc.constantFrom(0, 0, 1, 1000, 60_000, -30_000, 600_000, -600_000),
  hears: fc.option(
    fc.record({ from: fc.nat({ max: 3 }), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
    { freq: 3 },
  ),
})

export interface Script {
  acts: Act[]
  /** ms each device's clock is off. */
  skews: number[]
}

/** A script of at most so many acts. */
export const scriptOf = (most: number): fc.Arbitrary<Script> =>
  fc.record({
    acts: fc.array(act, { minLength: 5, maxLength: most, size: 'max' }),
    skews: fc.array(fc.integer({ min: -600_000, max: 600_000 }), { minLength: 2, maxLength: 4 }),
  })
export const script = scriptOf(120)

const STATIONS = ['grill', 'fryer', 'pizza', 'oven', 'cold']

/** Some of the stations, and perhaps a default, which may have been deleted itself. */
export function stationsOf(choice: number, withDefault: boolean): Stations {
  const stations = bodies.stations.stations.filter((_, index) => (choice >> index) & 1)
  return withDefault ? { stations, defaultStation: 'cold' } : { stations }
}

function documentOf({ n, flag }: Act): { name: keyof DocumentBodies; body: unknown } {
  if (n < 7) return { name: 'stations', body: stationsOf(n * 5 + 2, flag) }
  if (n === 7) return { name: 'menu', body: { ...bodies.menu, items: bodies.menu.items.slice(flag ? 1 : 0) } }
  if (n === 8) return { name: 'floor', body: { ...bodies.floor, tables: flag ? [] : bodies.floor.tables } }
  return n === 9 ? { name: 'staff', body: bodies.staff } : { name: 'settings', body: bodies.settings }
}

const at = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)]

const OPEN: TicketFilter = { scope: 'open' }
const orSome = <T>(list: readonly T[], one: T): readonly T[] => (list.length ? list : [one])
const NO_TICKET = { items: [] as ItemView[] } as TicketView

/**
 * Turns an act into a command that fits the state, or into nonsense when nothing fits. `screen`: the state that the screen
 * still showed; `deeds`: stamps of what was pressed here.
 */
export function commandOf(
  state: State,
  what: Act,
  fresh: () => string,
  screen: State = state,
  deeds: readonly string[] = [],
): Command {
  const order = uuid(900 + what.order)
  const known = state.orders.get(order)
  const items = known ? existingItems(known) : []
  const chosen = at(items, what.item)
  const item = chosen?.id ?? uuid(1)
  const task = at(chosen?.added?.tasks ?? [], what.task)?.id ?? `${item}:0`
  const station = at([...STATIONS, 'expo'], what.n) as string
  const shown = (filter: TicketFilter) => {
    const there = screen.orders.get(order)
    return (there && ticketOf(screen.documents, there, filter)) ?? NO_TICKET
  }
  const nobodys = what.name === 'startTask' ? { item, task } : { item, task, n: 1 }
  const pressed = <T>(of: (item: ItemView, task: TaskView) => T) => {
    const view = shown(OPEN).items.find(({ id }) => id === item)
    const one = view?.tasks.find(({ id }) => id === task)
    return view && one ? of(view, one) : (nobodys as T)
  }
  const course = at(['starters', 'mains', 'desserts'], what.n) as string
  const dishes = ['burger', 'steak', 'pizza', 'cake', 'odd', 'burger']
  const dish = at(dishes, what.n) as string
  const lines = () =>
    [what.item, what.task].map((n, index) =>
      line(fresh(), at(dishes, n + index) as string, {
        hold: index === 1 && what.flag,
        quantity: 1 + (what.n % 4),
      }),
    )
  const change = [
    { quantity: 1 + what.n },
    { note: `n${what.n}` },
    { course },
    { seat: what.flag ? what.n + 1 : null },
    { allergies: what.flag ? ['nuts'] : [] },
  ]
  const table = what.flag ? 't1' : 't2'
  const priority = what.flag ? 'vip' : 'rush'
  const args: { [N in CommandName]: () => Record<string, unknown> } = {
    placeOrder: () => placing(lines(), { order, table }),
    addItems: () => ({ order, items: lines() }),
    changeItem: () => ({ order, item, ...at(change, what.task) }),
    splitItem: () => ({ order, item, newItem: fresh(), quantity: 1 + (what.n % 3) }),
    voidItem: () => ({ order, item, reason: 'x' }),
    cancelOrder: () => ({ order, reason: 'x' }),
    changeOrder: () => ({
      order,
      ...(what.n % 2 ? { priority, table } : { note: `n${what.n}`, covers: what.n }),
    }),
    fireCourse: () => ({ order, course, items: orSome(heldFor(shown(OPEN), course), item) }),
    fireItems: () => ({ order, items: [item] }),
    startTask: () => ({ order, ...pressed(startFor) }),
    bumpTask: () => ({ order, ...pressed(answerFor) }),
    bumpTicket: () => {
      const some = answersFor(shown({ scope: 'station', station }))
      return { order, station, tasks: orSome(some, pressed(answerFor)) }
    },
    recallTask: () => ({ order, ...pressed(recallFor) }),
    recallTicket: () => {
      const some = recallsFor(shown({ scope: 'station', station }), what.flag)
      return { order, tasks: orSome(some, pressed(recallFor)) }
    },
    serve: () => {
      const ready = handedFor(shown(OPEN))
      return { order, items: orSome(ready, { item, n: 1 + (what.n % 3) }) }
    },
    undo: () => ({ order, deeds: orSome(deeds.slice(-1 - (what.n % 2)), 'nothing that was done') }),
    acknowledge: () => {
      const alarmed = [...STATIONS, 'expo'].find((one) => pendingAt(state, known, one).length > 0) ?? station
      const seen = pendingAt(state, known, alarmed)
      return { order, station: alarmed, seen: seen.length ? seen : ['nothing that is there to see'] }
    },
    setStock: () => ({ menuItem: dish, out: what.flag && what.n > 8 }),
    publishDocument: () => {
      const { name, body } = documentOf(what)
      return { name, base: state.documents[name].version - (what.n === 11 ? 1 : 0), body }
    },
  }
  const raw = args[what.name]()
  const parsed = commandSchemas[what.name].safeParse(raw)
  return { id: fresh(), name: what.name, args: parsed.success ? parsed.data : raw } as Command
}

function pendingAt(state: State, order: OrderState | undefined, station: string): string[] {
  const ticket = order && ticketOf(state.documents, order, { scope: 'station', station })
  return ticket ? [...ticket.pending, ...ticket.items.flatMap((item) => item.pending)] : []
}

/** What one command met and led to. */
export interface Turn {
  before: State
  command: Command
  role: Role
  decision: Decision
}

export interface Played {
  /** Every event decided anywhere. */
  events: PlateEvent[]
  /** What each device has heard, and its state by that. */
  logs: PlateEvent[][]
  states: State[]
}

const snapshot = (state: State): State => ({
  ...state,
  orders: new Map(state.orders),
  stock: new Map(state.stock),
})

/** Plays a script on its devices. `onTurn` sees every decision with the state it was made on. */
export function play({ acts, skews }: Script, onTurn: (turn: Turn) => void = () => {}): Played {
  let count = 10_000
  const fresh = () => uuid(count++)
  const devices = skews.map((skew, index) => {
    const id = `device-${index}`
    return {
      id,
      state: restaurant(),
      clock: createStampClock(id),
      now: NOON + skew,
      heard: 0,
      log: [] as PlateEvent[],
      screen: restaurant(),
      deeds: [] as string[],
    }
  })
  const events: PlateEvent[] = []
  for (const what of acts) {
    const device = devices[what.device % devices.length]
    if (!device) continue
    device.now += what.wait
    const other = what.hears && devices[what.hears.from % devices.length]
    if (what.hears && other && other !== device) {
      const missed = other.log.filter((event) => !device.log.includes(event))
      for (const event of missed.slice(0, Math.ceil(missed.length * what.hears.share))) {
        device.log.push(event)
        device.clock.seen(event.stamp, device.now)
        apply(device.state, event)
      }
    }
    const before = snapshot(device.state)
    const screen = what.late ? device.screen : before
    const command = commandOf(device.state, sensible(device.state, what), fresh, screen, device.deeds)
    device.screen = before
    const decision = decide(device.state, command, {
      now: device.now,
      day: '2026-03-02',
      roles: [what.role],
      staff: what.flag ? { id: 'sam', name: 'Sam' } : null,
      device: device.id,
      eventId: fresh,
      stamp: (above) => device.clock.next(device.now, above),
      ticketNumber: () => String(count),
    })
    onTurn({ before, command, role: what.role, decision })
    if (!decision.ok) continue
    for (const event of decision.value.events) {
      events.push(event)
      device.log.push(event)
      apply(device.state, event)
      if (event.kind === 'tasks.moved') device.deeds.push(event.stamp)
    }
  }
  return { events, logs: devices.map(({ log }) => log), states: devices.map(({ state }) => state) }
}

/** Mostly turns what would surely be refused (nothing placed yet, cancelling all too often) into something else. */
function sensible(state: State, what: Act): Act {
  const known = [0, 1, 2].filter((order) => state.orders.get(uuid(900 + order))?.opened)
  if (what.n === 11) return what
  if (known.length === 0) return { ...what, name: 'placeOrder' }
  const name = what.name === 'cancelOrder' && what.n > 2 ? 'bumpTicket' : what.name
  if (name === 'placeOrder' || known.includes(what.order)) return { ...what, name }
  return { ...what, name, order: known[what.item % known.length] ?? 0 }
}

/** All items of an order that exist. */
export function itemsOf(order: OrderState | undefined): ItemState[] {
  return order ? existingItems(order) : []
}
