/** @file What the store is asked: orders, events, audit, registries, and all it knows at start. Reads the database it is given. */
import type { Documents } from '../../../shared/domain/apply.ts'
import type {
  AuditEntry,
  AuditQuery,
  DeviceRecord,
  Home,
  Loaded,
  LogCursor,
  OrderRow,
  PeerRecord,
  StoredEvent,
} from '../../core/ports.ts'
import { deviceOf, getMeta } from './meta.ts'
import { EVENT_COLUMNS, type EventRow, ORDER_COLUMNS, type StoredOrder, toEvent, toOrder } from './rows.ts'
import { NOTES } from './schema/005-notes.ts'
import type { Sql } from './sql.ts'

/** Orders closed this recently (ms) are loaded too: a screen may recall them. */
const RECENT_MS = 3_600_000

/** Orders by id; unknown ones are absent. */
export function ordersById(sql: Sql, ids: readonly string[]): OrderRow[] {
  return sql
    .all<StoredOrder>(
      `SELECT ${ORDER_COLUMNS} FROM orders WHERE id IN (SELECT value FROM json_each(?))`,
      JSON.stringify(ids),
    )
    .map(toOrder)
}

/** Whether the store has an order of this id. */
export function hasOrder(sql: Sql, id: string): boolean {
  return sql.get('SELECT 1 FROM orders WHERE id = ?', id) !== undefined
}

/** Closed orders, newest first; `before` (ms UTC) excludes what closed then or later. */
export function closedOrders(sql: Sql, query: { limit: number; before?: number }): OrderRow[] {
  return sql
    .all<StoredOrder>(
      `SELECT ${ORDER_COLUMNS} FROM orders WHERE open = 0 AND closed_at < ? ORDER BY closed_at DESC LIMIT ?`,
      query.before ?? Number.MAX_SAFE_INTEGER,
      query.limit,
    )
    .map(toOrder)
}

/** All orders of a business day. */
export function ordersOfDay(sql: Sql, day: string): OrderRow[] {
  return sql.all<StoredOrder>(`SELECT ${ORDER_COLUMNS} FROM orders WHERE day = ?`, day).map(toOrder)
}

/** Events after a sequence number, in log order. */
export function eventsAfter(sql: Sql, seq: number, limit: number): StoredEvent[] {
  return sql
    .all<EventRow>(`SELECT ${EVENT_COLUMNS} FROM events WHERE seq > ? ORDER BY seq LIMIT ?`, seq, limit)
    .map(toEvent)
}

/** Events by sequence number, in log order; unknown ones are absent. */
export function eventsBySeq(sql: Sql, seqs: readonly number[]): StoredEvent[] {
  return sql
    .all<EventRow>(
      `SELECT ${EVENT_COLUMNS} FROM events WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq`,
      JSON.stringify(seqs),
    )
    .map(toEvent)
}

/** The audit trail, newest first; `before` is a row number. */
export function auditTrail(sql: Sql, query: AuditQuery): (AuditEntry & { row: number })[] {
  const { order, about, before = Number.MAX_SAFE_INTEGER, limit } = query
  const wanted = [
    ...(about === 'notes' ? [NOTES] : []),
    ...(order === undefined ? [] : ['order_id = ?']),
    'row < ?',
  ]
  const rows = sql.all<{ row: number; at: number; order: string | null; body: string }>(
    `SELECT row, at, order_id AS "order", body FROM audit WHERE ${wanted.join(' AND ')} ORDER BY row DESC LIMIT ?`,
    ...(order === undefined ? [] : [order]),
    before,
    limit,
  )
  // A row that version 0.1 wrote has its sentence and nothing that could be worded.
  return rows.map(({ body, ...rest }) => ({ says: null, ...rest, ...JSON.parse(body) }))
}

const bodies = (rows: { body: string }[]) => rows.map((row) => JSON.parse(row.body))

/** Paired devices. */
export function allDevices(sql: Sql): DeviceRecord[] {
  return bodies(sql.all('SELECT body FROM devices'))
}

/** Peers to dial. */
export function allPeers(sql: Sql): PeerRecord[] {
  return bodies(sql.all('SELECT body FROM peers'))
}

/** Saves a device over what was known of it. Returns it. */
export function putDevice(sql: Sql, device: DeviceRecord): DeviceRecord {
  sql.run(
    'INSERT INTO devices (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
    device.id,
    JSON.stringify(device),
  )
  return device
}

/** Saves a peer over what was known of it. Returns it. */
export function putPeer(sql: Sql, peer: PeerRecord): PeerRecord {
  sql.run(
    'INSERT INTO peers (device, body) VALUES (?, ?) ON CONFLICT (device) DO UPDATE SET body = excluded.body',
    peer.device,
    JSON.stringify(peer),
  )
  return peer
}

/** Forgets a peer. Returns its id. */
export function dropPeer(sql: Sql, device: string): string {
  sql.run('DELETE FROM peers WHERE device = ?', device)
  return device
}

/** The documents as last published here. */
export function loadDocuments(sql: Sql): Partial<Documents> {
  const rows = sql.all<{ name: string; version: number; stamp: string; body: string }>(
    'SELECT name, version, stamp, body FROM documents',
  )
  return Object.fromEntries(
    rows.map(({ name, version, stamp, body }) => [name, { version, stamp, body: JSON.parse(body) }]),
  )
}

/** The 86 list. */
export function loadStock(sql: Sql): Loaded['stock'] {
  return sql
    .all<{ menuItem: string; out: number; stamp: string }>(
      'SELECT menu_item AS menuItem, out, stamp FROM stock',
    )
    .map((row) => ({ ...row, out: row.out === 1 }))
}

function loadCursors(sql: Sql): LogCursor[] {
  return sql
    .all<{ peer: string; seq: number; event: string | null }>('SELECT peer, seq, event FROM cursors')
    .map(({ peer, seq, event }) => ({ peer, seq, ...(event !== null && { event }) }))
}

function loadOrders(sql: Sql, now: number): OrderRow[] {
  const open = sql.all<StoredOrder>(`SELECT ${ORDER_COLUMNS} FROM orders WHERE open = 1`)
  const recent = sql.all<StoredOrder>(
    `SELECT ${ORDER_COLUMNS} FROM orders WHERE open = 0 AND closed_at >= ?`,
    now - RECENT_MS,
  )
  return [...open, ...recent].map(toOrder)
}

const COUNT_RAW = `SELECT (SELECT count(*) FROM events WHERE applied = 0) + (SELECT count(*) FROM garbage) AS raw`

/** Everything a core needs at start; a new one gets the id `newDevice`. Reads projections only, so that years of history cost nothing. */
export function load(sql: Sql, now: number, newDevice: string): Omit<Loaded, 'notices' | 'trouble'> {
  return {
    device: deviceOf(sql, newDevice),
    letter: getMeta(sql, 'letter') ?? '',
    home: JSON.parse(getMeta(sql, 'home') ?? 'null') as Home | null,
    stamp: getMeta(sql, 'stamp'),
    orders: loadOrders(sql, now),
    documents: loadDocuments(sql),
    stock: loadStock(sql),
    counters: sql.all('SELECT day, next FROM counters ORDER BY day DESC LIMIT 30'),
    cursors: loadCursors(sql),
    raw: sql.get<{ raw: number }>(COUNT_RAW)?.raw ?? 0,
    head: sql.get<{ head: number }>('SELECT coalesce(max(seq), 0) AS head FROM events')?.head ?? 0,
  }
}
