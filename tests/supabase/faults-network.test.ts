/** @file The network fails: away for minutes and days, drops all the time, a dead socket. Afterwards all hold the same. Real sockets. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Clock } from '../../main/core/ports.ts'
import { times } from '../support/long.ts'
import { machineClock } from '../support/ports.ts'
import { within } from '../support/progress.ts'
import { openBackend, type TestBackend } from './lib/backend.ts'
import { type Claims, noteClaims, showLive, shows } from './lib/claims.ts'
import { expectEqual, expectSameBoards, settled } from './lib/equal.ts'
import { cook, place, placeMany, ticket } from './lib/service.ts'
import { openRestaurant, type Site, signIn } from './lib/site.ts'
import { lasting } from './lib/wait.ts'

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
  afterEach(() => {
    for (const site of sites) site.cable.plug()
  })
  afterAll(async () => {
    for (const site of sites) await site.stop()
    await backend.close()
  })

  async function expectAllEqual(): Promise<void> {
    await settled(backend, restaurant, sites)
    await expectEqual(backend, restaurant, sites)
  }

  /** Pulls the cable; what the PC says until it is plugged in again can only be of before. */
  function pull(site: Site): { plug(): Claims } {
    const claims = noteClaims(site.name, site)
    site.cable.pull()
    const since = clock.now()
    return {
      plug() {
        site.cable.plug()
        claims.knewNothingAfter(since)
        return claims
      },
    }
  }

  test('a whole evening away: both go on, screens say so and since when, and meet again equal', async () => {
    const shared = await place(bar)
    await settled(backend, restaurant, sites)
    const cuts = sites.map(pull)
    await shows('that it is away', sites, ({ state }) => state === 'away')
    const numbers = new Map<string, string>()
    for (const site of sites) {
      expect(site.cloud()?.currentAt).toBeGreaterThan(0)
      expect(site.cloud()?.says).toBeTruthy()
      for (const order of await placeMany(site, 40))
        numbers.set(order, site.acknowledged.orders.get(order)?.number ?? '')
    }
    await cook(kitchen, shared)
    await shows('what waits', [bar], ({ outbox }) => outbox >= 120)
    for (const cut of cuts) cut.plug().end()
    await expectAllEqual()
    await expectSameBoards(sites)
    // People see them, at both ends, under the number that was called out.
    for (const site of sites)
      for (const [order, number] of numbers) expect((await ticket(site, order)).number).toBe(number)
    await showLive(sites)
  })

  test('three days away, with a restart in the middle', async () => {
    bar.cable.pull()
    const since = clock.now()
    await shows('that it is away', [bar], ({ state }) => state === 'away')
    for (let day = 0; day < 3; day++) {
      await placeMany(bar, 15)
      await placeMany(kitchen, 15)
      clock.jump(24 * HOUR)
      if (day === 1) await bar.restart()
      // Nobody stays signed in for a day.
      for (const site of sites) await signIn(site.client)
    }
    await shows('that it is away', [bar], ({ state }) => state === 'away')
    expect(bar.cloud()?.currentAt ?? 0).toBeLessThanOrEqual(since)
    bar.cable.plug()
    await expectAllEqual()
  })

  const ORDERS = times(600, 2_000)
  const CYCLE = times(1_500, 15_000)
  const DROP = (CYCLE * 2) / 15
  test(`each PC is cut off for ${DROP} of every ${CYCLE} ms while ${ORDERS} orders flow`, async () => {
    await showLive(sites)
    let flowing = true
    let cycles = 0
    const drop = async (site: Site) => {
      const cut = pull(site)
      await lasting(DROP)
      return cut.plug()
    }
    async function drops(): Promise<void> {
      for (; flowing; cycles++) {
        // In turn both at once, and one after the other.
        const together = cycles % 2 === 0
        await lasting(CYCLE - DROP * (together ? 1 : 2))
        const claims = together ? await Promise.all(sites.map(drop)) : [await drop(bar), await drop(kitchen)]
        for (const claim of claims) claim.end()
      }
    }
    async function flow(): Promise<void> {
      // Paced, and for as long as it takes to be dropped several times.
      for (let sent = 0; sent < ORDERS || cycles < 3; sent += 50)
        await Promise.all([...sites.map((site) => placeMany(site, 25, { lines: 1 })), lasting(CYCLE / 4)])
      flowing = false
    }
    const claims = sites.map((site) => noteClaims(site.name, site))
    await Promise.all([drops(), flow()])
    for (const claim of claims) {
      claim.saidSo('away', 'polling')
      claim.end()
    }
    await expectAllEqual()
  })

  test('a socket that is dead but not closed is noticed within 10 s, and nothing waits for ever', async () => {
    await showLive(sites)
    kitchen.cable.freeze()
    const frozen = clock.now()
    const claims = noteClaims('Kitchen', kitchen)
    const dead = shows('that the line is dead', [kitchen], ({ state }) => state !== 'live')
    await within(10_000, 'noticing it', dead)
    const order = await place(bar)
    claims.knewNothingAfter(frozen)
    claims.end()
    kitchen.cable.plug()
    await expectAllEqual()
    expect((await ticket(kitchen, order)).id).toBe(order)
  })
})
