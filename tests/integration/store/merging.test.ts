/** @file Conflicts that came in with another core's events are in the audit trail, once. An engine on a real store, in temporary folders. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Store } from '../../../main/core/ports.ts'
import type { PlateEvent } from '../../../shared/domain/events.ts'
import { makeStamp } from '../../../shared/domain/stamp.ts'
import { command, FRIDAY, id, type MemoryStore, placing, testEngine } from '../../unit/core/kit.ts'
import { folder, storeIn } from './support.ts'

const BAR = '0b000000-0000-4000-8000-000000000000'

/** What the bar did to an order without having heard of anything since it was placed. */
function elsewhere(order: string, kind: string, data: unknown, n = 0): PlateEvent {
  return {
    id: id(),
    v: 1,
    kind,
    order,
    at: FRIDAY + n,
    stamp: makeStamp(FRIDAY + n, n, BAR),
    device: BAR,
    staff: { id: 'ben', name: 'Ben' },
    command: id(),
    data,
  } as PlateEvent
}

async function engineOn(store: Store) {
  // Of a store in memory the kit only offers more to look at.
  const { engine } = await testEngine(store as MemoryStore)
  const merges = async () =>
    (await store.audit({ limit: 100 })).filter(({ name }) => name === 'merge').reverse()
  return { engine, merges }
}

async function cancelledOrder(engine: Awaited<ReturnType<typeof engineOn>>['engine']) {
  const order = id()
  expect(await engine.submit(placing(order))).toMatchObject({ ok: true })
  expect(await engine.submit(command('cancelOrder', { order, reason: 'guest left' }))).toMatchObject({
    ok: true,
  })
  return order
}

test('a conflict is told once, however often its page comes, over a restart and from the journal', async () => {
  const dir = folder()
  const store = storeIn(dir)
  const { engine, merges } = await engineOn(store)
  const order = await cancelledOrder(engine)
  const page = [
    elsewhere(order, 'order.changed', { fields: { covers: 7 } }, 1),
    elsewhere(order, 'order.cancelled', { reason: 'no show' }, 2),
  ]
  await engine.ingest('cloud:r', [...page, page[1]], 2)
  const told = await merges()
  expect(told).toMatchObject([
    {
      order,
      number: '1',
      command: page[0]?.id,
      staff: { name: 'Ben' },
      device: { id: BAR, name: 'PC 0b000000' },
    },
    { order, command: page[1]?.id, outcome: 'ok' },
  ])
  const side = (who: string, pc: string, reason: string) => ({
    code: 'conflicts.side',
    params: { who, pc, did: { code: 'conflicts.cancelledBecause', params: { reason } } },
  })
  expect(told[1]?.says).toMatchObject({
    code: 'conflicts.met',
    params: {
      first: side('Ana', 'Till', 'guest left'),
      second: side('Ben', 'PC 0b000000', 'no show'),
      verdict: { code: 'conflicts.cancelledOnce' },
    },
  })
  expect(JSON.parse(told[0]?.args ?? '')).toMatchObject({ kind: 'cancelled', won: 'known' })

  await engine.ingest('cloud:r', page, 2)
  await Promise.all([engine.ingest('bar', page, 9), engine.ingest('bar', page.slice(1), 9)])
  expect(await merges()).toEqual(told)
  await engine.drain()
  await store.close()

  rmSync(path.join(dir, 'plate.db'))
  const again = await engineOn(storeIn(dir))
  expect(await again.merges()).toEqual(told)
  await again.engine.ingest('cloud:r', page, 2)
  expect(await again.merges()).toEqual(told)
})

test('of very many some are told, and how many more there were', async () => {
  const { engine, merges } = await engineOn(storeIn(folder()))
  const order = await cancelledOrder(engine)
  const many = Array.from({ length: 50 }, (_, n) =>
    elsewhere(order, 'order.changed', { fields: { covers: n } }, n),
  )
  await engine.ingest('bar', many, 50)
  const told = await merges()
  expect(told).toHaveLength(21)
  expect(told.at(-1)).toMatchObject({
    says: { code: 'audit.moreMerges', params: { count: 30 } },
    order: null,
  })
  await engine.ingest('cloud:r', many, 50)
  expect(await merges()).toEqual(told)
})
