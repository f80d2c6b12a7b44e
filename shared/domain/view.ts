/** @file view: what a screen shows of an order. Filtering by station and scope happens here, so no screen can forget it. Pure. */
import type { Documents } from './apply.ts'
import type { Allergen } from './documents.ts'
import type { Line, TaskDef } from './events.ts'
import {
  currentFields,
  existingItems,
  type ItemState,
  type ItemStatus,
  type OrderState,
  type OrderStatus,
} from './order.ts'
import type { OrderFields } from './order-fields.ts'
import { currentLine, type TaskWork, workOf } from './portions.ts'
import { EXPO, shownAt } from './routing.ts'
import type { Stamp } from './stamp.ts'
import { itemStatus, knownStatus, orderStatus, release } from './status.ts'
import {
  type Difference,
  differenceOf,
  type News,
  type OrderDifference,
  pendingOf,
  unseenNews,
  unseenOfOrder,
} from './unseen.ts'

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
  /** Portions made of those wanted, where some are and some are not. */
  made?: number
  /** Portions made as the line was worded before, where that is more than is made as it is worded now. */
  otherwise?: number
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
  /** Came to a ticket that was there, or was fired, and nobody here has touched it since. */
  news?: News
  /** Stamps to acknowledge, at this station. */
  pending: Stamp[]
  /** What a press on this line names as seen; absent when it stands as it was ordered. */
  shown?: Stamp[]
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
  /** What is different about the order as a whole and was not seen here. */
  change?: OrderDifference
  /** Stamps to acknowledge for the ticket as a whole (its cancellation, its change, or that it is not whole). */
  pending: Stamp[]
  /** This version cannot show all of it: only an update can. Features it would need, where the ticket says so. */
  incomplete?: { needs: string[] }
  items: ItemView[]
  /** Cents, voided items excluded. Only in the `open` scope. */
  total?: number
}

function belongs(filter: TicketFilter, station: string): boolean {
  return filter.scope === 'station' ? station === filter.station : filter.scope === 'open' || station === EXPO
}

function taskStatus({ handedOut, toMake, started }: TaskWork): TaskView['status'] {
  if (handedOut) return 'served'
  if (toMake === 0) return 'ready'
  return started ? 'preparing' : 'confirmed'
}

function taskView(task: TaskDef, work: TaskWork, docs: Documents, filter: TicketFilter): TaskView {
  const station = shownAt(docs.stations.body, task)
  const { handedOut, ready, started, toMake, made, otherwise } = work
  return {
    id: task.id,
    station,
    step: task.step,
    status: taskStatus(work),
    waiting: work.waiting,
    orphan: station !== task.station,
    here: belongs(filter, station),
    at: (handedOut ?? ready ?? started)?.at ?? null,
    ...(toMake > 0 && made > 0 && { made }),
    ...(toMake > 0 && otherwise > 0 && { otherwise }),
  }
}

function taskViews(docs: Documents, order: OrderState, item: ItemState, filter: TicketFilter): TaskView[] {
  const work = workOf(order, item)
  return (item.added?.tasks ?? []).flatMap((task) => {
    const known = work?.tasks.get(task.id)
    return known ? taskView(task, known, docs, filter) : []
  })
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
  const line = currentLine(order, item)
  const work = workOf(order, item)
  if (!line || !item.added || !work?.wanted) return null
  const tasks = taskViews(docs, order, item, filter)
  const mine = filter.scope !== 'open' && tasks.some((task) => task.here)
  const station = stationOf(filter)
  const pending = mine && !order.cancelled ? pendingOf(order, item, station) : []
  const news = mine && !order.cancelled ? unseenNews(order, item, station) : null
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
    change: pending.length && !item.voided ? differenceOf(order, item, station) : null,
    pending,
    ...(news && { news }),
    ...(work.shown.length > 0 && { shown: [...work.shown] }),
    tasks,
    ...(filter.scope === 'open' ? { price: line.price + extra } : {}),
  }
}

const OPEN = ['confirmed', 'preparing']

/** When the oldest work still open here was released. What is made again keeps the ticket's age: the guest has waited since then. */
function timerStart(order: OrderState, items: readonly ItemView[], filter: TicketFilter): number | null {
  const starts = items.flatMap((view) => {
    const item = order.items[view.id]
    if (!item || view.voided) return []
    const open = view.tasks.some(({ here, status }) =>
      filter.scope === 'station' ? here && OPEN.includes(status) : status !== 'served',
    )
    return open ? (release(order, item)?.at ?? []) : []
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

/** Whether somebody works on the order there, so that a change of it is theirs to see. Consoles acknowledge nothing. */
function isOpenAt(items: readonly ItemView[], filter: TicketFilter, order: OrderState): boolean {
  if (order.cancelled || filter.scope === 'open') return false
  const live = items.filter((item) => !item.voided)
  if (filter.scope === 'expo') return live.some((item) => item.status !== 'served')
  return live.some((item) => item.tasks.some((task) => task.here && OPEN.includes(task.status)))
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
  return item.tasks.some((task) => task.here && OPEN.includes(task.status))
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
  const changed = isOpenAt(items, filter, order) ? unseenOfOrder(order, stationOf(filter)) : null
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
    ...(changed && { change: changed.change }),
    pending: [...cancellationPending(order, items, filter), ...missed, ...(changed?.stamps ?? [])],
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
      if (workOf(order, item)?.tasks.get(task.id)?.toMake) found.add(shownAt(docs.stations.body, task))
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
