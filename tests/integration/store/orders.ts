/** @file Orders as the engine writes them: events, rows, batches. Pure but for random ids. */
import { randomUUID } from 'node:crypto'
import type { CommitBatch, OrderRow } from '../../../main/core/ports.ts'
import { mergeOrder } from '../../../shared/domain/apply.ts'
import type { PlateEvent } from '../../../shared/domain/events.ts'
import { makeStamp } from '../../../shared/domain/stamp.ts'

export const DAY = '2026-11-20'
export const NOON = Date.parse('2026-11-20T12:00:00Z')
const DEVICE = 'core-of-the-tests'

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
    fresh: [],
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
      says: null,
      args: '{}',
    })),
    counters: [{ day: DAY, next: count }],
  })
}

/** Ids of a batch's events. */
export const idsOf = (batch: CommitBatch): string[] => batch.entries.map(({ event }) => event.id)
