/** @file Events of a later version are kept raw, and applied once they are understood. Works in temporary folders. */
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
  expect(log.lines).toContainEqual({ level: 'info', event: 'store.events.applied', fields: { events: 3 } })
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
