/** @file A small restaurant and the tools to run commands against the bare rules. Test kit; pure but for its counters. */
import { expect } from 'vitest'
import { apply, emptyState, type State } from '../../../shared/domain/apply.ts'
import {
  type Command,
  type CommandInput,
  type CommandName,
  commandSchemas,
} from '../../../shared/domain/commands.ts'
import type { Context, Decision } from '../../../shared/domain/decide/context.ts'
import { decide } from '../../../shared/domain/decide/index.ts'
import { DOCUMENT_NAMES, type DocumentBodies, EMPTY_DOCUMENTS } from '../../../shared/domain/documents.ts'
import { type PlateEvent, parseEvent } from '../../../shared/domain/events.ts'
import type { OrderState } from '../../../shared/domain/order.ts'
import type { Role } from '../../../shared/domain/roles.ts'
import {
  answerFor,
  type Handed,
  handed,
  handedFor,
  heldFor,
  recallsFor,
} from '../../../shared/domain/shown.ts'
import { createStampClock, type StampClock } from '../../../shared/domain/stamp.ts'
import {
  type ItemView,
  type TicketFilter,
  type TicketView,
  ticketOf,
  view,
} from '../../../shared/domain/view.ts'
import { SENTENCE, words } from '../../support/words.ts'

export const NOON = Date.UTC(2026, 2, 2, 12)

/** A UUID that is easy to read in a failure: `uuid(7)` ends in …007. */
export const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
export const ORDER = uuid(1)
export const BURGER = uuid(11)
export const PIZZA = uuid(12)
export const CAKE = uuid(13)

export const bodies: DocumentBodies = {
  menu: {
    courses: [
      { id: 'starters', name: 'Starters', order: 1 },
      { id: 'mains', name: 'Mains', order: 2 },
      { id: 'desserts', name: 'Desserts', order: 3 },
    ],
    categories: [
      { id: 'grill', name: 'Grill', course: 'mains', route: [{ station: 'grill', step: 1 }] },
      {
        id: 'pizza',
        name: 'Pizza',
        course: 'mains',
        route: [
          { station: 'pizza', step: 1 },
          { station: 'oven', step: 2 },
        ],
      },
      { id: 'cakes', name: 'Cakes', course: 'desserts' },
      { id: 'odd', name: 'Odd', course: 'gone' },
    ],
    modifierGroups: [
      {
        id: 'doneness',
        name: 'Doneness',
        min: 1,
        max: 1,
        options: [
          { id: 'rare', name: 'Rare', price: 0 },
          { id: 'done', name: 'Well done', price: 0 },
        ],
      },
      {
        id: 'extras',
        name: 'Extras',
        min: 0,
        max: 2,
        options: [
          { id: 'cheese', name: 'Cheese', price: 150, allergens: ['milk'] },
          { id: 'bacon', name: 'Bacon', price: 200 },
        ],
      },
    ],
    items: [
      {
        id: 'burger',
        name: 'Burger',
        category: 'grill',
        price: 1500,
        allergens: ['gluten'],
        modifierGroups: ['doneness', 'extras'],
        route: [
          { station: 'grill', step: 1 },
          { station: 'fryer', step: 1 },
        ],
      },
      { id: 'steak', name: 'Steak', category: 'grill', price: 2900, allergens: [], modifierGroups: [] },
      {
        id: 'pizza',
        name: 'Pizza',
        category: 'pizza',
        price: 1200,
        allergens: ['gluten', 'milk'],
        modifierGroups: [],
      },
      { id: 'cake', name: 'Cake', category: 'cakes', price: 700, allergens: ['eggs'], modifierGroups: [] },
      { id: 'odd', name: 'Odd', category: 'odd', price: 100, allergens: [], modifierGroups: [] },
    ],
  },
  floor: {
    areas: [{ id: 'room', name: 'Room' }],
    tables: ['t1', 't2'].map((id) => ({
      id,
      name: id.toUpperCase(),
      area: 'room',
      seats: 4,
      x: 0,
      y: 0,
      w: 0.1,
      h: 0.1,
      shape: 'square' as const,
    })),
  },
  stations: {
    stations: ['grill', 'fryer', 'pizza', 'oven', 'cold'].map((id) => ({
      id,
      name: id,
      warnAfter: 300,
      lateAfter: 600,
    })),
    defaultStation: 'cold',
  },
  staff: {
    salt: '00ff',
    members: [
      { id: 'sam', name: 'Sam', role: 'server', active: true, pinHash: 'aa' },
      { id: 'mia', name: 'Mia', role: 'manager', active: true, pinHash: 'bb' },
    ],
  },
  settings: { ...EMPTY_DOCUMENTS.settings, timeZone: 'Europe/Dublin' },
}

/** A state with the small restaurant's documents. */
export function restaurant(change: Partial<DocumentBodies> = {}): State {
  const state = emptyState()
  for (const name of DOCUMENT_NAMES) {
    const body = { ...bodies, ...change }[name]
    state.documents = { ...state.documents, [name]: { version: 1, stamp: '', body } }
  }
  return state
}

type Input<N extends CommandName> = CommandInput<N>

/** A line with the usual answers filled in. */
export function line(
  id: string,
  menuItem: string,
  more: Partial<CommandInput<'addItems'>['items'][number]> = {},
) {
  const modifiers = menuItem === 'burger' ? ['rare'] : []
  return { id, menuItem, quantity: 1, modifiers, seat: null, note: '', allergies: [], hold: false, ...more }
}

/** Arguments of placeOrder with these lines. */
export function placing(
  items: CommandInput<'placeOrder'>['items'],
  more: Partial<CommandInput<'placeOrder'>> = {},
) {
  return {
    order: ORDER,
    type: 'dineIn' as const,
    table: 't1',
    covers: 2,
    note: '',
    priority: 'normal' as const,
    items,
    ...more,
  }
}

/** A task that no order has. */
const NOBODYS = { item: uuid(98), task: 'none', n: 1 }

const askedFor = (filter: TicketFilter | string): TicketFilter => {
  if (typeof filter !== 'string') return filter
  return filter === 'expo' || filter === 'open' ? { scope: filter } : { scope: 'station', station: filter }
}

function handedAs(ticket: TicketView, id: string): Handed {
  const item = ticket.items.find((one) => one.id === id)
  return item ? handed(item) : { item: id, n: 1 }
}

/** One core with its own clock: sends commands, applies what comes of them, and remembers all events. */
export class Kitchen {
  state: State
  now = NOON
  roles: Role[] = ['admin']
  staff: Context['staff'] = { id: 'sam', name: 'Sam' }
  log: PlateEvent[] = []
  device: string
  private readonly stamps: StampClock
  private count = 0
  private tickets = 0

  constructor(state: State = restaurant(), device = 'core') {
    this.state = state
    this.device = device
    this.stamps = createStampClock(device)
  }

  context(): Context {
    return {
      now: this.now,
      day: '2026-03-02',
      roles: this.roles,
      staff: this.staff,
      device: this.device,
      eventId: () => `${this.device}-e${this.count++}`,
      stamp: (above) => this.stamps.next(this.now, above),
      ticketNumber: () => String(++this.tickets),
    }
  }

  /** Decides only; the state stays as it is. */
  try<N extends CommandName>(name: N, args: Input<N>, schema = true): Decision {
    const checked = schema ? commandSchemas[name].parse(args) : args
    return decide(
      this.state,
      { id: `${this.device}-c${this.count++}`, name, args: checked } as Command,
      this.context(),
    )
  }

  /** Decides and applies; events must survive the way over the wire. */
  do<N extends CommandName>(name: N, args: Input<N>): PlateEvent[] {
    const result = this.try(name, args)
    if (!result.ok) throw new Error(`${name} refused: ${JSON.stringify(result.error)}`)
    for (const event of result.value.events) this.take(event)
    return result.value.events
  }

  take(event: PlateEvent): void {
    const read = parseEvent(JSON.parse(JSON.stringify(event)))
    if (read.as !== 'event') throw new Error(`not readable: ${JSON.stringify(read)}`)
    this.stamps.seen(event.stamp, this.now)
    this.log.push(read.event)
    apply(this.state, read.event)
  }

  /** Expects a refusal with this code, and that nothing else happens. */
  refuses<N extends CommandName>(code: string, name: N, args: Input<N>): void {
    const result = this.try(name, args)
    expect(result.ok ? 'accepted' : result.error.code).toBe(code)
    if (!result.ok) expect(words.failure(result.error)).toMatch(SENTENCE)
  }

  order(id = ORDER): OrderState {
    const order = this.state.orders.get(id)
    if (!order) throw new Error('no such order')
    return order
  }

  see(filter: TicketFilter | string, id = ORDER): TicketView | null {
    return view(this.state.documents, this.order(id), askedFor(filter))
  }

  /** The order as a screen with this filter draws it, on its board or not. */
  ticket(filter: TicketFilter | string, id = ORDER): TicketView {
    const order = this.state.orders.get(id)
    const found = order && ticketOf(this.state.documents, order, askedFor(filter))
    return found ?? ({ items: [] as ItemView[] } as TicketView)
  }

  /** Everything a station shows of an order, to bump: also what is done, held or waits. */
  all(station: string, id = ORDER): Input<'bumpTicket'> {
    const tasks = this.ticket(station, id).items.flatMap((item) =>
      item.tasks.filter((one) => one.here && !item.voided).map((one) => answerFor(item, one)),
    )
    return { order: id, station, tasks: tasks.length ? tasks : [NOBODYS] }
  }

  /** What is ready, or these items as they are shown, to hand over. */
  out(ids?: readonly string[], id = ORDER): Input<'serve'> {
    const ticket = this.ticket('open', id)
    const items = ids ? ids.map((one) => handedAs(ticket, one)) : handedFor(ticket)
    return { order: id, items: items.length ? items : [handedAs(ticket, uuid(98))] }
  }

  /** What a station, or without one the whole kitchen, shows as done, to bring back. */
  back(station?: string, id = ORDER): Input<'recallTicket'> {
    const tasks = recallsFor(this.ticket(station ?? 'expo', id), station !== undefined)
    return { order: id, tasks: tasks.length ? tasks : [{ ...NOBODYS, n: 1 }] }
  }

  /** What is held for a course, to fire. */
  course(course: string, id = ORDER): Input<'fireCourse'> {
    const items = heldFor(this.ticket('open', id), course)
    return { order: id, course, items: items.length ? items : [uuid(98)] }
  }

  /** Lets time pass (ms). */
  later(ms: number): this {
    this.now += ms
    return this
  }
}

/** A kitchen with one order of a burger (grill + fryer), a pizza (prep → oven) and a held cake (default station). */
export function busy(): Kitchen {
  const kitchen = new Kitchen()
  kitchen.do(
    'placeOrder',
    placing([
      line(BURGER, 'burger', { quantity: 3, seat: 1 }),
      line(PIZZA, 'pizza'),
      line(CAKE, 'cake', { hold: true }),
    ]),
  )
  kitchen.later(1000)
  return kitchen
}

export const task = (item: string, index: number, order = ORDER) => ({
  order,
  item,
  task: `${item}:${index}`,
})

/** A task with the portions that are made of it: more than any line here has, so all. */
export const made = (item: string, index: number, n = 3, saw: string[] = []) => ({
  ...task(item, index),
  n,
  saw,
})
