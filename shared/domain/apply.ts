/** @file apply: merges events into state. Total, idempotent, commutative: any order and any duplicate end in one state. Pure. */
import { canonical } from './canonical.ts'
import { DOCUMENT_NAMES, type DocumentBodies, type DocumentName, EMPTY_DOCUMENTS } from './documents.ts'
import { type Envelope, type EventData, isMissed, type PlateEvent, type Read } from './events.ts'
import {
  emptyOrder,
  type Field,
  type Fields,
  type ItemState,
  type Mark,
  type OrderState,
  type Write,
} from './order.ts'
import { maxStamp, type Stamp } from './stamp.ts'

export interface DocumentState<N extends DocumentName = DocumentName> {
  version: number
  stamp: Stamp
  body: DocumentBodies[N]
}
export type Documents = { [N in DocumentName]: DocumentState<N> }

/** Everything a core keeps in memory. The container is mutable; what it holds is never changed in place. */
export interface State {
  readonly orders: Map<string, OrderState>
  documents: Documents
  /** The 86 list: per menu item, the newest word on it. */
  readonly stock: Map<string, { out: boolean; stamp: Stamp }>
}

/** A restaurant nobody has told us anything about. */
export function emptyState(): State {
  const documents = Object.fromEntries(
    DOCUMENT_NAMES.map((name) => [name, { version: 0, stamp: '', body: EMPTY_DOCUMENTS[name] }]),
  ) as Documents
  return { orders: new Map(), documents, stock: new Map() }
}

function markOf(event: PlateEvent): Mark {
  return { at: event.at, stamp: event.stamp, by: event.staff }
}

interface Stamped {
  readonly stamp: Stamp
}

/** Whether `a` comes before `b`: by stamp and, should two devices ever share an id and a stamp, by content. */
function isBefore(a: Stamped, b: Stamped): boolean {
  return a.stamp === b.stamp ? canonical(a) < canonical(b) : a.stamp < b.stamp
}

/** The earlier of two marks of the same fact: the first to do it did it. */
function first<M extends Mark>(a: M | undefined, b: M): M {
  return a === undefined || isBefore(b, a) ? b : a
}

/** The list with `entry` in its place by stamp. Of two entries with one stamp the greater content stays. */
function addStamped<E extends Stamped>(list: readonly E[] | undefined, entry: E): readonly E[] {
  if (!list?.length) return [entry]
  const twin = list.find((known) => known.stamp === entry.stamp)
  if (twin) return isBefore(twin, entry) ? list.map((known) => (known === twin ? entry : known)) : list
  return [...list, entry].sort((a, b) => (a.stamp < b.stamp ? -1 : 1))
}

function addWrite<T>(field: Field<T> | undefined, write: Write<T>): Field<T> {
  return addStamped(field, write)
}

type News<F> = { [K in keyof F]?: F[K] | undefined }

type WriteMark = Omit<Write<unknown>, 'value'>

function mergeFields<F>(known: Fields<F>, news: News<F>, mark: WriteMark): Fields<F> {
  const merged: { [K in keyof F]?: Field<F[K]> } = { ...known }
  for (const name of Object.keys(news) as (keyof F)[]) {
    // A later version may have any field, but none that every object has.
    if (news[name] === undefined || name in {}) continue
    merged[name] = addWrite(known[name], { ...mark, value: news[name] as F[keyof F] })
  }
  return merged
}

function withItem(order: OrderState, id: string, change: (item: ItemState) => ItemState): OrderState {
  const item = order.items[id] ?? { id, fields: {}, tasks: {} }
  return { ...order, items: { ...order.items, [id]: change(item) } }
}

function addItem(order: OrderState, event: PlateEvent, data: EventData<'item.added'>): OrderState {
  const { item: id, line, tasks, held, from } = data
  const added = { ...markOf(event), line, tasks, held, ...(from === undefined ? {} : { from }) }
  return withItem(order, id, (item) => ({ ...item, added: first(item.added, added) }))
}

function splitItem(order: OrderState, event: PlateEvent, data: EventData<'item.split'>): OrderState {
  const { item: id, line, tasks, held, from, n, made, served, saw } = data
  const added = { ...markOf(event), line, tasks, held, from, split: { from, n, made, served, saw } }
  const merged = withItem(order, id, (item) => ({ ...item, added: first(item.added, added) }))
  return { ...merged, splits: true }
}

function moveTasks(order: OrderState, event: PlateEvent, data: EventData<'tasks.moved'>): OrderState {
  const mark = markOf(event)
  return data.moves.reduce(
    (state, { item: id, task, cycle, rank, n, saw }) =>
      withItem(state, id, (item) => {
        const presses = item.tasks[task] ?? {}
        const counted = n !== undefined || saw !== undefined
        const key = counted ? `${cycle}:${rank}:${event.stamp}` : `${cycle}:${rank}`
        const press = { ...mark, ...(n === undefined ? {} : { n }), ...(saw && { saw }) }
        return {
          ...item,
          tasks: { ...item.tasks, [task]: { ...presses, [key]: first(presses[key], press) } },
        }
      }),
    order,
  )
}

function fireItems(order: OrderState, event: PlateEvent, ids: readonly string[]): OrderState {
  const mark = markOf(event)
  return ids.reduce(
    (state, id) => withItem(state, id, (item) => ({ ...item, fired: first(item.fired, mark) })),
    order,
  )
}

function undo(order: OrderState, { items, deeds }: EventData<'deeds.undone'>): OrderState {
  const news = Object.fromEntries(deeds.map((stamp) => [stamp, true as const]))
  return items.reduce(
    (state, id) => withItem(state, id, (item) => ({ ...item, undone: { ...item.undone, ...news } })),
    order,
  )
}

function acknowledge(order: OrderState, data: EventData<'changes.acknowledged'>): OrderState {
  const known = order.seen[data.station] ?? {}
  const seen = { ...known, ...Object.fromEntries(data.seen.map((stamp) => [stamp, true as const])) }
  return { ...order, seen: { ...order.seen, [data.station]: seen } }
}

function mergeKind(order: OrderState, event: PlateEvent): OrderState {
  const mark = markOf(event)
  switch (event.kind) {
    case 'order.opened':
      return { ...order, opened: first(order.opened, { ...event.data, ...mark }) }
    case 'order.changed':
      return { ...order, fields: mergeFields(order.fields, event.data.fields, { ...mark, notify: false }) }
    case 'order.cancelled':
      return { ...order, cancelled: first(order.cancelled, { ...mark, reason: event.data.reason }) }
    case 'item.added':
      return addItem(order, event, event.data)
    case 'item.split':
      return splitItem(order, event, event.data)
    case 'item.changed': {
      const { item: id, fields, notify, saw } = event.data
      const write = { ...mark, notify, ...(saw && { saw }) }
      return withItem(order, id, (item) => ({ ...item, fields: mergeFields(item.fields, fields, write) }))
    }
    case 'item.voided': {
      const voided = { ...mark, reason: event.data.reason, notify: event.data.notify }
      return withItem(order, event.data.item, (item) => ({ ...item, voided: first(item.voided, voided) }))
    }
    case 'course.fired': {
      const { course } = event.data
      return { ...order, fired: { ...order.fired, [course]: addStamped(order.fired[course], mark) } }
    }
    case 'items.fired':
      return fireItems(order, event, event.data.items)
    case 'tasks.moved':
      return moveTasks(order, event, event.data)
    case 'deeds.undone':
      return undo(order, event.data)
    case 'changes.acknowledged':
      return acknowledge(order, event.data)
    case 'stock.set':
    case 'document.published':
      return order
  }
}

/** Merges one event into its order (or into nothing yet). Returns a new value; the old one is untouched. */
export function mergeOrder(order: OrderState | undefined, event: PlateEvent): OrderState {
  const known = order ?? emptyOrder(event.order ?? '')
  const merged = asRead(mergeKind(known, event), event.id)
  return { ...merged, top: maxStamp(merged.top, event.stamp) ?? event.stamp }
}

/** The order without its note that this event could not be read. */
function asRead(order: OrderState, id: string): OrderState {
  const { unread, ...rest } = order
  if (!unread?.[id]) return order
  const { [id]: _, ...others } = unread
  return Object.keys(others).length ? { ...rest, unread: others } : rest
}

/** The order with a note that this version misses something of an event. */
function asMissed(order: OrderState, event: Envelope, needs: readonly string[]): OrderState {
  const { id, kind, stamp, at } = event
  const unread = { ...order.unread, [id]: { kind, stamp, at, needs } }
  return { ...order, unread, top: maxStamp(order.top, stamp) ?? stamp }
}

function mergeDocument(state: State, event: PlateEvent, data: EventData<'document.published'>): void {
  const name = data.name as DocumentName
  const known = state.documents[name]
  if (!known) return
  const next = { version: data.version, stamp: event.stamp, body: data.body }
  const newer = data.version > known.version || (data.version === known.version && isBefore(known, next))
  if (!newer) return
  state.documents = { ...state.documents, [name]: next }
}

function mergeStock(state: State, event: PlateEvent, data: EventData<'stock.set'>): void {
  const known = state.stock.get(data.menuItem)
  const next = { out: data.out, stamp: event.stamp }
  if (!known || isBefore(known, next)) state.stock.set(data.menuItem, next)
}

/** Merges one event into the state. */
export function apply(state: State, event: PlateEvent): State {
  if (event.kind === 'document.published') mergeDocument(state, event, event.data)
  else if (event.kind === 'stock.set') mergeStock(state, event, event.data)
  else if (event.order !== null) {
    state.orders.set(event.order, mergeOrder(state.orders.get(event.order), event))
  }
  return state
}

/** Merges what was read of an event: all of it, or the note that the order is not whole without it. */
export function applyRead(state: State, read: Read): State {
  if (read.as === 'event') apply(state, read.event)
  const { event } = read
  if (event.order === null || !isMissed(read)) return state
  const order = state.orders.get(event.order) ?? emptyOrder(event.order)
  state.orders.set(event.order, asMissed(order, event, read.lacks))
  return state
}
