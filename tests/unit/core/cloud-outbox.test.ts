/** @file Unit tests of what the cloud refuses: parked in its lane, shown, retried, withdrawn, while all else goes on. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CloudFailure } from '../../../main/core/ports.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { AWAY, said } from '../../support/cloud.ts'
import { endAll, evening, expectEqual, type Pc, pass, states, virtualTime } from './cloud-kit.ts'
import { id } from './kit.ts'

beforeEach(virtualTime)
afterEach(endAll)

const BAD = { code: 'invalid', says: said('This order is not readable there.') }

/** Refuses the events of one order, or of a kind, until it is told otherwise. */
const refusing = (lane: string) => (event: { order: string | null; kind: string }) =>
  event.order === lane || (event.order === null && event.kind === lane) ? BAD : null

/** An order is placed that the cloud will not have. */
async function refusedOrder() {
  const all = await evening('main', 'bar')
  const { server, pcs } = all
  const [main] = pcs
  const order = id()
  server.faults.refuse = refusing(order)
  const items = [{ id: id(), menuItem: 'fries', quantity: 1 }]
  const placed = await main.core.submit('placeOrder', { order, type: 'takeaway', items }, BOSS_ACTOR)
  expect(placed.ok).toBe(true)
  await pass(500)
  return { ...all, order, number: placed.ok ? (placed.value.number ?? '') : '' }
}
const BOSS_ACTOR = { device: { id: 'screen', name: 'Screen' }, staff: null, roles: ['admin' as const] }

const thereOf = (restaurant: { log: { event: { order: string | null } }[] }, order: string) =>
  restaurant.log.filter(({ event }) => event.order === order).length

async function auditOf(pc: Pc): Promise<string[]> {
  const rows = await pc.store.audit({ limit: 500 })
  return rows.map(({ name, outcome, order }) => `${name} ${outcome}${order ? '' : ' -'}`)
}

describe('a refused order', () => {
  test('is parked with all that follows it, and said; the others go on', async () => {
    const { restaurant, pcs, order, number } = await refusedOrder()
    const [main, bar] = pcs
    await main.bump(order)
    const other = await main.place()
    await pass(500)
    expect(thereOf(restaurant, order)).toBe(0)
    expect(states(bar)[other.order]).toBeDefined()
    expect(main.status()).toMatchObject({ state: 'live', parked: 1, outbox: 0 })
    expect(main.alarms()).toContain(JSON.stringify(say('cloud.ticket', { number })))
    expect(main.alarms()).toContain(JSON.stringify(BAD.says))
    const { parked } = await main.info()
    expect(parked).toMatchObject([{ lane: order, order, number, events: 3, ...BAD }])
    const ticket = { type: 'takeaway', table: null, openedAt: expect.any(Number) }
    expect(parked[0]?.ticket).toEqual({ ...ticket, status: 'ready', dishes: ['1× Skin-on fries'] })
    expect(await auditOf(main)).toContain('cloudRefused invalid')
  })

  test('still waits after a restart, with its number', async () => {
    const { restaurant, pcs, order, number } = await refusedOrder()
    const [main] = pcs
    await main.run('cancelOrder', { order, reason: 'gone' })
    await pass(100)
    await main.restart()
    await pass(500)
    expect(thereOf(restaurant, order)).toBe(0)
    // The order has left memory by now.
    const ticket = { type: 'takeaway', status: 'cancelled', dishes: ['1× Skin-on fries'] }
    expect((await main.info()).parked).toMatchObject([{ order, number, events: 3, ticket }])
  })

  test('goes up in order when it is retried, with what waits behind, and flows again', async () => {
    const { server, restaurant, pcs, order } = await refusedOrder()
    const [main, bar] = pcs
    await main.bump(order)
    await pass(100)
    expect(await main.call('cloudRetry', { lane: order })).toMatchObject({
      ok: false,
      e: { code: 'invalid', params: { why: 'other', message: BAD.says } },
    })
    server.faults.fail = (call) => (call === 'append' ? AWAY : null)
    expect(await main.call('cloudRetry', { lane: order })).toMatchObject({
      ok: false,
      e: { code: 'cloudAway' },
    })
    server.faults.fail = null
    server.faults.refuse = null
    expect(await main.call('cloudRetry', { lane: order })).toEqual({ t: 'reply', i: 2, ok: true, v: null })
    await main.recall(order)
    await pass(500)
    expectEqual(restaurant, main, bar)
    const kinds = restaurant.log.filter(({ event }) => event.order === order).map(({ event }) => event.kind)
    expect(kinds).toEqual(['order.opened', 'item.added', 'tasks.moved', 'tasks.moved'])
    expect(main.status()).toMatchObject({ parked: 0 })
    expect(main.alarms()).not.toContain('cloud.ticket')
    expect(await auditOf(main)).toContain('cloudRetry ok')
    expect(await main.store.audit({ limit: 500 })).toContainEqual(
      expect.objectContaining({ name: 'cloudRetry', says: say('cloud.retried', { count: 3 }) }),
    )
    expect(await main.call('cloudRetry', { lane: order })).toMatchObject({ ok: false })
  })

  test('keeps to its lane what is refused once more in the middle', async () => {
    const { server, restaurant, pcs, order } = await refusedOrder()
    const [main] = pcs
    await main.bump(order)
    await pass(100)
    const why = { code: 'tooLarge', says: said('Too much.') }
    server.faults.refuse = (event) => (event.order === order && event.kind === 'tasks.moved' ? why : null)
    expect(await main.call('cloudRetry', { lane: order })).toMatchObject({
      ok: false,
      e: { params: { message: why.says } },
    })
    await main.recall(order)
    await pass(100)
    expect(thereOf(restaurant, order)).toBe(2)
    expect((await main.info()).parked).toMatchObject([{ events: 2, ...why }])
  })

  test('is cancelled when it is withdrawn, and the cancellation goes up', async () => {
    const { restaurant, pcs, order } = await refusedOrder()
    const [main, bar] = pcs
    const refusedBefore = thereOf(restaurant, order)
    const reply = main.call('cloudWithdraw', { lane: order, reason: 'ordered twice' })
    expect(await reply).toMatchObject({ ok: true })
    expect(states(main)[order]?.cancelled).toMatchObject({ reason: 'ordered twice' })
    expect(states(main)[order]?.cancelled?.by?.name).toBeDefined()
    await pass(500)
    expect(refusedBefore).toBe(0)
    // The cloud refuses this order's cancellation as well, so it waits again, alone.
    expect((await main.info()).parked).toMatchObject([{ events: 1 }])
    expect(states(bar)[order]).toBeUndefined()
    expect(await auditOf(main)).toEqual(expect.arrayContaining(['cloudWithdraw ok', 'cancelOrder ok']))
  })

  test('is no open ticket of other PCs when all they hear of it is that it was withdrawn', async () => {
    const { server, restaurant, pcs, order } = await refusedOrder()
    const [main, bar] = pcs
    server.faults.refuse = null
    expect(await main.call('cloudWithdraw', { lane: order, reason: 'twice' })).toMatchObject({ ok: true })
    await pass(500)
    const stamp = states(main)[order]?.cancelled?.stamp
    await main.run('acknowledge', { order, station: 'fryer', seen: [stamp] })
    await main.run('acknowledge', { order, station: 'expo', seen: [stamp] })
    await pass(500)
    expect(thereOf(restaurant, order)).toBe(3)
    expect(states(bar)[order]).toMatchObject({ cancelled: { reason: 'twice' } })
    expect(bar.store.rows.get(order)).toMatchObject({ open: false, closedAt: expect.any(Number) })
    expect([await main.core.health(), await bar.core.health()]).toMatchObject([
      { openTickets: 0 },
      { openTickets: 0 },
    ])
  })

  test('that is cancelled already can be withdrawn; what it held back is never sent', async () => {
    const { server, restaurant, pcs, order } = await refusedOrder()
    const [main, bar] = pcs
    await main.run('cancelOrder', { order, reason: 'gone' })
    await pass(100)
    server.faults.refuse = null
    expect(await main.call('cloudWithdraw', { lane: order, reason: 'gone' })).toMatchObject({ ok: true })
    await main.restart()
    await pass(10_000)
    expect(thereOf(restaurant, order)).toBe(0)
    expect(main.status()).toMatchObject({ parked: 0, outbox: 0 })
    expect(await main.call('cloudWithdraw', { lane: order, reason: 'gone' })).toMatchObject({ ok: false })
    const stamp = states(main)[order]?.cancelled?.stamp
    await main.run('acknowledge', { order, station: 'fryer', seen: [stamp] })
    await pass(500)
    // A cook's word on it is all that others hear.
    expect(bar.store.rows.get(order)).toMatchObject({ open: false })
  })

  test('is not withdrawn when its cancellation cannot be saved', async () => {
    const { pcs, order } = await refusedOrder()
    const [main] = pcs
    main.store.answer = { ok: false, error: { code: 'storeFull', says: said('Full.') } }
    expect(await main.call('cloudWithdraw', { lane: order, reason: 'gone' })).toMatchObject({
      ok: false,
      e: { code: 'storeFull' },
    })
    main.store.answer = null
    expect((await main.info()).parked).toMatchObject([{ events: 2 }])
  })
})

test('a refused 86 entry holds back those of its kind only, and is withdrawn without an order', async () => {
  const { server, restaurant, pcs } = await evening('main', 'bar')
  const [main, bar] = pcs
  server.faults.refuse = refusing('stock.set')
  await main.run('setStock', { menuItem: 'tiramisu', out: true })
  await pass(100)
  await main.run('setStock', { menuItem: 'soup', out: true })
  const { order } = await main.place()
  await pass(500)
  expect(states(bar)[order]).toBeDefined()
  expect((await main.info()).parked).toMatchObject([
    { lane: 'stock.set', order: null, number: null, events: 2 },
  ])
  expect(main.alarms()).toContain('cloud.stockChange')
  server.faults.refuse = null
  expect(await main.call('cloudWithdraw', { lane: 'stock.set', reason: 'not so' })).toMatchObject({
    ok: true,
  })
  await main.run('setStock', { menuItem: 'tiramisu', out: false })
  await pass(500)
  expect(restaurant.log.filter(({ event }) => event.kind === 'stock.set')).toHaveLength(1)
  expect(await auditOf(main)).toContain('cloudWithdraw ok -')
})

describe('a request that is refused as a whole', () => {
  test('is halved until the event that spoils it is alone; all others arrive in order', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    server.faults.fail = (call) => (call === 'append' ? AWAY : null)
    const placed = []
    for (let turn = 0; turn < 40; turn++) placed.push(await main.place())
    const [early, late] = [placed[3]?.order ?? '', placed[31]?.order ?? '']
    await main.bump(late)
    server.faults.spoil = ({ order, kind }) => (order === early || order === late) && kind === 'item.added'
    server.faults.fail = null
    const before = server.calls.length
    main.core.woke()
    await pass(2_000)
    expect(server.calls.slice(before).filter(({ call }) => call === 'append').length).toBeLessThan(22)
    const { parked } = await main.info()
    expect(parked.map(({ order, events }) => [order, events])).toEqual([
      [early, 1],
      [late, 2],
    ])
    expect(main.status()).toMatchObject({ state: 'live', outbox: 0, parked: 2 })
    expect(restaurant.log.filter(({ core }) => core === 'core-main').length).toBe(
      main.store.events.length - 3,
    )
    for (const { order } of placed)
      if (order !== early && order !== late) expect(states(bar)[order]).toBeDefined()
    server.faults.spoil = null
    for (const lane of [early, late])
      expect(await main.call('cloudRetry', { lane })).toMatchObject({ ok: true })
    await pass(500)
    expectEqual(restaurant, main, bar)
  })

  test('and is still refused alone when it is retried', async () => {
    const { server, pcs } = await evening('main')
    const [main] = pcs
    const placed = await main.place()
    await pass(100)
    server.faults.spoil = ({ order, kind }) => order === placed.order && kind === 'tasks.moved'
    await main.bump(placed.order)
    await main.recall(placed.order)
    await pass(500)
    expect(await main.call('cloudRetry', { lane: placed.order })).toMatchObject({
      ok: false,
      e: { params: { message: said('The request cannot be read.') } },
    })
    expect((await main.info()).parked).toMatchObject([{ events: 2, code: 'refused' }])
  })
})

test('batches hold 200 events at most, one under way at a time', async () => {
  const { server, pcs } = await evening('main', 'bar')
  const [main] = pcs
  server.faults.fail = (call) => (call === 'append' ? AWAY : null)
  const items = () => Array.from({ length: 150 }, () => ({ id: id(), menuItem: 'fries', quantity: 1 }))
  for (let turn = 0; turn < 3; turn++) await main.place(items())
  const before = server.calls.length
  server.faults.fail = null
  main.core.woke()
  await pass(2_000)
  const sizes = server.calls.slice(before).flatMap(({ call, events }) => (call === 'append' ? [events] : []))
  expect(sizes).toEqual([200, 200, 53])
  expect(server.most('append')).toBe(1)
})

test('a batch the server has no time for is sent in smaller parts, and larger ones again later', async () => {
  const { server, restaurant, pcs } = await evening('main', 'bar')
  const [main, bar] = pcs
  server.faults.fail = (call) => (call === 'append' ? AWAY : null)
  const items = () => Array.from({ length: 150 }, () => ({ id: id(), menuItem: 'fries', quantity: 1 }))
  for (let turn = 0; turn < 3; turn++) await main.place(items())
  const before = server.calls.length
  const sizes = () =>
    server.calls.slice(before).flatMap(({ call, events }) => (call === 'append' ? [events] : []))
  const busy: CloudFailure = { code: 'busy', says: said('Too much to do.') }
  // Counted in attempts: the pauses between them are random.
  const overwhelmed = () => sizes().length <= 4 && (sizes().at(-1) ?? 0) > 60
  server.faults.fail = (call) => (call === 'append' && overwhelmed() ? busy : null)
  main.core.woke()
  await pass(60_000)
  expect(main.status()).toMatchObject({ state: 'live', outbox: 0, parked: 0 })
  expect(sizes().slice(0, 6)).toEqual([200, 100, 50, 100, 50, 100])
  expectEqual(restaurant, main, bar)
})

describe('an event that takes the server too long', () => {
  const appends = (server: { calls: { call: string; events: number }[] }, from: number) =>
    server.calls.slice(from).flatMap(({ call, events }) => (call === 'append' ? [events] : []))

  test('is sent alone in the end; others overtake it, and its lane waits for a person', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    server.faults.fail = (call) => (call === 'append' ? AWAY : null)
    const placed = []
    for (let turn = 0; turn < 30; turn++) placed.push(await main.place())
    const [early, late] = [placed[2]?.order ?? '', placed[3]?.order ?? '']
    await main.bump(early)
    server.faults.slow = ({ order, kind }) => (order === early || order === late) && kind === 'item.added'
    server.faults.fail = null
    main.core.woke()
    await pass(30 * 60_000)
    const { parked } = await main.info()
    expect(parked.map(({ order, events, code }) => [order, events, code])).toEqual([
      [early, 2, 'tooLong'],
      [late, 1, 'tooLong'],
    ])
    expect(parked[0]?.says).toEqual(say('cloud.tooLong'))
    expect(main.status()).toMatchObject({ state: 'live', outbox: 0 })
    for (const { order } of placed)
      if (order !== early && order !== late)
        expect(states(bar)[order]?.items).toEqual(states(main)[order]?.items)
    server.faults.slow = null
    for (const lane of [early, late])
      expect(await main.call('cloudRetry', { lane })).toMatchObject({ ok: true })
    await pass(500)
    expectEqual(restaurant, main, bar)
  })

  test('is no reason to park anything while there is no time for others either, or hardly ever', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    server.faults.fail = (call) => (call === 'append' ? AWAY : null)
    for (let turn = 0; turn < 30; turn++) await main.place()
    let tries = 0
    // Alone or not, four of five times.
    server.faults.slow = () => tries++ % 5 !== 4
    server.faults.fail = null
    main.core.woke()
    await pass(10 * 60_000)
    server.faults.slow = () => true
    for (let turn = 0; turn < 5; turn++) await main.place()
    const before = server.calls.length
    await pass(60 * 60_000)
    expect(new Set(appends(server, before).slice(-20))).toEqual(new Set([1]))
    expect(main.status()).toMatchObject({ parked: 0 })
    server.faults.slow = null
    await pass(60_000)
    expect(main.status()).toMatchObject({ state: 'live', outbox: 0, parked: 0 })
    expectEqual(restaurant, main, bar)
  })

  test('waits as long as nothing else does; what is placed later goes past it', async () => {
    const { server, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    const order = id()
    server.faults.slow = (event) => event.order === order
    const items = [{ id: id(), menuItem: 'fries', quantity: 1 }]
    await main.run('placeOrder', { order, type: 'takeaway', items })
    await pass(10 * 60_000)
    expect(main.status()).toMatchObject({ parked: 0, outbox: 2 })
    const others = [await main.place(), await main.place(), await main.place()]
    await pass(10 * 60_000)
    for (const other of others) expect(states(bar)[other.order]).toBeDefined()
    expect((await main.info()).parked).toMatchObject([{ order, events: 2, code: 'tooLong' }])
  })
})

test('parking that cannot be saved is done before anything goes on', async () => {
  const { server, restaurant, pcs } = await evening('main', 'bar')
  const [main, bar] = pcs
  const order = id()
  server.faults.refuse = refusing(order)
  const { park } = main.store
  main.store.park = () => Promise.reject(new Error('The disk is full.'))
  const items = [{ id: id(), menuItem: 'fries', quantity: 1 }]
  await main.run('placeOrder', { order, type: 'takeaway', items })
  await pass(500)
  await main.place()
  await pass(5_000)
  expect(main.status()).toMatchObject({ parked: 0, says: say('cloud.fault', { text: 'The disk is full.' }) })
  main.store.park = park
  await pass(31_000)
  expect(main.status()).toMatchObject({ parked: 1, outbox: 0, says: null })
  server.faults.refuse = null
  expect(await main.call('cloudRetry', { lane: order })).toMatchObject({ ok: true })
  await pass(500)
  expectEqual(restaurant, main, bar)
})

test('a server that forgets to answer for an event gets the batch again', async () => {
  const { server, restaurant, pcs } = await evening('main', 'bar')
  const [main, bar] = pcs
  const device = restaurant.devices.get(main.device)
  expect(device).toBeDefined()
  server.faults.lose = (call) => call === 'append'
  await main.place()
  await main.restart()
  await pass(5_000)
  expect(main.status()).toMatchObject({ outbox: 2 })
  server.faults.lose = null
  await pass(31_000)
  expectEqual(restaurant, main, bar)
})
