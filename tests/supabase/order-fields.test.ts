/** @file A field of an order that a migration adds: events may say it, orders have a column of it, and programs may say it when it is time. */
import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EventKind } from '../../shared/domain/events.ts'
import { paramsOf, refusalOf } from './lib/answers.ts'
import { openBackend, type TestBackend } from './lib/backend.ts'
import { event, orderEvents } from './lib/events.ts'
import { order as asked, place } from './lib/intake.ts'
import { append, codes } from './lib/projection-events.ts'

let backend: TestBackend
let restaurant: string
let device: SupabaseClient
beforeAll(async () => {
  backend = await openBackend()
  restaurant = await backend.restaurant()
  device = await backend.device(restaurant)
})
afterAll(() => backend?.close())

type Json = Record<string, unknown>

/** An order that says `pager` when it is opened. */
function opening(order: string, pager?: unknown): Json[] {
  const [opened, ...rest] = orderEvents(order) as unknown as [Json, ...Json[]]
  return [{ ...opened, data: { ...(opened.data as Json), pager } }, ...rest]
}
const change = (order: string, pager: unknown): Json =>
  event('order.changed' as EventKind, order, { fields: { pager } } as never) as unknown as Json

const pagers = async () =>
  Object.fromEntries(
    (
      await backend.sql<{ id: string; pager: string; pages: number }>(
        'select id, pager, pages from orders where restaurant_id = $1',
        [restaurant],
      )
    ).map(({ id, pager, pages }) => [id, [pager, pages]]),
  )

test('a migration of three statements adds a field, also to what came before it', async () => {
  const [early, odd, late, plain] = ['early', 'odd', 'late', 'plain']
  await append(device, [...opening(early, 'A'), change(early, 'B'), ...opening(odd, { of: 1 })])
  await backend.sql(`select private.add_order_field('pager', 'text:20')`)
  await backend.sql(`select private.add_order_field('pages', 'int:0:9')`)
  await backend.sql(`alter table public.orders
    add column pager text not null generated always as (coalesce(fields ->> 'pager', '')) stored,
    add column pages int not null generated always as (coalesce((fields -> 'pages')::int, 0)) stored`)
  await backend.sql('select private.project_everything()')
  expect(await pagers()).toEqual({ [early]: ['B', 0], [odd]: ['', 0] })

  const [first, ...rest] = opening(late, 'C') as [Json, ...Json[]]
  await append(device, [{ ...first, data: { ...(first.data as Json), pages: 3 } }, ...rest] as never)
  await append(device, opening(plain) as never)
  const rows = { [early]: ['B', 0], [odd]: ['', 0], [late]: ['C', 3], [plain]: ['', 0] }
  expect(await pagers()).toEqual(rows)
  // What is of no shape that the field can have is refused by now.
  const wrong = [opening('wrong', 7)[0], change(late, null), change(late, ['x'])] as Json[]
  expect(await codes(device, wrong)).toEqual(['invalid', 'invalid', 'invalid'])
  await append(device, [change(late, 'D')] as never)
  expect(await pagers()).toEqual({ ...rows, [late]: ['D', 3] })
})

test('other programs may say it once the migration after says so', async () => {
  const website = await backend.person(restaurant, 'server', 'web')
  const unknown = await place(website, asked({ pager: 'A' }))
  expect(paramsOf(refusalOf(unknown))).toMatchObject({ name: 'pager' })
  await backend.sql(`update private.order_fields set asked = true where name = 'pager'`)
  expect((await place(website, asked({ pager: 'A' }))).error).toBeNull()
  const long = await place(website, asked({ pager: 'x'.repeat(21) }))
  expect(paramsOf(refusalOf(long))).toMatchObject({ rule: { code: 'cloud.ruleText', params: { most: 20 } } })
})
