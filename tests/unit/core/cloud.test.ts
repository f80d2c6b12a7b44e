/** @file Unit tests of the exchange with the cloud: hints, gaps, outages, floors, full disks; real cores, a cloud in memory. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { say } from '../../../shared/domain/messages/index.ts'
import { AWAY, said } from '../../support/cloud.ts'
import { endAll, evening, expectEqual, openPc, pass, states, virtualTime } from './cloud-kit.ts'
import { id } from './kit.ts'

beforeEach(virtualTime)
afterEach(endAll)

const counts = (server: { calls: { call: string }[] }, call: string) =>
  server.calls.filter((one) => one.call === call).length

describe('two PCs', () => {
  test('see each other’s orders at once, by the hint alone', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    expectEqual(restaurant, main, bar)
    const pulls = counts(server, 'pull')
    const placed = await main.place()
    await pass(10)
    expect(states(bar)[placed.order]).toBeDefined()
    await bar.bump(placed.order)
    await pass(10)
    expectEqual(restaurant, main, bar)
    expect(counts(server, 'pull')).toBe(pulls)
    expect(bar.status()).toMatchObject({ state: 'live', outbox: 0, behind: 0, parked: 0, name: 'Trattoria' })
  })

  test('give their tickets letters of their own', async () => {
    const { pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    expect([(await main.place()).number, (await bar.place()).number]).toEqual(['1', 'AB1'])
  })

  test('send nothing back, and rest when there is nothing to do', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    for (let turn = 0; turn < 5; turn++) await main.place()
    // By then each has also asked what the other is called.
    await pass(7_000)
    const sent = server.calls.filter(({ call, device }) => call === 'append' && device === bar.device)
    const before = [server.calls.length, main.store.batches.length + bar.store.batches.length]
    await pass(20_000)
    expect(sent.reduce((sum, { events }) => sum + events, 0)).toBeLessThanOrEqual(5)
    expect(main.store.batches.length + bar.store.batches.length).toBe(before[1])
    const reports = server.calls.slice(before[0]).map(({ call }) => call)
    expect(new Set(reports)).toEqual(new Set(['report']))
    expect(reports.length).toBeGreaterThanOrEqual(6)
    expect(reports.length).toBeLessThanOrEqual(10)
    expectEqual(restaurant, main, bar)
    // What came from here was not even looked at again.
    const came = main.store.batches.flatMap(({ entries }) => entries.filter(({ source }) => source !== null))
    expect(came.some(({ event }) => event.device === 'core-main')).toBe(false)
  })

  test('are equal whatever becomes of the hints: lost, doubled, late, without events', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    const kept: (() => void)[] = []
    let turn = 0
    server.faults.hints = (hint, device) => {
      turn++
      if (turn % 4 === 0) return []
      if (turn % 4 === 1) return [hint, hint]
      if (turn % 4 === 2) return [{ ...hint, events: null }]
      const { listener } = restaurant.devices.get(device) ?? {}
      kept.push(() => listener?.grew(hint))
      return []
    }
    for (let round = 0; round < 12; round++) {
      const { order } = await (round % 2 ? main : bar).place()
      await pass(10)
      await (round % 3 ? main : bar).run('changeOrder', { order, note: 'quick' }).catch(() => undefined)
      if (round % 3 === 2) for (const deliver of kept.splice(0).reverse()) deliver()
      await pass(10)
    }
    await pass(12_000)
    expectEqual(restaurant, main, bar)
    expect(server.most('pull')).toBe(1)
    expect(server.most('append')).toBe(1)
  })

  test('fill a gap by asking, one page after the other and never twice at a time', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    server.faults.hints = (_hint, device) => (device === bar.device ? [] : [_hint])
    await main.place()
    await pass(10)
    server.faults.hints = null
    const { promise: gate, resolve: release } = Promise.withResolvers<void>()
    server.faults.hold = (call, device) => (call === 'pull' && device === bar.device ? gate : null)
    for (let turn = 0; turn < 5; turn++) await main.place()
    bar.core.woke()
    restaurant.live(true)
    await pass(300)
    expect(Object.keys(states(bar))).toHaveLength(0)
    expect(server.most('pull')).toBe(1)
    release()
    server.faults.hold = null
    await pass(50)
    expectEqual(restaurant, main, bar)
    expect(server.most('pull')).toBe(1)
  })

  test('catch up 1,200 events in pages, and say so meanwhile', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    server.faults.fail = (_call, device) => (device === bar.device ? AWAY : null)
    server.faults.hints = (hint, device) => (device === bar.device ? [] : [hint])
    const items = () => Array.from({ length: 19 }, () => ({ id: id(), menuItem: 'fries', quantity: 1 }))
    for (let turn = 0; turn < 60; turn++) await main.place(items())
    await pass(6_000)
    expect(bar.status()).toMatchObject({ state: 'away', says: AWAY.says })
    server.faults.fail = null
    server.faults.hold = (call, device) =>
      call === 'pull' && device === bar.device ? new Promise((resolve) => setTimeout(resolve, 2_000)) : null
    const pulls = counts(server, 'pull')
    bar.core.woke()
    await pass(3_000)
    expect(bar.status()).toMatchObject({ state: 'catchingUp' })
    expect(bar.status()?.behind).toBeGreaterThan(600)
    await pass(6_000)
    expect(counts(server, 'pull') - pulls).toBe(3)
    expectEqual(restaurant, main, bar)
    expect(bar.status()).toMatchObject({ state: 'live', behind: 0 })
  })
})

describe('an outage', () => {
  test('costs nothing: orders go on, say so, and go up once', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    const since = Date.now()
    server.faults.fail = () => AWAY
    restaurant.live(false)
    const mine = await main.place()
    await bar.place()
    await pass(500)
    expect(main.status()).toMatchObject({ state: 'away', outbox: 2, says: AWAY.says })
    expect(main.status()?.currentAt).toBeLessThanOrEqual(since)
    await pass(3_600_000)
    const { calls } = server
    const perMinute = calls.filter(({ device }) => device === main.device).length / 60
    expect(perMinute).toBeLessThan(12)
    server.faults.fail = null
    await pass(31_000)
    expectEqual(restaurant, main, bar)
    expect(main.status()).toMatchObject({ state: 'polling', outbox: 0, behind: 0 })
    restaurant.live(true)
    await pass(500)
    expect(main.status()).toMatchObject({ state: 'live' })
    expect(main.status()?.currentAt).toBeGreaterThan(since)
    expect(states(bar)[mine.order]).toBeDefined()
  })

  test('ends at once when the channel is back or the machine wakes up', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    server.faults.fail = () => AWAY
    restaurant.live(false)
    await main.place()
    await pass(600_000)
    server.faults.fail = null
    restaurant.live(true)
    await pass(20)
    expectEqual(restaurant, main, bar)
    server.faults.fail = () => AWAY
    await bar.place()
    await pass(600_000)
    server.faults.fail = null
    bar.core.woke()
    main.core.woke()
    await pass(20)
    expectEqual(restaurant, main, bar)
    expect(bar.cloud.woken).toBe(1)
  })

  test('ends for everything as soon as one call gets through', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    server.faults.fail = () => AWAY
    restaurant.live(false)
    await main.place()
    await pass(600_000)
    server.faults.fail = null
    let through = 0
    server.faults.lose = (_call, device) => {
      if (device === main.device) through ||= Date.now()
      return false
    }
    for (let turn = 0; turn < 310 && !through; turn++) await pass(100)
    await pass(100)
    expect(restaurant.log).toHaveLength(main.store.events.length)
    await pass(31_000)
    expectEqual(restaurant, main, bar)
  })

  test('of pulling alone is one as well, also when there is nothing new', async () => {
    const { server, pcs } = await evening('main', 'bar')
    const [main] = pcs
    server.faults.fail = (call) => (call === 'pull' ? AWAY : null)
    main.core.woke()
    await pass(60_000)
    expect(main.status()).toMatchObject({ state: 'away', behind: 0 })
    server.faults.fail = null
    await pass(31_000)
    expect(main.status()).toMatchObject({ state: 'live' })
  })

  test('answers lost after the work was done lead to nothing twice', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    let losses = 6
    server.faults.lose = (call) => (call === 'append' || call === 'pull') && losses-- > 0
    for (let turn = 0; turn < 6; turn++) {
      await main.place()
      await bar.place()
      await pass(700)
    }
    await pass(40_000)
    expectEqual(restaurant, main, bar)
  })

  test('a server that asks to wait is left alone that long', async () => {
    const { server, pcs } = await evening('main', 'bar')
    const [main] = pcs
    server.faults.fail = (call) =>
      call === 'append' ? { code: 'busy', says: said('Too many requests.'), retryAfterMs: 20_000 } : null
    await main.place()
    await pass(100)
    const tries = () => server.calls.filter(({ call, device }) => call === 'append' && device === main.device)
    const before = tries().length
    main.core.woke()
    await main.place()
    await pass(19_000)
    expect(tries().length).toBe(before)
    server.faults.fail = null
    await pass(2_000)
    expect(main.status()).toMatchObject({ outbox: 0, state: 'live' })
  })

  test('a wrong key, a project without migrations and a lost session say what to do, on every screen', async () => {
    const { server, pcs } = await evening('main', 'bar')
    const [main] = pcs
    for (const code of ['wrongKey', 'noSchema', 'signedOut'] as const) {
      server.faults.fail = () => ({ code, says: said(`Do something about ${code}.`) })
      await pass(8_000)
      expect(main.status()).toMatchObject({ state: 'refused', says: said(`Do something about ${code}.`) })
      expect(main.alarms()).toContain(`Do something about ${code}.`)
      server.faults.fail = null
      await pass(31_000)
      expect(main.status()).toMatchObject({ state: 'live', says: null })
      expect(main.alarms()).not.toContain('Do something')
    }
  })
})

describe('a full disk', () => {
  test('while catching up skips nothing: it is said, tried again, and all comes once there is room', async () => {
    const { restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    const cursor = bar.store.events.length
    bar.store.answer = { ok: false, error: { code: 'storeFull', says: said('The disk is full.') } }
    for (let turn = 0; turn < 3; turn++) await main.place()
    await pass(7_000)
    expect(bar.status()).toMatchObject({
      state: 'catchingUp',
      says: { code: 'failures.storeFull', params: { message: said('The disk is full.') } },
    })
    expect(bar.status()?.behind).toBeGreaterThan(0)
    expect(bar.store.events).toHaveLength(cursor)
    bar.store.answer = null
    await pass(31_000)
    expectEqual(restaurant, main, bar)
    expect(bar.status()).toMatchObject({ state: 'live', behind: 0, says: null })
  })
})

describe('below the retention floor', () => {
  test('a PC takes what is left and the ends of the orders that are open here', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    const open = await main.place()
    await pass(10)
    await bar.stop()
    await main.bump(open.order)
    await main.serve(open.order)
    const unseen = await main.place()
    await main.run('cancelOrder', { order: unseen.order, reason: 'gone' })
    await pass(10)
    restaurant.archiveOrders(open.order, unseen.order)
    const later = await main.place()
    await pass(10)
    await bar.restart()
    await pass(500)
    expect(states(bar)[open.order]).toEqual(states(main)[open.order])
    expect(states(bar)[later.order]).toEqual(states(main)[later.order])
    expect(bar.store.events.filter(({ source }) => source === null)).toHaveLength(0)
    const asked = () =>
      server.calls.filter(({ call, device }) => call === 'archived' && device === bar.device).length
    expect(asked()).toBe(1)
    await pass(30_000)
    expect(asked()).toBe(1)
  })

  test('an archive that cannot be read at first is read later, also after a restart in between', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    const open = await main.place()
    await pass(10)
    await bar.stop()
    await main.run('cancelOrder', { order: open.order, reason: 'gone' })
    await pass(10)
    restaurant.archiveOrders(open.order)
    server.faults.fail = (call) => (call.startsWith('archived') ? AWAY : null)
    await bar.restart()
    await pass(5_000)
    expect(states(bar)[open.order]).not.toEqual(states(main)[open.order])
    await bar.restart()
    server.faults.fail = null
    await pass(10_000)
    expect(states(bar)[open.order]).toEqual(states(main)[open.order])
  })
})

test('restarts go on where they were, and a PC without the cloud is none the wiser', async () => {
  const { server, restaurant, pcs } = await evening('main', 'bar')
  const [main, bar] = pcs
  for (let turn = 0; turn < 3; turn++) await main.place()
  await pass(20)
  await main.restart()
  await pass(20)
  const { calls } = server
  const again = calls.slice(-20).filter(({ call, device }) => call === 'append' && device === main.device)
  expect(again.every(({ events }) => events < 20)).toBe(true)
  await bar.restart()
  restaurant.live(true)
  await main.place()
  await pass(500)
  expectEqual(restaurant, main, bar)
  const alone = await openPc(server, 'alone')
  expect(alone.status()).toBeNull()
  expect((await alone.core.health()).cloud).toBeNull()
  alone.core.woke()
})

test('a clock that is minutes off is told, until it is right', async () => {
  const { server, pcs } = await evening('main', 'bar')
  const [main] = pcs
  server.faults.clock = -10 * 60_000
  await pass(7_000)
  expect(main.alarms()).toContain(
    JSON.stringify(say('alarms.clockAheadOfCloud', { pc: 'main', minutes: 10 })),
  )
  server.faults.clock = 60_000
  await pass(7_000)
  expect(main.alarms()).not.toContain('alarms.clockAheadOfCloud')
})

test('nothing is called live for long while what is known to be there does not come', async () => {
  const { server, pcs } = await evening('main', 'bar')
  const [main, bar] = pcs
  server.faults.hints = (hint) => [{ ...hint, events: null }]
  server.faults.hold = (_call, device) => (device === main.device ? new Promise(() => {}) : null)
  await bar.place()
  await pass(1_500)
  expect(main.status()).toMatchObject({ state: 'catchingUp', behind: 2 })
})
