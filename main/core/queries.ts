/** @file Answers to the contract's queries: reads of memory first, of the store where memory does not reach. */
import type { Answers, DeviceRow, RecentTicket, StationTimes } from '../../shared/contract/contract.ts'
import type { State } from '../../shared/domain/apply.ts'
import { fail, type Outcome, ok } from '../../shared/domain/errors.ts'
import { RANK } from '../../shared/domain/events.ts'
import { existingItems, type OrderState, reachedAt, release } from '../../shared/domain/order.ts'
import { shownAt } from '../../shared/domain/routing.ts'
import { boardOf, type TicketFilter, ticketOf, view } from '../../shared/domain/view.ts'
import type { DeviceRecord, Store } from './ports.ts'
import { dayAt } from './time.ts'

/** When `station` (or, without one, the whole order) was done with an order, if it is; 0 when nothing was ever done. */
function doneAt(state: State, order: OrderState, filter: TicketFilter): number {
  const stations = state.documents.stations.body
  const atStation = filter.scope === 'station'
  // A station is done when it bumps, the order when it is served.
  const [first, second] = atStation ? [RANK.ready, RANK.served] : [RANK.served, RANK.ready]
  let last = order.cancelled?.at ?? 0
  for (const item of existingItems(order)) {
    for (const task of item.added?.tasks ?? []) {
      if (atStation && shownAt(stations, task) !== filter.station) continue
      const mark = reachedAt(item, task.id, first) ?? reachedAt(item, task.id, second)
      last = Math.max(last, mark?.at ?? 0, item.voided?.at ?? 0)
    }
  }
  return last
}

/** The newest `limit` of these orders that are off the board, with the ticket as it was there. */
function pickDone(
  state: State,
  orders: Iterable<OrderState>,
  filter: TicketFilter,
  limit: number,
): RecentTicket[] {
  const candidates = [...orders]
    .map((order) => ({ order, done: doneAt(state, order, filter) }))
    .filter(({ done }) => done > 0)
    .sort((a, b) => b.done - a.done)
  const found: RecentTicket[] = []
  // Views are the dear part, so they are made from the newest on and only until there are enough.
  for (const { order, done } of candidates) {
    if (found.length >= limit) break
    if (view(state.documents, order, filter)) continue
    const ticket = ticketOf(state.documents, order, filter)
    if (ticket) found.push({ ticket, doneAt: done })
  }
  return found
}

/** Tickets that left a board, newest first. */
export async function recentTickets(
  state: State,
  store: Store,
  args: { station?: string | undefined; limit: number },
): Promise<RecentTicket[]> {
  const filter = boardOf(args.station)
  const here = pickDone(state, state.orders.values(), filter, args.limit)
  if (here.length >= args.limit) return here
  const rows = await store.closedOrders({ limit: args.limit })
  const known = new Map(rows.map((row) => [row.state.id, row.state]))
  // Memory knows more than the store said a moment ago: what was recalled meanwhile is on its board again.
  for (const [id, order] of state.orders) known.set(id, order)
  return pickDone(state, known.values(), filter, args.limit)
}

/** One order as the console shows it, open or closed. */
export async function order(state: State, store: Store, id: string): Promise<Outcome<Answers['order']>> {
  const found = state.orders.get(id) ?? (await store.orders([id]))[0]?.state
  const ticket = found ? ticketOf(state.documents, found, { scope: 'open' }) : null
  return ticket ? ok(ticket) : fail('unknownOrder', {}, 'order')
}

interface Span {
  order: string
  number: string
  ms: number
}

/** How long each station took for an order: from the first release to the last ready, in the tasks' present cycles. */
function spans(state: State, order: OrderState): Map<string, Span> {
  const found = new Map<string, { from: number; to: number; open: boolean }>()
  for (const item of existingItems(order)) {
    const from = release(order, item)?.at
    if (item.voided || from === undefined) continue
    for (const task of item.added?.tasks ?? []) {
      const station = shownAt(state.documents.stations.body, task)
      const ready = reachedAt(item, task.id, RANK.ready)?.at
      const known = found.get(station) ?? { from, to: 0, open: false }
      found.set(station, {
        from: Math.min(known.from, from),
        to: Math.max(known.to, ready ?? 0),
        open: known.open || ready === undefined,
      })
    }
  }
  const number = order.opened?.number ?? ''
  return new Map(
    [...found]
      .filter(([, span]) => !span.open)
      .map(([station, span]) => [station, { order: order.id, number, ms: Math.max(0, span.to - span.from) }]),
  )
}

/** The p-quantile of ascending numbers, by the nearest-rank method. */
function quantile(sorted: readonly number[], p: number): number {
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? 0
}

const WORST = 5

/** Ticket times of a business day per station: median and p90 in ms, and the worst tickets. Cancelled orders do not count. */
export async function ticketTimes(
  state: State,
  store: Store,
  now: number,
  day?: string,
): Promise<StationTimes[]> {
  const settings = state.documents.settings.body
  const rows = await store.ordersOfDay(day ?? dayAt(now, settings))
  const byStation = new Map<string, Span[]>()
  for (const { state: one } of rows) {
    if (one.cancelled) continue
    for (const [station, span] of spans(state, one)) {
      const list = byStation.get(station)
      if (list) list.push(span)
      else byStation.set(station, [span])
    }
  }
  return [...byStation].map(([station, list]) => {
    const sorted = list.sort((a, b) => a.ms - b.ms)
    const times = sorted.map((span) => span.ms)
    return {
      station,
      tickets: list.length,
      medianMs: quantile(times, 0.5),
      p90Ms: quantile(times, 0.9),
      worst: sorted.slice(-WORST).reverse(),
    }
  })
}

/** A device as managers see it. */
export function deviceRow(device: DeviceRecord, online: ReadonlySet<string>): DeviceRow {
  const { id, name, kind, station, pairedAt, lastSeen, version } = device
  return {
    id,
    name,
    kind,
    station,
    pairedAt,
    lastSeen,
    version,
    online: online.has(id),
    revoked: device.revokedAt !== null,
  }
}
