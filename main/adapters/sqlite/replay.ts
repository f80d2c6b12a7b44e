/** @file Replays journal lines that a database does not contain. Idempotent: lines it does contain change nothing. Reads the journal, writes the database. */
import { type PlateEvent, parseEvent } from '../../../shared/domain/events.ts'
import type { JournalBatch, JournalLine } from './journal.ts'
import { readJournal } from './journal-read.ts'
import { getMeta, journaledUpto, setJournaled, setMeta } from './meta.ts'
import { ordersById, putDevice, putPeer } from './queries.ts'
import {
  addAudit,
  insertEvent,
  putCounter,
  putCursor,
  putDocuments,
  putOrder,
  putReceipt,
  putStock,
} from './rows.ts'
import type { Sql } from './sql.ts'
import { mergeEvents } from './waiting.ts'

export interface Replayed {
  /** Lines taken over. */
  lines: number
  /** Lines that should be there but are not, as far as numbers tell. */
  missing: number
}

function replayBatch(sql: Sql, batch: JournalBatch, complete: boolean): void {
  for (const entry of batch.entries) insertEvent(sql, entry)
  const events = batch.entries
    .filter((entry) => entry.applied)
    .map((entry) => parseEvent(entry.event))
    .flatMap((parsed): PlateEvent[] => (parsed.as === 'event' ? [parsed.event] : []))
  if (events.length) mergeEvents(sql, events)
  // States come from the events, so that a line that is already contained cannot set anything back.
  for (const { id, open, closedAt } of batch.orders) {
    const row = ordersById(sql, [id])[0]
    if (row) putOrder(sql, { ...row, open, closedAt })
  }
  putDocuments(sql, batch.documents)
  putStock(sql, batch.stock)
  for (const receipt of batch.receipts) putReceipt(sql, receipt)
  for (const entry of batch.audit) addAudit(sql, entry)
  for (const counter of batch.counters) putCounter(sql, counter)
  // After a gap, cursors would skip what other cores sent in it; asking again is harmless.
  if (complete) for (const cursor of batch.cursors) putCursor(sql, cursor)
  if (batch.stamp > (getMeta(sql, 'stamp') ?? '')) setMeta(sql, 'stamp', batch.stamp)
}

function replayLine(sql: Sql, line: JournalLine, complete: boolean): void {
  if (line.batch) replayBatch(sql, line.batch, complete)
  if (line.putDevice) putDevice(sql, line.putDevice)
  if (line.putPeer) putPeer(sql, line.putPeer)
  if (line.letter !== undefined) setMeta(sql, 'letter', line.letter)
  setJournaled(sql, line.device, line.line)
}

/** Takes over every line of the journal that the database does not contain, each in a transaction with its number. */
export function replay(sql: Sql, folder: string): Replayed {
  const result: Replayed = { lines: 0, missing: 0 }
  const pending: JournalLine[] = []
  const flush = () =>
    sql.atomic(() => {
      for (const line of pending.splice(0)) {
        const upto = journaledUpto(sql, line.device)
        if (line.line <= upto) continue
        result.missing += line.line - upto - 1
        replayLine(sql, line, result.missing === 0)
        result.lines++
      }
    })
  for (const line of readJournal(folder)) if (pending.push(line) >= 200) flush()
  flush()
  return result
}
