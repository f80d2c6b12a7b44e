/** @file Events of a later version that were kept raw: applied once this build understands them. Reads and writes the database it is given. */
import { apply, emptyState, type State } from '../../../shared/domain/apply.ts'
import { type PlateEvent, parseEvent } from '../../../shared/domain/events.ts'
import type { OrderRow } from '../../core/ports.ts'
import { loadDocuments, loadStock, ordersById } from './queries.ts'
import { EVENT_COLUMNS, type EventRow, putDocuments, putOrder, putStock, toEvent } from './rows.ts'
import type { Sql } from './sql.ts'

function loadState(sql: Sql, known: readonly OrderRow[]): State {
  const state = emptyState()
  state.documents = { ...state.documents, ...loadDocuments(sql) }
  for (const { menuItem, out, stamp } of loadStock(sql)) state.stock.set(menuItem, { out, stamp })
  for (const { state: order } of known) state.orders.set(order.id, order)
  return state
}

/**
 * Merges events into what the database holds. An order it does not know becomes an open one; whether it belongs on a
 * board is for the core to say. Not atomic by itself.
 */
export function mergeEvents(sql: Sql, events: readonly PlateEvent[]): void {
  const ids = [...new Set(events.map((event) => event.order).filter((id) => id !== null))]
  const known = new Map(ordersById(sql, ids).map((row) => [row.state.id, row]))
  const state = loadState(sql, [...known.values()])
  for (const event of events) apply(state, event)
  for (const id of ids) {
    const order = state.orders.get(id)
    const { open = true, closedAt = null } = known.get(id) ?? {}
    if (order) putOrder(sql, { state: order, open, closedAt })
  }
  if (events.some((event) => event.kind === 'document.published')) putDocuments(sql, state.documents)
  if (events.some((event) => event.kind === 'stock.set')) {
    putStock(
      sql,
      [...state.stock].map(([menuItem, word]) => ({ menuItem, ...word })),
    )
  }
}

/** What waits and is understood now. */
export function understood(sql: Sql): { seq: number; event: PlateEvent }[] {
  return sql
    .all<EventRow>(`SELECT ${EVENT_COLUMNS} FROM events WHERE applied = 0 ORDER BY seq`)
    .map((row) => ({ seq: row.seq, parsed: parseEvent(toEvent(row).event) }))
    .flatMap(({ seq, parsed }) => (parsed.as === 'event' ? [{ seq, event: parsed.event }] : []))
}

/** Applies what waits and is understood now. Returns how many events that were. */
export function applyWaiting(sql: Sql): number {
  const waiting = understood(sql)
  if (!waiting.length) return 0
  sql.atomic(() => {
    mergeEvents(
      sql,
      waiting.map(({ event }) => event),
    )
    for (const { seq } of waiting) sql.run('UPDATE events SET applied = 1 WHERE seq = ?', seq)
  })
  return waiting.length
}
