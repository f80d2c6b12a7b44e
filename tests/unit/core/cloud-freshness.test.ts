/** @file Unit tests of what may be believed, and when: after an outage, behind a retry, at reports that many PCs make. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Host } from '../../../main/core/cloud/channel.ts'
import type { SyncContext } from '../../../main/core/cloud/context.ts'
import { createReport } from '../../../main/core/cloud/report.ts'
import { AWAY, type CallName, type FakeCloudServer, said } from '../../support/cloud.ts'
import { quietLog } from '../../support/ports.ts'
import { endAll, evening, expectEqual, type Pc, pass, states, virtualTime } from './cloud-kit.ts'
import { BOSS, id } from './kit.ts'

beforeEach(virtualTime)
afterEach(endAll)

const countOf = ({ calls }: FakeCloudServer, name: CallName, { device }: Pc) =>
  calls.filter((one) => one.call === name && one.device === device).length

describe('after an outage', () => {
  /** The bar gets no call through while the main PC goes on; then it may hear that there is more, but not what. */
  async function backWithout() {
    const all = await evening('main', 'bar')
    const { server, pcs } = all
    const [main, bar] = pcs
    server.faults.fail = (_call, device) => (device === bar.device ? AWAY : null)
    server.faults.hints = (hint, device) => (device === bar.device ? [] : [hint])
    await main.place()
    await pass(60_000)
    expect(bar.status()).toMatchObject({ state: 'away' })
    const { promise: gate, resolve: release } = Promise.withResolvers<void>()
    server.faults.hold = (call, device) => (call === 'pull' && device === bar.device ? gate : null)
    server.faults.fail = null
    const reports = countOf(server, 'report', bar)
    for (let turn = 0; turn < 3_200 && countOf(server, 'report', bar) === reports; turn++) await pass(10)
    return { ...all, release }
  }

  test('nothing is called live before the cloud has confirmed it', async () => {
    const { pcs, release } = await backWithout()
    const [, bar] = pcs
    await pass(300)
    expect(bar.status()).toMatchObject({ state: 'catchingUp', behind: 2 })
    release()
    await pass(300)
    expect(bar.status()).toMatchObject({ state: 'live', behind: 0 })
  })

  test('no order of another program is taken by a PC that cannot ask what is out by now', async () => {
    const { server, restaurant, pcs } = await evening('main')
    const [main] = pcs
    server.faults.fail = (call) => (call === 'claimIntake' ? null : AWAY)
    await pass(10_000)
    const order = id()
    const items = [{ id: id(), menuItem: 'fries', quantity: 1 }]
    const by = { id: 'web', name: 'Website', role: 'host' }
    restaurant.ask({ id: order, by, order: { order, type: 'takeaway', items } })
    await pass(10_000)
    expect(countOf(server, 'claimIntake', main)).toBe(0)
    server.faults.fail = null
    await pass(31_000)
    expect(states(main)[order]).toBeDefined()
    expectEqual(restaurant, main)
  })

  test('what waits goes up as soon as any call gets through', async () => {
    const { server, restaurant, pcs } = await evening('main')
    const [main] = pcs
    let through = false
    server.faults.fail = () => AWAY
    restaurant.live(false)
    await main.place()
    // Long enough for every exchange to look once in half a minute only.
    await pass(600_000)
    server.faults.fail = (call) => {
      through ||= call === 'report'
      return through ? null : AWAY
    }
    for (let turn = 0; turn < 3_200 && !through; turn++) await pass(10)
    await pass(20)
    expectEqual(restaurant, main)
  })
})

describe('an answer that was long on its way', () => {
  test('is news of when it was asked for: what came since nobody here claims to know', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    server.faults.hints = () => []
    restaurant.live(false)
    const { promise: gate, resolve: release } = Promise.withResolvers<void>()
    server.faults.hold = (_call, device) => (device === bar.device ? gate : null)
    await pass(7_000)
    const { order } = await main.place()
    await pass(500)
    const placed = Date.now()
    await pass(8_000)
    server.faults.hold = null
    release()
    await pass(300)
    expect(states(bar)[order]).toBeUndefined()
    expect(bar.status()?.currentAt).toBeLessThan(placed)
    await pass(7_000)
    expect(states(bar)[order]).toBeDefined()
    expect(bar.status()?.currentAt).toBeGreaterThan(placed)
  })
})

describe('a person’s decision about a parked order', () => {
  /** The outbox is sending another order's change, and holds one of the parked order in its hand. */
  async function outboxAtWork() {
    const all = await evening('main', 'bar')
    const { server, pcs } = all
    const [main] = pcs
    const order = id()
    server.faults.refuse = (event) => (event.order === order ? { code: 'invalid', says: said('No.') } : null)
    const items = [{ id: id(), menuItem: 'fries', quantity: 1 }]
    await main.core.submit('placeOrder', { order, type: 'takeaway', items }, BOSS)
    await pass(500)
    server.faults.refuse = null
    const { promise: gate, resolve: release } = Promise.withResolvers<void>()
    let held = 0
    server.faults.hold = (call) => (call === 'append' && held++ === 0 ? gate : null)
    await Promise.all([main.place(), main.bump(order)])
    await pass(10)
    expect(held).toBe(1)
    return { ...all, order, release }
  }

  test('to send it again waits for the outbox, and leaves nothing of it behind', async () => {
    const { server, restaurant, pcs, order, release } = await outboxAtWork()
    const [main, bar] = pcs
    // The call itself is made after 40 ms and answered within 20 more.
    setTimeout(release, 50)
    expect(await main.call('cloudRetry', { lane: order })).toMatchObject({ ok: true })
    await pass(500)
    expect((await main.info()).parked).toEqual([])
    expect(server.most('append')).toBe(1)
    expectEqual(restaurant, main, bar)
    expect(states(bar)[order]).toBeDefined()
  })

  test('to give it up waits for the outbox as well, so that nothing of it is left waiting', async () => {
    const { restaurant, pcs, order, release } = await outboxAtWork()
    const [main] = pcs
    setTimeout(release, 50)
    expect(await main.call('cloudWithdraw', { lane: order, reason: 'gone' })).toMatchObject({ ok: true })
    await pass(500)
    expect((await main.info()).parked).toEqual([])
    const kinds = restaurant.log.filter(({ event }) => event.order === order).map(({ event }) => event.kind)
    expect(kinds).toEqual(['order.cancelled'])
  })
})

describe('a change of one’s own', () => {
  test('is not fetched back, even when no hint tells of it', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main] = pcs
    server.faults.hints = () => []
    await main.place()
    await pass(100)
    const pulls = countOf(server, 'pull', main)
    for (let turn = 0; turn < 5; turn++) {
      await main.place()
      await pass(7_000)
    }
    expect(countOf(server, 'pull', main)).toBe(pulls)
    expect(main.status()).toMatchObject({ behind: 0, outbox: 0 })
    restaurant.live(true)
    await pass(100)
    expectEqual(restaurant, ...pcs)
  })
})

test('a new letter outlives the link it came with', async () => {
  const { restaurant, pcs } = await evening('main', 'bar')
  const [, bar] = pcs
  Object.assign(restaurant.devices.get(bar.device) ?? {}, { letter: 'AZ' })
  await pass(7_000)
  expect(await bar.call('cloudLeave')).toMatchObject({ ok: true })
  await bar.restart()
  expect((await bar.place()).number).toBe('AZ1')
})

test('PCs that start together soon report one after the other', async () => {
  const reported = [0.05, 0.35, 0.65, 0.95].map((random) => {
    const times: number[] = []
    const host = {
      now: Date.now,
      tick: () => performance.now(),
      random: () => random,
      after(ms: number, task: () => void) {
        const timer = setTimeout(task, ms)
        return () => clearTimeout(timer)
      },
    } as unknown as Host
    const connection = {
      async report() {
        times.push(performance.now())
        return { ok: true, value: { now: Date.now() } }
      },
    }
    const alarms = { raise: () => undefined, clear: () => undefined }
    const names = { of: () => 'Till' }
    const ctx = { host, connection, alarms, names, log: quietLog } as unknown as SyncContext
    const figures = () => ({ cursor: 0, event: null, outbox: 0, parked: 0 })
    const report = createReport(ctx, { figures, heard: () => undefined, done: () => undefined })
    report.request()
    return { times, report }
  })
  await pass(30_000)
  for (const { report } of reported) report.close()
  const fifth = reported.map(({ times }) => times[5] ?? 0).sort((a, b) => a - b)
  for (const [index, at] of fifth.slice(1).entries()) expect(at - (fifth[index] ?? 0)).toBeGreaterThan(1_000)
  // Nobody is quicker or slower than a screen of the project is told.
  for (const { times } of reported)
    for (const [index, at] of times.slice(1).entries()) {
      expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(4_000)
      expect(at - (times[index] ?? 0)).toBeLessThanOrEqual(6_000)
    }
})
