/** @file A slow line between a PC and the real backend: what is much for it arrives all the same, both ways. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBackend, type TestBackend } from './lib/backend.ts'
import { placeMany } from './lib/service.ts'
import { eventually, openRestaurant, type Site } from './lib/site.ts'

/** Bytes a second; all that waits takes several times as long as one call may. */
const SLOW = 150_000
const CALL_MS = 800

let backend: TestBackend
let bar: Site
let kitchen: Site

beforeAll(async () => {
  backend = await openBackend()
  const { sites } = await openRestaurant(backend, ['Bar', 'Kitchen'], { callMs: CALL_MS })
  ;[bar, kitchen] = sites as [Site, Site]
})
afterAll(async () => {
  for (const site of [bar, kitchen]) {
    site.cable.throttle(0)
    await site.stop()
  }
  await backend.close()
})

/** So many events are in both logs. */
const equal = async () => (await bar.ids()).size === (await kitchen.ids()).size

test('what was missed arrives', async () => {
  kitchen.cable.pull()
  await eventually('the kitchen to be away', () => kitchen.cloud()?.state === 'away')
  await placeMany(bar, 80, { lines: 3 })
  await eventually('the bar to have sent it', () => bar.cloud()?.outbox === 0)
  kitchen.cable.throttle(SLOW)
  kitchen.cable.plug()
  await eventually('the kitchen to have it', equal, 40_000)
  kitchen.cable.throttle(0)
  await eventually('the kitchen to be live', () => kitchen.cloud()?.state === 'live')
})

test('what waited is sent', async () => {
  bar.cable.pull()
  await eventually('the bar to be away', () => bar.cloud()?.state === 'away')
  await placeMany(bar, 80, { lines: 3 })
  bar.cable.throttle(SLOW)
  bar.cable.plug()
  await eventually('the bar to have sent it', () => bar.cloud()?.outbox === 0, 40_000)
  await eventually('the kitchen to have it', equal)
  expect(bar.cloud()).toMatchObject({ parked: 0 })
})
