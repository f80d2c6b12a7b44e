/** @file One group commit as one transaction. Writes the database it is given. */
import type { OrderRow, Receipt } from '../../core/ports.ts'
import { setJournaled, setMeta } from './meta.ts'
import type { PackedBatch } from './packing.ts'
import { hasOrder, ordersById } from './queries.ts'
import {
  addAudit,
  getReceipt,
  insertEvent,
  newAudit,
  putCounter,
  putCursor,
  putDocuments,
  putGarbage,
  putPackedOrder,
  putReceipt,
  putStock,
} from './rows.ts'
import type { Sql } from './sql.ts'

/** What this commit is called in the journal. */
export interface LineNumber {
  device: string
  line: number
}

/**
 * Writes the batch, which comes at `at` (ms UTC), and that journal line `number` is contained; or nothing, when one of its commands was
 * answered before or an order it takes for new is not.
 * The caller reports what the disk refuses: nothing is written then either.
 */
export function writeBatch(
  sql: Sql,
  batch: PackedBatch,
  bodies: readonly string[],
  number: LineNumber,
  at: number,
):
  | { ok: true; seqs: (number | null)[] }
  | { ok: false; known: Receipt[] }
  | { ok: false; existing: OrderRow[] } {
  return sql.atomic(() => {
    const known = batch.receipts
      .map(({ command }) => getReceipt(sql, command))
      .filter((receipt) => receipt !== undefined)
    if (known.length) return { ok: false, known }
    const existing = batch.fresh.some((id) => hasOrder(sql, id)) ? ordersById(sql, batch.fresh) : []
    if (existing.length) return { ok: false, existing }
    const seqs = batch.entries.map((entry) => insertEvent(sql, entry))
    for (const garbage of batch.garbage ?? []) putGarbage(sql, garbage, at)
    for (const [index, order] of batch.orders.entries()) {
      putPackedOrder(sql, { ...order, body: bodies[index] ?? '' })
    }
    putDocuments(sql, batch.documents)
    putStock(sql, batch.stock)
    for (const receipt of batch.receipts) putReceipt(sql, receipt)
    for (const entry of newAudit(batch, seqs)) addAudit(sql, entry)
    for (const cursor of batch.cursors) putCursor(sql, cursor)
    for (const counter of batch.counters) putCounter(sql, counter)
    setMeta(sql, 'stamp', batch.stamp)
    setJournaled(sql, number.device, number.line)
    return { ok: true, seqs }
  })
}
