/** @file The network fails: away for minutes and days, drops all the time, a dead socket. Afterwards all hold the same. Real sockets. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Clock } from '../../main/core/ports.ts'
import { times } from '../support/long.ts'
import { machineClock } from '../support/ports.ts'
import { openBackend, type TestBackend } from './lib/backend.ts'
import { expectEqual, expectSameBoards, settled } from './lib/equal.ts'
import { type Acknowledged, cook, place, placeMany, ticket } from './lib/service.ts'
import { eventually, openRestaurant, type Site, signIn } from './lib/site.ts'

/** A clock that a test can put forward, for what would take days. */
function jumpingClock(): Clock & { jump(ms: number): void } {
  let ahead = 0
  return {
    now: () => machineClock.now() + ahead,
    monotonic: () => machineClock.monotonic() + ahead,
    jump: (ms) => {
      ahead += ms
    },
  }
}

const HOUR = 3_600_000

describe('the network', () => {
  let backend: TestBackend
  let restaurant: string
  let sites: Site[]
  let bar: Site
  let kitchen: Site
  const clock = jumpingClock()
  beforeAll(async () => {
    backend = await openBackend()
    ;({ restaurant, sites } = await openRestaurant(backend, ['Bar', 'Kitchen'], { clock }))
    ;[bar, kitchen] = sites as [Site, Site]
  })
  afterAll(async () => {
    for (const site of sites) await site.stop()
    await backend.close()
  })

  /** Nothing that was acknowledged is missing anywhere, with the number it was acknowledged with. */
  async function expectKept(known: Acknowledged): Promise<void> {
    for (const site of sites) {
      for (const [order, number] of known) expect((await ticket(site, order)).number).toBe(number)
    }
  }

  test('a whole evening away: both go on, screens say so and since when, and meet again equal', async () => {
    const known: Acknowledged = new Map()
    const shared = await place(bar, { known })
    await settled(backend, restaurant, sites)
    for (const site of sites) site.cable.pull()
    await eventually('both to notice', () => sites.every((site) => site.cloud()?.state === 'away'))
    for (const site of sites) {
      expect(site.cloud()?.currentAt).toBeGreaterThan(0)
      expect(site.cloud()?.currentAt).toBeLessThanOrEqual(clock.now())
    }
    for (const site of sites) await placeMany(site, 40, { known })
    await cook(kitchen, shared)
    await eventually('the outbox to be counted', () => (bar.cloud()?.outbox ?? 0) >= 120)
    for (const site of sites) site.cable.plug()
    await settled(backend, restaurant, sites)
    await expectEqual(backend, restaurant, sites)
    await expectSameBoards(sites)
    await expectKept(known)
    await eventually('both to be live', () =>
      sites.every((site) => site.cloud()?.state === 'live' && site.cloud()?.outbox === 0),
    )
  })

  test('three days away, with a restart in the middle', async () => {
    const known: Acknowledged = new Map()
    bar.cable.pull()
    await eventually('the bar to notice', () => bar.cloud()?.state === 'away')
    for (let day = 0; day < 3; day++) {
      await placeMany(bar, 15, { known })
      await placeMany(kitchen, 15, { known })
      clock.jump(24 * HOUR)
      if (day === 1) await bar.restart()
      // Nobody stays signed in for a day.
      for (const site of sites) await signIn(site.client)
    }
    bar.cable.plug()
    await settled(backend, restaurant, sites)
    await expectEqual(backend, restaurant, sites)
    await expectKept(known)
  })

  const ORDERS = times(600, 2_000)
  const CYCLE = times(1_500, 15_000)
  test(`drops for an eighth of the time while ${ORDERS} orders flow`, {
    timeout: CYCLE * 20 + 60_000,
  }, async () => {
    const known: Acknowledged = new Map()
    let flowing = true
    const drops = (async () => {
      for (let turn = 0; flowing; turn++) {
        const { cable } = turn % 2 ? kitchen : bar
        await new Promise((resolve) => setTimeout(resolve, (CYCLE * 7) / 8))
        cable.pull()
        await new Promise((resolve) => setTimeout(resolve, CYCLE / 8))
        cable.plug()
      }
    })()
    // Paced, so that the flow lasts for several drops.
    for (let sent = 0; sent < ORDERS; sent += 50) {
      const pause = new Promise((resolve) => setTimeout(resolve, CYCLE / 4))
      await Promise.all([
        placeMany(bar, 25, { known, lines: 1 }),
        placeMany(kitchen, 25, { known, lines: 1 }),
        pause,
      ])
    }
    flowing = false
    await drops
    await settled(backend, restaurant, sites, 60_000)
    await expectEqual(backend, restaurant, sites)
    expect(known.size).toBe(ORDERS)
    expect(new Set(known.values()).size).toBe(known.size)
  })

  test('a socket that is dead but not closed is noticed within 10 s, and nothing waits for ever', async () => {
    kitchen.cable.freeze()
    const since = performance.now()
    await eventually('the kitchen to notice', () => kitchen.cloud()?.state !== 'live', 12_000)
    expect(performance.now() - since).toBeLessThan(10_000)
    const order = await place(bar)
    kitchen.cable.plug()
    await settled(backend, restaurant, sites)
    await expectEqual(backend, restaurant, sites)
    expect((await ticket(kitchen, order)).id).toBe(order)
  })
})
