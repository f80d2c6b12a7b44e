/** @file The store keeps what it acknowledged, once, all of a batch or nothing. Works in temporary folders. */
import { expect, test } from 'vitest'
import type { AuditEntry, CommitBatch, DeviceRecord, PeerRecord } from '../../../main/core/ports.ts'
import { EMPTY_DOCUMENTS } from '../../../shared/domain/documents.ts'
import { batchOf, cancelled, DAY, idsOf, NOON, orderOf, placed, placing } from './orders.ts'
import { eventIds, folder, mustCommit, openStore, standingClock } from './support.ts'

test('a new store knows nothing but its own id', async () => {
  const { loaded } = await openStore(folder())
  const { device, ...rest } = loaded
  expect(device).toMatch(/^[0-9a-f-]{36}$/)
  expect(rest).toEqual({
    letter: '',
    home: null,
    stamp: undefined,
    orders: [],
    documents: {},
    stock: [],
    counters: [],
    cursors: [],
    head: 0,
    raw: 0,
    notices: [],
    trouble: null,
  })
})

test('everything of a batch is there after a restart', async () => {
  const dir = folder()
  const events = placed()
  const batch: CommitBatch = batchOf(events, {
    orders: [orderOf(events)],
    documents: {
      settings: {
        version: 3,
        stamp: events[0].stamp,
        body: { ...EMPTY_DOCUMENTS.settings, name: 'Da Nina' },
      },
    },
    stock: [{ menuItem: 'cod', out: true, stamp: events[0].stamp }],
    cursors: [
      { peer: 'cloud:r', seq: 9, event: 'e9' },
      { peer: 'other', seq: 41 },
    ],
    counters: [{ day: DAY, next: 8 }],
  })
  const first = await openStore(dir)
  expect(await mustCommit(first.store, batch)).toEqual([1, 2])
  await first.store.setLetter('B')
  const home = { restaurant: 'r', name: 'Da Nina', connected: true }
  await first.store.setHome(home)
  await first.store.close()

  const { store, loaded } = await openStore(dir)
  const { orders, documents, stock, cursors, counters, stamp } = batch
  expect(loaded).toEqual({
    device: first.loaded.device,
    letter: 'B',
    home,
    stamp,
    orders,
    documents,
    stock,
    counters,
    cursors,
    head: 2,
    raw: 0,
    notices: [],
    trouble: null,
  })
  const stored = await store.eventsAfter(0, 10)
  expect(stored).toEqual(events.map((event, index) => ({ seq: index + 1, event, source: null })))
  expect(await store.eventsAfter(1, 10)).toHaveLength(1)
  expect(await store.eventsAfter(0, 1)).toHaveLength(1)
})

test('an event that is already in the log gets no second number and no second row', async () => {
  const { store } = await openStore(folder())
  const [opened, added] = placed()
  await mustCommit(store, batchOf([opened]))
  expect(await mustCommit(store, batchOf([opened, added, added]))).toEqual([null, expect.any(Number), null])
  expect(await eventIds(store)).toEqual([opened.id, added.id])
  const next = cancelled(opened.order ?? '')
  const [seq] = await mustCommit(store, batchOf([next]))
  expect((await store.eventsAfter(0, 10)).at(-1)?.seq).toBe(seq)
})

test('a command that was answered before changes nothing and gets its first answer', async () => {
  const { store } = await openStore(folder())
  const first = placing()
  await mustCommit(store, first)
  const retry = placing(2)
  retry.receipts.push({
    ...(first.receipts[0] as (typeof first.receipts)[number]),
    outcome: { ok: true, value: {} },
  })
  expect(await store.commit(retry)).toEqual({ ok: false, known: first.receipts })
  expect(await eventIds(store)).toEqual(idsOf(first))
  expect(await store.orders(retry.orders.map(({ state }) => state.id))).toEqual([])
})

test('a batch that cannot be written leaves nothing behind, and the next one works', async () => {
  const { store } = await openStore(folder())
  const broken = placing(3)
  // A row the schema refuses, after others of the batch were written.
  broken.audit.push({ ...(broken.audit[0] as AuditEntry), at: null as unknown as number })
  expect(await store.commit(broken)).toEqual({
    ok: false,
    error: {
      code: 'storeBroken',
      says: { code: 'store.broken', params: { error: expect.stringContaining('audit.at') } },
    },
  })
  expect(await eventIds(store)).toEqual([])
  expect(await mustCommit(store, placing())).toEqual([1, 2])
})

test('an older word on a document or a dish does not replace a newer one', async () => {
  const dir = folder()
  const { store } = await openStore(dir)
  const [early, late] = placed()
  const settings = { version: 2, stamp: late.stamp, body: EMPTY_DOCUMENTS.settings }
  await mustCommit(
    store,
    batchOf([], { documents: { settings }, stock: [{ menuItem: 'cod', out: true, stamp: late.stamp }] }),
  )
  await mustCommit(
    store,
    batchOf([], {
      documents: { settings: { ...settings, version: 1 } },
      stock: [{ menuItem: 'cod', out: false, stamp: early.stamp }],
    }),
  )
  await store.close()
  const { loaded } = await openStore(dir)
  expect(loaded.documents.settings?.version).toBe(2)
  expect(loaded.stock[0]?.out).toBe(true)
})

test('open loads open orders and those closed within the hour; the others are found by id, day and time', async () => {
  const dir = folder()
  const minutes = (n: number) => NOON - n * 60_000
  const closed = [10, 50, 70, 3000].map((n) => orderOf(placed(minutes(n)), minutes(n)))
  const open = orderOf(placed(minutes(5000)))
  const { store } = await openStore(dir)
  await mustCommit(store, batchOf([], { orders: [...closed, open] }))
  await store.close()

  const next = await openStore(dir, { clock: standingClock(NOON) })
  expect(next.loaded.orders).toHaveLength(3)
  expect(next.loaded.orders).toEqual(expect.arrayContaining([open, closed[0], closed[1]]))
  expect(await next.store.closedOrders({ limit: 2 })).toEqual([closed[0], closed[1]])
  expect(await next.store.closedOrders({ limit: 9, before: minutes(50) })).toEqual([closed[2], closed[3]])
  expect(await next.store.ordersOfDay(DAY)).toHaveLength(5)
  expect(await next.store.ordersOfDay('2026-11-21')).toEqual([])
  expect(await next.store.orders([closed[3]?.state.id ?? '', 'unknown'])).toEqual([closed[3]])
})

test('the audit trail is read newest first, page by page, and per order', async () => {
  const { store } = await openStore(folder())
  const batches = [placing(), placing(), placing()]
  for (const batch of batches) await mustCommit(store, batch)
  const all = await store.audit({ limit: 10 })
  expect(all.map(({ row: _, ...entry }) => entry)).toEqual(batches.flatMap(({ audit }) => audit).reverse())
  const [newest, ...older] = all
  expect(await store.audit({ limit: 1, before: newest?.row ?? 0 })).toEqual(older.slice(0, 1))
  const order = batches[1]?.audit[0]?.order ?? ''
  expect(await store.audit({ order, limit: 10 })).toEqual([all[1]])
  const told = placing()
  await mustCommit(store, { ...told, audit: told.audit.map((row) => ({ ...row, name: 'cloudRefused' })) })
  await mustCommit(store, placing())
  expect(await store.audit({ about: 'notes', limit: 10 })).toMatchObject([{ name: 'cloudRefused' }])
})

test('devices and peers are kept as last put', async () => {
  const dir = folder()
  const device: DeviceRecord = {
    id: 'd1',
    name: 'Grill',
    kind: 'kitchen',
    station: 'grill',
    tokenHash: 'h',
    pairedAt: NOON,
    lastSeen: null,
    revokedAt: null,
    version: null,
  }
  const peer: PeerRecord = { device: 'p1', name: 'Bar', url: 'wss://bar', token: 't', fingerprint: 'f' }
  const { store } = await openStore(dir)
  await store.putDevice(device)
  await store.putDevice({ ...device, lastSeen: NOON })
  await store.putPeer(peer)
  await store.putPeer({ ...peer, device: 'p2' })
  await store.dropPeer('p2')
  await store.dropPeer('nobody')
  await store.close()
  const next = await openStore(dir)
  expect(await next.store.devices()).toEqual([{ ...device, lastSeen: NOON }])
  expect(await next.store.peers()).toEqual([peer])
})
