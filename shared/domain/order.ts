/** @file The state of an order as merged from events: facts only, never what follows from them. Pure. */
import type { Allergen } from './documents.ts'
import type { CourseRef, EventData, Line, LineModifier, TaskDef } from './events.ts'
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
  /** The splits of the line then known; absent: those with smaller stamps. */
  saw?: readonly Stamp[]
}
export type Field<T> = readonly Write<T>[]

export interface ItemFields {
  quantity: number
  modifiers: LineModifier[]
  note: string
  seat: number | null
  course: CourseRef | null
  allergies: Allergen[]
}
export type Fields<F> = { readonly [K in keyof F]?: Field<F[K]> }

/** What somebody pressed. Of a press that says no portions the first of each (cycle, rank) is kept; it meant all. */
export interface Press extends Mark {
  n?: number | undefined
  saw?: readonly Stamp[] | undefined
}
/** The presses on a task, by `cycle:rank`, those with portions by `cycle:rank:stamp`. Grows only, so merging is union. */
export type Presses = Readonly<Record<string, Press>>

/** What a line that was split off says of the line it came from. */
export type Split = Pick<EventData<'item.split'>, 'from' | 'n' | 'made' | 'served' | 'saw'>

export interface ItemState {
  readonly id: string
  /** Absent while only later news of this item has arrived: it waits, and no view shows it. */
  readonly added?: Mark & { line: Line; tasks: TaskDef[]; held: boolean; from?: string; split?: Split }
  readonly fields: Fields<ItemFields>
  readonly fired?: Mark
  readonly voided?: Mark & { reason: string; notify: boolean }
  readonly tasks: Readonly<Record<string, Presses>>
  /** Presses that were taken back, by their stamps: they count for nothing. */
  readonly undone?: Readonly<Record<Stamp, true>>
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
  /** Lines have been split off here. */
  readonly splits?: true
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

export type ItemStatus = 'held' | 'confirmed' | 'preparing' | 'ready' | 'served' | 'voided'
export type OrderStatus = 'confirmed' | 'preparing' | 'ready' | 'served' | 'cancelled'

/** The value of a field's last write. */
export function last<T>(field: Field<T> | undefined): T | undefined {
  return field?.at(-1)?.value
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

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Items that exist (their `added` has arrived), in the order they were ordered. */
export function existingItems(order: OrderState): ItemState[] {
  return Object.values(order.items)
    .filter((item) => item.added !== undefined)
    .sort((a, b) => byText(a.added?.stamp ?? '', b.added?.stamp ?? '') || byText(a.id, b.id))
}
