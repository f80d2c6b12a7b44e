/** @file The local backend's Realtime by unmodified supabase-js: private topics, broadcasts from SQL, changes of rows, expiry. No migrations. */
import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { slowness } from '../support/progress.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { type Listening, listenTo } from './lib/listening.ts'
import { NOTES, signedIn } from './lib/notes.ts'

describe('realtime of the local backend', needs('faults'), () => {
  let backend: TestBackend
  let ana: SupabaseClient
  let ben: SupabaseClient
  const open: SupabaseClient[] = []

  beforeAll(async () => {
    backend = await openBackend({ bare: true })
    await backend.sql(NOTES)
    ana = await signedIn(backend, 'ana')
    ben = await signedIn(backend, 'ben')
    open.push(ana, ben)
  })
  afterEach(async () => {
    await Promise.all(open.map((client) => client.removeAllChannels()))
    backend.faults.broadcast = null
  })
  afterAll(() => backend.close())

  const tell = (event: string, payload: object = {}, topic = 'room:ana') =>
    backend.sql('select public.tell($1, $2, $3::text::jsonb)', [topic, event, JSON.stringify(payload)])
  const events = ({ heard }: Listening) => heard.map(({ event }) => event)

  describe('private topics', () => {
    test('a member hears what SQL sends, an outsider may not even join', async () => {
      const member = await listenTo(ana, 'room:ana')
      const outsider = await listenTo(ben, 'room:ana')
      expect([member.statuses, outsider.statuses]).toEqual([['SUBSCRIBED'], ['CHANNEL_ERROR']])
      await tell('hello', { table: 5, name: 'Özil' })
      await member.until('the broadcast', () => member.heard.length === 1)
      expect(member.heard[0]).toEqual({ event: 'hello', payload: { table: 5, name: 'Özil' } })
      expect(outsider.heard).toEqual([])
    })

    test('nobody without a policy may send', async () => {
      const member = await listenTo(ana, 'room:ana')
      await member.channel.send({ type: 'broadcast', event: 'forged', payload: {} })
      await tell('after')
      await member.until('the true one', () => member.heard.length > 0)
      expect(events(member)).toEqual(['after'])
    })

    test('a public topic of the same name hears nothing private', async () => {
      const member = await listenTo(ana, 'room:ana')
      const lurker = await listenTo(ben, 'room:ana', { isPrivate: false })
      await tell('secret')
      await member.until('the broadcast', () => member.heard.length === 1)
      expect(lurker.heard).toEqual([])
    })

    test('large and small messages keep their order', async () => {
      const member = await listenTo(ana, 'room:ana')
      const large = 'x'.repeat(40_000)
      for (let n = 0; n < 6; n++) await tell(`e${n}`, n % 2 ? {} : { large })
      await member.until('all', () => member.heard.length === 6)
      expect(events(member)).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5'])
      expect(member.heard[4]?.payload.large).toBe(large)
      expect(await backend.sql('select 1 from realtime.outgoing').catch(() => [])).toEqual([])
    })

    test('what is rolled back is not sent, and an error of SQL stops nothing', async () => {
      const member = await listenTo(ana, 'room:ana')
      const undone = `do $$ begin perform public.tell('room:ana', 'undone', '{}'); raise exception 'no'; end $$`
      await expect(backend.sql(undone)).rejects.toThrow('no')
      await expect(backend.sql('select 1 / 0')).rejects.toThrow('division by zero')
      await tell('done')
      await member.until('the committed one', () => member.heard.length > 0)
      expect(events(member)).toEqual(['done'])
    })
  })

  test('a connection has 100 channels at most; those it has stay', async () => {
    const client = await signedIn(backend, 'hoarder')
    open.push(client)
    const rooms = Array.from({ length: 100 }, (_, n) => `hall ${n}`)
    const joined = await Promise.all(rooms.map((room) => listenTo(client, room, { isPrivate: false })))
    expect(new Set(joined.flatMap(({ statuses }) => statuses))).toEqual(new Set(['SUBSCRIBED']))
    const refused = await listenTo(client, 'one too many', { isPrivate: false })
    expect(refused.statuses).toEqual(['CHANNEL_ERROR'])
    expect((await listenTo(ana, 'one too many', { isPrivate: false })).statuses).toEqual(['SUBSCRIBED'])
    await client.removeChannel(refused.channel)
    await client.removeChannel((joined[0] as Listening).channel)
    expect((await listenTo(client, 'in its place', { isPrivate: false })).statuses).toEqual(['SUBSCRIBED'])
  })

  describe('changes of rows', () => {
    test('reach those who may read the row, and nobody else', async () => {
      const own = await listenTo(ana, 'changes', { table: 'notes', isPrivate: false })
      const other = await listenTo(ben, 'changes', { table: 'notes', isPrivate: false })
      const ready = (each: Listening) =>
        each.until('system ok', () => each.systems.some(({ status }) => status === 'ok'))
      await Promise.all([ready(own), ready(other)])

      // One after the other: as hosted, a row that is gone when its change is looked at is not told any more.
      const changes = (count: number) => own.until(`change ${count}`, () => own.rows.length === count)
      const { data } = await ana.from('notes').insert({ text: 'first' }).select().single()
      await changes(1)
      await ana.from('notes').update({ text: 'second' }).eq('id', data?.id)
      await changes(2)
      await ana.from('notes').delete().eq('id', data?.id)
      await changes(3)
      expect(own.rows.map(({ eventType }) => eventType)).toEqual(['INSERT', 'UPDATE', 'DELETE'])
      expect(own.rows[1]?.new).toMatchObject({ id: data?.id, text: 'second' })
      expect(own.rows[2]?.old).toEqual({ id: data?.id })
      // As hosted: a deletion goes to every subscriber, with the key alone.
      await other.until('the deletion', () => other.rows.length === 1)
      expect(other.rows[0]).toMatchObject({ eventType: 'DELETE', old: { id: data?.id } })
    })
  })

  describe('faults of broadcasts', () => {
    test('lost, twice, late', async () => {
      const member = await listenTo(ana, 'room:ana')
      const fates: Record<string, number[]> = { lost: [], twice: [0, 0], late: [200] }
      backend.faults.broadcast = ({ event }) => fates[event] ?? [0]
      for (const event of ['lost', 'twice', 'late', 'plain']) await tell(event)
      await member.until('all', () => member.heard.length === 4)
      expect(events(member)).toEqual(['twice', 'twice', 'plain', 'late'])
    })
  })

  describe('restart', () => {
    test('sockets die, clients come back by themselves to the same address', async () => {
      const member = await listenTo(ana, 'room:ana')
      await backend.restart()
      await member.until(
        'joining again',
        () => member.statuses.filter((status) => status === 'SUBSCRIBED').length === 2,
      )
      await tell('back')
      await member.until('the broadcast', () => events(member).includes('back'))
      expect((await ana.from('notes').select('id')).error).toBeNull()
    })
  })
})

/** How long a token lasts: a few seconds, in which this machine still does what has to be done with it. */
const TOKEN_S = Math.ceil(2 + slowness())

describe('expiry of tokens', needs('faults'), () => {
  let backend: TestBackend

  beforeAll(async () => {
    backend = await openBackend({ bare: true, jwtExpiry: TOKEN_S })
    await backend.sql(NOTES)
  })
  afterAll(() => backend.close())

  test('REST refuses, the topic closes; with a fresh token both go on', async () => {
    const client = await signedIn(backend, 'ana')
    const token = (await client.auth.getSession()).data.session?.access_token ?? ''
    // A client that does not refresh: it holds the token and nothing else.
    const lazy = backend.anon()
    await lazy.realtime.setAuth(token)
    const member = await listenTo(lazy, 'room:ana')
    expect(member.statuses).toEqual(['SUBSCRIBED'])
    await member.until('the end', () => member.statuses.includes('CLOSED'))
    expect(member.systems.at(-1)?.message).toContain('expired')

    const headers = { apikey: backend.publishableKey, authorization: `Bearer ${token}` }
    const refused = await fetch(`${backend.url}/rest/v1/notes`, { headers })
    expect([refused.status, (await refused.json()).code]).toEqual([401, 'PGRST303'])

    const { data } = await client.auth.refreshSession()
    await lazy.realtime.setAuth(data.session?.access_token ?? '')
    expect((await listenTo(lazy, 'room:ana')).statuses).toEqual(['SUBSCRIBED'])
  })

  test('a channel given a fresh token in time stays open', async () => {
    const client = await signedIn(backend, 'fay')
    const member = await listenTo(client, 'room:fay')
    const first = (await client.auth.getSession()).data.session?.expires_at ?? 0
    const at = (seconds: number) =>
      vi.waitFor(() => expect(Date.now() / 1000).toBeGreaterThan(seconds), { timeout: 60_000, interval: 20 })
    await at(first - TOKEN_S / 2)
    const { data } = await client.auth.refreshSession()
    await client.realtime.setAuth(data.session?.access_token ?? '')
    await at(first + 0.3)
    expect(member.statuses).toEqual(['SUBSCRIBED'])
  })
})
