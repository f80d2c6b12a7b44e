/** @file Intake as time goes by: what nobody took, what was decided long ago, what is in the log already. On the database, through the API. */
import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { got, idOf, refusalOf } from './lib/answers.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { event, orderEvents } from './lib/events.ts'
import { intakeOf, order, place, type Status } from './lib/intake.ts'

let backend: TestBackend
let restaurant: string
let website: SupabaseClient
let device: SupabaseClient

beforeAll(async () => {
  backend = await openBackend()
  restaurant = await backend.restaurant('Roma')
  website = await backend.person(restaurant, 'server', 'web')
  device = await backend.device(restaurant)
})
afterAll(() => backend.close())

const { placed, status, claim, append } = intakeOf(() => ({ website, device }))

describe('after an hour', needs('sql'), () => {
  const expired = {
    status: 'refused',
    code: 'expired',
    params: null,
    message: null,
  }
  const age = (id: string, minutes: number, claimedSeconds: number | null = null) =>
    backend.sql(
      `update order_intake set created_at = now() - make_interval(mins => $2),
       claimed_at = now() - make_interval(secs => $3) where id = $1`,
      [id, minutes, claimedSeconds],
    )

  test('a request that nobody took is refused, not cooked', async () => {
    const [late, early] = [await placed(), await placed()]
    await age(late.id, 61)
    await age(early.id, 59)
    const ids = (await claim()).map(({ id }) => id)
    expect([ids.includes(late.id), ids.includes(early.id)]).toEqual([false, true])
    const stored = await backend.sql('select status, code, params, message from order_intake where id = $1', [
      late.id,
    ])
    expect(stored).toEqual([expired])
    expect(await status(late.id)).toMatchObject({ ...expired, number: null })
    expect(await status(early.id)).toMatchObject({ status: 'pending' })
  })

  test('its sender hears of it even if no PC comes back, and by sending it once more', async () => {
    const asked = order()
    const [first, again] = [await placed(), await placed(asked)]
    for (const { id } of [first, again]) await age(id, 61)
    expect(await status(first.id)).toMatchObject(expired)
    expect(await placed(asked)).toEqual({ id: again.id, status: 'refused' })
    expect(await status(again.id)).toMatchObject(expired)
  })

  test('asked by GET, which may only read, the rest is told as it is', async () => {
    const { id } = await placed()
    await age(id, 61)
    expect(got<Status>(await website.rpc('order_status', { p_id: id }, { get: true }))).toMatchObject({ id })
    expect(await status(id)).toMatchObject(expired)
  })

  test('one that a core has just taken is left to it; one it never decided is not', async () => {
    const [taken, left] = [await placed(), await placed()]
    await age(taken.id, 61, 10)
    await age(left.id, 61, 31)
    const ids = (await claim()).map(({ id }) => id)
    expect(ids).not.toContain(left.id)
    expect(await status(left.id)).toMatchObject(expired)
    expect(await status(taken.id)).toMatchObject({ status: 'pending' })
    await append(orderEvents(taken.id, { number: '61' }))
    expect(await status(taken.id)).toMatchObject({ status: 'accepted', number: '61' })
  })

  test('accepted after all, when a core that was offline had taken it in time', async () => {
    const { id } = await placed()
    await age(id, 61)
    expect(await status(id)).toMatchObject(expired)
    await append(orderEvents(id, { number: '62' }))
    expect(await status(id)).toMatchObject({
      status: 'accepted',
      number: '62',
      code: null,
      params: null,
      message: null,
    })
  })

  test('everybody at once: each is either taken once or refused, and nobody waits for anybody', async () => {
    const there = await backend.restaurant('Morning')
    const shop = await backend.person(there, 'host')
    const cores = await Promise.all([backend.device(there), backend.device(there), backend.device(there)])
    const asked = await Promise.all(Array.from({ length: 20 }, () => placed(order(), shop)))
    const old = new Set(asked.slice(0, 10).map(({ id }) => id))
    for (const id of old) await age(id, 600)
    const [lists] = await Promise.all([
      Promise.all([...cores, ...cores].map((core) => claim(core))),
      Promise.all(asked.map(({ id }) => status(id, shop))),
    ])
    const taken = [...lists, await claim(cores[0])].flat().map(({ id }) => id)
    expect(taken.sort()).toEqual(
      asked
        .map(({ id }) => id)
        .filter((id) => !old.has(id))
        .sort(),
    )
    for (const id of old) expect(await status(id, shop)).toMatchObject(expired)
  })

  test('they no longer count against those who order now', async () => {
    const night = await backend.restaurant('Night')
    const shop = await backend.person(night, 'server')
    await backend.sql(
      `insert into order_intake (restaurant_id, id, body, digest, created_by, by_id, by_name, by_role, created_at)
       select $1, gen_random_uuid(), '{}', '', $2, 'x', 'x', 'server', now() - interval '8 hours'
       from generate_series(1, 500)`,
      [night, await idOf(shop)],
    )
    expect(await placed(order(), shop)).toMatchObject({ status: 'pending' })
    const core = await backend.device(night)
    expect(await claim(core)).toHaveLength(1)
  })
})

describe('after 90 days', needs('sql'), () => {
  const DECIDED = `insert into order_intake (restaurant_id, id, body, digest, status, created_by, by_id, by_name, by_role, created_at, decided_at)
    select $1, gen_random_uuid(), '{}', '', $3, $2, 'x', 'x', 'server', now() - make_interval(days => $4), now() - make_interval(days => $4)
    from generate_series(1, $5)`
  const count = async (shop: string, where = 'true') => {
    const text = `select count(*)::int as n from order_intake where restaurant_id = $1 and ${where}`
    return (await backend.sql<{ n: number }>(text, [shop]))[0]?.n
  }

  test('decided requests are forgotten, some with each new one, and nothing else is', async () => {
    const [shop, other] = [await backend.restaurant('Shop'), await backend.restaurant('Other')]
    const seller = await backend.person(shop, 'server')
    const by = await idOf(seller)
    for (const [where, status, days, n] of [
      [shop, 'accepted', 91, 25],
      [shop, 'refused', 400, 10],
      [shop, 'accepted', 89, 5],
      [other, 'accepted', 91, 5],
    ])
      await backend.sql(DECIDED, [where, by, status, days, n])
    await backend.sql(
      `insert into order_intake (restaurant_id, id, body, digest, created_by, by_id, by_name, by_role, created_at)
       values ($1, gen_random_uuid(), '{}', '', $2, 'x', 'x', 'server', now() - interval '400 days')`,
      [shop, by],
    )
    const asked = order()
    await placed(asked, seller)
    expect(await count(shop, "status = 'refused'")).toBe(0)
    expect(await count(shop, "status = 'accepted'")).toBe(20)
    // The same once more is nothing new.
    await placed(asked, seller)
    expect(await count(shop, "status = 'accepted'")).toBe(20)
    await placed(order(), seller)
    await placed(order(), seller)
    expect(await count(shop, "status = 'accepted'")).toBe(5)
    expect(await count(shop, "status = 'pending'")).toBe(4)
    expect(await count(other)).toBe(5)
  })

  test('the id of an order is still taken, that of a refused one is free', async () => {
    const [cooked, refused] = [await placed(), await placed()]
    await claim()
    await append(orderEvents(cooked.id))
    await device.rpc('refuse_intake', { p_id: refused.id, p_code: 'outOfStock' })
    await backend.sql(`update order_intake set decided_at = now() - interval '91 days' where id = any ($1)`, [
      [cooked.id, refused.id],
    ])
    await placed()
    for (const { id } of [cooked, refused])
      expect(refusalOf(await website.rpc('order_status', { p_id: id }))).toMatchObject({ hint: 'unknown' })
    expect(refusalOf(await place(website, order({ id: cooked.id })))).toMatchObject({ hint: 'invalid' })
    expect(await placed(order({ id: refused.id }))).toMatchObject({ status: 'pending' })
  })
})

describe('an order in the log that the read models could not take', needs('sql'), () => {
  const NUMBER = 'unlucky'
  beforeAll(() => backend.sql(`alter table orders add constraint no_luck check (number <> '${NUMBER}')`))
  afterAll(() => backend.sql('alter table orders drop constraint if exists no_luck'))

  /** A request that became an order, of which its sender has not heard. */
  async function untold() {
    const asked = await placed()
    await claim()
    const events = orderEvents(asked.id, { number: NUMBER })
    await append(events)
    const late = () =>
      backend.sql(
        `update order_intake set created_at = now() - interval '61 minutes', claimed_at = now() - interval '61 minutes' where id = $1`,
        [asked.id],
      )
    return { id: asked.id, events, late }
  }
  const accepted = { status: 'accepted', number: NUMBER, code: null, params: null, message: null }

  test('does not expire: it is cooked', async () => {
    const { id, late } = await untold()
    await late()
    expect(await status(id)).toMatchObject(accepted)
  })

  test('is not refused by a core that does not know it, also when it is archived already', async () => {
    const [fresh, old] = [await untold(), await untold()]
    await backend.sql(
      `insert into order_archive (restaurant_id, order_id, events)
       select restaurant_id, order_id, jsonb_agg(jsonb_build_object('seq', seq, 'received', received_at, 'event', private.envelope(e)) order by seq)
       from order_events e where order_id = $1 group by 1, 2`,
      [old.id],
    )
    await backend.sql('alter table order_events disable trigger user')
    await backend.sql('delete from order_events where order_id = $1', [old.id])
    await backend.sql('alter table order_events enable trigger user')
    for (const { id } of [fresh, old]) {
      got(await device.rpc('refuse_intake', { p_id: id, p_code: 'x' }))
      expect(await status(id)).toMatchObject(accepted)
    }
  })

  test('keeps its id to itself', async () => {
    const id = crypto.randomUUID()
    await append(orderEvents(id, { number: NUMBER }))
    expect(refusalOf(await place(website, order({ id })))).toMatchObject({ code: 'PT409', hint: 'invalid' })
  })

  test('is told as soon as anything more of it is read, and when everything is built anew', async () => {
    const [later, anew] = [await untold(), await untold()]
    const note = (order: string) => event('order.changed', order, { fields: { note: 'quick' } })
    await append([note(later.id)])
    expect(await status(later.id)).toMatchObject({ status: 'pending' })
    await backend.sql('alter table orders drop constraint no_luck')
    await append([note(later.id)])
    expect(await status(later.id)).toMatchObject(accepted)
    expect(await status(anew.id)).toMatchObject({ status: 'pending' })
    await backend.sql('select private.project_all($1)', [restaurant])
    expect(await status(anew.id)).toMatchObject(accepted)
  })
})
