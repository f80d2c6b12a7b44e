/** @file Unit tests of orders of other programs: decided like any other, by a core whose decision gets out at once, and only one. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AWAY, type CloudFaults, type FakeRestaurant, said } from '../../support/cloud.ts'
import { endAll, evening, expectEqual, type Pc, pass, states, virtualTime } from './cloud-kit.ts'
import { id } from './kit.ts'

beforeEach(virtualTime)
afterEach(endAll)

const late = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** The calls of one device take this long (ms). */
const slow =
  (pc: Pc, ms: number, ...which: string[]): CloudFaults['hold'] =>
  (call, device) =>
    device === pc.device && which.includes(call) ? late(ms) : null

function ask(restaurant: FakeRestaurant): string {
  const order = id()
  const items = [{ id: id(), menuItem: 'fries', quantity: 1 }]
  const by = { id: 'web', name: 'Website', role: 'host' }
  restaurant.ask({ id: order, by, order: { order, type: 'takeaway', items } })
  return order
}

/** What the cloud does with a claim after half a minute. */
function lapse({ intake, log }: FakeRestaurant): void {
  const isDecided = (order: string) => log.some(({ event }) => event.order === order)
  for (const one of intake) if (one.status === 'claimed' && !isDecided(one.id)) one.status = 'pending'
}

const kindsOf = ({ log }: FakeRestaurant, order: string) =>
  log.filter(({ event }) => event.order === order).map(({ event }) => event.kind)

/**
 * Two PCs, of which the first comes back from an outage with this many orders that nobody else has. Each of its requests
 * with some of them takes `ms`.
 */
async function backlog(orders: number, ms: number) {
  const all = await evening('main', 'bar')
  const { server, restaurant, pcs } = all
  const [main] = pcs
  server.faults.fail = (_call, device) => (device === main.device ? AWAY : null)
  for (let turn = 0; turn < orders; turn++) await main.place()
  await pass(5_000)
  server.faults.fail = null
  server.faults.hold = slow(main, ms, 'append')
  await main.restart()
  restaurant.live(true, main.device)
  return all
}

const callsOf = (calls: { call: string; device: string }[], pc: Pc) =>
  calls.filter(({ call, device }) => call === 'claimIntake' && device === pc.device).length

test('a PC back from an outage leaves it to another one while it has much to send', async () => {
  const { server, restaurant, pcs } = await backlog(600, 4_000)
  const [main, bar] = pcs
  const before = callsOf(server.calls, main)
  await pass(1_000)
  expect(main.status()).toMatchObject({ outbox: expect.toSatisfy((size: number) => size >= 1_000) })
  restaurant.live(false, bar.device)
  const order = ask(restaurant)
  await pass(8_000)
  expect(bar.store.rows.get(order)?.state.opened?.number).toBe('AB1')
  expect(callsOf(server.calls, main)).toBe(before)
  restaurant.live(true)
  await pass(60_000)
  expect(kindsOf(restaurant, order)).toEqual(['order.opened', 'item.added'])
  expectEqual(restaurant, main, bar)
})

test('a PC that is alone takes it as soon as little is left to send', async () => {
  const { server, restaurant, pcs } = await backlog(300, 1_000)
  const [, bar] = pcs
  await bar.stop()
  const order = ask(restaurant)
  await pass(1_500)
  expect(restaurant.intake).toMatchObject([{ status: 'pending' }])
  // Its report, which would say that something waits, does not come through.
  server.faults.fail = (call) => (call === 'report' ? { code: 'busy', says: said('Busy.') } : null)
  await pass(3_000)
  expect(kindsOf(restaurant, order)).toEqual(['order.opened', 'item.added'])
})

test('a PC that does not know everything yet leaves it until it does', async () => {
  const { server, restaurant, pcs } = await evening('main', 'bar')
  const [main, bar] = pcs
  server.faults.hints = () => []
  server.faults.hold = slow(bar, 3_000, 'pull')
  for (let turn = 0; turn < 3; turn++) await main.place()
  await pass(100)
  await main.stop()
  restaurant.live(true, bar.device)
  await pass(100)
  // The hint says how far the log is, and brings nothing.
  const { head } = restaurant
  restaurant.devices.get(bar.device)?.listener?.grew({ first: head, last: head, events: null })
  const order = ask(restaurant)
  await pass(500)
  expect(restaurant.intake).toMatchObject([{ status: 'pending' }])
  await pass(10_000)
  expect(kindsOf(restaurant, order)).toEqual(['order.opened', 'item.added'])
  expectEqual(restaurant, bar)
})

test('what a PC claimed before it fell asleep is left to whoever claims it next', async () => {
  const { server, restaurant, pcs } = await evening('main', 'bar')
  const [main, bar] = pcs
  restaurant.live(false, bar.device)
  server.faults.hints = (hint, device) => (device === main.device ? [] : [hint])
  server.faults.hold = slow(main, 45_000, 'claimIntake', 'pull', 'report')
  const order = ask(restaurant)
  await pass(31_000)
  expect(restaurant.intake).toMatchObject([{ status: 'claimed' }])
  lapse(restaurant)
  await pass(10_000)
  expect(bar.store.rows.get(order)?.state.opened?.number).toBe('AB1')
  server.faults.hold = null
  server.faults.hints = null
  await pass(60_000)
  expect(kindsOf(restaurant, order)).toEqual(['order.opened', 'item.added'])
  expectEqual(restaurant, main, bar)
})

test('two that decide it after all, because the first was cut off at once, make one order of it', async () => {
  const { server, restaurant, pcs } = await evening('main', 'bar')
  const [main, bar] = pcs
  restaurant.live(false, bar.device)
  const order = ask(restaurant)
  server.faults.fail = (call, device) => (device === main.device && call !== 'claimIntake' ? AWAY : null)
  await pass(31_000)
  expect(states(main)[order]?.opened?.number).toBe('1')
  lapse(restaurant)
  await pass(8_000)
  expect(states(bar)[order]?.opened?.number).toBe('AB1')
  server.faults.fail = null
  restaurant.live(true)
  await pass(60_000)
  expectEqual(restaurant, main, bar)
  expect(states(bar)[order]?.opened?.number).toBe('1')
  expect(Object.keys(states(bar)[order]?.items ?? {})).toHaveLength(1)
  await main.bump(order)
})

describe('orders of other programs', () => {
  const by = { id: 'web', name: 'Website', role: 'host' }
  const asked = (more = {}) => {
    const order = id()
    const items = [{ id: id(), menuItem: 'fries', quantity: 1 }]
    return { id: order, by, order: { order, type: 'takeaway', items }, ...more }
  }

  test('are decided here like any order', async () => {
    const { restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    const request = asked()
    restaurant.ask(request)
    await pass(500)
    const opened = restaurant.log.filter(({ event }) => event.order === request.id)
    expect(opened.map(({ event }) => event.kind)).toEqual(['order.opened', 'item.added'])
    expectEqual(restaurant, main, bar)
    expect(restaurant.intake).toMatchObject([{ status: 'claimed' }])
    const rows = await Promise.all([main, bar].map((pc) => pc.store.audit({ limit: 500 })))
    expect(rows.flat().filter(({ command }) => command === request.id)).toMatchObject([
      { device: { id: 'intake', name: 'Online order' }, staff: { id: 'web', name: 'Website' } },
    ])
  })

  test('are refused with the reason, and a second time like the first', async () => {
    const { server, restaurant, pcs } = await evening('main')
    const bad = asked({ order: { order: id(), type: 'takeaway', items: [] } })
    const cook = asked({ by: { ...by, role: 'cook' } })
    const stranger = asked({ by: { id: '', name: '\u0007', role: 'boss' } })
    const odd = asked({ id: 'not-a-uuid' })
    for (const request of [bad, cook, stranger, odd]) restaurant.ask(request)
    await pass(500)
    expect(restaurant.intake.map(({ refusal }) => refusal)).toEqual([
      'invalid',
      'notAllowed',
      'notAllowed',
      'invalid',
    ])
    const again = restaurant.intake[0]
    if (again) again.status = 'pending'
    await pass(7_000)
    expect(again).toMatchObject({ status: 'refused' })
    expect(server.calls.filter(({ call }) => call === 'refuseIntake')).toHaveLength(5)
    expect(pcs[0].status()).toMatchObject({ state: 'live', says: null })
  })

  test('come in tens, by the report when no hint says so, and one that is here already is fine', async () => {
    const { restaurant, pcs } = await evening('main')
    const [main] = pcs
    restaurant.live(false)
    const placed = await main.place()
    for (let turn = 0; turn < 25; turn++) restaurant.ask(asked())
    restaurant.ask({ ...asked(), order: { ...asked().order, order: placed.order } })
    await pass(8_000)
    expect(restaurant.intake.every(({ status }) => status === 'claimed')).toBe(true)
    expect(Object.keys(states(main))).toHaveLength(26)
  })

  test('are left to others while this PC cannot get its own orders out or cannot save', async () => {
    const { server, restaurant, pcs } = await evening('main')
    const [main] = pcs
    server.faults.fail = (call) => (call === 'append' ? { code: 'away', says: said('Away.') } : null)
    await main.place()
    await pass(100)
    restaurant.ask(asked())
    await pass(20_000)
    expect(restaurant.intake).toMatchObject([{ status: 'pending' }])
    server.faults.fail = null
    await pass(40_000)
    expect(restaurant.intake).toMatchObject([{ status: 'claimed' }])
    main.store.answer = { ok: false, error: { code: 'storeFull', says: said('Full.') } }
    restaurant.ask(asked())
    await pass(500)
    expect(restaurant.intake[1]).toMatchObject({ status: 'claimed' })
    main.store.answer = null
    const [, late] = restaurant.intake
    if (late) late.status = 'pending'
    await pass(40_000)
    expect(restaurant.log.some(({ event }) => event.order === late?.id)).toBe(true)
  })
})

test('line ends and stray control characters of another program are no reason to refuse its order', async () => {
  const { restaurant, pcs } = await evening('main')
  const [main] = pcs
  const order = id()
  const items = [{ id: id(), menuItem: 'fries', quantity: 1, note: 'no salt\u0085\u001b' }]
  const by = { id: 'web', name: 'Web\u0007site', role: 'host' }
  restaurant.ask({ id: order, by, order: { order, type: 'takeaway', items, note: 'ring\r\ntwice' } })
  await pass(5_000)
  const state = main.store.rows.get(order)?.state
  expect(state?.opened).toMatchObject({ note: 'ring\ntwice', server: { id: 'web', name: 'Website' } })
  expect(Object.values(state?.items ?? {})[0]?.added?.line.note).toBe('no salt\n')
})

test('a request with members that only a later project knows is an order without them; one that needs them waits for a PC that does', async () => {
  const { restaurant, pcs } = await evening('main')
  const [main] = pcs
  const by = { id: 'web', name: 'Website', role: 'host' }
  const asked = (more: Record<string, unknown>) => {
    const order = id()
    const items = [{ id: id(), menuItem: 'fries', quantity: 1, gift: true }]
    restaurant.ask({ id: order, by, order: { order, type: 'takeaway', items, ...more } })
    return order
  }
  const plain = asked({ guest: 'Nora', tags: [1] })
  const needing = asked({ needs: ['guestAllergies'] })
  await pass(5_000)
  expect(main.store.rows.get(plain)?.state.opened?.number).toBeTruthy()
  expect(main.store.rows.get(needing)).toBeUndefined()
  expect(restaurant.intake.find((one) => one.id === needing)?.status).toBe('claimed')
})
