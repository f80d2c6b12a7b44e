/** @file Devices: codes that let them in, once; being removed and let in again. On the database, through the API. */
import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { got, idOf, paramsOf, refusalOf, someDevice } from './lib/answers.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { orderEvents } from './lib/events.ts'

let backend: TestBackend
let restaurant: string
let manager: SupabaseClient

beforeAll(async () => {
  backend = await openBackend()
  restaurant = await backend.restaurant('Roma')
  manager = await backend.person(restaurant, 'manager')
})
afterAll(() => backend.close())

interface Claimed {
  device: string
  restaurant: string
  name: string
  letter: string
  head: number
  floor: number
}

/** A PC that signed in anonymously and belongs to nobody. */
async function newcomer(): Promise<SupabaseClient> {
  const client = backend.anon()
  await client.auth.signInAnonymously()
  return client
}

const claim = (client: SupabaseClient, code: string, more: Record<string, unknown> = {}) =>
  client.rpc('claim_device', { p_code: code, p_core: crypto.randomUUID(), p_name: 'Pass', ...more })

const claimed = async (client: SupabaseClient, code: string, more: Record<string, unknown> = {}) =>
  got<Claimed>(await claim(client, code, more))

describe('a device code', () => {
  test('is shown as two groups of five characters that cannot be misread', async () => {
    const { code, expires_at } = got<{ code: string; expires_at: string }>(
      await manager.rpc('create_device_code', { p_restaurant: restaurant, p_name: 'Grill' }),
    )
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/)
    expect(Date.parse(expires_at) - Date.now()).toBeGreaterThan(14 * 60_000)
  })

  test('lets one PC in, which learns where it belongs', async () => {
    const client = await newcomer()
    const answer = await claimed(client, await backend.deviceCode(restaurant))
    expect(answer).toMatchObject({ restaurant, name: 'Roma', letter: '', head: 0, floor: 0 })
    const { data } = await client.auth.getUser()
    expect(answer.device).toBe(data.user?.id)
  })

  test('works once', async () => {
    const code = await backend.deviceCode(restaurant)
    await claimed(await newcomer(), code)
    expect(refusalOf(await claim(await newcomer(), code))).toMatchObject({ code: 'PT403', hint: 'wrongCode' })
  })

  test('lets only one of two in that come at the same moment', async () => {
    const code = await backend.deviceCode(restaurant)
    const both = await Promise.all([await newcomer(), await newcomer()].map((client) => claim(client, code)))
    expect(both.map(({ error }) => error?.hint ?? 'in').sort()).toEqual(['in', 'wrongCode'])
  })

  test('for another restaurant than a PC belongs to is refused, and stays good', async () => {
    const code = await backend.deviceCode(restaurant)
    const client = await newcomer()
    const elsewhere = await backend.restaurant('Elsewhere')
    expect(refusalOf(await claim(client, code, { p_restaurant: elsewhere }))).toMatchObject({
      code: 'PT403',
      hint: 'notAllowed',
      message: 'cloud.otherRestaurant',
    })
    expect(await claimed(client, code, { p_restaurant: restaurant })).toMatchObject({ restaurant })
  })

  test('for an empty restaurant that was to be taken over is refused, and stays good', async () => {
    const fresh = await backend.restaurant('Fresh')
    const code = await backend.deviceCode(fresh)
    const client = await newcomer()
    expect(refusalOf(await claim(client, code, { p_filled: true }))).toMatchObject({
      code: 'PT409',
      hint: 'invalid',
      message: 'cloud.stillEmpty',
    })
    await claimed(client, code)
    const batch = { core: 'core-1', events: orderEvents(crypto.randomUUID()) }
    got(await client.rpc('append_events', { p_batch: batch }))
    const second = await claimed(await newcomer(), await backend.deviceCode(fresh), { p_filled: true })
    expect(second.head).toBeGreaterThan(0)
  })

  test('may be typed in any way people type', async () => {
    const code = await backend.deviceCode(restaurant)
    const typed = code.toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')
    expect(await claimed(await newcomer(), ` ${typed}\n`)).toMatchObject({ restaurant })
  })

  test('is too old after a quarter of an hour', needs('sql'), async () => {
    const code = await backend.deviceCode(restaurant)
    await backend.sql(
      "update device_codes set expires_at = now() - interval '1 second' where used_at is null",
    )
    expect(refusalOf(await claim(await newcomer(), code)).hint).toBe('wrongCode')
  })

  test('of somebody who may make none any more lets nobody in', async () => {
    const admin = await backend.person(restaurant, 'admin')
    const makers = await Promise.all([1, 2].map(() => backend.person(restaurant, 'manager')))
    const codes = await Promise.all(
      [...makers, manager].map(async (client) =>
        got<{ code: string }>(await client.rpc('create_device_code', { p_restaurant: restaurant })),
      ),
    )
    const [removed, demoted] = makers as [SupabaseClient, SupabaseClient]
    got(await admin.rpc('remove_person', { p_restaurant: restaurant, p_user: await idOf(removed) }))
    const { user } = (await demoted.auth.getUser()).data
    const change = { p_restaurant: restaurant, p_email: user?.email, p_role: 'host' }
    got(await admin.rpc('set_person', change))
    const hints: (string | undefined)[] = []
    for (const { code } of codes) hints.push((await claim(await newcomer(), code)).error?.hint)
    expect(hints).toEqual(['wrongCode', 'wrongCode', undefined])
    // With the role the code is good again.
    got(await admin.rpc('set_person', { ...change, p_role: 'manager' }))
    expect(await claimed(await newcomer(), codes[1]?.code ?? '')).toMatchObject({ restaurant })
  })

  test('cannot be guessed: after ten wrong ones that login waits, whatever it enters', async () => {
    const client = await newcomer()
    const tries = await Promise.all(Array.from({ length: 14 }, () => claim(client, 'AAAAA-AAAAA')))
    const hints = tries.map(({ error }) => error?.hint)
    expect(hints.filter((hint) => hint === 'wrongCode')).toHaveLength(10)
    expect(hints.filter((hint) => hint === 'tooManyTries')).toHaveLength(4)
    const right = await claim(client, await backend.deviceCode(restaurant))
    expect(refusalOf(right)).toMatchObject({ code: 'PT429', hint: 'tooManyTries' })
  })

  test('may be entered again once the wait is over', needs('sql'), async () => {
    const client = await newcomer()
    for (let wrong = 0; wrong < 10; wrong += 1) await claim(client, 'AAAAA-AAAAA')
    await backend.sql("update private.claim_tries set last = now() - interval '16 minutes'")
    expect(await claimed(client, await backend.deviceCode(restaurant))).toMatchObject({ restaurant })
  })

  test('is not enough for a person: a manager cannot become a device', async () => {
    const code = await backend.deviceCode(restaurant)
    expect(refusalOf(await claim(manager, code))).toMatchObject({ code: 'PT403', hint: 'notAllowed' })
    const stranger = backend.anon()
    await stranger.auth.signUp({ email: `${crypto.randomUUID()}@plate.test`, password: 'long enough 1' })
    expect(refusalOf(await claim(stranger, code)).hint).toBe('notAllowed')
    expect(await claimed(await newcomer(), code)).toMatchObject({ restaurant })
  })

  test('is stored where nobody can read it, and not as itself', needs('sql'), async () => {
    const code = await backend.deviceCode(restaurant)
    expect(refusalOf(await manager.from('device_codes').select()).code).toBe('42501')
    const rows = await backend.sql('select row_to_json(c)::text as all from device_codes c')
    expect(JSON.stringify(rows)).not.toContain(code.replace('-', ''))
  })
})

describe('claiming', () => {
  test('again tells the same once more, whatever the code: an answer may have been lost', async () => {
    const client = await newcomer()
    const code = await backend.deviceCode(restaurant)
    const first = await claimed(client, code)
    expect(await claimed(client, code)).toEqual(first)
    expect(await claimed(client, 'AAAAA-AAAAA')).toEqual(first)
    const elsewhere = await backend.restaurant('Other')
    expect(await claimed(client, await backend.deviceCode(elsewhere))).toEqual(first)
  })

  test('many times at once makes one device', async () => {
    const client = await newcomer()
    const code = await backend.deviceCode(restaurant)
    const answers = await Promise.all(Array.from({ length: 4 }, () => claimed(client, code)))
    expect(new Set(answers.map(({ letter }) => letter)).size).toBe(1)
  })

  test('gives each PC a letter of its own', async () => {
    const place = await backend.restaurant('Letters')
    const letter = async (own: string) =>
      (await claimed(await newcomer(), await backend.deviceCode(place), { p_letter: own })).letter
    expect(await letter('')).toBe('')
    expect(await letter('')).toBe('AB')
    expect(await letter('C')).toBe('C')
    expect(await letter('C')).toBe('AC')
    expect(await letter('AC')).toBe('AD')
  })

  test('goes on after Z, and never gives a letter twice', needs('sql'), async () => {
    const place = await backend.restaurant('Alphabet')
    const given: string[] = []
    for (let n = 0; n < 28; n += 1) {
      const [made] = await backend.sql<{ letter: string }>(
        `with u as (insert into auth.users (id, is_anonymous) values (gen_random_uuid(), true) returning id)
         insert into devices (id, restaurant_id, core, name, letter)
         select id, $1, 'core', 'PC', private.next_letter($1, '') from u returning letter`,
        [place],
      )
      given.push(made?.letter ?? '')
    }
    expect(given.slice(0, 3)).toEqual(['', 'AB', 'AC'])
    expect(given.slice(24)).toEqual(['AY', 'AZ', 'AZB', 'AZC'])
  })

  test('takes the name the manager gave before the one the PC has', async () => {
    const place = await backend.restaurant('Names')
    const { device } = await claimed(await newcomer(), await backend.deviceCode(place, 'Grill station'))
    const host = await backend.person(place, 'manager')
    const { data } = await host.from('devices').select('name').eq('id', device)
    expect(data).toEqual([{ name: 'Grill station' }])
  })
})

describe('a device that a manager removes', () => {
  test('is refused from its very next call on, by every call, with whom to ask', async () => {
    const { client, id } = await someDevice(backend, restaurant)
    got(await client.rpc('pull_events', { p_after: 0, p_limit: 10, p_core: 'x' }))
    got(await manager.rpc('revoke_device', { p_device: id }))
    const calls = {
      append_events: { p_batch: { core: 'x', events: [] } },
      pull_events: { p_after: 0, p_limit: 10, p_core: 'x' },
      archived_events: { p_orders: [] },
      archived_after: { p_after: 0, p_until: 9, p_limit: 9 },
      report_device: { p_report: { core: 'x', version: '1', cursor: 0, outbox: 0, parked: 0 } },
      claim_intake: { p_limit: 1 },
      refuse_intake: { p_id: crypto.randomUUID(), p_code: 'x', p_message: 'x' },
      claim_device: { p_code: await backend.deviceCode(restaurant), p_core: 'x' },
    }
    for (const [name, args] of Object.entries(calls)) {
      const refusal = refusalOf(await client.rpc(name, args))
      expect(refusal, name).toMatchObject({ code: 'PT403', hint: 'revoked', message: 'cloud.removed' })
      expect(paramsOf(refusal), name).toEqual({ who: 'manager', role: 'manager', at: expect.any(Number) })
    }
    for (const table of ['order_events', 'order_archive', 'devices', 'restaurants'])
      expect((await client.from(table).select('*')).data, table).toEqual([])
  })

  test('may be let in again and goes on as before', async () => {
    const { client, id } = await someDevice(backend, restaurant)
    const before = await claimed(client, '')
    got(await manager.rpc('revoke_device', { p_device: id }))
    got(await manager.rpc('revoke_device', { p_device: id }))
    got(await manager.rpc('readmit_device', { p_device: id }))
    got(await manager.rpc('readmit_device', { p_device: id }))
    expect(await claimed(client, '')).toEqual(before)
    const { data } = await manager
      .from('audit_log')
      .select('action')
      .contains('detail', { device: id })
      .order('id')
    expect(data?.map(({ action }) => action)).toEqual([
      'device.claimed',
      'device.revoked',
      'device.readmitted',
    ])
  })

  test('keeps its letter from everybody else', async () => {
    const place = await backend.restaurant('Kept')
    const boss = await backend.person(place, 'manager')
    const { id } = await someDevice(backend, place)
    got(await boss.rpc('revoke_device', { p_device: id }))
    expect((await claimed(await newcomer(), await backend.deviceCode(place))).letter).toBe('AB')
  })

  test('is not told apart from one that does not exist, by whoever may not remove it', async () => {
    const elsewhere = await backend.restaurant('Elsewhere')
    const foreign = await backend.person(elsewhere, 'admin')
    const { id } = await someDevice(backend, restaurant)
    const real = refusalOf(await foreign.rpc('revoke_device', { p_device: id }))
    const made = refusalOf(await foreign.rpc('revoke_device', { p_device: crypto.randomUUID() }))
    expect(real).toEqual(made)
    expect(real.hint).toBe('notAllowed')
  })
})
