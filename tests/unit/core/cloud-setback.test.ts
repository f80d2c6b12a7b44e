/** @file Unit tests of a cloud that was put back to an earlier day: noticed however far its log has grown again, and nothing lost. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { say } from '../../../shared/domain/messages/index.ts'
import { AWAY, type FakeRestaurant, said } from '../../support/cloud.ts'
import { endAll, evening, expectEqual, openPc, type Pc, pass, virtualTime } from './cloud-kit.ts'
import { signIn } from './cloud-people.ts'

beforeEach(virtualTime)
afterEach(endAll)

const WORDS = 'cloud.putBack'

/** What the platform does: everybody is cut off, and the log ends earlier. */
function putBack(restaurant: FakeRestaurant, head: number): void {
  restaurant.live(false)
  restaurant.log = restaurant.log.filter(({ seq }) => seq <= head)
  restaurant.head = head
}

/** Events that nobody of the evening has heard of, until the log has `head`. */
function growTo(restaurant: FakeRestaurant, head: number): void {
  while (restaurant.head < head) {
    restaurant.head++
    const event = { id: `other-${restaurant.head}`, order: null, kind: 'test.happened', v: 99 }
    restaurant.log.push({ seq: restaurant.head, event, core: 'other' })
  }
}

async function expectStandsStill(pc: Pc, restaurant: FakeRestaurant): Promise<void> {
  expect(pc.alarms()).toContain(WORDS)
  expect(pc.status()).toMatchObject({ state: 'refused', needs: null })
  const { currentAt, outbox = 0 } = pc.status() ?? {}
  const [there, here] = [restaurant.head, pc.store.events.length]
  const placed = await pc.place()
  await pass(20_000)
  expect(restaurant.head).toBe(there)
  expect(pc.store.events.length).toBe(here + 2)
  expect(pc.store.rows.has(placed.order)).toBe(true)
  expect(pc.status()).toMatchObject({ state: 'refused', currentAt, outbox: outbox + 2 })
}

test('a log that ends before the cursor is an alarm; it stands until this PC leaves, also when there is more again', async () => {
  const { restaurant, pcs } = await evening('main', 'bar')
  const [main] = pcs
  const before = restaurant.head
  putBack(restaurant, 2)
  await pass(7_000)
  await expectStandsStill(main, restaurant)
  growTo(restaurant, before + 10)
  restaurant.live(true)
  await pass(7_000)
  await expectStandsStill(main, restaurant)
  await main.restart()
  await expectStandsStill(main, restaurant)
  await main.call('cloudLeave')
  expect(main.alarms()).not.toContain(WORDS)
})

describe('a log that has grown again, while this PC was away,', () => {
  test.each([
    ['to just where it was', 0],
    ['beyond where it was', 700],
  ])('%s, is noticed all the same', async (_how, more) => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    await bar.place()
    await pass(500)
    const before = restaurant.head
    server.faults.fail = (_call, device) => (device === main.device ? AWAY : null)
    await pass(30_000)
    putBack(restaurant, 3)
    growTo(restaurant, before + more)
    restaurant.live(true)
    await main.place()
    server.faults.fail = null
    await pass(60_000)
    expect(main.store.events.some(({ event }) => event.id.startsWith('other-'))).toBe(false)
    await expectStandsStill(main, restaurant)
  })

  test.each(['report', 'pull'] as const)('is noticed by a %s alone, before hints count', async (only) => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main] = pcs
    const before = restaurant.head
    putBack(restaurant, 3)
    growTo(restaurant, before)
    const stranger = await openPc(server, 'stranger', { link: restaurant })
    server.faults.fail = (call, device) => (device !== main.device || call === only ? null : AWAY)
    restaurant.live(true)
    await stranger.place()
    await pass(60_000)
    server.faults.fail = null
    await pass(60_000)
    expect(restaurant.head).toBeGreaterThan(before)
    expect(main.store.events.some(({ event }) => event.device === 'core-stranger')).toBe(false)
    await expectStandsStill(main, restaurant)
  })
})

test('a batch that is taken just where this PC was does not hide it', async () => {
  const { server, restaurant, pcs } = await evening('main', 'bar')
  const [main] = pcs
  const before = restaurant.head
  putBack(restaurant, 3)
  growTo(restaurant, before)
  server.faults.fail = (call, device) => (device === main.device && call !== 'append' ? AWAY : null)
  await main.place()
  await pass(20_000)
  expect(restaurant.head).toBe(before + 2)
  server.faults.fail = null
  await pass(60_000)
  await expectStandsStill(main, restaurant)
})

test('an event at the cursor that was archived is no reason for an alarm', async () => {
  const { restaurant, pcs } = await evening('main', 'bar')
  const [main, bar] = pcs
  const { order } = await bar.place()
  await pass(500)
  restaurant.archiveOrders(order)
  await main.restart()
  restaurant.live(true)
  await pass(7_000)
  expect(main.status()).toMatchObject({ state: 'live' })
  expect(main.alarms()).not.toContain(WORDS)
})

test('nothing parked is sent, and no order of another program is decided here', async () => {
  const { server, restaurant, pcs } = await evening('main')
  const [main] = pcs
  server.faults.refuse = () => ({ code: 'invalid', says: said('No.') })
  const { order } = await main.place()
  await pass(500)
  server.faults.refuse = null
  putBack(restaurant, 3)
  growTo(restaurant, 50)
  restaurant.live(true)
  await pass(7_000)
  restaurant.ask({
    id: '0193b0e0-0000-7000-8000-00000000aaaa',
    order: {},
    by: { id: 'w', name: 'Web', role: 'host' },
  })
  await pass(7_000)
  expect(restaurant.intake).toMatchObject([{ status: 'pending' }])
  expect(await main.call('cloudRetry', { lane: order })).toMatchObject({
    ok: false,
    e: { params: { message: say(WORDS) } },
  })
  expect(restaurant.head).toBe(50)
})

test('a new restaurant takes everything this PC has', async () => {
  const { server, restaurant, pcs } = await evening('main', 'bar')
  const [main, bar] = pcs
  await bar.place()
  await pass(500)
  const before = restaurant.head
  putBack(restaurant, 2)
  growTo(restaurant, before + 5)
  restaurant.live(true)
  await pass(7_000)
  await main.place()
  await main.call('cloudLeave')
  const { signIn: token } = await signIn(main)
  const again = { signIn: token, restaurant: { create: 'Again' }, take: 'upload' }
  expect(await main.call('cloudJoin', again)).toMatchObject({ ok: true })
  await pass(1_000)
  const made = [...server.restaurants.values()].find(({ name }) => name === 'Again') as FakeRestaurant
  made.live(true)
  await pass(1_000)
  expect(main.status()).toMatchObject({ state: 'live', outbox: 0 })
  expectEqual(made, main)
})
