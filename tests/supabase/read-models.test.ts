/** @file The read models under strain: what cannot be read holds back nothing else, and many orders at once are brought up to date in time. */

import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Envelope } from '../../shared/domain/events.ts'
import { within } from '../support/progress.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { event, orderEvents } from './lib/events.ts'
import { append } from './lib/projection-events.ts'

let backend: TestBackend
beforeAll(async () => {
  backend = await openBackend()
})
afterAll(() => backend?.close())

async function room(): Promise<{ id: string; device: SupabaseClient }> {
  const id = await backend.restaurant()
  return { id, device: await backend.device(id) }
}

const failures = (restaurant: string) =>
  backend.sql<{ detail: unknown }>(
    `select detail from audit_log where restaurant_id = $1 and action = 'projection.failed'`,
    [restaurant],
  )

/** Sends JSON as it is written: JavaScript has no way to write 7.0. */
async function appendText(device: SupabaseClient, events: string): Promise<void> {
  const { data } = await device.auth.getSession()
  const response = await fetch(`${backend.url}/rest/v1/rpc/append_events`, {
    method: 'POST',
    headers: {
      apikey: backend.publishableKey,
      authorization: `Bearer ${data.session?.access_token}`,
      'content-type': 'application/json',
    },
    body: `{"p_batch": {"core": "core", "events": ${events}}}`,
  })
  expect(response.status).toBe(200)
}

describe('what another program might send', needs('sql'), () => {
  test('whole numbers with decimals', async () => {
    const { id, device } = await room()
    const [opened, added] = orderEvents('decimals') as [Envelope, Envelope & { data: { line: object } }]
    added.data.line = {
      ...added.data.line,
      seat: 71,
      modifiers: [{ id: 'cream', name: 'Cream', price: 72 }],
    }
    const text = JSON.stringify([opened, added])
      .replace('"seat":71', '"seat":7.0')
      .replace('"price":72', '"price":50.0')
    expect(text.match(/[70]\.0/g)).toHaveLength(2)
    await appendText(device, text)
    expect(await failures(id)).toEqual([])
    const rows = await backend.sql(
      'select seat, price::int, status from order_items where restaurant_id = $1',
      [id],
    )
    expect(rows).toEqual([{ seat: 7, price: 700, status: 'confirmed' }])
  })

  test('fields that nobody knows are no change', async () => {
    const { id, device } = await room()
    const events = orderEvents('unknown', { number: '7' }) as [
      Envelope,
      Envelope & { data: { item: string } },
    ]
    const { item } = events[1].data
    const fields: object = { number: '99', day: 5, price: 'free', name: 'Steak', note: 'hot' }
    await append(device, [
      ...events,
      event('order.changed', 'unknown', { fields }),
      event('item.changed', 'unknown', { item, fields, notify: false }),
    ])
    expect(await failures(id)).toEqual([])
    const rows = await backend.sql(
      `select o.number, o.note, i.name, i.price::int, i.note as item_note from orders o
       join order_items i on i.restaurant_id = o.restaurant_id and i.order_id = o.id where o.restaurant_id = $1`,
      [id],
    )
    expect(rows).toEqual([{ number: '7', note: 'hot', name: 'Soup', price: 650, item_note: 'hot' }])
  })
})

describe('an order that cannot be brought up to date', needs('sql'), () => {
  test('stays behind alone: the log, the other orders and the house go on, and the audit log says so', async () => {
    const { id, device } = await room()
    await backend.sql(`alter table orders add constraint no_thirteen check (number <> '13')`)
    const [bad, good] = [orderEvents('bad', { number: '13' }), orderEvents('good')]
    const out = event('stock.set', null, { menuItem: 'soup', out: true })
    const { head } = await append(device, [...bad, ...good, out])
    await backend.sql('alter table orders drop constraint no_thirteen')

    expect(head).toBe(bad.length + good.length + 1)
    const orders = () => backend.sql('select id from orders where restaurant_id = $1 order by id', [id])
    expect(await orders()).toEqual([{ id: 'good' }])
    expect(await backend.sql('select menu_item, out from stock where restaurant_id = $1', [id])).toEqual([
      { menu_item: 'soup', out: true },
    ])
    expect(await failures(id)).toMatchObject([{ detail: { orders: ['bad'], code: '23514' } }])
    await append(device, [event('order.changed', 'bad', { fields: { note: 'again' } })])
    expect(await orders()).toEqual([{ id: 'bad' }, { id: 'good' }])
  })
})

describe('an error that passes', needs('sql'), () => {
  test.each(['40P01', '53200', '55P03', '57P01', '58030', 'XX000'])(
    '%s leaves nothing behind: the call fails as a whole, and sent again everything is there',
    async (code) => {
      const { id, device } = await room()
      const name = `once_${code.toLowerCase()}`
      await backend.sql(`create function private.${name}() returns trigger language plpgsql as $$
        begin raise exception using errcode = '${code}', message = 'in a moment'; end $$`)
      await backend.sql(
        `create trigger ${name} before insert on orders for each row when (new.restaurant_id = '${id}') execute function private.${name}()`,
      )
      const events = [...orderEvents(`one-${code}`), ...orderEvents(`two-${code}`)]
      await expect(append(device, events)).rejects.toMatchObject({ code })
      await backend.sql(`drop trigger ${name} on orders`)
      expect(await backend.sql('select from order_events where restaurant_id = $1', [id])).toEqual([])
      expect((await append(device, events)).head).toBe(events.length)
      expect(await backend.sql('select from orders where restaurant_id = $1', [id])).toHaveLength(2)
      expect(await failures(id)).toEqual([])
    },
  )
})

describe('many orders at once', () => {
  test('a batch that touches 400 large orders is done long before the database gives up on it', async () => {
    const { device } = await room()
    const orders = Array.from({ length: 400 }, (_, n) => `order-${n}`)
    const course = { id: 'main', name: 'Main', order: 1 }
    const history = orders.flatMap((order) => {
      const events = orderEvents(order, { lines: Array.from({ length: 12 }, () => 'held' as const) })
      for (const { data } of events.slice(1)) (data as { line: object }).line = { ...line(data), course }
      return [...events, event('course.fired', order, { course: 'main' })]
    })
    for (let from = 0; from < history.length; from += 500)
      await append(device, history.slice(from, from + 500))
    const late = orders.map((order) => event('order.changed', order, { fields: { note: 'late' } }))
    await within(5_000, 'the batch', append(device, late))
  })
})

describe('one order with very much in it', needs('sql'), () => {
  test('450 lines that wait for a course fired 3,000 times: each goes with the first fire after it', async () => {
    const { id, device } = await room()
    const [opened, added] = orderEvents('huge', { lines: ['held'] }) as [Envelope, Envelope]
    const data = {
      ...(added.data as object),
      line: { ...line(added.data), course: { id: 'main', name: 'Main', order: 1 } },
    }
    await append(device, [opened, { ...added, data }])
    // Lines at 10, 20 … 4500; fires at 1, 3 … 5999: the next after a line's moment is the moment after.
    await backend.sql('alter table order_events disable trigger user')
    await backend.sql(
      `insert into order_events (restaurant_id, seq, id, order_id, kind, v, at, stamp, device, command, data, pushed_by, pushed_core)
       select $1, 10 + row_number() over (order by n.at), n.kind || n.at, 'huge', n.kind, 1, n.at, lpad(n.at::text, 15, '0') || '-000000-d', 'd', 'c',
         n.data, gen_random_uuid(), 'core'
       from (
         select g * 10 as at, 'item.added' as kind, ($2::text)::jsonb || jsonb_build_object('item', 'line-' || g) as data from generate_series(1, 450) g
         union all select g * 2 - 1, 'course.fired', '{"course": "main"}' from generate_series(1, 3000) g) n`,
      [id, JSON.stringify(data)],
    )
    await backend.sql('alter table order_events enable trigger user')
    await backend.sql('update private.counters set seq = 10000 where restaurant_id = $1', [id])
    // The database gives up after 8 seconds.
    await append(device, [event('order.changed', 'huge', { fields: { note: 'now' } })])
    expect(await failures(id)).toEqual([])
    const rows = await backend.sql<{ waited: number; lines: number }>(
      `select extract(epoch from released_at - added_at)::float8 * 1000 as waited, count(*)::int as lines
       from order_items where restaurant_id = $1 group by 1 order by 1`,
      [id],
    )
    expect(rows).toEqual([
      { waited: 1, lines: 450 },
      { waited: null, lines: 1 },
    ])
  })
})

const line = (data: unknown): object => (data as { line: object }).line
