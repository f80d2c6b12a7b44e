/** @file A log that grows: members, kinds, versions and features of a later Plate, read by this one. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyRead, emptyState, type State } from '../../../shared/domain/apply.ts'
import { canonical } from '../../../shared/domain/canonical.ts'
import { recorder } from '../../../shared/domain/decide/context.ts'
import { checkDocument } from '../../../shared/domain/decide/restaurant.ts'
import { type Envelope, type PlateEvent, parseEvent, signedForm } from '../../../shared/domain/events.ts'
import { makeStamp } from '../../../shared/domain/stamp.ts'
import { orderStatus } from '../../../shared/domain/status.ts'
import { isClosed, view } from '../../../shared/domain/view.ts'
import { BURGER, bodies, busy, NOON, ORDER } from './kit.ts'

type Json = Record<string, unknown>

/** Anything JSON can say, with names that schemas and objects have, too. */
const anything = fc.jsonValue({ maxDepth: 3 })
const names = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }).map((name) => `x${name}`),
  fc.constantFrom('guest', 'sizes', 'n', 'saw', 'constructor', 'toString', 'hasOwnProperty'),
)
const more = fc.dictionary(names, anything, { minKeys: 1, maxKeys: 3 })

/** Adds members everywhere that an object stands, as a later version might; none that are there. */
function grown(value: unknown, extra: Json, depth = 0): unknown {
  if (Array.isArray(value)) return value.map((one) => grown(one, extra, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  const own = Object.entries(value).map(([name, inner]) => [name, grown(inner, extra, depth + 1)])
  return { ...extra, ...Object.fromEntries(own) }
}

const later = (event: PlateEvent, extra: Json): Json => {
  const { data, ...envelope } = JSON.parse(JSON.stringify(event)) as PlateEvent
  return { ...extra, ...envelope, data: grown(data, extra) }
}

function fold(events: readonly unknown[]): State {
  const state = emptyState()
  for (const one of events) {
    const read = parseEvent(one)
    if (read.as !== 'garbage') applyRead(state, read)
  }
  return state
}

const put = (docs: State['documents'], state: State): State => Object.assign(state, { documents: docs })

describe('members that this version does not know', () => {
  test('survive reading value for value, wherever they stand', () => {
    const { log } = busy()
    fc.assert(
      fc.property(fc.constantFrom(...log), more, (event, extra) => {
        const raw = later(event, extra)
        const before = canonical(raw)
        const read = parseEvent(raw)
        expect(read).toMatchObject({ as: 'event', part: true, lacks: [] })
        expect(read.as === 'event' && canonical(read.event)).toBe(before)
      }),
    )
  })

  test('change nothing of what this version shows', () => {
    const kitchen = busy()
    fc.assert(
      fc.property(more, (extra) => {
        const plain = put(kitchen.state.documents, fold(kitchen.log))
        const grownUp = put(kitchen.state.documents, fold(kitchen.log.map((event) => later(event, extra))))
        const [one, other] = [plain, grownUp].map((state) => {
          const order = state.orders.get(ORDER)
          return order && view(state.documents, order, { scope: 'expo' })
        })
        // A course or a table is shown as it came, with all its members.
        expect(JSON.parse(JSON.stringify(other))).toMatchObject(JSON.parse(JSON.stringify(one)))
      }),
      { numRuns: 30 },
    )
  })

  test('never take the place of an event’s own time, stamp or person', () => {
    const [opened] = busy().log.filter(({ kind }) => kind === 'order.opened')
    const raw = { ...opened, data: { ...opened?.data, at: 5, stamp: 'x', by: 'nobody' } }
    const order = fold([raw]).orders.get(ORDER)
    expect(order?.opened).toMatchObject({ at: opened?.at, stamp: opened?.stamp, by: opened?.staff })
  })

  test('stay on a document that an older page publishes', () => {
    const menu = structuredClone(bodies.menu) as unknown as { items: Json[]; [name: string]: unknown }
    menu.season = { winter: true }
    for (const item of menu.items) item.photo = `${item.id}.jpg`
    const checked = checkDocument('menu', menu)
    expect(checked.ok && canonical(checked.value)).toBe(canonical(menu))
  })

  test('and of the staff only what screens are told of PINs is left out', () => {
    const kitchen = busy()
    const { members } = kitchen.state.documents.staff.body
    const shown = members.map(({ pinHash, ...member }) => ({
      ...member,
      hasPin: pinHash !== undefined,
      badge: 7,
    }))
    const version = kitchen.state.documents.staff.version
    kitchen.do('publishDocument', {
      name: 'staff',
      base: version,
      body: { salt: '', members: shown, shifts: [1] },
    })
    const body = kitchen.state.documents.staff.body as unknown as { members: Json[]; shifts: unknown }
    expect(body.shifts).toEqual([1])
    expect(body.members.map(({ badge }) => badge)).toEqual(members.map(() => 7))
    expect(body.members.some((member) => 'hasPin' in member)).toBe(false)
    expect(body.members.map(({ pinHash }) => pinHash)).toEqual(members.map(({ pinHash }) => pinHash))
  })
})

describe('what this version cannot read', () => {
  const kitchen = busy()
  const base = kitchen.log.at(-1) as PlateEvent
  const stamp = makeStamp(NOON + 90_000, 0, 'z')
  const of = (kind: string, more: Json = {}): Json => ({
    ...base,
    id: `later-${kind}-${JSON.stringify(more)}`.slice(0, 64),
    kind,
    stamp,
    data: { any: 1 },
    ...more,
  })
  const ticket = (events: readonly unknown[], scope: 'expo' | 'open' = 'expo') => {
    const state = put(kitchen.state.documents, fold(events))
    const order = state.orders.get(ORDER)
    return order ? view(state.documents, order, { scope }) : null
  }

  test('a kind of its own is not missed unless it says so', () => {
    expect(ticket([...kitchen.log, of('order.photographed')])?.incomplete).toBeUndefined()
    expect(ticket([...kitchen.log, of('order.joined', { needs: ['joins'] })])?.incomplete).toEqual({
      needs: ['joins'],
    })
  })

  test('a later version of a known kind, and a shape it cannot have, are missed', () => {
    expect(ticket([...kitchen.log, of('item.added', { v: 2 })])?.incomplete).toEqual({ needs: [] })
    expect(ticket([...kitchen.log, of('item.voided')])?.incomplete).toEqual({ needs: [] })
  })

  test('what needs a feature counts as far as it is read, and is missed', () => {
    const event = of('item.changed', {
      data: { item: BURGER, fields: { note: 'no nuts', guestAllergy: 'nuts' }, notify: true },
      needs: ['guestAllergies'],
    })
    const shown = ticket([...kitchen.log, event])
    expect(shown?.items.find(({ id }) => id === BURGER)?.note).toBe('no nuts')
    expect(shown?.incomplete).toEqual({ needs: ['guestAllergies'] })
  })

  test('a rule says so of an event by itself, and of no other', () => {
    const record = recorder(kitchen.context(), { id: 'c' }, kitchen.order())
    record.add('order.changed', { fields: { note: 'no nuts' } }, ['guestAllergies'])
    record.add('order.changed', { fields: { covers: 2 } })
    expect(record.events.map((event) => (event as Envelope).needs)).toEqual([['guestAllergies'], undefined])
    expect(ticket([...kitchen.log, ...record.events])?.incomplete).toEqual({ needs: ['guestAllergies'] })
  })

  test('such a ticket is never shown as done, and leaves its boards only after it was acknowledged', () => {
    const missed = of('item.added', { v: 2 })
    const done = kitchen.log.concat()
    const whole = fold(done)
    const order = whole.orders.get(ORDER)
    const served = [
      ...done,
      ...Object.values(order?.items ?? {}).map((item, n) => ({
        ...base,
        id: `served-${n}`,
        kind: 'tasks.moved',
        stamp: makeStamp(NOON + 91_000 + n, 0, 'z'),
        data: {
          moves: item.added?.tasks.map((task) => ({ item: item.id, task: task.id, cycle: 3, rank: 3 })) ?? [],
        },
      })),
    ]
    expect(ticket(served)).toBeNull()
    const shown = ticket([...served, missed])
    expect(shown).toMatchObject({ status: 'preparing', incomplete: { needs: [] }, pending: [stamp] })
    const state = put(kitchen.state.documents, fold([...served, missed]))
    expect(orderStatus(state.orders.get(ORDER) as never)).toBe('preparing')
    expect(isClosed(state.documents, state.orders.get(ORDER) as never)).toBe(false)
    const stations = ['expo', ...state.documents.stations.body.stations.map(({ id }) => id)]
    const seen = stations.map((station, n) => ({
      ...base,
      id: `seen-${n}`,
      kind: 'changes.acknowledged',
      stamp: makeStamp(NOON + 95_000 + n, 0, 'z'),
      data: { station, seen: [stamp] },
    }))
    expect(ticket([...served, missed, ...seen])).toBeNull()
    const after = put(kitchen.state.documents, fold([...served, missed, ...seen]))
    expect(isClosed(after.documents, after.orders.get(ORDER) as never)).toBe(true)
  })

  test('a cook acknowledges it by its stamp', () => {
    const busier = busy()
    const read = parseEvent(of('item.added', { v: 2 }))
    if (read.as !== 'garbage') applyRead(busier.state, read)
    const before = busier.see('expo')
    expect(before?.pending).toEqual([stamp])
    busier.do('acknowledge', { order: ORDER, station: 'expo', seen: [stamp] })
    expect(busier.see('expo')?.pending).toEqual([])
    expect(busier.see('expo')?.incomplete).toEqual({ needs: [] })
  })

  test('an order whose opening cannot be read stands at the expo all the same', () => {
    const events = kitchen.log.map((event) =>
      event.kind === 'order.opened' ? { ...event, v: 2, data: { who: 'knows' } } : event,
    )
    expect(ticket(events)).toMatchObject({ number: '?', incomplete: { needs: [] } })
    expect(ticket(events)?.items.length).toBeGreaterThan(0)
  })

  test('any order of arrival and any duplicate end in one state', () => {
    const events = [...kitchen.log, of('item.added', { v: 2 }), of('order.joined', { needs: ['joins'] })]
    const expected = canonical(fold(events).orders.get(ORDER))
    fc.assert(
      fc.property(
        fc.shuffledSubarray(events, { minLength: events.length }),
        fc.subarray(events),
        (all, again) => {
          expect(canonical(fold([...all, ...again]).orders.get(ORDER))).toBe(expected)
        },
      ),
      { numRuns: 100 },
    )
  })

  test('once it is read, nothing is missed any more', () => {
    const missed = of('item.changed', {
      v: 2,
      data: { item: BURGER, fields: { note: 'late' }, notify: false },
    })
    const state = fold([...kitchen.log, missed])
    expect(state.orders.get(ORDER)?.unread).toBeDefined()
    // The version that knows it reads the same event as one of its own.
    const read = parseEvent({ ...missed, v: 1 })
    if (read.as === 'event') applyRead(state, read)
    expect(state.orders.get(ORDER)).toEqual(fold([...kitchen.log, { ...missed, v: 1 }]).orders.get(ORDER))
  })
})

test('a signature is over all of the event but itself, whatever the order of its members', () => {
  const event = { ...busy().log[0], sig: 'abc', guest: { b: 1, a: 2 } } as unknown as Envelope
  const { sig: _, ...rest } = event
  expect(signedForm(event)).toBe(canonical(rest))
  expect(signedForm(JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(event).reverse()))))).toBe(
    canonical(rest),
  )
})
