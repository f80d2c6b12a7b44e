/** @file Unit tests of history: what was archived in the cloud while a PC was away reaches it all the same, later and gently. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CloudFailure } from '../../../main/core/ports.ts'
import { AWAY, type FakeCloudServer } from '../../support/cloud.ts'
import { noMetrics } from '../../support/ports.ts'
import { endAll, evening, expectEqual, openPc, type Pc, pass, states, virtualTime } from './cloud-kit.ts'

beforeEach(virtualTime)
afterEach(endAll)

const MONTHS_MS = 100 * 24 * 60 * 60_000
const LATE: CloudFailure = { ...AWAY, late: true }

/** Orders that begin and end now. */
async function served(pc: Pc, count: number): Promise<string[]> {
  const orders: string[] = []
  for (let turn = 0; turn < count; turn++) {
    const { order } = await pc.place()
    await pc.bump(order)
    await pc.serve(order)
    orders.push(order)
  }
  await pass(1_000)
  return orders
}

/** What its manager is shown as closed. */
async function recent(pc: Pc): Promise<string[]> {
  const { v } = await pc.call('recentTickets', { limit: 100 })
  return (v as unknown as { ticket: { id: string } }[]).map(({ ticket }) => ticket.id)
}

const asked = (server: FakeCloudServer, pc: Pc) =>
  server.calls.filter(({ call, device }) => call === 'archivedAfter' && device === pc.device).length

test('a PC that was away for long, and a new one, end like the one that was always there', async () => {
  const { server, restaurant, pcs } = await evening('main', 'bar')
  const [main, bar] = pcs
  const early = await served(main, 30)
  restaurant.archiveOrders(...early)
  const open = await main.place()
  await pass(1_000)
  await bar.stop()
  const late = await served(main, 50)
  await main.bump(open.order)
  await main.serve(open.order)
  restaurant.archiveOrders(...late, open.order)
  await main.place()
  await pass(1_000)
  await bar.restart()
  const newcomer = await openPc(server, 'newcomer', { link: restaurant })
  await pass(60_000)
  expectEqual(restaurant, main, bar, newcomer)
  for (const pc of [bar, newcomer]) {
    expect(pc.store.events.filter(({ source }) => source === null)).toHaveLength(0)
    expect(await recent(pc)).toEqual(await recent(main))
    expect((await recent(pc)).length).toBe(81)
    expect(await pc.call('ticketTimes')).toEqual(await main.call('ticketTimes'))
  }
  // 20 orders at a time, only those that were missed; one who was there asks for nothing.
  expect([asked(server, main), asked(server, bar), asked(server, newcomer)]).toEqual([0, 3, 5])
  await pass(60_000)
  expect(asked(server, newcomer)).toBe(5)
})

test('is gone on with where it was after a restart, and nothing is taken twice', async () => {
  const { server, restaurant, pcs } = await evening('main')
  const [main] = pcs
  restaurant.archiveOrders(...(await served(main, 100)))
  const newcomer = await openPc(server, 'newcomer', { link: restaurant })
  while (asked(server, newcomer) < 2) await pass(10)
  const before = Object.keys(states(newcomer)).length
  expect(before).toBeGreaterThan(0)
  await newcomer.restart()
  await pass(10_000)
  expectEqual(restaurant, main, newcomer)
  expect(asked(server, newcomer)).toBeLessThanOrEqual(6)

  // The next absence begins where this one ended.
  const times = asked(server, newcomer)
  await newcomer.stop()
  restaurant.archiveOrders(...(await served(main, 2)))
  await newcomer.restart()
  await pass(10_000)
  expectEqual(restaurant, main, newcomer)
  expect(asked(server, newcomer)).toBe(times + 1)
})

test('comes after the boards, leaves memory again and shows nowhere but among what is closed', async () => {
  const { server, restaurant, pcs } = await evening('main')
  const [main] = pcs
  const old = await served(main, 60)
  await main.stop()
  vi.setSystemTime(Date.now() + MONTHS_MS)
  await main.restart()
  restaurant.archiveOrders(...old)
  const { order } = await main.place()
  await pass(1_000)
  server.faults.fail = (call) => (call === 'archivedAfter' ? LATE : null)
  let held = 0
  const gauge = (name: string, value: number) => {
    if (name === 'orders_in_memory') held = Math.max(held, value)
  }
  const newcomer = await openPc(server, 'newcomer', {
    link: restaurant,
    core: { metrics: { ...noMetrics, gauge } },
  })
  await pass(2_000)
  // Whatever becomes of the history, the rest is as it should be.
  expect(newcomer.status()).toMatchObject({ behind: 0, says: null })
  expect(Object.keys(states(newcomer))).toEqual([order])
  server.faults.fail = null
  await pass(60_000)
  expectEqual(restaurant, main, newcomer)
  expect((await newcomer.core.health()).openTickets).toBe(1)
  expect(held).toBeLessThanOrEqual(20)
  expect(newcomer.alarms()).toBe('[]')
})

test('what gets no answer in time is asked for in smaller parts', async () => {
  const { server, restaurant, pcs } = await evening('main')
  const [main] = pcs
  restaurant.archiveOrders(...(await served(main, 30)))
  server.faults.pace = (call) => (call === 'archivedAfter' ? 1_000 : 0)
  const newcomer = await openPc(server, 'newcomer', { link: restaurant })
  await pass(10 * 60_000)
  expectEqual(restaurant, main, newcomer)
})

test('an order that is archived again while the history is under way is not passed by', async () => {
  const { server, restaurant, pcs } = await evening('main')
  const [main] = pcs
  const old = await served(main, 50)
  restaurant.archiveOrders(...old)
  const newcomer = await openPc(server, 'newcomer', { link: restaurant })
  while (asked(server, newcomer) < 1) await pass(10)
  const [, , , last] = old.slice(-4) as [string, string, string, string]
  await main.run('changeOrder', { order: last, note: 'Paid twice' })
  await pass(20)
  restaurant.archiveOrders(last)
  await pass(20_000)
  expectEqual(restaurant, main, newcomer)
})
