/** @file What comes with a fresh Plate is the same everywhere and gives way to whatever a person published. Memory ports. */
import { expect, test } from 'vitest'
import { seedRestaurant } from '../../../main/core/seed.ts'
import { apply, emptyState } from '../../../shared/domain/apply.ts'
import { DOCUMENT_NAMES, type DocumentName, type Settings } from '../../../shared/domain/documents.ts'
import { type PlateEvent, parseEvent } from '../../../shared/domain/events.ts'
import { makeStamp } from '../../../shared/domain/stamp.ts'
import { FRIDAY, memoryStore, quickDocuments, quickSecrets, unitCore } from './kit.ts'

const settings = quickDocuments().settings as Settings

function read(raw: unknown): PlateEvent {
  const parsed = parseEvent(raw)
  if (parsed.as !== 'event') throw new Error('not readable')
  return parsed.event
}

async function seeded(documents = quickDocuments()): Promise<PlateEvent[]> {
  const store = memoryStore()
  const core = await unitCore(store, {}, documents)
  await core.stop()
  return store.events.map(({ event }) => read(event))
}

/** Somebody's publication. */
function published(name: DocumentName, version: number, body: unknown): PlateEvent {
  const stamp = makeStamp(1, 0, 'any')
  return read({
    id: `by-hand-${version}`,
    v: 1,
    kind: 'document.published',
    order: null,
    at: 1,
    stamp,
    device: 'any',
    staff: { id: 'ana', name: 'Ana' },
    command: 'c',
    data: { name, version, body },
  })
}

function merged(...events: PlateEvent[]) {
  const state = emptyState()
  for (const event of events) apply(state, event)
  return state.documents
}

test('two fresh PCs hold the very same events', async () => {
  const [one, other] = [await seeded(), await seeded()]
  expect(other).toEqual(one)
  expect(one).toHaveLength(DOCUMENT_NAMES.length)
  expect(new Set(one.map(({ id }) => id)).size).toBe(one.length)
})

test('documents of another Plate are other events, and every PC comes to the same ones', async () => {
  const one = await seeded()
  const other = await seeded({ ...quickDocuments(), settings: { ...settings, name: 'Elsewhere' } })
  expect(one.filter(({ id }) => !other.some((event) => event.id === id))).toHaveLength(1)
  expect(merged(...one, ...other)).toEqual(merged(...other, ...one))
})

test('whatever a person published wins, at any version and however long ago', async () => {
  const demo = await seeded()
  for (const version of [1, 2]) {
    const own = published('settings', version, { ...settings, name: 'Da Nina' })
    expect(merged(own, ...demo).settings.body.name).toBe('Da Nina')
    expect(merged(...demo, own).settings.body.name).toBe('Da Nina')
  }
})

test('a person goes on from it, and it never comes again', async () => {
  const store = memoryStore()
  const core = await unitCore(store)
  const actor = { device: { id: 's', name: 's' }, staff: null, roles: ['admin' as const] }
  const args = { name: 'settings', base: 1, body: { ...settings, name: 'Da Nina' } }
  expect(await core.submit('publishDocument', args, actor)).toMatchObject({ ok: true, value: { version: 2 } })
  expect(await core.seed(quickDocuments())).toEqual({ ok: true, value: { published: [] } })
  await core.stop()
  const last = store.events.at(-1)?.event
  expect(last?.at).toBeGreaterThanOrEqual(FRIDAY)
  const again = await unitCore(store)
  expect(await again.seed(quickDocuments())).toEqual({ ok: true, value: { published: [] } })
  await again.stop()
  expect(store.events).toHaveLength(DOCUMENT_NAMES.length + 1)
})

test('it is in the audit trail as set up by this PC, now', async () => {
  const store = memoryStore()
  const core = await unitCore(store)
  await core.stop()
  const rows = await store.audit({ limit: 99 })
  expect(rows).toHaveLength(DOCUMENT_NAMES.length)
  for (const row of rows) expect(row).toMatchObject({ name: 'publishDocument', device: { name: 'Setup' } })
  expect(rows[0]?.at).toBeGreaterThanOrEqual(FRIDAY)
})

test('where one document is not valid, none is published', async () => {
  const ingest = () => {
    throw new Error('not reached')
  }
  const tools = { hash: quickSecrets.hash, now: () => FRIDAY }
  const wrong = { ...quickDocuments(), settings: { ...settings, timeZone: 'Nowhere/Land' } }
  expect(await seedRestaurant({ ingest } as never, emptyState(), wrong, tools)).toMatchObject({
    ok: false,
    error: { code: 'invalid', params: { why: 'timeZone', zone: 'Nowhere/Land' } },
  })
})
