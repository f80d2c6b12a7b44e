/** @file Answers to the contract's queries: reads of memory first, of the store where memory does not reach. */
import type { Answers, DeviceRow, RecentTicket, StationTimes } from '../../shared/contract/contract.ts'
import type { State } from '../../shared/domain/apply.ts'
import { fail, type Outcome, ok } from '../../shared/domain/errors.ts'
import { existingItems, type OrderState } from '../../shared/domain/order.ts'
import { taskOf } from '../../shared/domain/portions.ts'
import { shownAt } from '../../shared/domain/routing.ts'
import { roundsOf } from '../../shared/domain/spans.ts'
import { boardOf, type TicketFilter, ticketOf, view } from '../../shared/domain/view.ts'
import type { DeviceRecord, Store } from './ports.ts'
import { dayAt } from './time.ts'

/** When `station` (or, without one, the whole order) was done with an order, if it is; 0 when nothing was ever done. */
function doneAt(state: State, order: OrderState, filter: TicketFilter): number {
  const stations = state.documents.stations.body
  const atStation = filter.scope === 'station'
  // A station is done when it bumps, the order when it is served.
  let last = order.cancelled?.at ?? 0
  for (const item of existingItems(order)) {
    for (const task of item.added?.tasks ?? []) {
      if (atStation && shownAt(stations, task) !== filter.station) continue
      const { ready, handedOut } = taskOf(order, item, task.id) ?? {}
      const mark = atStation ? (ready ?? handedOut) : (handedOut ?? ready)
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

interface Timed {
  order: string
  number: string
  ms: number
}

/** How long each station took for each round of an order. */
function timesOf(state: State, order: OrderState): [station: string, Timed][] {
  const stations = state.documents.stations.body
  const number = order.opened?.number ?? ''
  return [...roundsOf(order, (task) => shownAt(stations, task))].flatMap(([station, rounds]) =>
    rounds.map(({ from, to }): [string, Timed] => [station, { order: order.id, number, ms: to - from }]),
  )
}

/** The p-quantile of ascending numbers, by the nearest-rank method. */
function quantile(sorted: readonly number[], p: number): number {
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? 0
}

const WORST = 5

/** Ticket times of a business day per station: median and p90 in ms, and the worst. A ticket counts once per round. Cancelled orders do not count. */
export async function ticketTimes(
  state: State,
  store: Store,
  now: number,
  day?: string,
): Promise<StationTimes[]> {
  const settings = state.documents.settings.body
  const rows = await store.ordersOfDay(day ?? dayAt(now, settings))
  const byStation = new Map<string, Timed[]>()
  for (const { state: one } of rows) {
    if (one.cancelled) continue
    for (const [station, timed] of timesOf(state, one)) {
      const list = byStation.get(station)
      if (list) list.push(timed)
      else byStation.set(station, [timed])
    }
  }
  return [...byStation].map(([station, list]) => {
    const sorted = list.sort((a, b) => a.ms - b.ms)
    const times = sorted.map(({ ms }) => ms)
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
