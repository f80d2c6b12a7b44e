/** @file The server fails: restarts, lost answers, lost and doubled broadcasts, storms of errors, a slow database, expiring tokens. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openBackend, type TestBackend } from './lib/backend.ts'
import { expectEqual, settled } from './lib/equal.ts'
import { place, placeMany, ticket } from './lib/service.ts'
import { eventually, openRestaurant, type Site } from './lib/site.ts'

const isAppend = (path: string) => path.includes('append_events')

describe('the server', () => {
  let backend: TestBackend
  let restaurant: string
  let sites: Site[]
  let bar: Site
  let kitchen: Site
  beforeAll(async () => {
    // Tokens of seconds: every test here lives through several of them.
    backend = await openBackend({ jwtExpiry: 8 })
    ;({ restaurant, sites } = await openRestaurant(backend, ['Bar', 'Kitchen']))
    ;[bar, kitchen] = sites as [Site, Site]
  })
  afterEach(() => {
    Object.assign(backend.faults, { delayMs: 0, answer: null, dropAnswer: null, broadcast: null })
  })
  afterAll(async () => {
    for (const site of sites) await site.stop()
    await backend.close()
  })

  async function expectAllEqual(ms?: number): Promise<void> {
    await settled(backend, restaurant, sites, ms)
    await expectEqual(backend, restaurant, sites)
  }

  test('restarts in the middle of a batch', async () => {
    backend.faults.delayMs = 150
    const orders = placeMany(bar, 120)
    await eventually('events to be on their way', () => (bar.cloud()?.outbox ?? 0) > 0)
    await backend.restart()
    await orders
    await backend.restart()
    await expectAllEqual()
  })

  test('answers are lost after the insert: sent again, stored once', async () => {
    let lost = 0
    backend.faults.dropAnswer = (path) => isAppend(path) && lost < 4 && ++lost > 0
    await placeMany(bar, 30)
    await placeMany(kitchen, 30)
    await expectAllEqual()
    expect(lost).toBe(4)
  })

  test('broadcasts are lost, doubled and late', async () => {
    let count = 0
    const fates = [[], [0, 0], [120], [0], [60, 0, 200], []]
    backend.faults.broadcast = () => fates[count++ % fates.length] ?? [0]
    // Each waits for the one before to be sent, or they would go out together in one broadcast.
    for (let turn = 0; turn < 18; turn++) {
      const site = turn % 2 ? bar : kitchen
      await place(site)
      await eventually('it to be sent', () => count > turn)
    }
    await expectAllEqual()
  })

  test('no broadcast at all: changes still come within seconds', async () => {
    backend.faults.broadcast = () => []
    const order = await place(bar)
    await eventually('the kitchen to hear of it', () => kitchen.board.entries.has(order), 15_000)
    await expectAllEqual()
  })

  test('storms of 429 and 500: orders go on, and all is sent when they are over', async () => {
    let refused = 0
    backend.faults.answer = (path) => {
      if (!path.startsWith('/rest/')) return null
      refused++
      return refused % 2 ? { status: 429, retryAfter: 1 } : { status: 500 }
    }
    await placeMany(bar, 40)
    await placeMany(kitchen, 40)
    await eventually('the storm to be felt', () => refused >= 6)
    backend.faults.answer = null
    await expectAllEqual(45_000)
    await eventually('both to be live', () => sites.every((site) => site.cloud()?.state === 'live'))
  })

  test('a database that takes 2 s for everything', async () => {
    backend.faults.delayMs = 2_000
    const since = performance.now()
    const orders = await placeMany(bar, 40)
    // Orders do not wait for the cloud.
    expect(performance.now() - since).toBeLessThan(2_000)
    await eventually(
      'the kitchen to have the first',
      () => kitchen.board.entries.has(orders[0] ?? ''),
      25_000,
    )
    backend.faults.delayMs = 0
    await expectAllEqual()
  })

  test('tokens expire several times over, and a revoked PC locks, keeps its outbox and says whom to call', async () => {
    const before = performance.now()
    await eventually('tokens to expire', () => performance.now() - before > 9_000)
    await place(bar)
    await expectAllEqual()
    const [device] = await backend.sql<{ id: string }>(
      "select id from devices where restaurant_id = $1 and name = 'Kitchen'",
      [restaurant],
    )
    const manager = await backend.person(restaurant, 'manager')
    kitchen.cable.pull()
    const kept = await place(kitchen)
    const revoked = await manager.rpc('revoke_device', { p_device: device?.id })
    expect(revoked.error).toBeNull()
    kitchen.cable.plug()
    await eventually('the kitchen to lock', () => kitchen.cloud()?.state === 'locked')
    expect(kitchen.cloud()?.message).toMatch(/\w+ \(manager\) removed this device/)
    expect(kitchen.cloud()?.outbox).toBeGreaterThan(0)
    const refused = await kitchen.client.send('cancelOrder', { order: kept, reason: 'thief' })
    expect(refused).toMatchObject({ ok: false, error: { code: 'deviceLocked' } })
    await kitchen.restart()
    await eventually('it to stay locked', () => kitchen.cloud()?.state === 'locked')
    expect((await manager.rpc('readmit_device', { p_device: device?.id })).error).toBeNull()
    await eventually('the kitchen to open again', () => kitchen.cloud()?.state === 'live', 45_000)
    await expectAllEqual()
    await kitchen.client.call('signIn', { pin: '9999' })
    expect((await ticket(bar, kept)).id).toBe(kept)
  })
})
