/** @file The app's apply and the database's projection are one merge: the same random histories end in the same rows, whatever the order of arrival. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyState } from '../../shared/domain/apply.ts'
import { DOCUMENT_NAMES, type DocumentName, EMPTY_DOCUMENTS } from '../../shared/domain/documents.ts'
import type { PlateEvent } from '../../shared/domain/events.ts'
import { makeStamp } from '../../shared/domain/stamp.ts'
import { times } from '../support/long.ts'
import { adversarial } from '../unit/domain/adversary.ts'
import { applyAll, play, script } from '../unit/domain/history.ts'
import { BURGER, bodies, busy, CAKE, NOON, uuid } from '../unit/domain/kit.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { comparable, expectedRows } from './lib/projection.ts'
import { createPlayer, type Player, type Step } from './lib/projection-play.ts'
import { portions } from './lib/projection-portions.ts'

let backend: TestBackend
let player: Player

beforeAll(async () => {
  backend = await openBackend()
  player = await createPlayer(backend)
})
afterAll(() => backend?.close())

/** How the events travel: shuffled by `keys`, some sent twice, cut into batches; after some of them old orders are archived. */
interface Way {
  keys: number[]
  cuts: number[]
  archive: boolean[]
  rebuild: boolean
}
const way: fc.Arbitrary<Way> = fc.record({
  keys: fc.array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 20 }),
  cuts: fc.array(fc.nat({ max: 200 }), { maxLength: 3 }),
  archive: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
  rebuild: fc.boolean(),
})

function steps(events: readonly PlateEvent[], { keys, cuts, archive }: Way): Step[] {
  const key = (index: number) => keys[index % keys.length] ?? 0
  const sent = events
    .flatMap((event, index) => (key(index) % 4 === 0 ? [event, event] : [event]))
    .map((event, index) => ({ event, rank: Math.imul(key(index) + index * 7919, 2654435761) >>> 0 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ event }) => event)
  const ends = [...new Set([...cuts.map((cut) => cut % (sent.length + 1)), sent.length])].sort(
    (a, b) => a - b,
  )
  return ends.map((end, index) => ({
    events: sent.slice(ends[index - 1] ?? 0, end),
    archive: archive[index % archive.length] ?? false,
  }))
}

async function converges(events: readonly PlateEvent[], how: Way): Promise<void> {
  const outcome = await player.play(steps(events, how), how.rebuild)
  expect(outcome.refused).toEqual([])
  expect(outcome.kept).toBe(events.length)
  expect(comparable(outcome.rows)).toEqual(expectedRows(applyAll(events, emptyState())))
}

/** Every event its own: the adversary reuses ids, which the log refuses. */
const own = (events: readonly PlateEvent[]): PlateEvent[] =>
  events.map((event, index) => ({ ...event, id: uuid(index) }))

function published(name: DocumentName, version: number, body: unknown): PlateEvent {
  const stamp = makeStamp(NOON, version, 'd')
  const data = { name, version, body }
  const id = `${name}-${version}`
  return {
    id,
    v: 1,
    kind: 'document.published',
    order: null,
    at: NOON,
    stamp,
    device: 'd',
    staff: null,
    command: 'c',
    data,
  }
}

describe('the database merges as the app does', needs('sql'), () => {
  test('histories of several devices that met only now and then', () =>
    fc.assert(
      fc.asyncProperty(script, way, (history, how) => converges(play(history).events, how)),
      { numRuns: times(350, 8000) },
    ))

  test('events no honest device would make, even with clashing stamps', () =>
    fc.assert(
      fc.asyncProperty(adversarial, way, (events, how) => converges(own(events), how)),
      { numRuns: times(150, 2000) },
    ))

  test('lines that are split, changed, recalled, made again and taken back, by people who knew of some of it', () =>
    fc.assert(
      fc.asyncProperty(portions, way, (events, how) => converges(events, how)),
      { numRuns: times(150, 2000) },
    ))

  test('two events with one stamp: their content decides, on both sides', async () => {
    const by = (n: number) => ({ at: NOON + n, staff: { id: `s${n}`, name: 'Sam' } })
    const kitchen = busy()
    const [burger] = kitchen.log.filter((event) => event.kind === 'item.added')
    const twice = (kind: string, data: (n: number) => unknown): PlateEvent[] =>
      [1, 2].map((n) => {
        const envelope = { ...burger, ...by(n), id: `${kind}-${n}`, stamp: makeStamp(NOON + 5000, 0, 'd') }
        return { ...envelope, kind, data: data(n) } as PlateEvent
      })
    const clashes = [
      kitchen.log.flatMap((event) => [event, { ...event, id: `${event.id}-`, ...by(1) }]),
      twice('order.changed', (n) => ({ fields: { note: `n${n}`, covers: 3 - n } })),
      twice('item.changed', (n) => ({ item: BURGER, fields: { quantity: n }, notify: n === 1 })),
      twice('item.voided', (n) => ({ item: BURGER, reason: `r${n}`, notify: false })),
      twice('items.fired', () => ({ items: [CAKE] })),
      twice('course.fired', () => ({ course: 'desserts' })),
      twice('order.cancelled', (n) => ({ reason: `r${n}` })),
    ]
    for (let count = 1; count <= clashes.length; count++) {
      const events = clashes.slice(0, count).flat()
      for (const sent of [events, events.toReversed()]) {
        const { rows } = await player.play([{ events: sent, archive: false }])
        expect(comparable(rows)).toEqual(expectedRows(applyAll(events)))
      }
    }
  })

  test('whole documents: the newest is laid out as tables, the older one and the staff nowhere', async () => {
    const staff = { ...bodies.staff, salt: 'nobody reads this' }
    const older = (['menu', 'floor', 'stations'] as const).map((name) =>
      published(name, 1, EMPTY_DOCUMENTS[name]),
    )
    const newest = DOCUMENT_NAMES.map((name) => published(name, 2, name === 'staff' ? staff : bodies[name]))
    const { rows } = await player.play([
      { events: newest, archive: false },
      { events: older, archive: true },
    ])
    expect(comparable(rows)).toEqual(expectedRows(applyAll([...newest, ...older])))
    expect(rows.menu_items).toHaveLength(bodies.menu.items.length)
    const leaks = await backend.sql(
      `select tablename from pg_tables where schemaname = 'public' and tablename not in ('order_events', 'order_archive')
       and query_to_xml(format('select * from public.%I', tablename), true, false, '')::text like '%nobody reads this%'`,
    )
    expect(leaks).toEqual([])
  })

  test('events of a later version are kept for later, and change nothing', async () => {
    const stations = published('stations', 1, bodies.stations)
    const future = { ...published('stations', 2, { hologram: true }), v: 2 } as PlateEvent
    const { rows, kept, refused } = await player.play([{ events: [future, stations], archive: false }])
    expect({ kept, refused }).toEqual({ kept: 2, refused: [] })
    expect(comparable(rows)).toEqual(expectedRows(applyAll([stations])))
  })
})
