/** @file What the fault tests compare with: it notices whatever is missing or different on a PC, in the log or in the server's tables. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { expectEqual, settled } from './lib/equal.ts'
import { cook, place } from './lib/service.ts'
import { openRestaurant, type Site } from './lib/site.ts'

describe('the comparison of PCs and server', needs('sql'), () => {
  let backend: TestBackend
  let restaurant: string
  let bar: Site
  beforeAll(async () => {
    backend = await openBackend()
    const opened = await openRestaurant(backend, ['Bar'])
    restaurant = opened.restaurant
    bar = opened.sites[0] as Site
    await cook(bar, await place(bar))
    await settled(backend, restaurant, [bar])
  })
  afterAll(async () => {
    await bar.stop()
    await backend.close()
  })

  const compare = () => expectEqual(backend, restaurant, [bar])

  test('a row that says something else than the log', async () => {
    await compare()
    await backend.sql('update orders set total = total + 1')
    await expect(compare()).rejects.toThrow(/tables.*orders.*instead of/s)
    await backend.sql('update orders set total = total - 1')
    await backend.sql('update order_items set status = $1', ['served'])
    await expect(compare()).rejects.toThrow(/tables.*order_items/s)
    await backend.sql('select private.project_all($1)', [restaurant])
    await compare()
  })

  test('something acknowledged that is nowhere', async () => {
    bar.acknowledged.commands.set('lost', 'bumpTicket')
    await expect(compare()).rejects.toThrow(/acknowledged.*bumpTicket lost/s)
    bar.acknowledged.commands.delete('lost')
    const [order] = bar.acknowledged.orders.values()
    order?.items.push('dropped')
    await expect(compare()).rejects.toThrow(/dishes.*dropped/s)
    order?.items.pop()
    expect(bar.acknowledged.commands.size).toBeGreaterThan(1)
    await compare()
  })

  test('tables that nobody keeps up to date', async () => {
    await backend.sql('alter table order_events disable trigger user')
    await place(bar)
    await settled(backend, restaurant, [bar])
    await expect(compare()).rejects.toThrow(/orders has 1 rows instead of 2/)
    await backend.sql('alter table order_events enable trigger user')
    await backend.sql('select private.project_all($1)', [restaurant])
    await compare()
  })
})
