/** @file Rows to values and back: events, orders, documents, stock, receipts, audit. Reads and writes the database it is given. */

import { createHash } from 'node:crypto'
import type { Documents } from '../../../shared/domain/apply.ts'
import type { Envelope, Read } from '../../../shared/domain/events.ts'
import type { OrderState } from '../../../shared/domain/order.ts'
import type {
  AuditEntry,
  CommitBatch,
  Garbage,
  LogCursor,
  LogEntry,
  OrderRow,
  Receipt,
  StoredEvent,
} from '../../core/ports.ts'
import { type PackedOrder, packOrder } from './packing.ts'
import type { Sql } from './sql.ts'

export interface EventRow {
  seq: number
  id: string
  order_id: string | null
  kind: string
  v: number
  stamp: string
  at: number
  device: string
  source: string | null
  body: string
}

export const EVENT_COLUMNS = 'seq, id, order_id, kind, v, stamp, at, device, source, body'

/** How the log marks an event: 0 kept raw, 1 read whole, 2 read in part, without members of a later version. */
export function markOf(read: Read): 0 | 1 | 2 {
  if (read.as === 'raw') return 0
  return read.part || read.lacks.length ? 2 : 1
}

/** Appends an event; null when the log already has its id. */
export function insertEvent(sql: Sql, { event, applied, part, source }: LogEntry): number | null {
  const { id, v, kind, order, at, stamp, device, ...rest } = event
  const { changes, rowid } = sql.run(
    `INSERT INTO events (id, order_id, kind, v, stamp, at, device, source, applied, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    id,
    order,
    kind,
    v,
    stamp,
    at,
    device,
    source,
    applied ? (part ? 2 : 1) : 0,
    JSON.stringify(rest),
  )
  return changes ? rowid : null
}

/** Keeps what has not even an id; once, however often it comes. */
export function putGarbage(sql: Sql, { source, raw }: Garbage, at: number): void {
  const text = JSON.stringify(raw ?? null)
  const hash = createHash('sha256').update(text).digest('hex')
  sql.run(
    'INSERT INTO garbage (hash, at, source, raw) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    hash,
    at,
    source,
    text,
  )
}

/** All that is kept so. */
export function allGarbage(sql: Sql): (Garbage & { hash: string })[] {
  return sql
    .all<{ hash: string; source: string; raw: string }>('SELECT hash, source, raw FROM garbage ORDER BY row')
    .map(({ raw, ...rest }) => ({ ...rest, raw: JSON.parse(raw) }))
}

export function dropGarbage(sql: Sql, hash: string): void {
  sql.run('DELETE FROM garbage WHERE hash = ?', hash)
}

/** The event of a row, as it was given. */
export function toEvent(row: EventRow): StoredEvent {
  const { seq, id, order_id: order, kind, v, stamp, at, device, source, body } = row
  return { seq, source, event: { id, v, kind, order, at, stamp, device, ...JSON.parse(body) } as Envelope }
}

export interface StoredOrder {
  open: number
  closed_at: number | null
  body: string
}

export const ORDER_COLUMNS = 'open, closed_at, body'

/** The order of a row. */
export function toOrder(row: StoredOrder): OrderRow {
  return { state: JSON.parse(row.body) as OrderState, open: row.open === 1, closedAt: row.closed_at }
}

/** Writes an order over what was there. */
export function putOrder(sql: Sql, row: OrderRow): void {
  putPackedOrder(sql, packOrder(row))
}

/** Writes an order over what was there, its state as it is. */
export function putPackedOrder(sql: Sql, { id, day, number, open, closedAt, body }: PackedOrder): void {
  sql.run(
    `INSERT INTO orders (id, day, number, open, closed_at, body) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET day = excluded.day, number = excluded.number, open = excluded.open,
       closed_at = excluded.closed_at, body = excluded.body`,
    id,
    day,
    number,
    open ? 1 : 0,
    closedAt,
    body,
  )
}

/** Writes documents, unless what is there is newer. */
export function putDocuments(sql: Sql, documents: Partial<Documents>): void {
  for (const [name, document] of Object.entries(documents)) {
    sql.run(
      `INSERT INTO documents (name, version, stamp, body) VALUES (?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET version = excluded.version, stamp = excluded.stamp, body = excluded.body
       WHERE (excluded.version, excluded.stamp) >= (version, stamp)`,
      name,
      document.version,
      document.stamp,
      JSON.stringify(document.body),
    )
  }
}

/** Writes the 86 list's rows, unless what is there is newer. */
export function putStock(sql: Sql, stock: CommitBatch['stock']): void {
  for (const { menuItem, out, stamp } of stock) {
    sql.run(
      `INSERT INTO stock (menu_item, out, stamp) VALUES (?, ?, ?)
       ON CONFLICT (menu_item) DO UPDATE SET out = excluded.out, stamp = excluded.stamp WHERE excluded.stamp >= stamp`,
      menuItem,
      out ? 1 : 0,
      stamp,
    )
  }
}

/** Keeps a command's first answer. */
export function putReceipt(sql: Sql, { command, at, outcome }: Receipt): void {
  sql.run(
    'INSERT INTO receipts (command, at, body) VALUES (?, ?, ?) ON CONFLICT (command) DO NOTHING',
    command,
    at,
    JSON.stringify(outcome),
  )
}

/** The first answer to a command, if it was ever given. */
export function getReceipt(sql: Sql, command: string): Receipt | undefined {
  const row = sql.get<{ at: number; body: string }>(
    'SELECT at, body FROM receipts WHERE command = ?',
    command,
  )
  return row && { command, at: row.at, outcome: JSON.parse(row.body) as Receipt['outcome'] }
}

/**
 * Rows of the audit trail that tell something new. A 'merge' tells what merging the event that is its `command` settled:
 * of an event the log had already (its `seqs` are null) that was told then.
 */
export function newAudit(
  { audit, entries }: Pick<CommitBatch, 'audit' | 'entries'>,
  seqs: readonly (number | null)[],
): AuditEntry[] {
  const known = new Set(entries.filter((_, index) => seqs[index] === null).map(({ event }) => event.id))
  for (const [index, { event }] of entries.entries()) if (seqs[index] != null) known.delete(event.id)
  return known.size ? audit.filter(({ name, command }) => name !== 'merge' || !known.has(command)) : audit
}

/** Adds a line to the audit trail. */
export function addAudit(sql: Sql, entry: AuditEntry): void {
  const { at, order, ...rest } = entry
  sql.run('INSERT INTO audit (at, order_id, body) VALUES (?, ?, ?)', at, order, JSON.stringify(rest))
}

/** Notes how far another core's log is taken in. */
export function putCursor(sql: Sql, { peer, seq, event }: LogCursor): void {
  sql.run(
    `INSERT INTO cursors (peer, seq, event) VALUES (?, ?, ?)
     ON CONFLICT (peer) DO UPDATE SET seq = excluded.seq, event = excluded.event`,
    peer,
    seq,
    event ?? null,
  )
}

/** Notes the next ticket number of a day; it never goes back. */
export function putCounter(sql: Sql, { day, next }: CommitBatch['counters'][number]): void {
  sql.run(
    'INSERT INTO counters (day, next) VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET next = max(next, excluded.next)',
    day,
    next,
  )
}
