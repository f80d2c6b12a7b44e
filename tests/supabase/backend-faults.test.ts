/** @file What can be made to go wrong with REST and Auth of the local backend. No migrations. */
import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
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
  afterEach(() =>
    Object.assign(backend.faults, { delayMs: 0, answer: null, dropAnswer: null, broadcast: null }),
  )
  afterAll(() => backend.close())

  const count = async () =>
    Number((await backend.sql<{ n: string }>('select count(*) as n from notes'))[0]?.n)
  const call = (name: string, body: object) =>
    fetch(`${backend.url}/rest/v1/rpc/${name}`, {
      method: 'POST',
      headers: { apikey: backend.publishableKey },
      body: JSON.stringify(body),
    })

  test('a slow database', async () => {
    backend.faults.delayMs = 300
    const since = performance.now()
    expect((await ana.rpc('add', { a: 1 })).data).toBe(11)
    expect(performance.now() - since).toBeGreaterThan(295)
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
