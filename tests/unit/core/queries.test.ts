/** @file Unit tests of the queries: what left a board lately, one order, times of a day. */
import { describe, expect, test } from 'vitest'
import { order, recentTickets, ticketTimes } from '../../../main/core/queries.ts'
import { bumpOf, recallOf, serveOf } from '../../support/pressed.ts'
import { command, id, memoryStore, placing, testEngine } from './kit.ts'

type Rig = Awaited<ReturnType<typeof testEngine>>
const MINUTE = 60_000

async function fries(rig: Rig, minutes: number, more = {}): Promise<string> {
  const order = id()
  await rig.engine.submit(placing(order, 'fries', more))
  rig.clock.pass(minutes * MINUTE)
  await rig.engine.submit(command('bumpTicket', bumpOf(rig.state, order, 'fryer')))
  return order
}

describe('recent tickets', () => {
  test('of a station are those it bumped, newest first, at the time it bumped them', async () => {
    const rig = await testEngine()
    const first = await fries(rig, 1)
    const bumped = rig.clock.now()
    const second = await fries(rig, 1)
    await rig.engine.submit(placing())
    rig.clock.pass(MINUTE)
    await rig.engine.submit(command('serve', serveOf(rig.state, first)))
    const recent = await recentTickets(rig.state, rig.store, { station: 'fryer', limit: 10 })
    expect(recent.map(({ ticket }) => ticket.id)).toEqual([second, first])
    expect(recent[1]?.doneAt).toBe(bumped)
    expect(await recentTickets(rig.state, rig.store, { station: 'grill', limit: 10 })).toEqual([])
  })

  test('of the pass are those that closed, at the time they were served or cancelled', async () => {
    const rig = await testEngine()
    const [served, cancelled] = [await fries(rig, 1), id()]
    await rig.engine.submit(
      placing(cancelled, 'fries', { items: [{ id: id(), menuItem: 'fries', quantity: 1, hold: true }] }),
    )
    rig.clock.pass(MINUTE)
    await rig.engine.submit(command('serve', serveOf(rig.state, served)))
    rig.clock.pass(MINUTE)
    await rig.engine.submit(command('cancelOrder', { order: cancelled, reason: 'gone' }))
    const recent = await recentTickets(rig.state, rig.store, { limit: 10 })
    expect(recent.map(({ ticket, doneAt }) => [ticket.id, rig.clock.now() - doneAt])).toEqual([
      [cancelled, 0],
      [served, MINUTE],
    ])
  })

  test('reach back into the store, without showing an order twice or one that is back on its board', async () => {
    const rig = await testEngine()
    const orders = [await fries(rig, 1), await fries(rig, 1), await fries(rig, 1)]
    for (const each of orders) {
      rig.clock.pass(MINUTE)
      await rig.engine.submit(command('serve', serveOf(rig.state, each)))
    }
    const recall = recallOf(rig.state, orders[1] ?? '', 'fryer')
    rig.engine.evict(rig.clock.now() + 1)
    await rig.engine.submit(command('recallTicket', recall))
    const recent = await recentTickets(rig.state, rig.store, { station: 'fryer', limit: 10 })
    expect(recent.map(({ ticket }) => ticket.id)).toEqual([orders[2], orders[0]])
    const [newest] = await recentTickets(rig.state, rig.store, { station: 'fryer', limit: 1 })
    expect(newest?.ticket.id).toBe(orders[2])
  })
})

test('an order is found in memory and in the store', async () => {
  const rig = await testEngine()
  const one = await fries(rig, 1)
  await rig.engine.submit(command('serve', serveOf(rig.state, one)))
  expect(await order(rig.state, rig.store, one)).toMatchObject({
    ok: true,
    value: { id: one, status: 'served' },
  })
  rig.engine.evict(rig.clock.now() + 1)
  expect(await order(rig.state, rig.store, one)).toMatchObject({ ok: true, value: { id: one } })
  expect(await order(rig.state, memoryStore(), one)).toMatchObject({
    ok: false,
    error: { code: 'unknownOrder' },
  })
})

describe('ticket times', () => {
  test('are medians and nearest ranks of what each station took, with the worst tickets', async () => {
    const rig = await testEngine()
    for (const minutes of [1, 2, 3, 4, 5, 6, 7, 8, 9, 20]) await fries(rig, minutes)
    const open = id()
    await rig.engine.submit(placing(open))
    const cancelled = await fries(rig, 60)
    await rig.engine.submit(command('cancelOrder', { order: cancelled, reason: 'gone' }))
    const [fryer, ...others] = await ticketTimes(rig.state, rig.store, rig.clock.now())
    expect(others).toEqual([])
    expect(fryer).toMatchObject({ station: 'fryer', tickets: 10, medianMs: 5 * MINUTE, p90Ms: 9 * MINUTE })
    expect(fryer?.worst.map((span) => span.ms / MINUTE)).toEqual([20, 9, 8, 7, 6])
    expect(fryer?.worst[0]?.number).toBe('10')
  })

  test('of a day without orders are none', async () => {
    const rig = await testEngine()
    await fries(rig, 1)
    expect(await ticketTimes(rig.state, rig.store, rig.clock.now(), '2020-01-01')).toEqual([])
  })
})
