/** @file A log that grows, in the database: members, kinds, versions and features of a later Plate are kept whole, passed on, and read once a migration can. */
import type { SupabaseClient } from '@supabase/supabase-js'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyRead, emptyState } from '../../shared/domain/apply.ts'
import { canonical } from '../../shared/domain/canonical.ts'
import { parseEvent } from '../../shared/domain/events.ts'
import { bodies } from '../unit/domain/kit.ts'
import { openBackend, type TestBackend } from './lib/backend.ts'
import { serverLog, stateOf } from './lib/equal.ts'
import { event } from './lib/events.ts'
import { storedRows, wrongRow } from './lib/projection.ts'
import { append, codes, pull, Site } from './lib/projection-events.ts'

let backend: TestBackend
beforeAll(async () => {
  backend = await openBackend()
})
afterAll(() => backend?.close())

type Json = Record<string, unknown>

async function room(): Promise<{ id: string; device: SupabaseClient }> {
  const id = await backend.restaurant()
  return { id, device: await backend.device(id) }
}

/** What JSON says and PostgreSQL can hold: it knows no U+0000 and no half characters. */
const text = fc
  .string({ unit: 'binary', maxLength: 12 })
  .filter((one) => one.isWellFormed() && !one.includes('\u0000'))
const value = fc.oneof(
  text,
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(Number.MAX_VALUE, Number.MIN_VALUE, -Number.MIN_VALUE, 2 ** 53 + 2, 1e21),
)
const tree = fc.oneof(value, fc.array(value, { maxLength: 3 }), fc.dictionary(text, value, { maxKeys: 3 }))
const more = fc.dictionary(
  text.map((one) => `x${one}`),
  tree,
  { minKeys: 1, maxKeys: 3 },
)

/** The event with members added to its envelope, its data, and the objects in there. */
function grown(one: Json, extra: Json): Json {
  const deep = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(deep)
    if (typeof inner !== 'object' || inner === null) return inner
    return { ...extra, ...Object.fromEntries(Object.entries(inner).map(([name, at]) => [name, deep(at)])) }
  }
  const { data, ...envelope } = one
  return { ...extra, ...envelope, data: deep(data) }
}

const all = async (device: SupabaseClient) =>
  (await pull(device, 0)).events.map(({ event: one }) => one as unknown as Json)

/** The server's tables say what its log says, read by the app. */
async function expectTables(id: string): Promise<void> {
  expect(wrongRow(await storedRows(backend, id), stateOf(await serverLog(backend, id)))).toBeNull()
}

test('members that nobody here knows come back value for value, sent once or twice, also from the archive', async () => {
  const { id, device } = await room()
  const site = new Site(1)
  const order = site.place()
  site.serve(order)
  const published = event('document.published', null, { name: 'menu', version: 1, body: bodies.menu })
  const wide = [published, ...site.log] as unknown as Json[]
  await fc.assert(
    fc.asyncProperty(more, async (extra) => {
      const { id: own, device: one } = await room()
      const sent = wide.map((each) => grown(each, extra))
      expect(await codes(one, sent)).toEqual(sent.map(() => undefined))
      expect(await codes(one, sent)).toEqual(sent.map(() => undefined))
      expect((await all(one)).map(canonical)).toEqual(sent.map(canonical))
      await expectTables(own)
    }),
    { numRuns: 8 },
  )
  const sent = wide.map((each) => grown(each, { sig: 's', later: { a: [1, null, 'é'] } }))
  await append(device, sent)
  await backend.sql('select private.archive_orders($1, $2)', [id, '-1 hour'])
  const { data } = await device.rpc('archived_events', { p_orders: [order] })
  expect((data as Json[]).map(canonical)).toEqual(sent.slice(1).map(canonical))
  // An event whose members differ is another one, whether it is in the log or in the archive.
  const [first, second] = sent
  expect(await codes(device, [{ ...first, later: 1 }, { ...second, later: 1 }, second])).toEqual([
    'idTaken',
    'idTaken',
    undefined,
  ])
})

test('unknown kinds, later versions and unknown documents are taken unread and passed on as they came', async () => {
  const { id, device } = await room()
  const site = new Site(2)
  const order = site.place()
  const [opened] = site.log
  const base = { ...opened, data: { any: [{ thing: 1 }] } } as unknown as Json
  const later: Json[] = [
    { ...base, id: 'a', kind: 'order.photographed', stamp: `${opened?.stamp}a` },
    { ...base, id: 'b', kind: 'item.added', v: 2, stamp: `${opened?.stamp}b` },
    { ...base, id: 'c', kind: 'recipe.written', order: null, data: 7, stamp: `${opened?.stamp}c` },
    {
      ...base,
      id: 'd',
      kind: 'document.published',
      order: null,
      data: { name: 'recipes', version: 1, body: [] },
    },
    { ...base, id: 'e', kind: 'stock.set', v: 9, order: null, data: null },
  ]
  expect(await codes(device, [...site.log, ...later])).toEqual([...site.log, ...later].map(() => undefined))
  expect((await all(device)).map(canonical)).toEqual([...site.log, ...later].map(canonical))
  await expectTables(id)
  expect((await storedRows(backend, id)).orders).toMatchObject([{ id: order, incomplete: true }])
})

test('only what is missed makes an order incomplete, and an incomplete one is never ready, served or archived', async () => {
  const { id, device } = await room()
  const site = new Site(3)
  const [plain, missing, needing] = [site.place(), site.place(), site.place()]
  for (const order of [plain, missing, needing]) site.serve(order)
  const of = (order: string, kind: string, extra: Json): Json => ({
    ...(site.log.at(-1) as unknown as Json),
    id: `${kind}-${order}`.slice(0, 64),
    order,
    kind,
    data: {},
    ...extra,
  })
  await append(device, [
    ...site.log,
    of(plain, 'order.photographed', {}),
    of(missing, 'item.voided', { v: 3 }),
    of(needing, 'order.joined', { needs: ['joins'] }),
  ])
  const status = async () =>
    Object.fromEntries(
      (await storedRows(backend, id)).orders.map((row) => [row.id, [row.status, row.incomplete]]),
    )
  expect(await status()).toEqual({
    [plain]: ['served', false],
    [missing]: ['preparing', true],
    [needing]: ['preparing', true],
  })
  await expectTables(id)
  await backend.sql('select private.archive_orders($1, $2)', [id, '-1 hour'])
  const archived = await backend.sql<{ order_id: string }>(
    'select order_id from order_archive where restaurant_id = $1',
    [id],
  )
  expect(archived).toEqual([{ order_id: plain }])
  // A migration that knows more reads them again.
  await backend.sql(`insert into private.features values ('joins')`)
  await backend.sql(
    `insert into private.shapes (kind, shape) values ('order.joined', '$.type() == "object"')`,
  )
  await backend.sql('select private.project_everything()')
  expect(await status()).toEqual({
    [plain]: ['served', false],
    [missing]: ['preparing', true],
    [needing]: ['served', false],
  })
  await backend.sql(`delete from private.features`)
  await backend.sql(`delete from private.shapes where kind = 'order.joined'`)
  await backend.sql('select private.project_everything()')
  await expectTables(id)
})

test('what the database takes unread is what the app keeps raw', async () => {
  const { device } = await room()
  const site = new Site(4)
  site.place()
  const [opened] = site.log
  const kinds = fc.constantFrom(
    'order.opened',
    'item.added',
    'order.photographed',
    'stock.set',
    'document.published',
  )
  await fc.assert(
    fc.asyncProperty(kinds, fc.constantFrom(1, 2, 7), tree, fc.boolean(), async (kind, v, data, house) => {
      const one = { ...opened, id: crypto.randomUUID(), kind, v, order: house ? null : opened?.order, data }
      const read = parseEvent(one)
      const taken = read.as === 'event' || (read.as === 'raw' && read.why !== 'shape')
      expect(await codes(device, [one])).toEqual([taken ? undefined : 'invalid'])
      if (read.as !== 'garbage') applyRead(emptyState(), read)
    }),
    { numRuns: 60 },
  )
})
