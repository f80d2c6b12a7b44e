/** @file Intake: orders other programs ask for, claimed once, decided, and told about. On the database, through the API. */
import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandSchemas, MAX_ITEMS } from '../../shared/domain/commands.ts'
import { got, idOf, refusalOf } from './lib/answers.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { event, orderEvents } from './lib/events.ts'

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

interface Placed {
  id: string
  status: string
}
interface Status extends Placed {
  number: string | null
  code: string | null
  message: string | null
  at: number
}
interface Request {
  id: string
  order: { order: string; items: { id: string }[] }
  by: { id: string; name: string; role: string }
}

const order = (more: object = {}) => ({
  id: crypto.randomUUID(),
  type: 'takeaway',
  items: [{ menuItem: 'soup', quantity: 2 }],
  ...more,
})
const place = (client: SupabaseClient, asked: unknown) => client.rpc('place_order', { p_order: asked })
const placed = async (asked: unknown = order(), client = website) => got<Placed>(await place(client, asked))
const status = async (id: string, client = website) =>
  got<Status>(await client.rpc('order_status', { p_id: id }))
const claim = async (client = device) => got<Request[]>(await client.rpc('claim_intake', { p_limit: 50 }))
const append = async (events: unknown[], client = device) =>
  got(await client.rpc('append_events', { p_batch: { core: 'core-1', events } }))

/** Asks with JSON as it is written; why it was refused. */
async function placeText(client: SupabaseClient, asked: string): Promise<{ code: string; hint: string }> {
  const { data } = await client.auth.getSession()
  const response = await fetch(`${backend.url}/rest/v1/rpc/place_order`, {
    method: 'POST',
    headers: {
      apikey: backend.publishableKey,
      authorization: `Bearer ${data.session?.access_token}`,
      'content-type': 'application/json',
    },
    body: `{"p_order": ${asked}}`,
  })
  return (await response.json()) as { code: string; hint: string }
}

describe('asking for an order', () => {
  test('answers that it waits, with the id it was given', async () => {
    const asked = order()
    expect(await placed(asked)).toEqual({ id: asked.id, status: 'pending' })
    expect(await status(asked.id)).toMatchObject({ id: asked.id, status: 'pending', number: null })
  })

  test('makes an id where none was given', async () => {
    const { id } = await placed({ type: 'dineIn', items: [{ menuItem: 'soup', quantity: 1 }] })
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('again is the same order, also at the same moment', async () => {
    const asked = order()
    const all = await Promise.all(Array.from({ length: 5 }, () => placed(asked)))
    expect(new Set(all.map(({ id }) => id))).toEqual(new Set([asked.id]))
    const mine = (await claim()).filter(({ id }) => id === asked.id)
    expect(mine).toHaveLength(1)
    expect(await placed(asked)).toEqual({ id: asked.id, status: 'pending' })
  })

  test('with the id of another order is refused', async () => {
    const asked = order()
    await placed(asked)
    const other = { ...asked, note: 'different' }
    expect(refusalOf(await place(website, other))).toMatchObject({ code: 'PT409', hint: 'invalid' })
    const colleague = await backend.person(restaurant, 'host')
    expect(refusalOf(await place(colleague, asked)).code).toBe('PT409')
  })

  test('with the id of an order that came another way is refused', async () => {
    const id = crypto.randomUUID()
    await append(orderEvents(id))
    expect(refusalOf(await place(website, order({ id })))).toMatchObject({ code: 'PT409', hint: 'invalid' })
  })

  test('with an id that another restaurant uses works, and shows nothing of that one', async () => {
    const there = await backend.restaurant('Elsewhere')
    const stranger = await backend.person(there, 'server')
    const asked = order()
    await placed(asked)
    await append(orderEvents(asked.id, { number: '77' }))
    expect(await placed({ ...asked, note: 'mine' }, stranger)).toEqual({ id: asked.id, status: 'pending' })
    expect(await status(asked.id, stranger)).toMatchObject({ status: 'pending', number: null })
    expect(await status(asked.id)).toMatchObject({ status: 'accepted', number: '77' })
  })

  test('is what the core understands: with defaults left out, every id made', async () => {
    const asked = order({
      restaurant,
      table: null,
      covers: 2,
      note: 'quick',
      priority: 'rush',
      items: [
        { menuItem: 'soup', quantity: 1, modifiers: ['large'], seat: 1, course: 'starter', note: 'hot' },
        { menuItem: 'bread', quantity: 2, allergies: ['gluten'], hold: true, seat: null },
      ],
    })
    await placed(asked)
    const found = (await claim()).find(({ id }) => id === asked.id)
    expect(commandSchemas.placeOrder.safeParse(found?.order)).toMatchObject({ success: true })
    expect(found?.order).toMatchObject({
      order: asked.id,
      priority: 'rush',
      items: [{ seat: 1 }, { hold: true }],
    })
    expect(found?.by).toEqual({ id: 'web', name: 'server', role: 'server' })
  })

  test.each<[string, unknown, RegExp]>([
    ['nothing', null, /must be an object/],
    ['a list', [], /must be an object/],
    ['a text', 'soup', /must be an object/],
    ['no type', { items: [{ menuItem: 'soup', quantity: 1 }] }, /needs type/],
    ['an unknown type', order({ type: 'space' }), /type must be dineIn or takeaway or delivery/],
    ['an unknown field', order({ discount: 100 }), /field nobody knows: discount/],
    ['a strange id', order({ id: 'order-1' }), /id must be a lower-case UUID/],
    ['no items', order({ items: [] }), /between 1 and 500/],
    ['items that are no list', order({ items: { length: 1 } }), /between 1 and 500/],
    [
      'too many items',
      order({ items: Array(MAX_ITEMS + 1).fill({ menuItem: 'x', quantity: 1 }) }),
      /1 and 500/,
    ],
    ['an item that is none', order({ items: [7] }), /Line 1 must be an object/],
    ['no quantity', order({ items: [{ menuItem: 'soup' }] }), /Line 1 needs quantity/],
    ['half a soup', order({ items: [{ menuItem: 'soup', quantity: 0.5 }] }), /whole number from 1 to 999/],
    ['a negative soup', order({ items: [{ menuItem: 'soup', quantity: -1 }] }), /whole number from 1 to 999/],
    ['a million soups', order({ items: [{ menuItem: 'soup', quantity: 1e6 }] }), /number from 1 to 999/],
    ['1e300 soups', order({ items: [{ menuItem: 'soup', quantity: 1e300 }] }), /out of all proportion/],
    ['a long note', order({ note: 'x'.repeat(301) }), /note must be a text of at most 300/],
    ['an escape in a note', order({ note: 'a\u001b[31m' }), /without control characters/],
    [
      'a modifier that is none',
      order({ items: [{ menuItem: 's', quantity: 1, modifiers: [1] }] }),
      /list of at most 30/,
    ],
    [
      'a field of the order in a line',
      order({ items: [{ menuItem: 's', quantity: 1, type: 'x' }] }),
      /nobody knows: type/,
    ],
    [
      'one id for two lines',
      order({
        items: Array(2).fill({ id: '00000000-0000-4000-8000-000000000000', menuItem: 's', quantity: 1 }),
      }),
      /Two lines have the same id/,
    ],
  ])('with %s is refused, and says what is wrong', async (_, asked, why) => {
    const refusal = refusalOf(await place(website, asked))
    expect(refusal).toMatchObject({ code: 'PT422', hint: 'invalid' })
    expect(refusal.message).toMatch(why)
  })

  test('that is too large is refused before anything looks at it', async () => {
    const note = 'x'.repeat(500_000)
    expect(refusalOf(await place(website, order({ note })))).toMatchObject({
      code: 'PT413',
      hint: 'tooLarge',
    })
  })

  test('with numbers that would fill the memory when they are written out is refused, by a stranger first of all', async () => {
    const stranger = backend.anon()
    await stranger.auth.signInAnonymously()
    for (const number of ['1e131071', '0e-16383']) {
      // Written out, the larger ones would be longer than any text a database can hold.
      const many = `[${Array.from({ length: 20_000 }, () => number).join(',')}]`
      expect(await placeText(stranger, many)).toMatchObject({ code: 'PT403', hint: 'notAllowed' })
      expect(await placeText(website, many)).toMatchObject({ code: 'PT422', hint: 'invalid' })
      const soups = `{"type": "takeaway", "items": [{"menuItem": "soup", "quantity": 1, "seat": ${number}}]}`
      expect(await placeText(website, soups)).toMatchObject({ code: 'PT422', hint: 'invalid' })
    }
    const large = `[${Array.from({ length: 400_000 }, () => '1').join(',')}]`
    expect(await placeText(website, large)).toMatchObject({ code: 'PT413', hint: 'tooLarge' })
  })

  test('that is nested absurdly deep, or holds a null byte, breaks nothing', async () => {
    let deep: unknown = 'x'
    for (let level = 0; level < 2000; level += 1) deep = [deep]
    refusalOf(await place(website, order({ note: deep })))
    refusalOf(await place(website, order({ note: 'a\u0000b' })))
    await placed()
  })

  test('of 500 lines takes a moment only', async () => {
    const items = Array.from({ length: MAX_ITEMS }, () => ({
      menuItem: 'soup',
      quantity: 1,
      modifiers: ['a', 'b'],
    }))
    const began = performance.now()
    await placed(order({ items }))
    expect(performance.now() - began).toBeLessThan(2000)
  })

  test('needs a role that takes orders, in a restaurant that is named when there are several', async () => {
    const cook = await backend.person(restaurant, 'cook')
    expect(refusalOf(await place(cook, order())).hint).toBe('notAllowed')
    expect(refusalOf(await place(device, order())).hint).toBe('notAllowed')
    const there = await backend.restaurant('Elsewhere')
    expect(refusalOf(await place(website, order({ restaurant: there }))).hint).toBe('notAllowed')

    const chain = backend.anon()
    const email = `${crypto.randomUUID()}@plate.test`
    await chain.auth.signUp({ email, password: 'long enough 1' })
    const houses = await Promise.all(
      ['One', 'Two'].map(async (name) =>
        got<{ restaurant: string }>(await chain.rpc('create_restaurant', { p_name: name })),
      ),
    )
    expect(refusalOf(await place(chain, order())).message).toContain('several restaurants')
    expect(await placed(order({ restaurant: houses[1]?.restaurant }), chain)).toMatchObject({
      status: 'pending',
    })
  })

  test(
    'is refused while 500 wait: a program has gone wild, or the restaurant is away',
    needs('sql'),
    async () => {
      const full = await backend.restaurant('Full')
      const wild = await backend.person(full, 'server')
      await backend.sql(
        `insert into order_intake (restaurant_id, id, body, digest, created_by, by_id, by_name, by_role)
       select $1, gen_random_uuid(), '{}', '', $2, 'x', 'x', 'server' from generate_series(1, 500)`,
        [full, await idOf(wild)],
      )
      expect(refusalOf(await place(wild, order()))).toMatchObject({ code: 'PT429', hint: 'tooManyTries' })
    },
  )
})

describe('claiming', () => {
  test('gives each request to one core, however many ask', async () => {
    const rush = await backend.restaurant('Rush')
    const shop = await backend.person(rush, 'host')
    const cores = await Promise.all([backend.device(rush), backend.device(rush), backend.device(rush)])
    const asked = await Promise.all(Array.from({ length: 12 }, () => placed(order(), shop)))
    const lists = await Promise.all(
      cores.map(async (core) => got<Request[]>(await core.rpc('claim_intake', { p_limit: 5 }))),
    )
    const rest = await Promise.all(cores.map((core) => claim(core)))
    const ids = [...lists, ...rest].flat().map(({ id }) => id)
    expect(lists.every((list) => list.length <= 5)).toBe(true)
    expect(ids.sort()).toEqual(asked.map(({ id }) => id).sort())
  })

  test(
    'comes to another core half a minute later, with the same ids, when the first one does not decide',
    needs('sql'),
    async () => {
      const second = await backend.device(restaurant)
      const asked = await placed()
      const first = (await claim()).find(({ id }) => id === asked.id)
      expect((await claim(second)).some(({ id }) => id === asked.id)).toBe(false)
      await backend.sql("update order_intake set claimed_at = now() - interval '31 seconds' where id = $1", [
        asked.id,
      ])
      expect((await claim(second)).find(({ id }) => id === asked.id)).toEqual(first)
      got(await device.rpc('refuse_intake', { p_id: asked.id, p_code: 'x', p_message: 'too late' }))
      expect(await status(asked.id)).toMatchObject({ status: 'pending' })
    },
  )

  test('counts in what every device hears of its restaurant', async () => {
    const there = await backend.restaurant('Counting')
    const shop = await backend.person(there, 'host')
    const core = await backend.device(there)
    const waiting = async () => {
      const report = { core: 'c', version: '1', cursor: 0, outbox: 0, parked: 0 }
      return got<{ intake: number }>(await core.rpc('report_device', { p_report: report })).intake
    }
    expect(await waiting()).toBe(0)
    await placed(order(), shop)
    await placed(order(), shop)
    expect(await waiting()).toBe(2)
    await claim(core)
    expect(await waiting()).toBe(0)
  })

  test('is for devices of that restaurant only', async () => {
    const asked = await placed()
    const foreign = await backend.device(await backend.restaurant('Elsewhere'))
    expect(await claim(foreign)).toEqual([])
    got(await foreign.rpc('refuse_intake', { p_id: asked.id, p_code: 'x', p_message: 'no' }))
    expect(await status(asked.id)).toMatchObject({ status: 'pending' })
    expect(refusalOf(await website.rpc('claim_intake', { p_limit: 1 })).hint).toBe('notClaimed')
  })
})

describe('after an hour', needs('sql'), () => {
  const expired = {
    status: 'refused',
    code: 'expired',
    message: 'No kitchen took this order within an hour. Send it again if it is still wanted.',
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
    const stored = await backend.sql('select status, code, message from order_intake where id = $1', [
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
    expect(await status(id)).toMatchObject({ status: 'accepted', number: '62', code: null, message: null })
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
    await device.rpc('refuse_intake', { p_id: refused.id, p_code: 'outOfStock', p_message: 'Out.' })
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
  const accepted = { status: 'accepted', number: NUMBER, code: null, message: null }

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
      got(await device.rpc('refuse_intake', { p_id: id, p_code: 'x', p_message: 'no' }))
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

describe('what became of it', () => {
  test('accepted with the number, once the order stands in the log', async () => {
    const asked = await placed()
    await claim()
    await append(orderEvents(asked.id, { number: 'B12' }))
    expect(await status(asked.id)).toMatchObject({ status: 'accepted', number: 'B12', code: null })
    expect(await claim()).not.toContainEqual(expect.objectContaining({ id: asked.id }))
  })

  test('accepted, too, when the core that decided it had never claimed it in time', async () => {
    const asked = await placed()
    await append(orderEvents(asked.id, { number: '5' }))
    got(await device.rpc('refuse_intake', { p_id: asked.id, p_code: 'x', p_message: 'no' }))
    expect(await status(asked.id)).toMatchObject({ status: 'accepted', number: '5' })
  })

  test('refused with the reason, once', async () => {
    const asked = await placed()
    await claim()
    const refuse = (message: string) =>
      device.rpc('refuse_intake', { p_id: asked.id, p_code: 'soldOut', p_message: message })
    got(await refuse('The soup is sold out.'))
    got(await refuse('Another reason.'))
    expect(await status(asked.id)).toMatchObject({
      status: 'refused',
      number: null,
      code: 'soldOut',
      message: 'The soup is sold out.',
    })
  })

  test('accepted after all, when a core that was offline had taken it before another refused', async () => {
    const asked = await placed()
    await claim()
    got(await device.rpc('refuse_intake', { p_id: asked.id, p_code: 'x', p_message: 'no' }))
    await append(orderEvents(asked.id, { number: '9' }))
    expect(await status(asked.id)).toMatchObject({ status: 'accepted', number: '9', message: null })
  })

  test('is for whoever asked, and for host, manager and admin of the restaurant', async () => {
    const asked = await placed()
    for (const role of ['host', 'manager', 'admin'] as const)
      expect(await status(asked.id, await backend.person(restaurant, role))).toMatchObject({ id: asked.id })
    const foreign = await backend.person(await backend.restaurant('Elsewhere'), 'admin')
    const others = [
      await backend.person(restaurant, 'server'),
      await backend.person(restaurant, 'cook'),
      foreign,
      device,
    ]
    const unknown = refusalOf(await website.rpc('order_status', { p_id: crypto.randomUUID() }))
    for (const client of others)
      expect(refusalOf(await client.rpc('order_status', { p_id: asked.id }))).toEqual(unknown)
    expect(unknown).toMatchObject({ code: 'PT404', hint: 'unknown' })
  })
})
