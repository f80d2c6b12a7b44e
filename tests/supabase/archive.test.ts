/** @file Archiving: closed orders leave the log, yet nothing is lost, doubled or different for anybody, however late they come. */
import type { SupabaseClient } from '@supabase/supabase-js'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addresses } from '../../build/supabase/cluster.ts'
import { apply, applyRead, emptyState, type State } from '../../shared/domain/apply.ts'
import { canonical } from '../../shared/domain/canonical.ts'
import { type PlateEvent, parseEvent } from '../../shared/domain/events.ts'
import { applyAll } from '../unit/domain/history.ts'
import { bodies } from '../unit/domain/kit.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { event } from './lib/events.ts'
import { type Rows, storedRows } from './lib/projection.ts'
import { append, pull, Site } from './lib/projection-events.ts'
import { publishedCluster } from './lib/where.ts'

let backend: TestBackend
beforeAll(async () => {
  backend = await openBackend()
})
afterAll(() => backend?.close())

interface Archived {
  orders: number
  events: number
  floor: number
}

async function archive(restaurant: string, age = '-1 hour'): Promise<Archived> {
  const [row] = await backend.sql<{ done: Archived }>('select private.archive_orders($1, $2) as done', [
    restaurant,
    age,
  ])
  if (!row) throw new Error('no answer')
  return row.done
}

const rows = (restaurant: string): Promise<Rows> => storedRows(backend, restaurant)

interface Page {
  events: PlateEvent[]
  next: number
}

async function archivedAfter(
  device: SupabaseClient,
  after: number,
  until: number,
  limit: number,
): Promise<Page> {
  const { data, error } = await device.rpc('archived_after', {
    p_after: after,
    p_until: until,
    p_limit: limit,
  })
  expect(error).toBeNull()
  return data
}

/** Takes in what a device can still get: the log after its cursor, and what was archived beyond it. */
async function catchUp(device: SupabaseClient, state: State, after: number): Promise<void> {
  const take = (raw: unknown) => {
    const parsed = parseEvent(raw)
    if (parsed.as === 'garbage') throw new Error(JSON.stringify(parsed))
    applyRead(state, parsed)
  }
  const page = await pull(device, after)
  expect(page.next).toBe(page.head)
  for (const { event } of page.events) take(event)
  if (after >= page.floor) return
  for (let from = after; from < page.next; ) {
    const { events, next } = await archivedAfter(device, from, page.next, 2)
    for (const event of events) take(event)
    expect(next).toBeGreaterThan(from)
    from = next
  }
}

function published(site: Site, name: 'menu' | 'stations' | 'staff', version: number): PlateEvent {
  const stamp = `00177245280000${version}-000000-d`
  const envelope = { v: 1, order: null, at: site.now, stamp, device: 'd', staff: null, command: 'c' }
  return {
    ...envelope,
    id: site.fresh(),
    kind: 'document.published',
    data: { name, version, body: bodies[name] },
  }
}

/** A restaurant with a day behind it: some orders are closed, some open, and the menu was published twice. */
async function evening(number: number) {
  const restaurant = await backend.restaurant()
  const device = await backend.device(restaurant)
  const site = new Site(number)
  const documents = [published(site, 'menu', 1), published(site, 'staff', 1), published(site, 'menu', 2)]
  const closed = Array.from({ length: 6 }, () => site.place())
  const open = Array.from({ length: 3 }, () => site.place())
  for (const order of closed) site.serve(order)
  const events = [...documents, ...site.log]
  return { restaurant, device, site, events, closed, open }
}
type Evening = Awaited<ReturnType<typeof evening>>

describe('archiving', needs('sql'), () => {
  test('moves closed orders and superseded documents only, and only what is old enough', async () => {
    const { restaurant, device, site, events, closed, open } = await evening(1)
    await append(device, events)
    const before = await rows(restaurant)
    expect(await archive(restaurant, '1 hour')).toEqual({ orders: 0, events: 0, floor: 0 })
    const moved = site.log.filter((event) => closed.includes(event.order ?? '')).length
    const answer = await archive(restaurant)
    expect(answer).toMatchObject({ orders: closed.length, events: moved + 1 })
    expect(await archive(restaurant)).toEqual({ orders: 0, events: 0, floor: answer.floor })
    const left = await backend.sql<{ order_id: string; id: string }>(
      'select order_id, id from order_events where restaurant_id = $1',
      [restaurant],
    )
    expect(new Set(left.flatMap(({ order_id }) => order_id ?? []))).toEqual(new Set(open))
    expect(
      left
        .filter(({ order_id }) => order_id === null)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([events[1]?.id, events[2]?.id].sort())
    expect(await rows(restaurant)).toEqual(before)
    await backend.sql('select private.project_all($1)', [restaurant])
    expect(await rows(restaurant)).toEqual(before)
  })

  test('what is sent again afterwards gets its old seq; what comes late joins its order', async () => {
    const { restaurant, device, site, events, closed } = await evening(2)
    const [late] = closed as [string, ...string[]]
    const first = await append(device, events)
    await archive(restaurant)
    expect(await append(device, events)).toEqual(first)
    expect((await append(device, [{ ...site.log[0], at: 7 }])).results[0]?.refused?.code).toBe('idTaken')

    site.do('changeOrder', { order: late, note: 'late' })
    const more = await append(device, site.log.slice(-1))
    expect(more.head).toBe(first.head + 1)
    expect((await rows(restaurant)).orders.find(({ id }) => id === late)).toMatchObject({
      note: 'late',
      status: 'served',
    })
    expect(await archive(restaurant)).toMatchObject({ orders: 1, events: 1, floor: more.head })
    const { data } = await device.rpc('archived_events', { p_orders: [late] })
    expect(data.map(({ id }: PlateEvent) => id)).toEqual(
      site.log.filter(({ order }) => order === late).map(({ id }) => id),
    )
  })

  test('looks only at what is left to move: orders of which everything is in the archive are marked', async () => {
    const { restaurant, device, site, events, closed, open } = await evening(6)
    const left = () =>
      backend.sql(
        `select id from orders where restaurant_id = $1 and status in ('served', 'cancelled') and not archived`,
        [restaurant],
      )
    const [late, seen] = closed as [string, string, ...string[]]
    await append(device, events)
    expect(await left()).toHaveLength(closed.length)
    await archive(restaurant)
    expect(await left()).toEqual([])
    site.do('changeOrder', { order: late, note: 'late' })
    await append(device, [
      ...site.log.slice(-1),
      event('changes.acknowledged', seen, { station: 'grill', seen: [] }),
    ])
    expect((await left()).map(({ id }) => id).sort()).toEqual([late, seen].sort())
    await backend.sql('select private.project_all($1)', [restaurant])
    expect(await left()).toHaveLength(2)
    expect(await archive(restaurant)).toMatchObject({ orders: 2, events: 2 })
    await backend.sql('select private.project_all($1)', [restaurant])
    expect(await left()).toEqual([])
    const here = await backend.sql('select from orders where restaurant_id = $1 and not archived', [
      restaurant,
    ])
    expect(here).toHaveLength(open.length)
  })

  test('a device from below the floor ends as one that was always there', async () => {
    const { restaurant, device, site, events, open } = await evening(3)
    const half = Math.floor(events.length / 2)
    const early = events.slice(0, half)
    await append(device, early)
    const away = applyAll(early)
    await append(device, events.slice(half))
    const always = applyAll(events)
    const { floor } = await archive(restaurant)
    site.do('changeOrder', { order: open[0] as string, note: 'since' })
    await append(device, site.log.slice(-1))
    apply(always, site.log.at(-1) as PlateEvent)

    expect(half).toBeLessThan(floor)
    await catchUp(device, away, half)
    const newcomer = emptyState()
    await catchUp(await backend.device(restaurant), newcomer, 0)
    for (const late of [away, newcomer]) {
      expect(canonical(Object.fromEntries(late.orders))).toBe(canonical(Object.fromEntries(always.orders)))
      expect(canonical(late.documents)).toBe(canonical(always.documents))
    }
  })

  test('the archive is read in pages of so many orders, and of so many bytes', async () => {
    const { restaurant, device, site, events, closed } = await evening(9)
    await append(device, events)
    const { floor } = await archive(restaurant)
    const ordersOf = ({ events: read }: Page) => [...new Set(read.map(({ order }) => order))]
    const all = await archivedAfter(device, 0, floor, 500)
    expect(all.next).toBe(floor)
    expect(ordersOf(all).toSorted()).toEqual(closed.toSorted())
    const some = await archivedAfter(device, 0, floor, 4)
    expect(ordersOf(some)).toEqual(ordersOf(all).slice(0, 4))
    const others = await archivedAfter(device, some.next, floor, 4)
    expect([...ordersOf(some), ...ordersOf(others)]).toEqual(ordersOf(all))
    expect(others.next).toBe(floor)
    expect(await archivedAfter(device, floor, floor, 4)).toEqual({ events: [], next: floor })

    // What is added to an order moves it up, whole.
    const [first] = ordersOf(all)
    site.do('changeOrder', { order: first as string, note: 'late' })
    const { head } = await append(device, site.log.slice(-1))
    await archive(restaurant)
    const moved = await archivedAfter(device, floor, head, 4)
    expect(moved.events).toEqual(site.log.filter(({ order }) => order === first))

    await backend.sql(
      `update order_archive set events = jsonb_set(events, '{0,more}', to_jsonb(repeat('x', 300000))) where restaurant_id = $1`,
      [restaurant],
    )
    const large = await archivedAfter(device, 0, head, 500)
    expect(ordersOf(large)).toHaveLength(1)
    expect(ordersOf(await archivedAfter(device, large.next, head, 500))).toEqual(ordersOf(all).slice(2, 3))
  })

  test('an archive page is asked for in bounds', async () => {
    const device = await backend.device(await backend.restaurant())
    for (const [after, until, limit] of [
      [-1, 5, 5],
      [5, 4, 5],
      [0, 5, 0],
      [0, 5, 501],
      [0, null, 5],
    ]) {
      const { error } = await device.rpc('archived_after', {
        p_after: after,
        p_until: until,
        p_limit: limit,
      })
      expect(error).toMatchObject({ hint: 'invalid' })
    }
  })

  test('when the newest events are archived too, a device still comes to the head', async () => {
    const { restaurant, device, events } = await evening(5)
    const { head } = await append(device, events)
    expect(await archive(restaurant)).toMatchObject({ floor: head })
    const newcomer = await backend.device(restaurant)
    let page = await pull(newcomer, 0)
    while (page.events.length) page = await pull(newcomer, page.next)
    expect(page).toMatchObject({ next: head, head })
    // A cursor of a log that was longer once is not moved back.
    expect(await pull(newcomer, head + 5)).toMatchObject({ events: [], next: head + 5, head })
    // What a device holds from there may be what was archived: nobody can tell any more.
    const args = { p_after: page.next, p_limit: 9, p_core: 'x', p_event: 'archived' }
    expect((await newcomer.rpc('pull_events', args)).data).toMatchObject({
      same: true,
      next: head,
      last: null,
    })
  })

  test("another restaurant's archive stays its own, and a device asks for 500 orders at most", async () => {
    const { restaurant, device, events, closed } = await evening(4)
    await append(device, events)
    await archive(restaurant)
    const stranger = await backend.device(await backend.restaurant())
    expect((await stranger.rpc('archived_events', { p_orders: closed })).data).toEqual([])
    expect(await archivedAfter(stranger, 0, 1_000, 9)).toEqual({ events: [], next: 1_000 })
    const { error } = await device.rpc('archived_events', { p_orders: Array.from({ length: 501 }, String) })
    expect(error).toMatchObject({ hint: 'tooLarge' })
  })
})

/** Closed orders of two events each, as they were 100 days ago. */
async function past(restaurant: string, orders: number): Promise<void> {
  await backend.sql('alter table order_events disable trigger user')
  await backend.sql(
    `insert into order_events (restaurant_id, seq, id, order_id, kind, v, at, stamp, device, command, data, pushed_by, pushed_core, received_at)
     select $1, n * 2 + k, 'event-' || n * 2 + k, 'order-' || n, 'order.changed', 1, 1, '000000000000001-000000-d', 'd', 'c', '{}', gen_random_uuid(),
       'core', now() - interval '100 days' from generate_series(1, $2::int) n, generate_series(1, 2) k`,
    [restaurant, orders],
  )
  await backend.sql('alter table order_events enable trigger user')
  await backend.sql(
    `insert into orders (restaurant_id, id, number, day, type, covers, note, priority, status, opened_at, in_kitchen, total, updated_seq, updated_at)
     select $1, 'order-' || n, n, '2026-08-14', 'dineIn', 2, '', 'normal', 'served', now(), true, 1, n, now() - interval '100 days'
     from generate_series(1, $2::int) n`,
    [restaurant, orders],
  )
}

/** The job of the night, as docs/operations.md has it. */
const night = (age: string) => `do $do$ declare place uuid := private.archive_step('${age}'); begin
  while place is not null loop commit; place := private.archive_step('${age}', place); end loop; end $do$`

describe('archiving all restaurants, at night', needs('sql'), () => {
  const archivedOf = async (restaurant: string) =>
    (await backend.sql('select from order_archive where restaurant_id = $1', [restaurant])).length

  test('moves everything there is, a few hundred orders in a transaction', async () => {
    const restaurant = await backend.restaurant()
    await past(restaurant, 700)
    await backend.sql(night('90 days'))
    const parts = await backend.sql<{ orders: number }>(
      'select count(*)::int as orders from order_archive where restaurant_id = $1 group by archived_at order by 1 desc',
      [restaurant],
    )
    expect(parts).toEqual([{ orders: 300 }, { orders: 300 }, { orders: 100 }])
  })

  test('does what it can when one of them cannot be archived', async () => {
    const places = [await backend.restaurant(), await backend.restaurant()].sort()
    const [bad, good] = places as [string, string]
    for (const place of places) await past(place, 1)
    await backend.sql(`alter table order_archive add constraint no_room check (restaurant_id <> '${bad}')`)
    await backend.sql(night('90 days'))
    await backend.sql('alter table order_archive drop constraint no_room')
    expect([await archivedOf(bad), await archivedOf(good)]).toEqual([0, 1])
  })

  test('lets the first go on while the second is still at it', needs('faults'), async () => {
    const evenings = [await evening(7), await evening(8)]
    for (const { device, events } of evenings) await append(device, events)
    const [first, second] = evenings.sort((a, b) => (a.restaurant < b.restaurant ? -1 : 1)) as [
      Evening,
      Evening,
    ]
    const [row] = await backend.sql<{ name: string }>('select current_database() as name')
    const other = postgres(addresses(publishedCluster() ?? 0).url(row?.name ?? ''), { max: 1 })
    const { promise: held, resolve: holds } = Promise.withResolvers<void>()
    const { promise: enough, resolve: release } = Promise.withResolvers<void>()
    const holding = other.begin(async (sql) => {
      await sql`select from private.counters where restaurant_id = ${second.restaurant} for update`
      holds()
      await enough
    })
    await held
    const archiving = backend.sql(night('-1 hour'))
    const waits = `select from pg_stat_activity where wait_event_type = 'Lock' and query like 'do $do$%archive_step%'`
    await expect.poll(() => backend.sql(waits)).toHaveLength(1)
    first.site.do('changeOrder', { order: first.closed[0] as string, note: 'meanwhile' })
    await append(first.device, first.site.log.slice(-1))
    expect(await archivedOf(first.restaurant)).toBe(first.closed.length)
    release()
    await Promise.all([holding, archiving])
    await other.end()
    expect(await archivedOf(second.restaurant)).toBe(second.closed.length)
  })
})
