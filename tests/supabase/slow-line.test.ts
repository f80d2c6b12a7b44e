/** @file A slow line between a PC and the real backend: what is much for it arrives all the same, both ways. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBackend, type TestBackend } from './lib/backend.ts'
import { showLive, shows } from './lib/claims.ts'
import { expectEqual, settled } from './lib/equal.ts'
import { placeMany } from './lib/service.ts'
import { openRestaurant, type Site } from './lib/site.ts'

/** Bytes a second; all that waits takes several times as long as one call may. */
const SLOW = 150_000
const CALL_MS = 800

let backend: TestBackend
let restaurant: string
let sites: Site[]
let bar: Site
let kitchen: Site

beforeAll(async () => {
  backend = await openBackend()
  ;({ restaurant, sites } = await openRestaurant(backend, ['Bar', 'Kitchen'], { callMs: CALL_MS }))
  ;[bar, kitchen] = sites as [Site, Site]
})
afterAll(async () => {
  for (const site of sites) {
    site.cable.throttle(0)
    await site.stop()
  }
  await backend.close()
})

test('what was missed arrives', async () => {
  kitchen.cable.pull()
  await shows('that it is away', [kitchen], ({ state }) => state === 'away')
  await placeMany(bar, 80, { lines: 3 })
  await settled(backend, restaurant, [bar])
  kitchen.cable.throttle(SLOW)
  kitchen.cable.plug()
  await settled(backend, restaurant, sites)
  await expectEqual(backend, restaurant, sites)
  kitchen.cable.throttle(0)
  await showLive([kitchen])
})

test('what waited is sent', async () => {
  bar.cable.pull()
  await shows('that it is away', [bar], ({ state }) => state === 'away')
  await placeMany(bar, 80, { lines: 3 })
  bar.cable.throttle(SLOW)
  bar.cable.plug()
  await settled(backend, restaurant, sites)
  await expectEqual(backend, restaurant, sites)
  expect(bar.cloud()).toMatchObject({ parked: 0 })
})
