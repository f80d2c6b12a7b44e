/** @file The state of an order as merged from events, and the statuses derived from it. Pure. */
import { type CourseRef, type EventData, type Line, type LineModifier, RANK, type TaskDef } from './events.ts'
import { type OrderFields, SIMPLE_FIELDS, SIMPLE_NAMES } from './order-fields.ts'
import type { Stamp } from './stamp.ts'

/** Who did something, and when. */
export interface Mark {
  at: number
  stamp: Stamp
  by: { id: string; name: string } | null
}

/** One write of a field. A field is the set of its writes sorted by stamp; the last one counts. */
export interface Write<T> extends Mark {
  value: T
  /** Whether the kitchen must acknowledge it. */
  notify: boolean
}
export type Field<T> = readonly Write<T>[]

export interface ItemFields {
  quantity: number
  modifiers: LineModifier[]
  note: string
  seat: number | null
  course: CourseRef | null
}
export type Fields<F> = { readonly [K in keyof F]?: Field<F[K]> }

/**
 * A task's way: for each (cycle, rank) it reached, when it first did. Keys are `cycle:rank`. Grows only, so merging is
 * union; the task stands at the greatest key.
 */
export type Marks = Readonly<Record<string, Mark>>

export interface ItemState {
  readonly id: string
  /** Absent while only later news of this item has arrived: it waits, and no view shows it. */
  readonly added?: Mark & { line: Line; tasks: TaskDef[]; held: boolean; from?: string }
  readonly fields: Fields<ItemFields>
  readonly fired?: Mark
  readonly voided?: Mark & { reason: string; notify: boolean }
  readonly tasks: Readonly<Record<string, Marks>>
}

/** An event of which this version misses something that matters. */
export interface Unread {
  readonly kind: string
  readonly stamp: Stamp
  readonly at: number
  /** Features that it needs and this version lacks; empty when it cannot be read at all. */
  readonly needs: readonly string[]
}

export interface OrderState {
  readonly id: string
  readonly opened?: Mark & EventData<'order.opened'>
  readonly fields: Fields<OrderFields>
  readonly cancelled?: Mark & { reason: string }
  /** Per course, every time it was fired, sorted by stamp: the first after an item was added released that item. */
  readonly fired: Readonly<Record<string, readonly Mark[]>>
  readonly items: Readonly<Record<string, ItemState>>
  /** Per station, the stamps of changes its cook has seen. */
  readonly seen: Readonly<Record<string, Readonly<Record<Stamp, true>>>>
  /** Events that this version cannot read, or not all that they need, by id: while there are any, the order is not whole. */
  readonly unread?: Readonly<Record<string, Unread>>
  /** The newest stamp merged in: what a later write must exceed. */
  readonly top: Stamp
}

/** An order of which nothing has been heard yet. */
export function emptyOrder(id: string): OrderState {
  return { id, fields: {}, fired: {}, items: {}, seen: {}, top: '' }
}

export interface Progress {
  cycle: number
  rank: number
}
export type ItemStatus = 'held' | 'confirmed' | 'preparing' | 'ready' | 'served' | 'voided'
export type OrderStatus = 'confirmed' | 'preparing' | 'ready' | 'served' | 'cancelled'

const START: Progress = { cycle: 0, rank: RANK.confirmed }

/** Whether `a` is further on than `b`: by cycle, then by rank. */
export function isAhead(a: Progress, b: Progress): boolean {
  return a.cycle > b.cycle || (a.cycle === b.cycle && a.rank > b.rank)
}

/** Where a task stands: the furthest (cycle, rank) it reached. */
export function progress(item: ItemState, task: string): Progress {
  let best = START
  for (const key in item.tasks[task]) {
    const colon = key.indexOf(':')
    const reached = { cycle: Number(key.slice(0, colon)), rank: Number(key.slice(colon + 1)) }
    if (isAhead(reached, best)) best = reached
  }
  return best
}

/** When the task reached `rank` in its present cycle; undefined when it has not, or jumped over it. */
export function reachedAt(item: ItemState, task: string, rank: number): Mark | undefined {
  return item.tasks[task]?.[`${progress(item, task).cycle}:${rank}`]
}

function last<T>(field: Field<T> | undefined): T | undefined {
  return field?.at(-1)?.value
}

/** The line as it stands now: what was ordered, with every later change. */
export function currentLine(item: ItemState): Line | undefined {
  if (!item.added) return undefined
  const { line } = item.added
  const { quantity, modifiers, note, seat, course } = item.fields
  return {
    ...line,
    quantity: last(quantity) ?? line.quantity,
    modifiers: last(modifiers) ?? line.modifiers,
    note: last(note) ?? line.note,
    seat: seat?.length ? (last(seat) ?? null) : line.seat,
    course: course?.length ? (last(course) ?? null) : line.course,
  }
}

/** The order's own fields as they stand now. */
export function currentFields(order: OrderState): OrderFields | undefined {
  const { opened } = order
  if (!opened) return undefined
  const { table, server, ...written } = order.fields
  const simple = SIMPLE_NAMES.map((name) => [
    name,
    last<unknown>(written[name]) ?? opened[name] ?? SIMPLE_FIELDS[name].initial,
  ])
  return {
    table: table?.length ? (last(table) ?? null) : opened.table,
    server: server?.length ? (last(server) ?? null) : opened.server,
    ...(Object.fromEntries(simple) as Pick<OrderFields, (typeof SIMPLE_NAMES)[number]>),
  }
}

/** What released a held item to the kitchen, or undefined while it is held. An item never held was released when added. */
export function release(order: OrderState, item: ItemState): Mark | undefined {
  const { added } = item
  if (!added) return undefined
  if (!added.held) return added
  if (item.fired) return item.fired
  const course = currentLine(item)?.course
  const fired = course ? order.fired[course.id] : undefined
  // A line added and held after its course went out waits for its own fire, which restarts nobody else's timer.
  return fired?.find((mark) => mark.stamp > added.stamp)
}

/** The item's status, derived from its tasks. An item without tasks cannot exist: routing always finds at least one. */
export function itemStatus(order: OrderState, item: ItemState): ItemStatus {
  if (item.voided) return 'voided'
  const ranks = (item.added?.tasks ?? []).map((task) => progress(item, task.id).rank)
  const least = Math.min(...ranks)
  // Served before held: a course changed elsewhere at the same time does not take the plate back from the guest.
  if (least >= RANK.served) return 'served'
  if (!release(order, item)) return 'held'
  if (least >= RANK.ready) return 'ready'
  return ranks.some((rank) => rank > RANK.confirmed) ? 'preparing' : 'confirmed'
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Items that exist (their `added` has arrived), in the order they were ordered. */
export function existingItems(order: OrderState): ItemState[] {
  return Object.values(order.items)
    .filter((item) => item.added !== undefined)
    .sort((a, b) => byText(a.added?.stamp ?? '', b.added?.stamp ?? '') || byText(a.id, b.id))
}

/** The order's status, derived from its items. Held items keep a served order open; what is not whole is never done. */
export function orderStatus(order: OrderState): OrderStatus {
  const status = knownStatus(order)
  return order.unread && (status === 'ready' || status === 'served') ? 'preparing' : status
}

/** The status as far as this version can read the order. */
export function knownStatus(order: OrderState): OrderStatus {
  if (order.cancelled) return 'cancelled'
  const statuses = existingItems(order)
    .map((item) => itemStatus(order, item))
    .filter((status) => status !== 'voided')
  if (statuses.length === 0)
    return order.opened && existingItems(order).length > 0 ? 'cancelled' : 'confirmed'
  if (statuses.every((status) => status === 'served')) return 'served'
  if (statuses.every((status) => status === 'ready' || status === 'served')) return 'ready'
  return statuses.some((status) => status === 'preparing' || status === 'ready' || status === 'served')
    ? 'preparing'
    : 'confirmed'
}
