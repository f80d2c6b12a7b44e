/** @file Unit tests of a bad line to the cloud: what screens say while it recovers, sleeps, dies unnoticed or is slow. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { AWAY, type FakeCloudServer } from '../../support/cloud.ts'
import { endAll, evening, expectEqual, type Pc, pass, virtualTime } from './cloud-kit.ts'
import { id } from './kit.ts'

beforeEach(virtualTime)
afterEach(endAll)

const items = (count: number) =>
  Array.from({ length: count }, () => ({ id: id(), menuItem: 'fries', quantity: 1 }))

/** Answers take this long (ms). */
const slowly = (ms: number) => () => new Promise<void>((resolve) => setTimeout(resolve, ms))

describe('after an outage', () => {
  test('screens say that much is being sent, not that the cloud is away', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    server.faults.fail = (_call, device) => (device === main.device ? AWAY : null)
    for (let turn = 0; turn < 12; turn++) await main.place(items(100))
    await pass(20_000)
    expect(main.status()).toMatchObject({ state: 'away' })
    server.faults.fail = null
    server.faults.hold = (call, device) =>
      call === 'append' && device === main.device ? slowly(2_000)() : null
    main.core.woke()
    await pass(7_000)
    expect(main.status()).toMatchObject({ state: 'live', says: null })
    expect(main.status()?.outbox).toBeGreaterThan(200)
    server.faults.hold = null
    await pass(5_000)
    expectEqual(restaurant, main, bar)
  })

  test('screens say that much is still coming', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    server.faults.fail = (_call, device) => (device === bar.device ? AWAY : null)
    server.faults.hints = (hint, device) => (device === bar.device ? [] : [hint])
    for (let turn = 0; turn < 20; turn++) await main.place(items(100))
    bar.core.woke()
    await pass(20_000)
    expect(bar.status()).toMatchObject({ state: 'away' })
    server.faults.fail = null
    server.faults.hold = (call, device) => (call === 'pull' && device === bar.device ? slowly(5_000)() : null)
    bar.core.woke()
    await pass(12_000)
    expect(bar.status()).toMatchObject({ state: 'catchingUp', says: null })
    expect(bar.status()?.behind).toBeGreaterThan(500)
    server.faults.hold = null
    await pass(10_000)
    expectEqual(restaurant, main, bar)
  })

  test('what fails again in the middle is said again', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    server.faults.fail = (_call, device) => (device === main.device ? AWAY : null)
    for (let turn = 0; turn < 10; turn++) await main.place(items(100))
    await pass(60_000)
    let left = 2
    server.faults.fail = (call, device) =>
      call === 'append' && device === main.device && left-- <= 0 ? AWAY : null
    main.core.woke()
    await pass(2_000)
    expect(main.status()).toMatchObject({ state: 'away', says: AWAY.says })
    expect(main.status()?.outbox).toBeLessThan(1_010 - 300)
    server.faults.fail = null
    await pass(31_000)
    expectEqual(restaurant, main, bar)
  })
})

describe('nobody calls current what may be old', () => {
  /** From now on nothing of this PC gets through, and nothing says so: each call waits out its time. */
  function cut(server: FakeCloudServer, pc: Pc): void {
    server.faults.hold = (_call, device) => (device === pc.device ? slowly(10_000)() : null)
    server.faults.fail = (_call, device) => (device === pc.device ? AWAY : null)
  }

  test('on a line that died: once the live channel is gone, until the cloud answers', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    const asOf = bar.status()?.currentAt
    cut(server, bar)
    await main.place()
    restaurant.live(false, bar.device)
    await pass(300)
    expect(bar.status()).toMatchObject({ state: 'catchingUp', currentAt: asOf })
    await pass(4_000)
    expect(bar.status()).toMatchObject({ state: 'away', currentAt: asOf })
    Object.assign(server.faults, { hold: null, fail: null })
    await pass(31_000)
    expect(bar.status()).toMatchObject({ state: 'polling' })
    expectEqual(restaurant, main, bar)
  })

  test('by a live channel alone that is lost: the next answer says so, at once', async () => {
    const { restaurant, pcs } = await evening('main')
    const [main] = pcs
    restaurant.live(false)
    await pass(300)
    expect(main.status()).toMatchObject({ state: 'polling' })
  })

  test('after a night asleep', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    const asOf = bar.status()?.currentAt
    cut(server, bar)
    await main.place()
    vi.setSystemTime(Date.now() + 8 * 3_600_000)
    bar.core.woke()
    await pass(1)
    expect(bar.status()).toMatchObject({ state: 'catchingUp', currentAt: asOf })
    await pass(4_500)
    expect(bar.status()).toMatchObject({ state: 'away', currentAt: asOf })
    Object.assign(server.faults, { hold: null, fail: null })
    await pass(31_000)
    expect(bar.status()).toMatchObject({ state: 'live' })
    expectEqual(restaurant, main, bar)
  })

  test('by an answer to what was asked before', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    const { promise: gate, resolve: release } = Promise.withResolvers<void>()
    server.faults.hold = (call, device) => (call === 'report' && device === bar.device ? gate : null)
    server.faults.hints = () => []
    // Under way, and then for a long time.
    await pass(7_000)
    await main.place()
    restaurant.live(false, bar.device)
    server.faults.fail = (_call, device) => (device === bar.device ? AWAY : null)
    server.faults.hold = null
    release()
    await pass(300)
    expect(bar.status()?.state).not.toBe('polling')
    server.faults.fail = null
    await pass(31_000)
    expectEqual(restaurant, main, bar)
  })
})

describe('on a line on which everything at once takes too long', () => {
  /** Time (ms) until it is so, in steps of a second. */
  async function until(test: () => boolean): Promise<number> {
    const begun = performance.now()
    while (!test()) {
      expect(performance.now() - begun).toBeLessThan(30 * 60_000)
      await pass(1_000)
    }
    return performance.now() - begun
  }
  const sizesOf = ({ calls }: FakeCloudServer, name: 'append' | 'pull', { device }: Pc) =>
    calls.flatMap(({ call, device: who, events }) => (call === name && who === device ? [events] : []))

  test('what was missed arrives, in smaller parts, without a pause in between', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    server.faults.fail = (_call, device) => (device === bar.device ? AWAY : null)
    server.faults.hints = (hint, device) => (device === bar.device ? [] : [hint])
    for (let turn = 0; turn < 10; turn++) await main.place(items(99))
    await pass(20_000)
    server.faults.fail = null
    // 1,000 events in 250 s.
    server.faults.pace = (call, device) => (call === 'pull' && device === bar.device ? 250 : 0)
    bar.core.woke()
    const time = await until(() => bar.store.events.length === main.store.events.length)
    expect(time).toBeLessThan(400_000)
    expectEqual(restaurant, main, bar)
    await pass(10_000)
    expect(bar.status()).toMatchObject({ state: 'live' })
  })

  test('what waited is sent, in smaller parts, and in large ones again when the line is good', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    server.faults.fail = (_call, device) => (device === main.device ? AWAY : null)
    for (let turn = 0; turn < 10; turn++) await main.place(items(99))
    await pass(20_000)
    server.faults.fail = null
    server.faults.pace = (call, device) => (call === 'append' && device === main.device ? 250 : 0)
    main.core.woke()
    const time = await until(() => (main.status()?.outbox ?? 0) < 600)
    expect(time).toBeLessThan(200_000)
    const slow = sizesOf(server, 'append', main).length
    server.faults.pace = null
    await pass(60_000)
    expect(Math.max(...sizesOf(server, 'append', main).slice(slow))).toBeGreaterThan(100)
    expect(main.status()).toMatchObject({ state: 'live', outbox: 0 })
    expectEqual(restaurant, main, bar)
  })

  test('even one event at a time gets through', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    server.faults.hints = () => []
    server.faults.pace = (call) => (call === 'append' || call === 'pull' ? 6_000 : 0)
    await main.place(items(5))
    await until(() => restaurant.log.length === main.store.events.length)
    await until(() => bar.status()?.behind === 0 && bar.store.events.length === main.store.events.length)
    expectEqual(restaurant, main, bar)
  })

  test('an answer that takes its time, but comes, is not asked to take twice as long', async () => {
    const { server, pcs } = await evening('main')
    const [main] = pcs
    server.faults.fail = () => AWAY
    for (let turn = 0; turn < 10; turn++) await main.place(items(99))
    await pass(20_000)
    server.faults.fail = null
    server.faults.pace = (call) => (call === 'append' ? 90 : 0)
    const before = sizesOf(server, 'append', main).length
    main.core.woke()
    await until(() => main.status()?.outbox === 0)
    // 200 would take 18 s, and 100 take 9.
    const later = sizesOf(server, 'append', main).slice(before + 1)
    expect(Math.max(...later)).toBeLessThanOrEqual(100)
    expect(later.length).toBeLessThan(13)
  })
})
