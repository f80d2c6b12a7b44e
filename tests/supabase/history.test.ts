/** @file History on the real backend: orders that were archived while a PC was away, or before it was new, reach it; all end equal. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { times } from '../support/long.ts'
import { eventually } from '../support/progress.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { showLive } from './lib/claims.ts'
import { expectEqual, expectSameBoards, settled } from './lib/equal.ts'
import { cook, handOut, place, placeMany } from './lib/service.ts'
import { openRestaurant, openSite, type Site, signIn } from './lib/site.ts'

const ORDERS = times(60, 2_000)

describe('orders that were archived', needs('sql'), () => {
  let backend: TestBackend
  let restaurant: string
  let sites: Site[]
  let bar: Site
  let terrace: Site

  beforeAll(async () => {
    backend = await openBackend()
    ;({ restaurant, sites } = await openRestaurant(backend, ['Bar', 'Kitchen', 'Terrace']))
    ;[bar, , terrace] = sites as [Site, Site, Site]
  })
  afterAll(async () => {
    for (const site of sites) await site.stop()
    await backend.close()
  })

  async function serve(orders: readonly string[]): Promise<void> {
    for (const order of orders) {
      await cook(bar, order)
      expect(await handOut(bar, order)).toMatchObject({ ok: true })
    }
  }

  async function archive(): Promise<void> {
    let left = 1
    while (left > 0) {
      const [row] = await backend.sql<{ orders: number }>(
        `select (private.archive_orders($1, '-1 hour') ->> 'orders')::int as orders`,
        [restaurant],
      )
      left = row?.orders ?? 0
    }
  }

  const archived = async () =>
    (await backend.sql('select from order_archive where restaurant_id = $1', [restaurant])).length

  /** What the manager sees of a PC's past. */
  async function past(site: Site) {
    await signIn(site.client)
    const [closed, times] = [
      await site.client.call('recentTickets', { limit: 100 }),
      await site.client.call('ticketTimes', {}),
    ]
    if (!closed.ok || !times.ok) throw new Error('the manager is not answered')
    return { closed: closed.value.map(({ ticket }) => ticket.id), times: times.value }
  }

  async function allEqual(): Promise<void> {
    await settled(backend, restaurant, sites)
    await expectEqual(backend, restaurant, sites)
    await expectSameBoards(sites)
    const expected = await past(bar)
    for (const site of sites) expect(await past(site), site.name).toEqual(expected)
  }

  test('reach a PC that was away, and a new one, through a restart in the middle', async () => {
    const early = await placeMany(bar, 10)
    await serve(early.slice(0, 5))
    await settled(backend, restaurant, sites)
    await terrace.cable.pull()
    await serve(early.slice(5))
    await serve(await placeMany(bar, ORDERS))
    const open = await placeMany(bar, 3)
    await settled(backend, restaurant, sites.slice(0, 2))
    await archive()
    expect(await archived()).toBe(ORDERS + early.length)

    terrace.cable.plug()
    await showLive([terrace])
    await settled(backend, restaurant, sites)

    const fresh = await openSite(backend, 'New')
    sites.push(fresh)
    await fresh.join(restaurant, 'download')
    await eventually('the open orders', () => fresh.board.entries.size === open.length)
    await fresh.restart()
    await allEqual()
    expect(fresh.cloud()).toMatchObject({ outbox: 0, parked: 0 })
  })

  test('and what comes to them later, wherever they are by then', async () => {
    const [order] = await placeMany(bar, 1)
    await serve([order as string])
    await settled(backend, restaurant, sites)
    await archive()
    await bar.client.send('changeOrder', { order: order as string, note: 'paid twice' })
    await settled(backend, restaurant, sites)
    await terrace.cable.pull()
    await place(bar)
    await archive()
    terrace.cable.plug()
    await showLive([terrace])
    await allEqual()
  })
})
