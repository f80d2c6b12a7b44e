/** @file Replays journal lines that a database does not contain. Reads the journal, writes the database. */
import { type PlateEvent, parseEvent } from '../../../shared/domain/events.ts'
import type { LogCursor } from '../../core/ports.ts'
import type { JournalBatch, JournalLine } from './journal.ts'
import { readJournal } from './journal-read.ts'
import { getMeta, journaledUpto, setJournaled, setMeta } from './meta.ts'
import { currentRow, type ParkedRow, reparked } from './parked.ts'
import { dropPeer, putDevice, putPeer } from './queries.ts'
import {
  addAudit,
  insertEvent,
  newAudit,
  putCounter,
  putCursor,
  putDocuments,
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

/** How one core's journal has been taken over so far. */
interface Progress {
  upto: number
  seen: Set<number>
}

/**
 * One replay. Lines may come in any order: files are named by the clock, and after a jump the earlier line may stand in
 * the later file. What merges is merged; where the last word counts, the line's number says which that is.
 */
interface Replay {
  sql: Sql
  cores: Map<string, Progress>
  words: Map<string, { device: string; line: number }>
  /** Whether each order is on a board; set at the end, since an order's own line may come late. */
  boards: Map<string, { open: boolean; closedAt: number | null }>
  cursors: (LogCursor & { device: string; line: number })[]
  /** Whether each event waits for a person; set at the end, since its own line may come late. */
  parked: Map<string, ParkedRow | null>
  /** The first sequence number that belongs to another event than before. */
  moved: number
}

/** Cursors of this name say how much of this log has been sent, those of other names how much of another was taken in. */
const SENT = /^out:/

function progressOf({ sql, cores }: Replay, device: string): Progress {
  let progress = cores.get(device)
  if (!progress) {
    progress = { upto: journaledUpto(sql, device), seen: new Set() }
    cores.set(device, progress)
  }
  return progress
}

/** Whether this line has the last word on `key` so far. */
function isLastWord({ words }: Replay, key: string, { device, line }: JournalLine): boolean {
  const last = words.get(key)
  if (last && last.device === device && last.line > line) return false
  words.set(key, { device, line })
  return true
}

function replayEvents(replay: Replay, batch: JournalBatch, seqs: JournalLine['seqs']): void {
  const { sql } = replay
  for (const [index, entry] of batch.entries.entries()) {
    const seq = insertEvent(sql, entry)
    if (seq !== null && seq !== seqs?.[index]) replay.moved = Math.min(replay.moved, seq)
  }
  const events = batch.entries
    .filter((entry) => entry.applied)
    .map((entry) => parseEvent(entry.event))
    .flatMap((parsed): PlateEvent[] => (parsed.as === 'event' ? [parsed.event] : []))
  if (events.length) mergeEvents(sql, events)
}

function replayBatch(replay: Replay, line: JournalLine, batch: JournalBatch): void {
  const { sql } = replay
  replayEvents(replay, batch, line.seqs)
  // States come from the events, so that a line that is already contained cannot set anything back.
  for (const { id, open, closedAt } of batch.orders) {
    if (isLastWord(replay, `order ${id}`, line)) replay.boards.set(id, { open, closedAt })
  }
  putDocuments(sql, batch.documents)
  putStock(sql, batch.stock)
  for (const receipt of batch.receipts) putReceipt(sql, receipt)
  for (const entry of newAudit(batch, line.seqs ?? [])) addAudit(sql, entry)
  for (const counter of batch.counters) putCounter(sql, counter)
  for (const cursor of batch.cursors) {
    replay.cursors.push({ ...cursor, device: line.device, line: line.line })
  }
  if (batch.stamp > (getMeta(sql, 'stamp') ?? '')) setMeta(sql, 'stamp', batch.stamp)
}

function replayParked(replay: Replay, line: JournalLine): void {
  for (const row of line.park ?? []) {
    if (isLastWord(replay, `parked ${row.event}`, line)) replay.parked.set(row.event, currentRow(row))
  }
  for (const event of line.unpark ?? []) {
    if (isLastWord(replay, `parked ${event}`, line)) replay.parked.set(event, null)
  }
}

function replayLine(replay: Replay, line: JournalLine): void {
  const { sql } = replay
  const { batch, putDevice: device, putPeer: peer, dropPeer: gone, letter, home } = line
  if (batch) replayBatch(replay, line, batch)
  if (device && isLastWord(replay, `device ${device.id}`, line)) putDevice(sql, device)
  if (peer && isLastWord(replay, `peer ${peer.device}`, line)) putPeer(sql, peer)
  if (gone !== undefined && isLastWord(replay, `peer ${gone}`, line)) dropPeer(sql, gone)
  replayParked(replay, line)
  if (letter !== undefined && isLastWord(replay, 'letter', line)) setMeta(sql, 'letter', letter)
  if (home && isLastWord(replay, 'home', line)) setMeta(sql, 'home', JSON.stringify(home))
}

/** The first line that is not there. */
function firstMissing({ upto, seen }: Progress): number {
  let line = upto + 1
  while (seen.has(line)) line++
  return line
}

/**
 * Cursors beyond a gap would skip what other cores sent in it; asking those again is harmless. So is sending again what
 * has another number now, while a cursor beyond it would leave it unsent.
 */
function replayCursors({ sql, cores, cursors, moved }: Replay): void {
  const ends = new Map([...cores].map(([device, progress]) => [device, firstMissing(progress)]))
  const complete = cursors.filter(({ device, line }) => line < (ends.get(device) ?? 0))
  for (const cursor of complete.sort((a, b) => a.line - b.line)) {
    const { peer, seq } = cursor
    putCursor(sql, SENT.test(peer) ? { peer, seq: Math.min(seq, moved - 1) } : cursor)
  }
}

function finish(replay: Replay): Replayed {
  const result: Replayed = { lines: 0, missing: 0 }
  for (const [device, { upto, seen }] of replay.cores) {
    const last = [...seen].reduce((a, b) => Math.max(a, b), upto)
    result.lines += seen.size
    result.missing += last - upto - seen.size
    if (seen.size) setJournaled(replay.sql, device, last)
  }
  for (const [id, { open, closedAt }] of replay.boards) {
    replay.sql.run('UPDATE orders SET open = ?, closed_at = ? WHERE id = ?', open ? 1 : 0, closedAt, id)
  }
  for (const [event, row] of replay.parked) reparked(replay.sql, event, row)
  replayCursors(replay)
  return result
}

/** Takes over every line of the journal that the database does not contain, all in one transaction. */
export function replay(sql: Sql, folder: string): Replayed {
  return sql.atomic(() => {
    const run: Replay = {
      sql,
      cores: new Map(),
      words: new Map(),
      boards: new Map(),
      cursors: [],
      parked: new Map(),
      moved: Number.MAX_SAFE_INTEGER,
    }
    for (const line of readJournal(folder)) {
      const { upto, seen } = progressOf(run, line.device)
      if (line.line <= upto || seen.has(line.line)) continue
      replayLine(run, line)
      seen.add(line.line)
    }
    return finish(run)
  })
}

/** What was not wanted now must not come back at the next start, when the journal is compared with the database. */
export function forgetJournal(sql: Sql, folder: string): void {
  const devices = new Set<string>()
  for (const { device } of readJournal(folder)) devices.add(device)
  for (const device of devices) setJournaled(sql, device, Number.MAX_SAFE_INTEGER)
}
