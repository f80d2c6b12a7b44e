/** @file Appending to the log: gapless and each event once under many writers, refusals event by event, append-only for everybody. */
import type { SupabaseClient } from '@supabase/supabase-js'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseEvent } from '../../shared/domain/events.ts'
import { times } from '../support/long.ts'
import { adversarial } from '../unit/domain/adversary.ts'
import { bodies } from '../unit/domain/kit.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { event } from './lib/events.ts'
import { append, codes, type Result, Site } from './lib/projection-events.ts'

let backend: TestBackend
beforeAll(async () => {
  backend = await openBackend()
})
afterAll(() => backend?.close())

async function room(): Promise<{ id: string; device: SupabaseClient }> {
  const id = await backend.restaurant()
  return { id, device: await backend.device(id) }
}

const logOf = (restaurant: string) =>
  backend.sql<{ seq: number; id: string }>(
    'select seq::int, id from order_events where restaurant_id = $1 order by seq',
    [restaurant],
  )

describe('many writers', needs('sql'), () => {
  test('8 devices at once, with retries, doubles and events they share: no gap, each event once, each in its order', async () => {
    const { id } = await room()
    const shared = new Site(100)
    for (let n = 0; n < 5; n++) shared.place()
    const answers = new Map<string, Set<number>>()
    const writers = Array.from({ length: 8 }, async (_, index) => {
      const device = await backend.device(id)
      const site = new Site(index)
      for (let n = 0; n < 20; n++) site.place()
      const events = [...site.log.slice(0, 30), ...shared.log, ...site.log.slice(30)]
      for (let from = 0; from < events.length; from += 7) {
        const batch = events.slice(from, from + 7)
        const copies =
          from % 3 === 0 ? [batch, batch, events.slice(Math.max(0, from - 7), from + 7)] : [batch]
        for (const { results } of await Promise.all(
          copies.map((copy) => append(device, copy, site.device)),
        )) {
          for (const { id: event, seq } of results)
            answers.set(event, (answers.get(event) ?? new Set()).add(seq ?? -1))
        }
      }
      return site
    })
    const sites = await Promise.all(writers)
    const log = await logOf(id)
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1))
    const wanted = [...sites, shared].flatMap((site) => site.log.map((event) => event.id))
    expect(log.map((row) => row.id).sort()).toEqual(wanted.sort())
    for (const row of log) expect([...(answers.get(row.id) ?? [])]).toEqual([row.seq])
    const seqs = new Map(log.map((row) => [row.id, row.seq]))
    for (const { log: own } of sites) {
      const order = own.map((event) => seqs.get(event.id) ?? -1)
      expect(order).toEqual([...order].sort((a, b) => a - b))
    }
  })
})

describe('refusals, event by event', () => {
  test('what follows something refused of an order waits; other orders go on', async () => {
    const { device } = await room()
    const site = new Site(1)
    const [one, other] = [site.place(), site.place()]
    const [first, second, ...rest] = site.log.filter((event) => event.order === one)
    const broken = { ...second, data: { ...second?.data, item: '' } }
    const batch = [first, broken, ...rest, ...site.log.filter((event) => event.order === other)]
    expect(await codes(device, batch)).toEqual([
      undefined,
      'invalid',
      ...rest.map(() => 'behind'),
      undefined,
      undefined,
      undefined,
    ])
    expect(await codes(device, [second, ...rest])).toEqual([undefined, ...rest.map(() => undefined)])
  })

  test('an id that is taken by something else', async () => {
    const { device } = await room()
    const site = new Site(2)
    site.place()
    const [opened, added] = site.log
    expect(await codes(device, [opened, added, { ...added, id: opened?.id }])).toEqual([
      undefined,
      undefined,
      'idTaken',
    ])
    expect(await codes(device, [{ ...opened, at: 1 }])).toEqual(['idTaken'])
    expect(await codes(device, [{ ...opened, unheardOf: true }])).toEqual(['idTaken'])
  })

  test('events that are too large, and batches', async () => {
    const { device } = await room()
    const site = new Site(3)
    site.place()
    const [opened] = site.log
    const large = { ...opened, data: { ...opened?.data, note: 'x'.repeat(520 * 1024) } }
    expect(await codes(device, [large])).toEqual(['tooLarge'])
    const events = Array.from({ length: 501 }, () => opened)
    await expect(append(device, events)).rejects.toMatchObject({ hint: 'tooLarge' })
    await expect(append(device, [], '')).rejects.toMatchObject({ hint: 'invalid' })
    expect(await append(device, [])).toEqual({ results: [], head: 0 })
  })

  test('what is no event: every part of the envelope and the data', async () => {
    const { device } = await room()
    const site = new Site(4)
    site.place()
    const [opened, added] = site.log
    const broken = [
      null,
      'event',
      {},
      { ...opened, id: '' },
      { ...opened, id: 'x'.repeat(65) },
      { ...opened, stamp: '9'.repeat(30) },
      { ...opened, order: null },
      { ...opened, at: 'noon' },
      { ...opened, staff: 'Sam' },
      { ...opened, v: 0 },
      { ...opened, data: { ...opened?.data, covers: 1.5 } },
      { ...opened, data: { ...opened?.data, training: 'yes' } },
      { ...opened, data: [opened?.data] },
      { ...added, data: { ...added?.data, tasks: [] } },
      { ...added, data: { ...added?.data, line: null } },
    ]
    for (const event of broken)
      expect(await codes(device, [event]), JSON.stringify(event)).toEqual(['invalid'])
    const future = { ...opened, id: 'later', v: 2, kind: 'order.teleported', data: 7 }
    expect(await codes(device, [future, added])).toEqual([undefined, undefined])
  })

  test('text that no database can hold: the call is refused and says so, nothing of it is taken', async () => {
    const { device } = await room()
    const site = new Site(5)
    site.place()
    const [opened, added] = site.log
    for (const text of ['\u0000', '\ud800']) {
      const bad = { ...opened, id: `bad-${text.charCodeAt(0)}`, data: { ...opened?.data, note: text } }
      await expect(append(device, [added, bad])).rejects.toMatchObject({
        code: expect.stringMatching(/^22P0[25]$/),
      })
    }
    expect((await append(device, [opened, added])).head).toBe(2)
  })

  test.each(['1e131071', '-1e131071', '1e-16383', '0e-16383', '1e309'])(
    'numbers like %s, written in a few bytes and told again in thousands: by event, and not told again',
    async (number) => {
      const { device } = await room()
      const site = new Site(8)
      site.place()
      const [opened, added] = site.log
      // Written out, the first of these would be longer than any text a database can hold.
      const future = {
        ...opened,
        id: 'many',
        order: 'other',
        v: 2,
        data: Array.from({ length: 20_000 }, () => WILD),
      }
      const batch = [
        future,
        { ...added, order: 'other', at: WILD },
        { ...added, order: 'other', id: WILD },
        WILD,
        opened,
      ]
      const { text, results } = await appendText(
        device,
        JSON.stringify(batch).replaceAll(`"${WILD}"`, number),
      )
      expect(results.map(({ refused }) => refused?.code)).toEqual([
        'invalid',
        'invalid',
        'invalid',
        'invalid',
        undefined,
      ])
      expect(results.map(({ id }) => id)).toEqual(['many', added?.id, null, null, opened?.id])
      expect(text.length).toBeLessThan(2000)
    },
  )

  test('numbers that are written with many digits: a few are kept, thousands in one event are not', async () => {
    const { device } = await room()
    const later = (id: string, count: number) => ({
      ...event('order.changed', 'o', { fields: {} }),
      id,
      kind: 'order.teleported',
      data: Array.from({ length: count }, () => 1e300),
    })
    expect(await codes(device, [later('few', 1_000), later('many', 20_000)])).toEqual([undefined, 'invalid'])
  })

  test('a batch that is larger than any app sends', async () => {
    const { device } = await room()
    const notes = Array.from({ length: 9 }, (_, n) => ({ id: `n${n}`, data: 'x'.repeat(1024 * 1024) }))
    await expect(append(device, notes)).rejects.toMatchObject({ hint: 'tooLarge' })
  })

  test('a version of a document far ahead of all others, after which nobody could publish any more', async () => {
    const { device } = await room()
    const menu = (version: number) =>
      event('document.published', null, { name: 'menu', version, body: bodies.menu })
    expect(await codes(device, [menu(2_147_483_647), menu(1_000_001)])).toEqual(['invalid', 'invalid'])
    const taken = menu(700)
    expect(await codes(device, [taken])).toEqual([undefined])
    expect(await codes(device, [menu(10_701)])).toEqual(['invalid'])
    // A PC that was away for years, and the same once more.
    expect(await codes(device, [menu(701), menu(10_700), menu(10_699), taken])).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(await codes(device, [menu(20_700)])).toEqual([undefined])
  })

  test('whatever comes, each event is answered, and what the app understands is taken', {
    ...needs('sql'),
  }, async () => {
    const { id, device } = await room()
    let count = 0
    const mutant = fc
      .tuple(
        adversarial,
        fc.array(
          fc.tuple(
            fc.nat(),
            fc.oneof(fc.jsonValue(), fc.constantFrom(1e300, -1, 2 ** 53, [], {}, null, WRAP)),
          ),
        ),
      )
      .map(([events, changes]) => events.map((event) => mutate({ ...event, id: `m${count++}` }, changes)))
    await fc.assert(
      fc.asyncProperty(mutant, async (events) => {
        const { results } = await append(device, events)
        expect(results).toHaveLength(events.length)
        events.forEach((event, index) => {
          const refused = results[index]?.refused?.code
          const parsed = parseEvent(event)
          if (parsed.as === 'event' || (parsed.as === 'raw' && parsed.why !== 'shape'))
            expect([undefined, 'behind'], JSON.stringify(event)).toContain(refused)
        })
      }),
      { numRuns: times(60, 1000) },
    )
    const stuck = `select detail from audit_log where restaurant_id = $1 and action = 'projection.failed'`
    expect(await backend.sql(stuck, [id])).toEqual([])
  })
})

const WRAP = 'a list of one'
/** Stands for a number that JavaScript cannot write. */
const WILD = 'a wild number'

/** Sends events as they are written; the answer, also as it came. */
async function appendText(
  device: SupabaseClient,
  events: string,
): Promise<{ text: string; results: Result[] }> {
  const { data } = await device.auth.getSession()
  const response = await fetch(`${backend.url}/rest/v1/rpc/append_events`, {
    method: 'POST',
    headers: {
      apikey: backend.publishableKey,
      authorization: `Bearer ${data.session?.access_token}`,
      'content-type': 'application/json',
    },
    body: `{"p_batch": {"core": "core", "events": ${events}}}`,
  })
  const text = await response.text()
  expect(response.status, text.slice(0, 500)).toBe(200)
  return { text, results: JSON.parse(text).results }
}

/** The event with a part of it, at any depth, replaced or put into a list. Texts that PostgreSQL cannot hold are left out. */
function mutate(event: unknown, changes: readonly (readonly [number, unknown])[]): unknown {
  let text = JSON.parse(JSON.stringify(event)) as unknown
  for (const [where, value] of changes.slice(0, 1)) text = replaceAt(text, where % 40, value)
  return JSON.parse(JSON.stringify(text).replaceAll(/\\u(0000|d[89a-f]..)/gi, '?'))
}

function replaceAt(value: unknown, where: number, by: unknown): unknown {
  let left = where
  const walk = (node: unknown): unknown => {
    if (left-- === 0) return by === WRAP ? [node] : by
    if (Array.isArray(node)) return node.map(walk)
    if (typeof node !== 'object' || node === null) return node
    return Object.fromEntries(
      Object.entries(node).map(([key, inner]) => [key, key === 'id' ? inner : walk(inner)]),
    )
  }
  return Array.isArray(value) || left > 0 ? walk(value) : value
}

describe('append-only', needs('sql'), () => {
  test('nobody changes or deletes what happened, whatever was granted', async () => {
    const { device } = await room()
    const site = new Site(6)
    site.place()
    await append(device, site.log)
    for (const statement of [
      'update order_events set at = 0',
      'delete from order_events',
      'truncate order_events',
    ]) {
      await expect(backend.sql(statement)).rejects.toMatchObject({ code: '42501' })
    }
    await backend.sql('grant select, delete on order_events to service_role')
    const sly = `do $$ begin set local role service_role; perform set_config('plate.archiving', 'on', true);
      delete from public.order_events; end $$`
    await expect(backend.sql(sly)).rejects.toMatchObject({ code: '42501', message: /append-only/ })
    await backend.sql('revoke all on order_events from service_role')
  })
})

describe('telling the others', () => {
  test('one broadcast per append, with the events when they are small, none when nothing was new', async () => {
    const { id, device } = await room()
    const site = new Site(7)
    for (let n = 0; n < 20; n++) site.place()
    const small = site.log.slice(0, 2)
    const heard: Record<string, unknown>[] = []
    const { promise: all, resolve } = Promise.withResolvers<void>()
    await device.realtime.setAuth()
    const channel = device.channel(`restaurant:${id}`, { config: { private: true } })
    channel.on('broadcast', { event: 'log' }, ({ payload }) => {
      heard.push(payload)
      if (payload.last === site.log.length) resolve()
    })
    await new Promise<void>((done, fail) =>
      channel.subscribe((status, error) =>
        status === 'SUBSCRIBED' ? done() : fail(error ?? new Error(status)),
      ),
    )
    await append(device, small)
    await append(device, small)
    await append(device, site.log)
    await all
    expect(heard).toMatchObject([
      {
        first: 1,
        last: 2,
        core: 'core',
        events: small.map((event, index) => ({ seq: index + 1, event: { id: event.id } })),
      },
      { first: 3, last: site.log.length, core: 'core', events: null },
    ])
  })
})
