/** @file Unit tests of a cloud that refuses whole requests: for one bad event it is parked, for everything nothing is; all goes up later by itself. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CloudFailure } from '../../../main/core/ports.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { AWAY, type FakeCloudServer, said } from '../../support/cloud.ts'
import { endAll, evening, expectEqual, pass, virtualTime } from './cloud-kit.ts'

beforeEach(virtualTime)
afterEach(endAll)

const CLOSED: CloudFailure = { code: 'refused', says: said('Nothing is taken today.') }

/** The cloud answers everything else, but takes nothing. */
function shut({ faults }: FakeCloudServer): void {
  faults.fail = (call) => (call === 'append' ? CLOSED : null)
}

describe('a cloud that refuses whatever it is sent', () => {
  test('is not believed that all orders are bad: the rest waits, it is said, and all goes up once it is mended', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    shut(server)
    for (let turn = 0; turn < 60; turn++) {
      await main.place()
      await pass(3_000)
    }
    expect(main.status()).toMatchObject({ state: 'refused', parked: 2 })
    expect(main.status()?.outbox).toBeGreaterThan(100)
    expect(main.status()?.says).toEqual(say('cloud.refusesAll', { reason: CLOSED.says }))
    expect(main.alarms()).toContain('cloud.refusesAll')
    server.faults.fail = null
    await pass(31_000)
    expect(main.status()).toMatchObject({ state: 'live', parked: 0, outbox: 0 })
    expect(main.alarms()).not.toContain('cloud.notTaken')
    expectEqual(restaurant, main, bar)
  })

  test('is asked with one event at a time meanwhile', async () => {
    const { server, pcs } = await evening('main')
    const [main] = pcs
    shut(server)
    for (let turn = 0; turn < 20; turn++) await main.place()
    await pass(60_000)
    const before = server.calls.length
    await pass(120_000)
    const sizes = server.calls
      .slice(before)
      .flatMap(({ call, events }) => (call === 'append' ? [events] : []))
    expect(new Set(sizes)).toEqual(new Set([1]))
    server.faults.fail = null
    await pass(31_000)
    expect(main.status()).toMatchObject({ parked: 0, outbox: 0 })
  })
})

describe('what was refused as a whole', () => {
  /** One order spoils every request it is in. */
  async function spoiling() {
    const all = await evening('main', 'bar')
    const { server, pcs } = all
    const [main] = pcs
    server.faults.spoil = ({ kind }) => kind === 'order.opened'
    const { order } = await main.place()
    await pass(500)
    server.faults.spoil = (event) => event.order === order
    expect(main.status()).toMatchObject({ parked: 1, outbox: 0 })
    expect(main.alarms()).toContain('cloud.sendsAgain')
    return { ...all, order }
  }

  test('is sent again after ten minutes, and stays while it is refused', async () => {
    const { server, restaurant, pcs } = await spoiling()
    const [main, bar] = pcs
    await main.place()
    await pass(11 * 60_000)
    expect(main.status()).toMatchObject({ state: 'live', parked: 1, outbox: 0 })
    server.faults.spoil = null
    await pass(10 * 60_000)
    expect(main.status()).toMatchObject({ parked: 0 })
    expectEqual(restaurant, main, bar)
    const audit = await main.store.audit({ limit: 100 })
    expect(audit).toContainEqual(
      expect.objectContaining({ name: 'cloudRetry', device: { id: 'cloud', name: 'Cloud' } }),
    )
  })

  test('is sent again after an outage', async () => {
    const { server, restaurant, pcs } = await spoiling()
    const [main, bar] = pcs
    server.faults.fail = () => AWAY
    await pass(60_000)
    Object.assign(server.faults, { fail: null, spoil: null })
    await pass(32_000)
    expect(main.status()).toMatchObject({ state: 'live', parked: 0 })
    expectEqual(restaurant, main, bar)
  })

  test('is sent again after a restart', async () => {
    const { server, restaurant, pcs } = await spoiling()
    const [main, bar] = pcs
    server.faults.spoil = null
    await main.restart()
    await pass(2_000)
    expect(main.status()).toMatchObject({ parked: 0 })
    expectEqual(restaurant, main, bar)
  })

  test('waits on when the way is barred in between, and goes then', async () => {
    const { server, restaurant, pcs } = await spoiling()
    const [main, bar] = pcs
    server.faults.spoil = null
    server.faults.fail = (call) => (call === 'append' ? AWAY : null)
    await pass(11 * 60_000)
    expect(main.status()).toMatchObject({ parked: 1 })
    server.faults.fail = null
    await pass(31_000)
    expect(main.status()).toMatchObject({ parked: 0 })
    expectEqual(restaurant, main, bar)
  })
})

test('what was refused event by event waits for a person, whatever happens', async () => {
  const { server, pcs } = await evening('main', 'bar')
  const [main] = pcs
  server.faults.refuse = ({ order }) => (order ? { code: 'unknownKind', says: said('Not known yet.') } : null)
  await main.place()
  await pass(500)
  server.faults.refuse = null
  server.faults.fail = () => AWAY
  await pass(60_000)
  server.faults.fail = null
  await pass(30 * 60_000)
  expect(main.status()).toMatchObject({ state: 'live', parked: 1 })
  expect(main.alarms()).toContain('cloud.managerDecides')
})
