/** @file What can be made to go wrong with REST and Auth of the local backend. No migrations. */
import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { noFaults } from '../../build/supabase/faults.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { NOTES, signedIn } from './lib/notes.ts'

describe('faults of the local backend', needs('faults'), () => {
  let backend: TestBackend
  let ana: SupabaseClient

  beforeAll(async () => {
    backend = await openBackend({ bare: true })
    await backend.sql(NOTES)
    ana = await signedIn(backend, 'ana')
  })
  afterEach(() => Object.assign(backend.faults, noFaults()))
  afterAll(() => backend.close())

  const count = async () =>
    Number((await backend.sql<{ n: string }>('select count(*) as n from notes'))[0]?.n)
  const call = (name: string, body: object) =>
    fetch(`${backend.url}/rest/v1/rpc/${name}`, {
      method: 'POST',
      headers: { apikey: backend.publishableKey },
      body: JSON.stringify(body),
    })

  test('a long way there', async () => {
    backend.faults.delayMs = 300
    const since = performance.now()
    expect((await ana.rpc('add', { a: 1 })).data).toBe(11)
    expect(performance.now() - since).toBeGreaterThan(295)
  })

  test('a slow database: the work is done, then it is held with its locks, as long as a statement may take', async () => {
    await backend.sql('create table public.tally (n int); insert into public.tally values (0)')
    await backend.sql(`create function public.count_up() returns int language sql security definer
      as 'update public.tally set n = n + 1 returning n'`)
    backend.faults.slowMs = 400
    const since = performance.now()
    const answers = await Promise.all([1, 2].map(() => ana.rpc('count_up')))
    expect(answers.map(({ data }) => data).sort()).toEqual([1, 2])
    // The second could only begin when the first had ended.
    expect(performance.now() - since).toBeGreaterThan(795)
    expect((await ana.rpc('nothing')).error).toBeNull()
    expect((await ana.rpc('countdown', { n: 2 })).data).toEqual([2, 1])
    // Three seconds are what the role `anon` has.
    backend.faults.slowMs = 3_200
    const late = await call('count_up', {})
    expect([late.status, await late.json()]).toMatchObject([500, { code: '57014' }])
    expect(await backend.sql('select n from tally')).toEqual([{ n: 2 }])
  })

  test('a storm answers before any work, with Retry-After', async () => {
    const before = await count()
    backend.faults.answer = (path) => (path === '/rest/v1/notes' ? { status: 429, retryAfter: 3 } : null)
    expect((await ana.from('notes').insert({ text: 'refused' })).status).toBe(429)
    expect((await ana.rpc('add', { a: 1 })).data).toBe(11)
    backend.faults.answer = () => ({ status: 500 })
    const { status, headers } = await call('add', { a: 1 })
    expect([status, headers.get('retry-after')]).toEqual([500, null])
    backend.faults.answer = () => ({ status: 429, retryAfter: 3 })
    expect((await call('add', { a: 1 })).headers.get('retry-after')).toBe('3')
    backend.faults.answer = null
    expect(await count()).toBe(before)
  })

  test('a lost answer: the work is done, the caller does not know', async () => {
    const before = await count()
    let lost = 0
    backend.faults.dropAnswer = (path) => path === '/rest/v1/notes' && lost++ === 0
    const { error } = await ana.from('notes').insert({ text: 'done' })
    expect(error?.message).toContain('fetch failed')
    expect(await count()).toBe(before + 1)
    expect((await ana.from('notes').insert({ text: 'again' })).error).toBeNull()
  })

  test('a restart cuts what is under way', async () => {
    const cut = call('slow', { seconds: 2 })
    cut.catch(() => {})
    await backend.restart()
    await expect(cut).rejects.toThrow()
    expect((await ana.rpc('add', { a: 1 })).data).toBe(11)
  })
})
