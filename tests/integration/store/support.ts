/** @file Helpers of the store's tests: real orders as batches, stores on real folders, what a crash leaves behind. */
import { randomUUID } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { createSqliteStore, type SqliteStoreOptions } from '../../../main/adapters/sqlite/store.ts'
import type { CommitBatch, Log, OrderRow, Store } from '../../../main/core/ports.ts'
import { mergeOrder } from '../../../shared/domain/apply.ts'
import type { PlateEvent } from '../../../shared/domain/events.ts'
import { makeStamp } from '../../../shared/domain/stamp.ts'

export const DAY = '2026-11-20'
export const NOON = Date.parse('2026-11-20T12:00:00Z')
export const DAY_MS = 86_400_000
const DEVICE = 'core-of-the-tests'

/** A fresh folder, gone when the test is over. */
export function folder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'plate-store-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A clock that stands still until it is told. */
export function standingClock(at = NOON) {
  return {
    at,
    now() {
      return this.at
    },
  }
}

export interface LogLine {
  level: keyof Log
  event: string
  fields: Record<string, unknown>
}

/** A log that is kept. */
export function keptLog(): Log & { lines: LogLine[] } {
  const lines: LogLine[] = []
  const at =
    (level: keyof Log) =>
    (event: string, fields: Record<string, unknown> = {}) => {
      lines.push({ level, event, fields })
    }
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** A store on `dir/plate.db`, not yet open; closed when the test is over. */
export function storeIn(dir: string, options: Partial<SqliteStoreOptions> = {}): Store {
  const store = createSqliteStore({
    file: path.join(dir, 'plate.db'),
    clock: standingClock(),
    log: keptLog(),
    sameThread: true,
    ...options,
  })
  onTestFinished(() => store.close())
  return store
}

/** A store that is open, with what it said at opening. */
export async function openStore(dir: string, options: Partial<SqliteStoreOptions> = {}) {
  const store = storeIn(dir, options)
  return { store, loaded: await store.open() }
}

let count = 0

function envelope(order: string | null, at: number) {
  const stamp = makeStamp(at, count++, DEVICE)
  return { id: randomUUID(), v: 1, order, at, stamp, device: DEVICE, staff: null, command: randomUUID() }
}

/** An order of one line, as the events that place it. */
export function placed(at = NOON, order = randomUUID(), note = ''): [PlateEvent, PlateEvent] {
  const line = {
    menuItem: 'margherita',
    name: 'Pizza Margherita',
    price: 950,
    quantity: 1,
    modifiers: [],
    seat: null,
    course: null,
    note,
    allergens: [],
    allergies: [],
  }
  const opened = { type: 'dineIn' as const, table: null, covers: 2, server: null, note: '' }
  const item = randomUUID()
  return [
    {
      ...envelope(order, at),
      kind: 'order.opened',
      data: { number: String(count), day: DAY, priority: 'normal', ...opened },
    },
    {
      ...envelope(order, at),
      kind: 'item.added',
      data: { item, line, tasks: [{ id: `${item}-1`, station: 'oven', step: 1 }], held: false },
    },
  ]
}

/** Cancels an order. */
export function cancelled(order: string, at = NOON): PlateEvent {
  return { ...envelope(order, at), kind: 'order.cancelled', data: { reason: 'guest left' } }
}

/** The order that these events make. */
export function orderOf(events: readonly PlateEvent[], closedAt: number | null = null): OrderRow {
  const state = events.reduce<OrderRow['state'] | undefined>(mergeOrder, undefined)
  if (!state) throw new Error('no events')
  return { state, open: closedAt === null, closedAt }
}

/** A batch of events with nothing else in it. */
export function batchOf(events: readonly PlateEvent[], more: Partial<CommitBatch> = {}): CommitBatch {
  return {
    entries: events.map((event) => ({ event, applied: true, source: null })),
    orders: [],
    documents: {},
    stock: [],
    receipts: [],
    audit: [],
    cursors: [],
    counters: [],
    stamp: events.at(-1)?.stamp ?? makeStamp(NOON, count++, DEVICE),
    ...more,
  }
}

/** A batch as the engine makes it for `orders` new orders, with receipts and audit. */
export function placing(orders = 1, at = NOON, note = ''): CommitBatch {
  const each = Array.from({ length: orders }, () => placed(at, randomUUID(), note))
  return batchOf(each.flat(), {
    orders: each.map((events) => orderOf(events)),
    receipts: each.map(([event]) => ({
      command: event.command,
      at,
      outcome: { ok: true, value: { order: event.order } },
    })),
    audit: each.map(([event]) => ({
      at,
      command: event.command,
      name: 'placeOrder',
      order: event.order,
      number: '1',
      staff: null,
      device: { id: 'console', name: 'Console' },
      outcome: 'ok',
      message: '',
      args: '{}',
    })),
    counters: [{ day: DAY, next: count }],
  })
}

/** Commits, and fails the test when the store refuses. */
export async function mustCommit(store: Store, batch: CommitBatch): Promise<(number | null)[]> {
  const result = await store.commit(batch)
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result)}`)
  return result.seqs
}

/** Ids of all events in the log, in its order. */
export async function eventIds(store: Store): Promise<string[]> {
  return (await store.eventsAfter(0, 1_000_000)).map(({ event }) => event.id)
}

/** Ids of a batch's events. */
export const idsOf = (batch: CommitBatch): string[] => batch.entries.map(({ event }) => event.id)

/**
 * Copies a data folder as a power cut would leave it: without SQLite's shared memory, which is rebuilt, and without the
 * lock. The store must be idle.
 */
export function crashCopy(dir: string, parts = ['plate.db', 'plate.db-wal', 'journal', 'backups']): string {
  const copy = folder()
  for (const part of parts) {
    if (existsSync(path.join(dir, part)))
      cpSync(path.join(dir, part), path.join(copy, part), { recursive: true })
  }
  return copy
}
