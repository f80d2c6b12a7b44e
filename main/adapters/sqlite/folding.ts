/** @file Folds events into the database's orders, documents and 86 list; and folds again what a build before could not read. Reads and writes the database it is given. */
import { createHash } from 'node:crypto'
import { applyRead, emptyState, type State } from '../../../shared/domain/apply.ts'
import { readerText } from '../../../shared/domain/events/reader.ts'
import { parseEvent, type Read } from '../../../shared/domain/events.ts'
import { stampTime } from '../../../shared/domain/stamp.ts'
import { isClosed } from '../../../shared/domain/view.ts'
import type { OrderRow } from '../../core/ports.ts'
import { getMeta, setMeta } from './meta.ts'
import { loadDocuments, loadStock, ordersById } from './queries.ts'
import {
  allGarbage,
  dropGarbage,
  EVENT_COLUMNS,
  type EventRow,
  insertEvent,
  markOf,
  putDocuments,
  putOrder,
  putStock,
  toEvent,
} from './rows.ts'
import type { Sql } from './sql.ts'

function loadState(sql: Sql, known: readonly OrderRow[]): State {
  const state = emptyState()
  state.documents = { ...state.documents, ...loadDocuments(sql) }
  for (const { menuItem, out, stamp } of loadStock(sql)) state.stock.set(menuItem, { out, stamp })
  for (const { state: order } of known) state.orders.set(order.id, order)
  return state
}

const orderIds = (reads: readonly Read[]) =>
  [...new Set(reads.map(({ event }) => event.order))].filter((id) => id !== null)

function saveHouse(sql: Sql, state: State, reads: readonly Read[]): void {
  const kinds = new Set(reads.map(({ event }) => event.kind))
  if (kinds.has('document.published')) putDocuments(sql, state.documents)
  if (!kinds.has('stock.set')) return
  putStock(
    sql,
    [...state.stock].map(([menuItem, word]) => ({ menuItem, ...word })),
  )
}

/**
 * Merges events into what the database holds. An order it does not know becomes an open one; whether it belongs on a
 * board is for the core to say. Not atomic by itself.
 */
export function mergeReads(sql: Sql, reads: readonly Read[]): void {
  const ids = orderIds(reads)
  const known = new Map(ordersById(sql, ids).map((row) => [row.state.id, row]))
  const state = loadState(sql, [...known.values()])
  for (const read of reads) applyRead(state, read)
  for (const id of ids) {
    const order = state.orders.get(id)
    const { open = true, closedAt = null } = known.get(id) ?? {}
    if (order) putOrder(sql, { state: order, open, closedAt })
  }
  saveHouse(sql, state, reads)
}

interface LoggedRead {
  seq: number
  read: Read
  /** How the log marks it so far. */
  mark: number
}

function readRows(sql: Sql, where: string, ...values: string[]): LoggedRead[] {
  const columns = `${EVENT_COLUMNS}, applied`
  return sql
    .all<EventRow & { applied: number }>(
      `SELECT ${columns} FROM events WHERE ${where} ORDER BY seq`,
      ...values,
    )
    .flatMap((row) => {
      const read = parseEvent(toEvent(row).event)
      return read.as === 'garbage' ? [] : [{ seq: row.seq, read, mark: row.applied }]
    })
}

/** Folds these orders anew from all of their events: what was merged without a member cannot be told from what never had it. */
function foldOrders(sql: Sql, ids: readonly string[]): void {
  const known = new Map(ordersById(sql, ids).map((row) => [row.state.id, row]))
  const state = loadState(sql, [])
  // Once per update, so it may look through the whole log.
  const all = readRows(sql, 'order_id IN (SELECT value FROM json_each(?))', JSON.stringify(ids))
  for (const { read } of all) applyRead(state, read)
  for (const [id, order] of state.orders) {
    const open = !isClosed(state.documents, order)
    putOrder(sql, {
      state: order,
      open,
      closedAt: open ? null : (known.get(id)?.closedAt ?? stampTime(order.top)),
    })
  }
}

function foldHouse(sql: Sql): void {
  const house = readRows(sql, 'order_id IS NULL').map(({ read }) => read)
  const state = emptyState()
  for (const read of house) applyRead(state, read)
  saveHouse(sql, state, house)
}

/** Puts what could not even be named into the log, now that it can. Returns how many pieces that were. */
function logGarbage(sql: Sql): number {
  let logged = 0
  for (const { hash, source, raw } of allGarbage(sql)) {
    const read = parseEvent(raw)
    if (read.as === 'garbage') continue
    insertEvent(sql, { event: read.event, applied: false, source })
    dropGarbage(sql, hash)
    logged++
  }
  return logged
}

const isBetter = ({ read, mark }: LoggedRead) => markOf(read) !== mark

/** What a build kept raw or read in part: what of it this one reads better, and what it folds anew. */
function kept(sql: Sql) {
  const reader = createHash('sha256').update(readerText()).digest('hex')
  const otherReader = getMeta(sql, 'reader') !== reader
  const waiting = [...readRows(sql, 'applied = 0'), ...readRows(sql, 'applied = 2')]
  const better = waiting.filter(isBetter)
  // Another build may know more of the members of what stays read in part.
  return { reader, otherReader, better, folded: otherReader ? waiting : better }
}

/** Whether {@link readAgain} would change what this database says. Changes nothing. */
export function canReadAgain(sql: Sql): boolean {
  return kept(sql).folded.length > 0 || allGarbage(sql).some(({ raw }) => parseEvent(raw).as !== 'garbage')
}

/**
 * Reads again what another build kept raw or read in part: orders and the house's own facts are folded anew from the log,
 * as if this build had heard them first. Returns how many events it reads better now.
 */
export function readAgain(sql: Sql): number {
  return sql.atomic(() => {
    logGarbage(sql)
    const { reader, otherReader, better, folded } = kept(sql)
    for (const { seq, read } of better) {
      sql.run('UPDATE events SET applied = ? WHERE seq = ?', markOf(read), seq)
    }
    const reads = folded.map(({ read }) => read)
    const ids = orderIds(reads)
    if (ids.length) foldOrders(sql, ids)
    if (reads.some(({ event }) => event.order === null)) foldHouse(sql)
    if (otherReader) setMeta(sql, 'reader', reader)
    return better.length
  })
}
