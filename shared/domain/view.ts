/** @file view: what a screen shows of an order. Filtering by station and scope happens here, so no screen can forget it. Pure. */
import type { Documents } from './apply.ts'
import type { Allergen } from './documents.ts'
import { type Line, RANK, type TaskDef } from './events.ts'
import {
  currentFields,
  currentLine,
  existingItems,
  type Field,
  type ItemState,
  type ItemStatus,
  itemStatus,
  knownStatus,
  type OrderState,
  type OrderStatus,
  orderStatus,
  progress,
  reachedAt,
  release,
} from './order.ts'
import type { OrderFields } from './order-fields.ts'
import { EXPO, shownAt } from './routing.ts'
import type { Stamp } from './stamp.ts'

/** Which tickets a screen wants: one station's work, the whole pass, or all open orders (console, manager). */
export type TicketFilter = { scope: 'station'; station: string } | { scope: 'expo' } | { scope: 'open' }

/** The board of a station, or without one of the pass. */
export const boardOf = (station: string | undefined): TicketFilter =>
  station === undefined ? { scope: 'expo' } : { scope: 'station', station }

export interface TaskView {
  id: string
  station: string
  step: number
  status: 'confirmed' | 'preparing' | 'ready' | 'served'
  /** An earlier step is not ready yet. */
  waiting: boolean
  /** No station shows this task, so the expo does, with an alarm. */
  orphan: boolean
  /** Whether it belongs to the station this view was made for. */
  here: boolean
  /** When it reached its status, ms UTC; null before the first step. */
  at: number | null
}

/** What a cook must be told about a change: the values last seen and the values now. */
export interface Difference {
  quantity?: [before: number, now: number]
  modifiers?: [before: string[], now: string[]]
  note?: [before: string, now: string]
  course?: [before: string, now: string]
}

export interface ItemView {
  id: string
  menuItem: string
  name: string
  quantity: number
  modifiers: { id: string; name: string }[]
  seat: number | null
  course: { id: string; name: string; order: number } | null
  note: string
  allergens: Allergen[]
  allergies: Allergen[]
  status: ItemStatus
  addedAt: number
  /** Set while the void or change is not acknowledged at this station (always, in the console's view). */
  voided: { reason: string; at: number } | null
  change: Difference | null
  /** Stamps to acknowledge, at this station. */
  pending: Stamp[]
  tasks: TaskView[]
  /** Cents for one, modifiers included. Only in the `open` scope. */
  price?: number
}

export interface TicketView extends OrderFields {
  id: string
  number: string
  day: string
  type: 'dineIn' | 'takeaway' | 'delivery'
  status: OrderStatus
  openedAt: number
  /** When the oldest work still open here was released or recalled, ms UTC; null when nothing here is to be cooked now. */
  since: number | null
  cancelled: { reason: string; at: number } | null
  /** Stamps to acknowledge for the ticket as a whole (its cancellation, or that it is not whole). */
  pending: Stamp[]
  /** This version cannot show all of it: only an update can. Features it would need, where the ticket says so. */
  incomplete?: { needs: string[] }
  items: ItemView[]
  /** Cents, voided items excluded. Only in the `open` scope. */
  total?: number
}

const RANK_NAMES = ['confirmed', 'preparing', 'ready', 'served'] as const

/** Whether a task must wait for an earlier step of its item. */
export function isWaiting(item: ItemState, task: TaskDef): boolean {
  return (item.added?.tasks ?? []).some(
    (other) => other.step < task.step && progress(item, other.id).rank < RANK.ready,
  )
}

function belongs(filter: TicketFilter, station: string): boolean {
  return filter.scope === 'station' ? station === filter.station : filter.scope === 'open' || station === EXPO
}

function taskViews(docs: Documents, item: ItemState, filter: TicketFilter): TaskView[] {
  const stations = docs.stations.body
  return (item.added?.tasks ?? []).map((task) => {
    const { rank } = progress(item, task.id)
    const station = shownAt(stations, task)
    return {
      id: task.id,
      station,
      step: task.step,
      status: RANK_NAMES[rank] ?? 'confirmed',
      waiting: isWaiting(item, task),
      orphan: station !== task.station,
      here: belongs(filter, station),
      at: reachedAt(item, task.id, rank)?.at ?? null,
    }
  })
}

function unseen<T>(field: Field<T> | undefined, seen: Readonly<Record<Stamp, true>>): Stamp[] {
  return (field ?? []).filter((write) => write.notify && !seen[write.stamp]).map((write) => write.stamp)
}

/** The value a cook last knew: the write before the first unseen one, else what was ordered. */
function lastSeen<T>(field: Field<T>, seen: Readonly<Record<Stamp, true>>, ordered: T): T {
  const index = field.findIndex((write) => write.notify && !seen[write.stamp])
  const before = index > 0 ? field[index - 1] : undefined
  return before ? before.value : ordered
}

const NAMES = (modifiers: { name: string }[]) => modifiers.map((modifier) => modifier.name)

function difference(item: ItemState, now: Line, seen: Readonly<Record<Stamp, true>>): Difference | null {
  const { fields, added } = item
  if (!added) return null
  const { line } = added
  const result: Difference = {}
  const { quantity, modifiers, note, course } = fields
  if (quantity && unseen(quantity, seen).length) {
    result.quantity = [lastSeen(quantity, seen, line.quantity), now.quantity]
  }
  if (modifiers && unseen(modifiers, seen).length) {
    result.modifiers = [NAMES(lastSeen(modifiers, seen, line.modifiers)), NAMES(now.modifiers)]
  }
  if (note && unseen(note, seen).length) result.note = [lastSeen(note, seen, line.note), now.note]
  if (course && unseen(course, seen).length) {
    result.course = [lastSeen(course, seen, line.course)?.name ?? '', now.course?.name ?? '']
  }
  return Object.keys(result).length ? result : null
}

/** The stamps of this item's changes and void that `station` has not acknowledged. */
export function pendingOf(order: OrderState, item: ItemState, station: string): Stamp[] {
  const seen = order.seen[station] ?? {}
  const { quantity, modifiers, note, course } = item.fields
  const { voided } = item
  if (voided) return voided.notify && !seen[voided.stamp] ? [voided.stamp] : []
  const all = [quantity, modifiers, note, course].flatMap((field) => unseen<unknown>(field, seen))
  return [...new Set(all)].sort()
}

/** What the dish contains as it is ordered now: its own allergens and those of its modifiers. */
function allergensOf(line: Line): Allergen[] {
  return [...new Set([...line.allergens, ...line.modifiers.flatMap((modifier) => modifier.allergens ?? [])])]
}

const stationOf = (filter: TicketFilter) => (filter.scope === 'station' ? filter.station : EXPO)

function itemView(
  docs: Documents,
  order: OrderState,
  item: ItemState,
  filter: TicketFilter,
): ItemView | null {
  const line = currentLine(item)
  if (!line || !item.added) return null
  const tasks = taskViews(docs, item, filter)
  const mine = filter.scope !== 'open' && tasks.some((task) => task.here)
  const station = stationOf(filter)
  const pending = mine && !order.cancelled ? pendingOf(order, item, station) : []
  const extra = line.modifiers.reduce((sum, modifier) => sum + modifier.price, 0)
  return {
    id: item.id,
    menuItem: line.menuItem,
    name: line.name,
    quantity: line.quantity,
    modifiers: line.modifiers.map(({ id, name }) => ({ id, name })),
    seat: line.seat,
    course: line.course,
    note: line.note,
    allergens: allergensOf(line),
    allergies: line.allergies,
    status: itemStatus(order, item),
    addedAt: item.added.at,
    voided: item.voided ? { reason: item.voided.reason, at: item.voided.at } : null,
    change: pending.length && !item.voided ? difference(item, line, order.seen[station] ?? {}) : null,
    pending,
    tasks,
    ...(filter.scope === 'open' ? { price: line.price + extra } : {}),
  }
}

/** When this task's timer started: its recall, or its item's release; undefined while held. */
function startOf(order: OrderState, item: ItemState, task: string): number | undefined {
  const released = release(order, item)
  if (!released) return undefined
  const { cycle } = progress(item, task)
  return (cycle > 0 ? item.tasks[task]?.[`${cycle}:${RANK.confirmed}`]?.at : undefined) ?? released.at
}

function timerStart(order: OrderState, items: readonly ItemView[], filter: TicketFilter): number | null {
  const done = filter.scope === 'station' ? RANK.ready : RANK.served
  const starts = items.flatMap((view) => {
    const item = order.items[view.id]
    if (!item || view.voided) return []
    return view.tasks
      .filter((task) => (task.here || filter.scope !== 'station') && RANK[task.status] < done)
      .map((task) => startOf(order, item, task.id))
      .filter((start) => start !== undefined)
  })
  return starts.length ? Math.min(...starts) : null
}

/** Whether this order's cancellation still has to be acknowledged at `station`. */
function cancellationPending(order: OrderState, items: readonly ItemView[], filter: TicketFilter): Stamp[] {
  const { cancelled } = order
  if (!cancelled || filter.scope === 'open' || order.seen[stationOf(filter)]?.[cancelled.stamp]) return []
  const station = stationOf(filter)
  const reached = items.some((view) => {
    const item = order.items[view.id]
    // A void nobody has seen yet is covered by the cancellation, which then must be seen itself.
    if (item?.voided)
      return pendingOf(order, item, station).length > 0 && view.tasks.some((task) => task.here)
    return view.status !== 'held' && view.status !== 'served'
  })
  return reached ? [cancelled.stamp] : []
}

/** The stamps of what this version misses of the order that nobody at `station` has acknowledged. */
function missedAt({ unread, seen }: OrderState, station: string): Stamp[] {
  if (!unread) return []
  const acknowledged = seen[station] ?? {}
  const stamps = Object.values(unread).map(({ stamp }) => stamp)
  return stamps.filter((stamp) => !acknowledged[stamp]).sort()
}

/** What stands on a ticket whose opening only a later version can read. */
function standIn({ unread }: OrderState): OrderState['opened'] {
  const opening = Object.values(unread ?? {}).find(({ kind }) => kind === 'order.opened')
  if (!opening) return undefined
  const { at, stamp } = opening
  const told = { number: '?', day: '', type: 'dineIn', table: null, covers: 0, server: null } as const
  return { at, stamp, by: null, ...told, note: '', priority: 'normal' }
}

function stationShows(item: ItemView): boolean {
  if (item.pending.length) return true
  if (item.voided) return false
  return item.tasks.some((task) => task.here && RANK[task.status] < RANK.ready)
}

function matches(ticket: TicketView, status: OrderStatus, filter: TicketFilter): boolean {
  if (ticket.pending.length || ticket.items.some((item) => item.pending.length)) return true
  if (status === 'cancelled' || status === 'served') return false
  return filter.scope === 'station' ? ticket.items.some(stationShows) : true
}

function visibleItems(docs: Documents, order: OrderState, filter: TicketFilter): ItemView[] {
  const views = existingItems(order).flatMap((item) => itemView(docs, order, item, filter) ?? [])
  if (filter.scope === 'open') return views
  return views.filter((view) => {
    const here = filter.scope === 'expo' || view.tasks.some((task) => task.here)
    return here && (!view.voided || view.pending.length > 0 || order.cancelled !== undefined)
  })
}

/**
 * The order as `filter` shows it, without asking whether it still belongs on the board: for recall, review and lookups.
 * Null when the order is not there yet or has nothing for this filter.
 */
export function ticketOf(docs: Documents, order: OrderState, filter: TicketFilter): TicketView | null {
  const { cancelled, unread } = order
  const opened = order.opened ?? standIn(order)
  const fields = opened && currentFields({ ...order, opened })
  if (!opened || !fields) return null
  const items = visibleItems(docs, order, filter)
  if (items.length === 0) return null
  // Consoles acknowledge nothing: what they show stays until the expo has.
  const missed = filter.scope === 'open' ? [] : missedAt(order, stationOf(filter))
  const total = items.reduce((sum, item) => sum + (item.voided ? 0 : (item.price ?? 0) * item.quantity), 0)
  return {
    id: order.id,
    number: opened.number,
    day: opened.day,
    type: opened.type,
    ...fields,
    status: orderStatus(order),
    openedAt: opened.at,
    since: cancelled ? null : timerStart(order, items, filter),
    cancelled: cancelled ? { reason: cancelled.reason, at: cancelled.at } : null,
    pending: [...cancellationPending(order, items, filter), ...missed],
    ...(unread && { incomplete: { needs: needsOf(unread) } }),
    items,
    ...(filter.scope === 'open' ? { total } : {}),
  }
}

const needsOf = (unread: NonNullable<OrderState['unread']>): string[] =>
  [...new Set(Object.values(unread).flatMap(({ needs }) => needs))].sort()

/** The ticket as it stands on a board with this filter, or null when it is not on it. */
export function view(docs: Documents, order: OrderState, filter: TicketFilter): TicketView | null {
  const ticket = ticketOf(docs, order, filter)
  if (!ticket) return null
  const missed = filter.scope === 'open' && missedAt(order, EXPO).length > 0
  return missed || matches(ticket, knownStatus(order), filter) ? ticket : null
}

/** The stations that have work open on this order, released or held. Cheaper than drawing their boards. */
export function stationsWithWork(docs: Documents, order: OrderState): Set<string> {
  const found = new Set<string>()
  if (!order.opened || order.cancelled) return found
  for (const item of Object.values(order.items)) {
    if (item.voided) continue
    for (const task of item.added?.tasks ?? []) {
      if (progress(item, task.id).rank < RANK.ready) found.add(shownAt(docs.stations.body, task))
    }
  }
  return found
}

/**
 * Whether nothing more is expected of an order, so that memory may let go of it: it is on no board.
 * An order of whose dishes only later news was heard (no `opened` yet) is not closed, unless it was cancelled.
 */
export function isClosed(docs: Documents, order: OrderState): boolean {
  // What the cloud never took of an order that was given up does not come: its cancellation or a cook's word on it is all.
  if (!order.opened) return order.cancelled !== undefined || Object.keys(order.items).length === 0
  const status = knownStatus(order)
  // Most orders end here; drawing their boards is only needed for what a cook has not acknowledged yet.
  if (status !== 'served' && status !== 'cancelled') return false
  const stations = new Set(
    existingItems(order).flatMap((item) =>
      (item.added?.tasks ?? []).map((task) => shownAt(docs.stations.body, task)),
    ),
  )
  const boards: TicketFilter[] = [{ scope: 'expo' }]
  for (const station of stations) boards.push({ scope: 'station', station })
  return boards.every((board) => view(docs, order, board) === null)
}
