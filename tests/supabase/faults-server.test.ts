/** @file The server fails: restarts, lost answers, lost and doubled broadcasts, storms of errors, a slow database, expiring tokens. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Faults, noFaults } from '../../build/supabase/faults.ts'
import { eventually, within } from '../support/progress.ts'
import { openBackend, type TestBackend } from './lib/backend.ts'
import { noteClaims, showLive, shows } from './lib/claims.ts'
import { expectEqual, settled } from './lib/equal.ts'
import { place, placeMany, ticket } from './lib/service.ts'
import { openRestaurant, type Site } from './lib/site.ts'
import { until } from './lib/wait.ts'

const isAppend = (path: string) => path.includes('append_events')

/** Counts sessions that are renewed, without any fault. */
function renewals(): { answer: NonNullable<Faults['answer']>; reach(count: number): Promise<void> } {
  let seen = 0
  const waiting = new Map<() => void, number>()
  return {
    answer(path) {
      if (path.endsWith('/token')) seen++
      for (const [go, count] of waiting) if (seen >= count) go()
      return null
    },
    reach: (count) =>
      new Promise((resolve) => {
        if (seen >= count) resolve()
        else waiting.set(resolve, count)
      }),
  }
}

describe('the server', () => {
  let backend: TestBackend
  let restaurant: string
  let sites: Site[]
  let bar: Site
  let kitchen: Site
  const renewed = renewals()
  const calm = () => Object.assign(backend.faults, noFaults(), { answer: renewed.answer })
  beforeAll(async () => {
    // Tokens of seconds: every test here lives through several of them.
    backend = await openBackend({ jwtExpiry: 8 })
    calm()
    ;({ restaurant, sites } = await openRestaurant(backend, ['Bar', 'Kitchen']))
    ;[bar, kitchen] = sites as [Site, Site]
  })
  afterEach(calm)
  afterAll(async () => {
    for (const site of sites) await site.stop()
    await backend.close()
  })

  async function expectAllEqual(): Promise<void> {
    await settled(backend, restaurant, sites)
    await expectEqual(backend, restaurant, sites)
  }
  const note = () => sites.map((site) => noteClaims(site.name, site))
  const head = async () =>
    Number(
      (
        await backend.sql<{ seq: string }>('select seq from private.counters where restaurant_id = $1', [
          restaurant,
        ])
      )[0]?.seq,
    )

  /** Until the kitchen shows the order that `work` takes at the bar, it claims to know only what was before. */
  async function expectHonest(work: () => Promise<string>, ms: number): Promise<void> {
    const before = await head()
    const claims = noteClaims('Kitchen', kitchen)
    const order = await work()
    await eventually('it to be sent', async () => (await head()) > before)
    const sent = Date.now()
    const { board } = kitchen
    const there = until('the kitchen to hear of it', board, () => {
      if (board.entries.has(order)) return true
      claims.knewNothingAfter(sent)
      return false
    })
    await within(ms, 'hearing of it', there)
    claims.end()
  }

  test('restarts in the middle of a batch, and screens say so', async () => {
    await showLive(sites)
    const claims = note()
    backend.faults.delayMs = 150
    const orders = placeMany(bar, 120)
    await shows('events on their way', [bar], ({ outbox }) => outbox > 0)
    await backend.restart()
    await orders
    await backend.restart()
    await expectAllEqual()
    await showLive(sites)
    for (const claim of claims) {
      claim.saidSo('away', 'polling')
      claim.end()
    }
  })

  test('answers are lost after the insert: sent again, stored once', async () => {
    let lost = 0
    backend.faults.dropAnswer = (path) => isAppend(path) && lost < 4 && ++lost > 0
    const claims = note()
    await placeMany(bar, 30)
    await placeMany(kitchen, 30)
    await expectAllEqual()
    expect(lost).toBe(4)
    await showLive(sites)
    // A PC does not know whether what it sent has arrived, and says that it waits.
    const [first] = claims
    first?.saidSo('away')
    for (const claim of claims) claim.end()
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

  test('no broadcast at all: changes still come within seconds, and nobody claims to know them before', async () => {
    await showLive(sites)
    backend.faults.broadcast = () => []
    await expectHonest(() => place(bar), 15_000)
    await expectAllEqual()
  })

  test('storms of 429 and 500: orders go on, screens say so and since when, and all is sent afterwards', async () => {
    await showLive(sites)
    let refused = 0
    backend.faults.answer = (path) => {
      if (!path.startsWith('/rest/')) return renewed.answer(path)
      refused++
      return refused % 2 ? { status: 429, retryAfter: 1 } : { status: 500 }
    }
    const begun = Date.now()
    await placeMany(bar, 40)
    await placeMany(kitchen, 40)
    await shows('the storm', sites, ({ state, outbox }) => state === 'away' && outbox >= 120)
    const claims = note()
    await eventually('several tries', () => refused >= 12)
    for (const [index, site] of sites.entries()) {
      const { state, since = 0, currentAt, says } = site.cloud() ?? {}
      expect({ state, says }).toMatchObject({
        state: 'away',
        says: { params: { next: { code: 'cloud.triesAgain' } } },
      })
      expect(since).toBeGreaterThanOrEqual(begun)
      // Until when it knew everything does not move, however long it lasts.
      claims[index]?.knewNothingAfter(currentAt ?? 0)
      expect(currentAt).toBeLessThanOrEqual(since)
      claims[index]?.end()
    }
    calm()
    await expectAllEqual()
    await showLive(sites)
  })

  test('a database that takes 2 s for everything, with its locks: two PCs and full batches meet in it', async () => {
    await showLive(sites)
    backend.faults.slowMs = 2_000
    const own = placeMany(kitchen, 30)
    await expectHonest(async () => {
      // Orders do not wait for the cloud: each of these rounds of 16 would take two seconds and more.
      const orders = await within(2_000 * (90 / 16), 'taking orders', placeMany(bar, 90))
      await shows('what waits to be sent', [bar], ({ outbox }) => outbox > 0)
      return orders[0] ?? ''
    }, 30_000)
    await own
    // All of it under the fault, the comparison as well.
    await settled(backend, restaurant, sites)
    await shows('a PC to know that it knows all', sites, ({ outbox, behind }) => outbox === 0 && behind === 0)
    await expectEqual(backend, restaurant, sites)
    expect(backend.faults.slowMs).toBe(2_000)
  })

  test('sessions are renewed several times over', async () => {
    await renewed.reach(sites.length * 3)
    await place(bar)
    await expectAllEqual()
    await showLive(sites)
  })

  test('a revoked PC locks, keeps its outbox and says whom to call', async () => {
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
    await shows('the kitchen locked', [kitchen], ({ state }) => state === 'locked')
    expect(kitchen.cloud()?.says).toMatchObject({
      code: 'cloud.removed',
      params: { who: expect.stringMatching(/\w/), role: 'manager' },
    })
    expect(kitchen.cloud()?.outbox).toBeGreaterThan(0)
    const refused = await kitchen.client.send('cancelOrder', { order: kept, reason: 'thief' })
    expect(refused).toMatchObject({ ok: false, error: { code: 'deviceLocked' } })
    await kitchen.restart()
    await shows('the kitchen still locked', [kitchen], ({ state }) => state === 'locked')
    expect((await manager.rpc('readmit_device', { p_device: device?.id })).error).toBeNull()
    await shows('the kitchen open again', [kitchen], ({ state }) => state === 'live')
    await expectAllEqual()
    await kitchen.client.call('signIn', { pin: '9999' })
    expect((await ticket(bar, kept)).id).toBe(kept)
  })
})
