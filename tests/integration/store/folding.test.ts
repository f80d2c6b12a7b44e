/** @file What another build kept raw or read in part is read again by this one, as if it had heard it first. Works in temporary folders. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { EMPTY_DOCUMENTS } from '../../../shared/domain/documents.ts'
import type { Envelope } from '../../../shared/domain/events.ts'
import { batchOf, cancelled, orderOf, placed } from './orders.ts'
import { folder, keptLog, mustCommit, openStore } from './support.ts'

const waiting = (event: Envelope) => ({ event, applied: false, source: 'upstairs' })

test('an event this build does not understand stays as it came', async () => {
  const dir = folder()
  const [opened] = placed()
  const future: Envelope = {
    ...opened,
    id: 'of-tomorrow',
    v: 99,
    kind: 'order.teleported',
    data: { to: 'table 9', how: [1, 2] },
  }
  const { store } = await openStore(dir)
  await mustCommit(store, { ...batchOf([]), entries: [waiting(future)] })
  await store.close()
  const { store: next, loaded } = await openStore(dir)
  expect(await next.eventsAfter(0, 5)).toEqual([{ seq: 1, event: future, source: 'upstairs' }])
  expect(loaded.orders).toEqual([])
})

test('what waited is merged into its order once it is understood, and only once', async () => {
  const dir = folder()
  const events = placed()
  const late = cancelled(events[0].order ?? '')
  const fresh = placed()
  const { store } = await openStore(dir)
  await mustCommit(store, batchOf(events, { orders: [orderOf(events)] }))
  await mustCommit(store, { ...batchOf([]), entries: [late, ...fresh].map(waiting) })
  await store.close()

  const log = keptLog()
  const next = await openStore(dir, { log })
  expect(next.loaded.orders).toHaveLength(2)
  expect(next.loaded.orders).toEqual(expect.arrayContaining([orderOf([...events, late]), orderOf(fresh)]))
  expect(log.lines).toContainEqual({ level: 'info', event: 'store.events.read', fields: { events: 3 } })
  await next.store.close()
  const again = keptLog()
  await openStore(dir, { log: again })
  expect(again.lines.map(({ event }) => event)).toEqual(['store.opened'])
})

test('documents and the 86 list may have waited too', async () => {
  const dir = folder()
  const [{ order: _, ...base }] = placed()
  const body = { ...EMPTY_DOCUMENTS.settings, name: 'Da Nina' }
  const published: Envelope = {
    ...base,
    order: null,
    id: 'p',
    kind: 'document.published',
    data: { name: 'settings', version: 4, body },
  }
  const out: Envelope = {
    ...base,
    order: null,
    id: 's',
    kind: 'stock.set',
    data: { menuItem: 'cod', out: true },
  }
  const { store } = await openStore(dir)
  await mustCommit(store, { ...batchOf([]), entries: [published, out].map(waiting) })
  await store.close()
  const { loaded } = await openStore(dir)
  expect(loaded.documents.settings).toEqual({ version: 4, stamp: base.stamp, body })
  expect(loaded.stock).toEqual([{ menuItem: 'cod', out: true, stamp: base.stamp }])
})

/** Makes the next start believe that a build which reads other shapes was here before. */
function otherReader(dir: string, before?: (db: Database.Database) => void): void {
  const db = new Database(path.join(dir, 'plate.db'))
  db.prepare("UPDATE meta SET value = 'another' WHERE key = 'reader'").run()
  before?.(db)
  db.close()
}

test('an order that was read in part is folded anew from all of its events', async () => {
  const dir = folder()
  const [opened, added] = placed()
  const order = orderOf([opened, added])
  const { store } = await openStore(dir)
  const entries = [
    { event: opened, applied: true, source: 'upstairs' },
    { event: added, applied: true, part: true as const, source: 'upstairs' },
  ]
  await mustCommit(store, { ...batchOf([]), entries, orders: [order] })
  await store.close()
  // What the build before knew of the line: less than it says.
  const poorer = structuredClone(order)
  const [item] = Object.values(poorer.state.items)
  Object.assign(item?.added?.line ?? {}, { note: 'was not read' })
  otherReader(dir, (db) => db.prepare('UPDATE orders SET body = ?').run(JSON.stringify(poorer.state)))

  const { store: next, loaded } = await openStore(dir)
  expect(loaded.orders).toEqual([order])
  await next.close()
  expect((await openStore(dir)).loaded.orders).toEqual([order])
})

test('what has not even an id is kept as it came, counted, and read once a build can', async () => {
  const dir = folder()
  const [opened, added] = placed()
  const { store, loaded } = await openStore(dir)
  expect(loaded.raw).toBe(0)
  const odd = { letter: 'from a far future', to: [1, { two: null }] }
  const garbage = [odd, 'text', null, odd].map((raw) => ({ source: 'upstairs', raw }))
  await mustCommit(store, { ...batchOf([]), garbage })
  await mustCommit(store, {
    ...batchOf([]),
    garbage: [
      { source: 'upstairs', raw: opened },
      { source: 'x', raw: added },
    ],
  })
  await store.close()

  const next = await openStore(dir)
  expect(next.loaded.raw).toBe(3)
  expect(next.loaded.orders).toEqual([orderOf([opened, added])])
  expect((await next.store.eventsAfter(0, 9)).map(({ event, source }) => [event.id, source])).toEqual([
    [opened.id, 'upstairs'],
    [added.id, 'x'],
  ])
})

test('garbage survives the loss of the database: the journal has it, too', async () => {
  const dir = folder()
  const { store } = await openStore(dir)
  await mustCommit(store, { ...batchOf(placed()), garbage: [{ source: 'upstairs', raw: { odd: 1 } }] })
  await store.close()
  for (const end of ['', '-wal', '-shm']) rmSync(path.join(dir, `plate.db${end}`), { force: true })
  expect((await openStore(dir)).loaded.raw).toBe(1)
})
