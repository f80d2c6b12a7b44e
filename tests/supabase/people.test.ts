/** @file People: restaurants they make, roles they give and take, and what nobody may do to himself. On the database, through the API. */
import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { got, idOf, refusalOf } from './lib/answers.ts'
import { needs, openBackend, type Role, type TestBackend } from './lib/backend.ts'

let backend: TestBackend
let counter = 0

beforeAll(async () => {
  backend = await openBackend()
})
afterAll(() => backend.close())

/** Somebody who has signed up, and works nowhere yet. */
async function somebody(): Promise<{ client: SupabaseClient; email: string; id: string }> {
  const client = backend.anon()
  counter += 1
  const email = `somebody-${counter}-${crypto.randomUUID()}@plate.test`
  const { error } = await client.auth.signUp({ email, password: 'long enough 1' })
  if (error) throw error
  return { client, email, id: await idOf(client) }
}

/** A restaurant with its admin, a manager and a server. */
async function house() {
  const owner = await somebody()
  const { restaurant } = got<{ restaurant: string }>(
    await owner.client.rpc('create_restaurant', { p_name: 'Roma', p_person: 'Farah' }),
  )
  const hire = (by: SupabaseClient, email: string, role: Role, name = '') =>
    by.rpc('set_person', { p_restaurant: restaurant, p_email: email, p_role: role, p_name: name })
  const manager = await somebody()
  const server = await somebody()
  got(await hire(owner.client, manager.email, 'manager', 'Max'))
  got(await hire(owner.client, server.email, 'server', 'Sue'))
  return { restaurant, owner, manager, server, hire }
}

const roles = async (client: SupabaseClient) =>
  got<{ id: string; name: string; role: Role; empty: boolean }[]>(await client.rpc('my_restaurants'))

describe('a restaurant', () => {
  test('belongs to whoever makes it, and is empty', async () => {
    const { client } = await somebody()
    const made = got<{ restaurant: string; name: string }>(
      await client.rpc('create_restaurant', { p_name: '  Trattoria Roma ', p_person: 'Farah' }),
    )
    expect(made.name).toBe('Trattoria Roma')
    expect(await roles(client)).toEqual([
      { id: made.restaurant, name: 'Trattoria Roma', role: 'admin', empty: true },
    ])
    const { data } = await client.from('audit_log').select('actor_name, action, restaurant_id')
    expect(data).toEqual([
      { actor_name: 'Farah (admin)', action: 'restaurant.created', restaurant_id: made.restaurant },
    ])
  })

  test.each([
    ['no name', ''],
    ['a name of spaces', '   '],
    ['a name that is too long', 'x'.repeat(121)],
    ['a name with control characters', 'Roma\u0007'],
  ])('with %s is refused', async (_, name) => {
    const { client } = await somebody()
    const refusal = refusalOf(await client.rpc('create_restaurant', { p_name: name }))
    expect(refusal).toMatchObject({ code: 'PT422', hint: 'invalid' })
    expect(await roles(client)).toEqual([])
  })

  test('cannot be made by a device, nor by a login without a person', async () => {
    const device = await backend.device(await backend.restaurant())
    const nobody = backend.anon()
    await nobody.auth.signInAnonymously()
    for (const client of [device, nobody]) {
      expect(refusalOf(await client.rpc('create_restaurant', { p_name: 'Mine' })).hint).toBe('notAllowed')
    }
  })

  test('is one of at most 50 of an admin, counted one after the other', needs('sql'), async () => {
    const { client, id } = await somebody()
    await backend.sql(
      `with r as (insert into restaurants (name) select 'R' || n from generate_series(1, 48) n returning id)
       insert into profiles (user_id, restaurant_id, role) select $1, id, 'admin' from r`,
      [id],
    )
    const more = await Promise.all(
      Array.from({ length: 5 }, () => client.rpc('create_restaurant', { p_name: 'More' })),
    )
    expect(more.filter(({ error }) => !error)).toHaveLength(2)
  })
})

describe('giving a role', () => {
  test('is done by e-mail address, however it is written', async () => {
    const { restaurant, owner } = await house()
    const { client, email, id } = await somebody()
    const set = await owner.client.rpc('set_person', {
      p_restaurant: restaurant,
      p_email: ` ${email.toUpperCase()} `,
      p_role: 'server',
      p_staff_id: 'anna',
      p_name: 'Anna',
    })
    expect(got(set)).toEqual({ user: id, role: 'server', staff_id: 'anna', name: 'Anna' })
    expect((await roles(client)).map(({ role }) => role)).toEqual(['server'])
  })

  test(
    'asks for an address that was confirmed: anybody may sign up with the one of somebody else',
    needs('sql'),
    async () => {
      const { restaurant, hire, owner } = await house()
      const { client, email, id } = await somebody()
      await backend.sql('update auth.users set email_confirmed_at = null where id = $1', [id])
      expect(refusalOf(await hire(owner.client, email, 'admin'))).toMatchObject({
        code: 'PT422',
        hint: 'invalid',
        message: 'cloud.personNotConfirmed',
      })
      expect(await roles(client)).toEqual([])
      await backend.sql('update auth.users set email_confirmed_at = now() where id = $1', [id])
      got(await hire(owner.client, email, 'admin'))
      expect(await roles(client)).toMatchObject([{ id: restaurant, role: 'admin' }])
    },
  )

  test('asks for somebody who has signed up', async () => {
    const { hire, owner } = await house()
    const refusal = refusalOf(await hire(owner.client, 'nobody@plate.test', 'cook'))
    expect(refusal).toMatchObject({ code: 'PT404', hint: 'unknown' })
  })

  test('is for admins, and below them for managers', async () => {
    const { hire, manager, owner, server } = await house()
    for (const role of ['server', 'cook', 'expo', 'host'] as const)
      got(await hire(manager.client, server.email, role))
    for (const role of ['manager', 'admin'] as const) {
      expect(refusalOf(await hire(manager.client, server.email, role)).hint, role).toBe('notAllowed')
      expect(refusalOf(await hire(manager.client, manager.email, role)).hint, role).toBe('notAllowed')
    }
    expect(refusalOf(await hire(manager.client, owner.email, 'cook')).hint).toBe('notAllowed')
    expect(refusalOf(await hire(server.client, server.email, 'admin')).hint).toBe('notAllowed')
    got(await hire(owner.client, server.email, 'admin'))
  })

  test('is not for managers of another restaurant, who do not learn that this one exists', async () => {
    const { hire, server } = await house()
    const elsewhere = await house()
    const real = refusalOf(await hire(elsewhere.owner.client, server.email, 'cook'))
    const made = refusalOf(
      await elsewhere.owner.client.rpc('set_person', {
        p_restaurant: crypto.randomUUID(),
        p_email: server.email,
        p_role: 'cook',
      }),
    )
    expect(real).toEqual(made)
  })

  test('cannot make a person of a device', needs('sql'), async () => {
    const { restaurant, owner } = await house()
    const device = await backend.device(await backend.restaurant())
    const email = `${crypto.randomUUID()}@plate.test`
    await backend.sql('update auth.users set email = $2, is_anonymous = false where id = $1', [
      await idOf(device),
      email,
    ])
    const args = { p_restaurant: restaurant, p_email: email, p_role: 'admin' }
    expect(refusalOf(await owner.client.rpc('set_person', args)).hint).toBe('unknown')
  })

  test('keeps the name when only the role changes, and is written down', async () => {
    const { hire, owner, server } = await house()
    expect(got(await hire(owner.client, server.email, 'host'))).toMatchObject({ name: 'Sue', role: 'host' })
    const { data } = await owner.client
      .from('audit_log')
      .select('actor_name, detail')
      .eq('action', 'person.set')
    expect(data?.at(-1)).toMatchObject({
      actor_name: 'Farah (admin)',
      detail: { user: server.id, role: 'host' },
    })
  })
})

describe('the last admin', () => {
  test('can neither step down nor be removed', async () => {
    const { restaurant, hire, owner } = await house()
    expect(refusalOf(await hire(owner.client, owner.email, 'manager')).message).toBe('cloud.lastAdmin')
    const leave = { p_restaurant: restaurant, p_user: owner.id }
    expect(refusalOf(await owner.client.rpc('remove_person', leave)).message).toBe('cloud.lastAdmin')
  })

  test('is still there when two admins remove each other at the same moment', async () => {
    const { restaurant, hire, owner, server } = await house()
    got(await hire(owner.client, server.email, 'admin'))
    const both = await Promise.all([
      owner.client.rpc('remove_person', { p_restaurant: restaurant, p_user: server.id }),
      server.client.rpc('remove_person', { p_restaurant: restaurant, p_user: owner.id }),
    ])
    expect(both.filter(({ error }) => !error)).toHaveLength(1)
  })
})

describe('removing a person', () => {
  test('ends what they may see at once, though their session goes on', async () => {
    const { restaurant, owner, manager, server } = await house()
    expect((await server.client.from('restaurants').select('id')).data).toEqual([{ id: restaurant }])
    got(await manager.client.rpc('remove_person', { p_restaurant: restaurant, p_user: server.id }))
    expect((await server.client.from('restaurants').select('id')).data).toEqual([])
    expect(await roles(server.client)).toEqual([])
    expect(await roles(owner.client)).toHaveLength(1)
  })

  test('is for admins, and below them for managers', async () => {
    const { restaurant, owner, manager, server } = await house()
    const remove = (by: SupabaseClient, id: string) =>
      by.rpc('remove_person', { p_restaurant: restaurant, p_user: id })
    expect(refusalOf(await remove(manager.client, owner.id)).hint).toBe('notAllowed')
    expect(refusalOf(await remove(server.client, manager.id)).hint).toBe('notAllowed')
    got(await remove(owner.client, manager.id))
    expect(refusalOf(await remove(manager.client, server.id)).hint).toBe('notAllowed')
  })

  test('does nothing for somebody who does not work there', async () => {
    const { restaurant, owner } = await house()
    const stranger = await somebody()
    got(await owner.client.rpc('remove_person', { p_restaurant: restaurant, p_user: stranger.id }))
    const { data } = await owner.client.from('audit_log').select('id').eq('action', 'person.removed')
    expect(data).toEqual([])
  })
})

describe('somebody who works in two restaurants', () => {
  test('has in each the rights of the role there', async () => {
    const here = await house()
    const there = await house()
    const both = await somebody()
    got(await here.hire(here.owner.client, both.email, 'admin'))
    got(await there.hire(there.owner.client, both.email, 'cook'))
    expect(Object.fromEntries((await roles(both.client)).map(({ id, role }) => [id, role]))).toEqual({
      [here.restaurant]: 'admin',
      [there.restaurant]: 'cook',
    })
    got(await here.hire(both.client, here.server.email, 'host'))
    expect(refusalOf(await there.hire(both.client, there.server.email, 'host')).hint).toBe('notAllowed')
    expect(
      refusalOf(await both.client.rpc('create_device_code', { p_restaurant: there.restaurant })).hint,
    ).toBe('notAllowed')
    const seen = got<{ restaurant_id: string }[]>(await both.client.from('audit_log').select('restaurant_id'))
    expect(new Set(seen.map((row) => row.restaurant_id))).toEqual(new Set([here.restaurant]))
  })
})
