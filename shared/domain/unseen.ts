/** @file What a station has not yet seen of a line's changes: their stamps, and the difference between then and now. Pure. */
import { canonical } from './canonical.ts'
import type { ItemFields, ItemState, OrderState, Write } from './order.ts'
import type { OrderFields } from './order-fields.ts'
import { workOf } from './portions.ts'
import { pressesOn } from './presses.ts'
import { type LineFacts, orderedOn, writesOn } from './splits.ts'
import type { Stamp } from './stamp.ts'
import { release } from './status.ts'

/** What a cook must be told about a change: the values last seen and the values now. */
export interface Difference {
  quantity?: [before: number, now: number]
  modifiers?: [before: string[], now: string[]]
  note?: [before: string, now: string]
  course?: [before: string, now: string]
  allergies?: [before: string[], now: string[]]
}

type Told = keyof Difference
const TOLD: readonly Told[] = ['quantity', 'modifiers', 'note', 'course', 'allergies']
type Seen = Readonly<Record<Stamp, true>>

const isUnseen = (seen: Seen) => (write: Write<unknown>) => write.notify && !seen[write.stamp]

/** What people compare: of modifiers which and how often, not in which order they were tapped. */
function comparable(name: Told, value: unknown): string {
  if (name === 'modifiers') return canonical((value as ItemFields['modifiers']).map(({ id }) => id).sort())
  return canonical(name === 'allergies' ? [...(value as string[])].sort() : value)
}

interface Change<K extends Told> {
  stamps: Stamp[]
  before: ItemFields[K]
  now: ItemFields[K]
}

/** The unseen change of a field; undefined when all was seen, or when what was changed was changed back. */
function changeOf<K extends Told>(line: LineFacts, name: K, seen: Seen): Change<K> | undefined {
  const writes = writesOn(line, name)
  const index = writes.findIndex(isUnseen(seen))
  const now = writes.at(-1)
  if (index < 0 || !now) return undefined
  const before = writes[index - 1]?.value ?? orderedOn(line, name)
  if (comparable(name, before) === comparable(name, now.value)) return undefined
  return { stamps: writes.filter(isUnseen(seen)).map(({ stamp }) => stamp), before, now: now.value }
}

const names = (modifiers: ItemFields['modifiers']) => modifiers.map(({ name }) => name)

/** The difference that `station` has not seen; null when there is none. */
export function differenceOf(order: OrderState, item: ItemState, station: string): Difference | null {
  const line = workOf(order, item)?.facts
  if (!line) return null
  const seen = order.seen[station] ?? {}
  const of = <K extends Told>(name: K) => changeOf(line, name, seen)
  const [quantity, modifiers, note, course, allergies] = [
    of('quantity'),
    of('modifiers'),
    of('note'),
    of('course'),
    of('allergies'),
  ]
  const difference: Difference = {
    // What was split off stands elsewhere before and after.
    ...(quantity && { quantity: [quantity.before - (quantity.now - line.wanted), line.wanted] }),
    ...(modifiers && { modifiers: [names(modifiers.before), names(modifiers.now)] }),
    ...(note && { note: [note.before, note.now] }),
    ...(course && { course: [course.before?.name ?? '', course.now?.name ?? ''] }),
    ...(allergies && { allergies: [allergies.before, allergies.now] }),
  }
  return Object.keys(difference).length ? difference : null
}

/** Why a line that nobody has begun is news: it came to a ticket that was there, or it is to be cooked from now on. */
export type News = 'added' | 'fired'

function newsOf(order: OrderState, item: ItemState): { news: News; stamp: Stamp } | null {
  const { added, fired, tasks } = item
  if (!added || !order.opened || added.split || added.from) return null
  if (Object.keys(tasks).some((task) => pressesOn(item, task).length > 0)) return null
  if (!release(order, item)) return null
  if (fired) return { news: 'fired', stamp: fired.stamp }
  return added.at > order.opened.at && !added.held ? { news: 'added', stamp: added.stamp } : null
}

/** What of this line is news to `station`; null when nothing is, or when it was seen or begun. */
export function unseenNews(order: OrderState, item: ItemState, station: string): News | null {
  const found = newsOf(order, item)
  return found && !order.seen[station]?.[found.stamp] ? found.news : null
}

/** The stamps of this item's changes, news and void that `station` has not acknowledged. */
export function pendingOf(order: OrderState, item: ItemState, station: string): Stamp[] {
  const seen = order.seen[station] ?? {}
  const { voided } = item
  if (voided) return voided.notify && !seen[voided.stamp] ? [voided.stamp] : []
  const line = workOf(order, item)?.facts
  if (!line) return []
  const changes = TOLD.flatMap((name) => changeOf(line, name, seen)?.stamps ?? [])
  const news = newsOf(order, item)
  if (news && !seen[news.stamp]) changes.push(news.stamp)
  return [...new Set(changes)].sort()
}

/** What a station must be told about the order as a whole: the values last seen and the values now. */
export interface OrderDifference {
  note?: [before: string, now: string]
  table?: [before: string, now: string]
  priority?: [before: OrderFields['priority'], now: OrderFields['priority']]
}

const WHOLE = ['note', 'table', 'priority'] as const

function orderChange<K extends (typeof WHOLE)[number]>(order: OrderState, name: K, seen: Seen) {
  const writes = (order.fields[name] ?? []) as readonly Write<OrderFields[K]>[]
  const index = writes.findIndex(({ stamp }) => !seen[stamp])
  const now = writes.at(-1)
  if (index < 0 || !now || !order.opened) return undefined
  const before = writes[index - 1]?.value ?? (order.opened[name] as OrderFields[K])
  if (canonical(before) === canonical(now.value)) return undefined
  return {
    stamps: writes.filter(({ stamp }) => !seen[stamp]).map(({ stamp }) => stamp),
    before,
    now: now.value,
  }
}

/** The changes of note, table and priority that `station` has not seen, and their stamps. */
export function unseenOfOrder(
  order: OrderState,
  station: string,
): { change: OrderDifference; stamps: Stamp[] } | null {
  const seen = order.seen[station] ?? {}
  const [note, table, priority] = [
    orderChange(order, 'note', seen),
    orderChange(order, 'table', seen),
    orderChange(order, 'priority', seen),
  ]
  const stamps = [note, table, priority].flatMap((change) => change?.stamps ?? [])
  if (!stamps.length) return null
  const change: OrderDifference = {
    ...(note && { note: [note.before, note.now] }),
    ...(table && { table: [table.before?.name ?? '', table.now?.name ?? ''] }),
    ...(priority && { priority: [priority.before, priority.now] }),
  }
  return { change, stamps: [...new Set(stamps)].sort() }
}
