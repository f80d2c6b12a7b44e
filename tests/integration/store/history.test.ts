/** @file Years of history cost the start nothing: every question the port asks is answered by an index. Works in temporary folders. */
import path from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import * as queries from '../../../main/adapters/sqlite/queries.ts'
import { createSql, type Sql } from '../../../main/adapters/sqlite/sql.ts'
import { parseEvent } from '../../../shared/domain/events.ts'
import { orderStatus } from '../../../shared/domain/status.ts'
import { fillStore } from '../../bench/store-fixture.ts'
import { NOON } from './orders.ts'
import { folder, openStore, standingClock } from './support.ts'

test('a filled store opens with its open tickets alone, and its history is whole', async () => {
  const dir = folder()
  const file = path.join(dir, 'plate.db')
  expect(fillStore({ file, closed: 700, open: 12, now: NOON })).toMatchObject({
    orders: 712,
    events: 700 * 6 + 12 * 4,
  })
  const { store, loaded } = await openStore(dir, { clock: standingClock(NOON) })
  expect(loaded.notices).toEqual([])
  expect(loaded.orders.map(({ state }) => orderStatus(state))).toEqual(Array(12).fill('confirmed'))
  const closed = await store.closedOrders({ limit: 1000 })
  expect(closed.map(({ state }) => orderStatus(state))).toEqual(Array(700).fill('served'))
  const events = await store.eventsAfter(0, 10_000)
  expect(new Set(events.map(({ event }) => parseEvent(event).as))).toEqual(new Set(['event']))
})

test('no question reads a whole table', () => {
  const file = path.join(folder(), 'plate.db')
  fillStore({ file, closed: 300, open: 5, now: NOON })
  const db = new Database(file)
  onTestFinished(() => void db.close())
  db.exec('ANALYZE')
  const asked: [string, unknown[]][] = []
  const sql = createSql(db)
  const spied: Sql = {
    ...sql,
    get: (text, ...values) => {
      asked.push([text, values])
      return sql.get(text, ...values)
    },
    all: (text, ...values) => {
      asked.push([text, values])
      return sql.all(text, ...values)
    },
  }
  queries.load(spied, NOON, 'device')
  queries.ordersById(spied, ['a', 'b'])
  queries.closedOrders(spied, { limit: 10, before: NOON })
  queries.ordersOfDay(spied, '2026-11-19')
  queries.eventsAfter(spied, 100, 10)
  queries.auditTrail(spied, { limit: 10 })
  queries.auditTrail(spied, { limit: 10, order: 'a' })
  queries.auditTrail(spied, { limit: 10, about: 'notes', before: 1_000 })
  // Of those two, only what is open and what waits to be understood is in the index.
  const large =
    /\bSCAN (orders|events|audit|receipts)\b(?! USING (COVERING )?INDEX (orders_open|events_waiting)\b)/
  for (const [text, values] of asked) {
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...values) as { detail: string }[]
    expect({ text, scans: plan.filter(({ detail }) => large.test(detail)) }).toEqual({ text, scans: [] })
    expect(plan.filter(({ detail }) => detail.includes('TEMP B-TREE'))).toEqual([])
    if (text.includes('$.name')) expect(plan[0]?.detail).toContain('audit_notes')
  }
})
