/** @file Two PCs do something to the same order without knowing of each other: the merge rules decide, and the audit log tells. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Clock } from '../../main/core/ports.ts'
import { answerFor, answersFor, startFor } from '../../shared/domain/shown.ts'
import { machineClock } from '../support/ports.ts'
import { openBackend, type TestBackend } from './lib/backend.ts'
import { showAlarm, shows } from './lib/claims.ts'
import { expectEqual, expectSameBoards, settled } from './lib/equal.ts'
import { auditOf, place, placeMany, ticket } from './lib/service.ts'
import { openRestaurant, openSite, type Site } from './lib/site.ts'

const MINUTE = 60_000
const skewed = (ms: number): Clock => ({ ...machineClock, now: () => machineClock.now() + ms })

describe('two PCs at odds', () => {
  let backend: TestBackend
  let restaurant: string
  let sites: Site[]
  let bar: Site
  let kitchen: Site
  beforeAll(async () => {
    backend = await openBackend()
    ;({ restaurant, sites } = await openRestaurant(backend, ['Bar', 'Kitchen']))
    ;[bar, kitchen] = sites as [Site, Site]
  })
  afterAll(async () => {
    for (const site of sites) await site.stop()
    await backend.close()
  })

  async function meet(): Promise<void> {
    for (const site of sites) site.cable.plug()
    await settled(backend, restaurant, sites)
    await expectEqual(backend, restaurant, sites)
    await expectSameBoards(sites)
  }

  /** The bar changes and cooks the first dish of an order; the kitchen meanwhile voids all of it. */
  async function apart(order: string): Promise<void> {
    const { items } = await ticket(bar, order)
    const [first] = items
    if (!first) throw new Error('an order without items')
    await bar.client.send('changeItem', { order, item: first.id, quantity: 3, note: 'extra hot' })
    const [changed = first] = (await ticket(bar, order)).items
    for (const task of changed.tasks) {
      await bar.client.send('startTask', { order, ...startFor(changed, task) })
      await bar.client.send('bumpTask', { order, ...answerFor(changed, task) })
    }
    for (const one of items)
      await kitchen.client.send('voidItem', { order, item: one.id, reason: 'guests left' })
  }

  test('one is away with 500 queued events while the other voids the same orders', async () => {
    const orders = await placeMany(bar, 100)
    await settled(backend, restaurant, sites)
    bar.cable.pull()
    await shows('that it is away', [bar], ({ state }) => state === 'away')
    // As many at once as people would do, not as a screen would be stopped for.
    for (let from = 0; from < orders.length; from += 20)
      await Promise.all(orders.slice(from, from + 20).map(apart))
    const more = await placeMany(bar, 100)
    await shows('500 events that wait', [bar], ({ outbox }) => outbox >= 500)
    await meet()
    for (const order of orders) {
      for (const site of sites)
        expect((await ticket(site, order)).items.every((item) => item.status === 'voided')).toBe(true)
    }
    for (const order of more) expect((await ticket(kitchen, order)).id).toBe(order)
    const merges = (await auditOf(bar, orders[0])).concat(await auditOf(kitchen, orders[0]))
    expect(
      merges
        .filter((row) => row.name === 'merge')
        .map((row) => JSON.stringify(row.says))
        .join('\n'),
    ).toMatch(/void/i)
  })

  test('both bump the same item at once: done once, and the log says so', async () => {
    const order = await place(bar, { dish: 'fries', lines: 1 })
    await settled(backend, restaurant, sites)
    for (const site of sites) site.cable.pull()
    const tasks = answersFor(await ticket(bar, order))
    const bumps = await Promise.all(
      sites.map((site) => site.client.send('bumpTicket', { order, station: 'fryer', tasks })),
    )
    expect(bumps.every((answer) => answer.ok)).toBe(true)
    await meet()
    expect((await ticket(bar, order)).items.map((item) => item.status)).toEqual(['ready'])
    const merges = (await auditOf(bar, order)).concat(await auditOf(kitchen, order))
    expect(merges.some((row) => row.name === 'merge')).toBe(true)
  })

  test('the same through a live connection, a hundred times', async () => {
    const orders = await placeMany(bar, 50, { lines: 1 })
    await settled(backend, restaurant, sites)
    for (const order of orders) {
      const shown = await ticket(bar, order)
      const station = shown.items[0]?.tasks[0]?.station ?? ''
      const tasks = answersFor(shown)
      await Promise.all(sites.map((site) => site.client.send('bumpTicket', { order, station, tasks })))
    }
    await meet()
  })

  test('clocks ten minutes apart: the newer word wins by what each has seen, nobody wins for ever', async () => {
    const late = await openSite(backend, 'Late', { clock: skewed(-10 * MINUTE) })
    const early = await openSite(backend, 'Early', { clock: skewed(10 * MINUTE) })
    sites.push(late, early)
    await late.join(restaurant)
    await early.join(restaurant)
    await Promise.all([late, early].map((site) => showAlarm(site, /clock/i)))
    const order = await place(early, { dish: 'fries', lines: 1 })
    await settled(backend, restaurant, sites)
    const [item] = (await ticket(late, order)).items
    const change = { order, item: item?.id ?? '' }
    expect((await late.client.send('changeItem', { ...change, quantity: 7 })).ok).toBe(true)
    await meet()
    for (const site of sites) expect((await ticket(site, order)).items[0]?.quantity).toBe(7)
    expect((await bar.client.send('changeItem', { ...change, quantity: 2 })).ok).toBe(true)
    await meet()
    for (const site of sites) expect((await ticket(site, order)).items[0]?.quantity).toBe(2)
  })
})
