/** @file Every query of the app on a history of 200,000 orders reads no big table from end to end and looks at few pages: what bounds its time on any machine. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PAGE } from '../../main/core/cloud/inbound.ts'
import { CLAIM } from '../../main/core/cloud/intake.ts'
import { type AppQuery, appQueries, fullBatches, HEAD, inHand, openOrders } from './lib/app-queries.ts'
import { needs } from './lib/backend.ts'
import { type LargeRestaurant, openLargeRestaurant } from './lib/large-restaurant.ts'

/** Pages of 8 kB. */
const QUERY_PAGES = 1_000
const BATCH_PAGES = 20_000

const named = (queries: AppQuery[]) => queries.map(([who, what], index) => [who, what, index] as const)

describe('on 200,000 orders', needs('sql'), () => {
  let large: LargeRestaurant
  beforeAll(async () => {
    large = await openLargeRestaurant()
  })
  afterAll(() => large?.close())

  async function expectWithin([who, , text]: AppQuery, most: number): Promise<void> {
    const { scanned, pages, plan } = await large.measure(who, text, 0)
    expect(scanned, plan).toEqual([])
    expect(pages, plan).toBeLessThan(most)
  }

  test.each(named(appQueries('')))('%s: %s', (_who, _what, index) =>
    expectWithin(appQueries(large.id)[index] as AppQuery, QUERY_PAGES),
  )

  test.each(named(fullBatches()))('%s: a full batch, %s', (_who, _what, index) =>
    expectWithin(fullBatches()[index] as AppQuery, BATCH_PAGES),
  )

  test('what is measured finds something, and a query without an index is noticed', async () => {
    const rowsOf = async (who: AppQuery[0], text: string, times = 0) =>
      (await large.measure(who, text, times)).rows
    expect(await rowsOf('manager', openOrders(large.id))).toBe(60)
    expect(await rowsOf('server', openOrders(large.id))).toBe(3)
    expect(await rowsOf('cook', inHand(large.id))).toBe(120)
    expect(await rowsOf('server', inHand(large.id))).toBe(6)
    expect(await rowsOf('device', `select jsonb_array_elements(claim_intake(${CLAIM}))`, 1)).toBe(CLAIM)
    const page = `select jsonb_array_elements(pull_events(${HEAD - PAGE}, ${PAGE}, 'x') -> 'events')`
    expect(await rowsOf('device', page)).toBe(PAGE)
    const slow = await large.measure(
      'manager',
      `select * from orders where note = 'nobody looks for notes'`,
      0,
    )
    expect(slow.scanned).toEqual(['orders'])
  })
})
