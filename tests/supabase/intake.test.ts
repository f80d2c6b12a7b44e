/** @file Intake: orders other programs ask for, claimed once, decided, and told about. On the database, through the API. */

import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandSchemas, MAX_ITEMS } from '../../shared/domain/commands.ts'
import { within } from '../support/progress.ts'
import { got, idOf, paramsOf, refusalOf } from './lib/answers.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { orderEvents } from './lib/events.ts'
import { intakeOf, order, place, type Request } from './lib/intake.ts'

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

  const ORDER = { code: 'cloud.theOrder' }
  const LINE = { code: 'cloud.line', params: { number: 1 } }
  const range = (least: number, most: number) => ({ code: 'cloud.ruleInt', params: { least, most } })
  const soups = (quantity: number) => order({ items: [{ menuItem: 'soup', quantity }] })
  const line = (more: object) => order({ items: [{ menuItem: 's', quantity: 1, ...more }] })
  const text = { code: 'cloud.ruleText', params: { most: 300 } }
  const items = Array(MAX_ITEMS + 1).fill({ menuItem: 'x', quantity: 1 })
  const twins = Array(2).fill({ id: '00000000-0000-4000-8000-000000000000', menuItem: 's', quantity: 1 })
  const types = { code: 'cloud.ruleOneOf', params: { choices: ['dineIn', 'takeaway', 'delivery'] } }
  test.each<[string, unknown, string, object]>([
    ['nothing', null, 'noObject', { what: ORDER }],
    ['a list', [], 'noObject', { what: ORDER }],
    ['a text', 'soup', 'noObject', { what: ORDER }],
    [
      'no type',
      { items: [{ menuItem: 'soup', quantity: 1 }] },
      'fieldMissing',
      { what: ORDER, name: 'type' },
    ],
    ['an unknown type', order({ type: 'space' }), 'fieldMustBe', { what: ORDER, name: 'type', rule: types }],
    ['an unknown field', order({ discount: 100 }), 'unknownField', { what: ORDER, name: 'discount' }],
    [
      'a strange id',
      order({ id: 'order-1' }),
      'fieldMustBe',
      { what: ORDER, name: 'id', rule: { code: 'cloud.ruleUuid' } },
    ],
    ['no items', order({ items: [] }), 'orderItems', { most: 500 }],
    ['items that are no list', order({ items: { length: 1 } }), 'orderItems', { most: 500 }],
    ['too many items', order({ items }), 'orderItems', { most: MAX_ITEMS }],
    ['an item that is none', order({ items: [7] }), 'noObject', { what: LINE }],
    ['no quantity', line({ quantity: null }), 'fieldMissing', { what: LINE, name: 'quantity' }],
    ['half a soup', soups(0.5), 'fieldMustBe', { what: LINE, name: 'quantity', rule: range(1, 999) }],
    ['a negative soup', soups(-1), 'fieldMustBe', { what: LINE, name: 'quantity', rule: range(1, 999) }],
    ['a million soups', soups(1e6), 'fieldMustBe', { what: LINE, name: 'quantity', rule: range(1, 999) }],
    ['1e300 soups', soups(1e300), 'wildNumber', {}],
    [
      'a long note',
      order({ note: 'x'.repeat(301) }),
      'fieldMustBe',
      { what: ORDER, name: 'note', rule: text },
    ],
    [
      'a modifier that is none',
      line({ modifiers: [1] }),
      'fieldMustBe',
      { what: LINE, name: 'modifiers', rule: { code: 'cloud.ruleKeys', params: { most: 30 } } },
    ],
    [
      'a hold that is neither yes nor no',
      line({ hold: 'yes' }),
      'fieldMustBe',
      { what: LINE, name: 'hold', rule: { code: 'cloud.ruleBool' } },
    ],
    [
      'a course that is no id',
      line({ course: '' }),
      'fieldMustBe',
      { what: LINE, name: 'course', rule: { code: 'cloud.ruleKey', params: { most: 64 } } },
    ],
    ['a field of the order in a line', line({ type: 'x' }), 'unknownField', { what: LINE, name: 'type' }],
    ['one id for two lines', order({ items: twins }), 'sameLine', {}],
  ])('with %s is refused, and says what is wrong', async (_, asked, code, params) => {
    const refusal = refusalOf(await place(website, asked))
    expect(refusal).toMatchObject({ code: 'PT422', hint: 'invalid', message: `cloud.${code}` })
    expect(paramsOf(refusal)).toEqual(params)
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
    await within(2_000, 'placing it', placed(order({ items })))
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
    expect(refusalOf(await place(chain, order())).message).toBe('cloud.ordersInSeveral')
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
      got(await device.rpc('refuse_intake', { p_id: asked.id, p_code: 'x' }))
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
    got(await foreign.rpc('refuse_intake', { p_id: asked.id, p_code: 'x' }))
    expect(await status(asked.id)).toMatchObject({ status: 'pending' })
    expect(refusalOf(await website.rpc('claim_intake', { p_limit: 1 })).hint).toBe('notClaimed')
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
    got(await device.rpc('refuse_intake', { p_id: asked.id, p_code: 'x' }))
    expect(await status(asked.id)).toMatchObject({ status: 'accepted', number: '5' })
  })

  test('refused with the reason, once', async () => {
    const asked = await placed()
    await claim()
    const refuse = (params: object) =>
      device.rpc('refuse_intake', { p_id: asked.id, p_code: 'soldOut', p_params: params })
    got(await refuse({ dish: 'Soup' }))
    got(await refuse({ dish: 'Bread' }))
    expect(await status(asked.id)).toMatchObject({
      status: 'refused',
      number: null,
      code: 'soldOut',
      params: { dish: 'Soup' },
      message: null,
    })
  })

  test('refused in a sentence, by a core of version 0.1', async () => {
    const asked = await placed()
    await claim()
    const sentence = { p_id: asked.id, p_code: 'soldOut', p_message: 'The soup is sold out.' }
    got(await device.rpc('refuse_intake', sentence))
    expect(await status(asked.id)).toMatchObject({
      status: 'refused',
      code: 'soldOut',
      params: null,
      message: 'The soup is sold out.',
    })
  })

  test.each([
    ['a list', ['Soup']],
    ['a text', 'Soup'],
    [
      'more than anybody reads',
      {
        dish: Array(1_000)
          .fill(0)
          .map(() => crypto.randomUUID()),
      },
    ],
    ['a number out of all proportion', { price: 1e300 }],
  ])('refused, without parameters that are %s', async (_, params) => {
    const asked = await placed()
    await claim()
    got(await device.rpc('refuse_intake', { p_id: asked.id, p_code: 'soldOut', p_params: params }))
    expect(await status(asked.id)).toMatchObject({ status: 'refused', code: 'soldOut', params: null })
  })

  test('accepted after all, when a core that was offline had taken it before another refused', async () => {
    const asked = await placed()
    await claim()
    got(await device.rpc('refuse_intake', { p_id: asked.id, p_code: 'x' }))
    await append(orderEvents(asked.id, { number: '9' }))
    expect(await status(asked.id)).toMatchObject({ status: 'accepted', number: '9', params: null })
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
