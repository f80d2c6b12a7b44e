/** @file Unit tests of parked orders that the cloud gets by way of another PC: nothing of them waits here any more. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { say } from '../../../shared/domain/messages/index.ts'
import type { FakeCloudServer, FakeRestaurant } from '../../support/cloud.ts'
import { said } from '../../support/cloud.ts'
import { endAll, evening, expectEqual, type Pc, pass, states, virtualTime } from './cloud-kit.ts'

beforeEach(virtualTime)
afterEach(endAll)

/** The main PC's order is refused, with what follows it; the cloud learns to read it a moment later. */
async function parked() {
  const all = await evening('main', 'bar')
  const { server, pcs } = all
  const [main] = pcs
  const refuse = (event: { order: string | null }) =>
    event.order ? { code: 'unknownKind', says: said('Not known yet.') } : null
  server.faults.refuse = refuse
  const { order } = await main.place()
  await main.bump(order)
  await pass(500)
  server.faults.refuse = null
  expect(main.status()).toMatchObject({ parked: 1 })
  return { ...all, order, refuse }
}

/** The bar sends the first `count` events of an order, which it got of the main PC over the LAN. */
async function sendFor(
  {
    server,
    restaurant,
    main,
    bar,
  }: { server: FakeCloudServer; restaurant: FakeRestaurant; main: Pc; bar: Pc },
  order: string,
  count: number,
): Promise<void> {
  const events = main.store.events.filter(({ event }) => event.order === order).slice(0, count)
  const line = server.cloud().connect({ ...restaurant.link('unused'), device: bar.device })
  const sent = await line.append(
    'core-bar',
    events.map(({ event }) => event),
  )
  expect(sent.ok).toBe(true)
}

test('all of it: nothing waits, the alarm goes, and what comes later is sent', async () => {
  const { server, restaurant, pcs, order } = await parked()
  const [main, bar] = pcs
  await sendFor({ server, restaurant, main, bar }, order, 10)
  await pass(1_000)
  expect(main.status()).toMatchObject({ parked: 0, outbox: 0 })
  expect(main.alarms()).not.toContain('cloud.notTaken')
  await main.run('cancelOrder', { order, reason: 'The guest left' })
  await pass(1_000)
  expectEqual(restaurant, main)
  expect(await main.store.audit({ limit: 100 })).toContainEqual(
    expect.objectContaining({
      name: 'cloudRetry',
      order,
      says: say('cloud.sentByAnother', { count: 3 }),
    }),
  )
  await main.restart()
  expect((await main.info()).parked).toEqual([])
})

test('a part of it: the rest is sent without being asked', async () => {
  const { server, restaurant, pcs, order } = await parked()
  const [main, bar] = pcs
  await sendFor({ server, restaurant, main, bar }, order, 2)
  await pass(1_000)
  expect(main.status()).toMatchObject({ parked: 0, outbox: 0 })
  const kinds = restaurant.log.filter(({ event }) => event.order === order).map(({ event }) => event.kind)
  expect(kinds).toEqual(['order.opened', 'item.added', 'tasks.moved'])
})

test('a part of it, and the rest is still refused: that waits for a person', async () => {
  const { server, restaurant, pcs, order } = await parked()
  const [main, bar] = pcs
  await sendFor({ server, restaurant, main, bar }, order, 2)
  server.faults.refuse = ({ kind }) =>
    kind === 'tasks.moved' ? { code: 'invalid', says: said('No.') } : null
  await pass(1_000)
  expect((await main.info()).parked).toMatchObject([{ order, events: 1, code: 'invalid', says: said('No.') }])
})

test('also when it is only asked for, after an outage and a restart', async () => {
  const { server, restaurant, pcs, order } = await parked()
  const [main, bar] = pcs
  await main.stop()
  await sendFor({ server, restaurant, main, bar }, order, 10)
  await main.restart()
  await pass(2_000)
  expect(main.status()).toMatchObject({ parked: 0 })
  expect(Object.keys(states(main))).toEqual([order])
  await bar.place()
  await pass(7_000)
  expectEqual(restaurant, main)
})

test('what others have sent of other orders changes nothing', async () => {
  const { restaurant, pcs, order } = await parked()
  const [main, bar] = pcs
  await bar.place()
  await pass(1_000)
  expect((await main.info()).parked).toMatchObject([{ order, events: 3 }])
  expect(await main.call('cloudRetry', { lane: order })).toMatchObject({ ok: true })
  await pass(1_000)
  expectEqual(restaurant, main, bar)
})
