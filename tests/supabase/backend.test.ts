/** @file The local backend itself, by unmodified supabase-js: REST, functions, auth. Its own small schema; no migrations. */

import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { within } from '../support/progress.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { NOTES, signedIn } from './lib/notes.ts'

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

async function tokenOf(client: SupabaseClient): Promise<string> {
  const { data } = await client.auth.getSession()
  return data.session?.access_token ?? ''
}

describe('the local backend', needs('faults'), () => {
  let backend: TestBackend
  let ana: SupabaseClient
  let ben: SupabaseClient

  beforeAll(async () => {
    backend = await openBackend({ bare: true })
    await backend.sql(NOTES)
    ;[ana, ben] = await Promise.all([signedIn(backend, 'ana'), signedIn(backend, 'ben')])
  })
  afterAll(() => backend.close())

  const raw = (path: string, headers: Record<string, string>, init: RequestInit = {}) =>
    fetch(backend.url + path, { ...init, headers })

  describe('tables', () => {
    test('RLS holds: everybody sees and writes their own rows', async () => {
      const written = await ana
        .from('notes')
        .insert({ text: 'mine', price: 12.5, data: { a: [1, 'x'] } })
        .select()
        .single()
      expect(written.error).toBeNull()
      expect(written.data).toMatchObject({ text: 'mine', price: 12.5, data: { a: [1, 'x'] } })
      expect(written.data.at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/)
      expect((await ben.from('notes').select('id')).data).toEqual([])
      const forged = await ben.from('notes').insert({ text: 'not his', owner: written.data.owner })
      expect([forged.status, forged.error?.code]).toEqual([403, '42501'])
    })

    test('without a GRANT there is no access, not even for the secret key', async () => {
      const anon = await backend.anon().from('notes').select()
      expect([anon.status, anon.error?.code]).toEqual([401, '42501'])
      expect((await ana.from('closed').select()).status).toBe(403)
      expect((await backend.service().from('closed').select()).error?.code).toBe('42501')
    })

    test('what is not there is said as PostgREST says it', async () => {
      const table = await ana.from('nowhere').select()
      expect([table.status, table.error?.code]).toEqual([404, 'PGRST205'])
      const column = await ana.from('notes').select('nothing')
      expect([column.status, column.error?.code]).toEqual([400, '42703'])
      const row = await ana.from('notes').select().eq('text', 'no such note').single()
      expect([row.status, row.error?.code]).toEqual([406, 'PGRST116'])
    })

    test('a table made a moment ago is served', async () => {
      await backend.sql('create table late (n int); grant select on late to authenticated')
      expect((await ana.from('late').select()).data).toEqual([])
    })
  })

  describe('functions', () => {
    test('JSON goes in and comes out as it is', async () => {
      const values = [{ a: [1, { b: null }], text: 'ü "quoted" \\ 1' }, [], 'text', 5, true, [{ x: 'y' }]]
      for (const p_value of values) expect((await ana.rpc('echo', { p_value })).data).toEqual(p_value)
      expect((await ana.rpc('echo', { p_value: null })).data).toBeNull()
    })

    test('values, rows, sets and nothing', async () => {
      expect((await ana.rpc('add', { a: 2, b: 3 })).data).toBe(5)
      expect((await ana.rpc('add', { a: 2 })).data).toBe(12)
      expect((await ana.rpc('pair')).data).toEqual({ left_side: 1, right_side: 'r' })
      expect((await ana.rpc('countdown', { n: 3 })).data).toEqual([3, 2, 1])
      expect(await ana.rpc('nothing')).toMatchObject({ status: 204, data: null })
      expect((await ana.rpc('ids', { p_ids: ['a', 'b,c'] })).data).toBe(2)
    })

    test('the caller is who the token says', async () => {
      const { data } = await ana.rpc('who')
      expect(data).toMatchObject({
        user: 'authenticated',
        role: 'authenticated',
        anonymous: false,
        email: 'ana@plate.test',
      })
    })

    test('errors keep code, message, details and hint; PTxyz is the HTTP status', async () => {
      const { status, error } = await ana.rpc('fail', { p_code: 'PT403' })
      expect(status).toBe(403)
      expect(error).toMatchObject({
        code: 'PT403',
        message: 'It went wrong.',
        details: 'some details',
        hint: 'revoked',
      })
      expect((await ana.rpc('fail', { p_code: '23505' })).status).toBe(409)
      expect((await ana.rpc('fail', { p_code: 'P0001' })).status).toBe(400)
    })

    test('a missing function, an unknown argument, a function one may not call', async () => {
      for (const missing of [ana.rpc('nowhere'), ana.rpc('add', { a: 1, z: 2 })]) {
        const { status, error } = await missing
        expect([status, error?.code]).toEqual([404, 'PGRST202'])
      }
      const closed = await backend.anon().rpc('who')
      expect([closed.status, closed.error?.code]).toEqual([401, '42501'])
    })

    test('a statement may take 3 seconds of anon, and 8 of everybody else', async () => {
      const codeOf = async (client: SupabaseClient, seconds: number) =>
        (await client.rpc('slow', { seconds })).error?.code ?? 'ok'
      const codes = await Promise.all([
        codeOf(backend.anon(), 2),
        codeOf(backend.anon(), 5),
        codeOf(ana, 5),
        codeOf(ana, 60),
        codeOf(backend.service(), 60),
      ])
      expect(codes).toEqual(['ok', '57014', 'ok', '57014', '57014'])
    })

    test('requests run side by side', async () => {
      const all = Promise.all(Array.from({ length: 10 }, () => ana.rpc('slow', { seconds: 0.3 })))
      const answers = await within(2_000, 'ten of them', all)
      expect(answers.every(({ error }) => error === null)).toBe(true)
    })
  })

  describe('keys and tokens', () => {
    const path = '/rest/v1/notes?select=id'

    test('no key, a wrong key, a forged token: 401', async () => {
      const key = { apikey: backend.publishableKey }
      expect((await raw(path, {})).status).toBe(401)
      const wrong = await raw(path, { apikey: 'sb_publishable_other' })
      expect([wrong.status, await wrong.json()]).toMatchObject([401, { message: 'Invalid API key' }])
      const token = await tokenOf(ana)
      const forged = `${token.slice(0, -6)}${token.endsWith('AAAAAA') ? 'BBBBBB' : 'AAAAAA'}`
      const answer = await raw(path, { ...key, authorization: `Bearer ${forged}` })
      expect([answer.status, (await answer.json()).code]).toEqual([401, 'PGRST301'])
      expect((await raw(path, { ...key, authorization: `Bearer ${token}` })).status).toBe(200)
    })

    test('the claims are those of a hosted project', async () => {
      const claims = claimsOf(await tokenOf(ana))
      expect(claims).toMatchObject({
        role: 'authenticated',
        aud: 'authenticated',
        is_anonymous: false,
        aal: 'aal1',
      })
      expect(claims.exp - claims.iat).toBe(3600)
    })
  })

  describe('auth', () => {
    test('sign-up, a wrong password, a taken address', async () => {
      const account = { email: 'Cleo@plate.test', password: 'secret-enough' }
      const { data, error } = await backend
        .anon()
        .auth.signUp({ ...account, options: { data: { name: 'Cleo' } } })
      expect(error).toBeNull()
      expect(data.user).toMatchObject({ email: 'cleo@plate.test', user_metadata: { name: 'Cleo' } })
      const wrong = await backend.anon().auth.signInWithPassword({ ...account, password: 'wrong' })
      expect(wrong.error).toMatchObject({ status: 400, code: 'invalid_credentials' })
      expect((await backend.anon().auth.signUp(account)).error?.code).toBe('user_already_exists')
    })

    test('an anonymous user is marked in the token and in the database', async () => {
      const client = backend.anon()
      const { data, error } = await client.auth.signInAnonymously()
      expect(error).toBeNull()
      expect(data.user).toMatchObject({ is_anonymous: true, role: 'authenticated' })
      expect((await client.rpc('who')).data).toMatchObject({ anonymous: true, role: 'authenticated' })
      const [row] = await backend.sql('select is_anonymous, email from auth.users where id = $1', [
        data.user?.id,
      ])
      expect(row).toEqual({ is_anonymous: true, email: null })
      expect((await client.auth.refreshSession()).data.session?.user.id).toBe(data.user?.id)
    })

    test('refresh tokens rotate; a lost answer is repeated; an old one ends the session', async () => {
      const client = backend.anon()
      await client.auth.signInAnonymously()
      const tokens: string[] = []
      const current = async () => (await client.auth.getSession()).data.session?.refresh_token ?? ''
      tokens.push(await current())
      await client.auth.refreshSession()
      tokens.push(await current())
      expect(tokens[1]).not.toBe(tokens[0])
      const again = await backend.anon().auth.refreshSession({ refresh_token: tokens[0] ?? '' })
      expect(again.data.session?.refresh_token).toBe(tokens[1])

      await client.auth.refreshSession()
      await backend.sql(`update auth.refresh_tokens set updated_at = now() - interval '1 minute'`)
      const stolen = await backend.anon().auth.refreshSession({ refresh_token: tokens[0] ?? '' })
      expect(stolen.error?.code).toBe('refresh_token_already_used')
      expect((await client.auth.refreshSession()).error).not.toBeNull()
    })

    test('after signing out the refresh token is worth nothing', async () => {
      const client = await signedIn(backend, 'dora')
      const { data } = await client.auth.getSession()
      const token = data.session?.access_token ?? ''
      expect((await client.auth.signOut()).error).toBeNull()
      expect((await client.auth.getUser(token)).error?.name).toBe('AuthSessionMissingError')
      const refreshed = await backend
        .anon()
        .auth.refreshSession({ refresh_token: data.session?.refresh_token ?? '' })
      expect(refreshed.error?.code).toBe('refresh_token_not_found')
      // As hosted: REST knows the token alone, which is good until it expires.
      const headers = { apikey: backend.publishableKey, authorization: `Bearer ${token}` }
      expect((await raw('/rest/v1/notes?select=id', headers)).status).toBe(200)
    })

    test('only the secret key administers users', async () => {
      const admin = backend.service().auth.admin
      const { data } = await admin.createUser({ email: 'eve@plate.test', password: 'secret-enough' })
      const id = data.user?.id ?? ''
      expect((await admin.getUserById(id)).data.user?.email).toBe('eve@plate.test')
      expect((await admin.listUsers()).data.users.map((user) => user.id)).toContain(id)
      await admin.updateUserById(id, { password: 'another-secret', app_metadata: { team: 'x' } })
      const account = { email: 'eve@plate.test', password: 'another-secret' }
      expect((await backend.anon().auth.signInWithPassword(account)).data.user?.app_metadata.team).toBe('x')
      expect((await backend.anon().auth.admin.listUsers()).error?.code).toBe('not_admin')
      expect((await admin.deleteUser(id)).error).toBeNull()
      expect((await backend.anon().auth.signInWithPassword(account)).error?.code).toBe('invalid_credentials')
    })
  })
})
