/** @file Answers to the contract's queries: reads of memory first, of the store where memory does not reach. */
import type { Answers, DeviceRow, RecentTicket, StationTimes } from '../../shared/contract/contract.ts'
import type { State } from '../../shared/domain/apply.ts'
import { businessDay } from '../../shared/domain/day.ts'
import { fail, type Outcome, ok } from '../../shared/domain/errors.ts'
import { RANK } from '../../shared/domain/events.ts'
import { existingItems, type OrderState, reachedAt, release } from '../../shared/domain/order.ts'
import { shownAt } from '../../shared/domain/routing.ts'
import { type TicketFilter, ticketOf, view } from '../../shared/domain/view.ts'
import type { DeviceRecord, Store } from './ports.ts'

/** When `station` (or, without one, the whole order) was done with an order; null while it is not. */
function doneAt(state: State, order: OrderState, filter: TicketFilter): number | null {
  if (view(state.documents, order, filter)) return null
  const stations = state.documents.stations.body
  const marks = existingItems(order).flatMap((item) =>
    (item.added?.tasks ?? [])
      .filter((task) => filter.scope !== 'station' || shownAt(stations, task) === filter.station)
      .map(
        (task) => (reachedAt(item, task.id, RANK.served) ?? reachedAt(item, task.id, RANK.ready))?.at ?? 0,
      ),
  )
  const last = Math.max(0, ...marks, order.cancelled?.at ?? 0)
  return last > 0 ? last : null
}

/** Tickets that left a board, newest first. */
export async function recentTickets(
  state: State,
  store: Store,
  args: { station?: string | undefined; limit: number },
): Promise<RecentTicket[]> {
  const filter: TicketFilter =
    args.station === undefined ? { scope: 'expo' } : { scope: 'station', station: args.station }
  const pick = (orders: Iterable<OrderState>): RecentTicket[] =>
    [...orders].flatMap((order) => {
      const done = doneAt(state, order, filter)
      const ticket = done === null ? null : ticketOf(state.documents, order, filter)
      return ticket && done !== null ? [{ ticket, doneAt: done }] : []
    })
  const here = pick(state.orders.values())
  const older =
    here.length < args.limit ? (await store.closedOrders({ limit: args.limit })).map((row) => row.state) : []
  const all = [...here, ...pick(older.filter((order) => !state.orders.has(order.id)))]
  return all.sort((a, b) => b.doneAt - a.doneAt).slice(0, args.limit)
}

/** One order as the console shows it, open or closed. */
export async function order(state: State, store: Store, id: string): Promise<Outcome<Answers['order']>> {
  const found = state.orders.get(id) ?? (await store.orders([id]))[0]?.state
  const ticket = found ? ticketOf(state.documents, found, { scope: 'open' }) : null
  return ticket ? ok(ticket) : fail('unknownOrder', 'This order does not exist here.', 'order')
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
  const rows = await store.ordersOfDay(day ?? businessDay(now, settings.timeZone, settings.dayCutoff))
  const byStation = new Map<string, Span[]>()
  for (const { state: one } of rows) {
    if (one.cancelled) continue
    for (const [station, span] of spans(state, one)) {
      byStation.set(station, [...(byStation.get(station) ?? []), span])
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
