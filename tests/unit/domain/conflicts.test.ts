/** @file What two devices did apart is told once they meet; what they did together is not. */
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { apply, emptyState, type State } from '../../../shared/domain/apply.ts'
import type { Conflict } from '../../../shared/domain/conflict.ts'
import { tell } from '../../../shared/domain/conflict-deeds.ts'
import { conflictsOf } from '../../../shared/domain/conflicts.ts'
import type { PlateEvent } from '../../../shared/domain/events.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { makeStamp } from '../../../shared/domain/stamp.ts'
import { words } from '../../support/words.ts'
import { adversarial } from './adversary.ts'
import { fingerprint, play, runs, script } from './history.ts'
import {
  BURGER,
  bodies,
  busy,
  CAKE,
  Kitchen,
  line,
  made,
  ORDER,
  PIZZA,
  placing,
  restaurant,
  task,
  uuid,
} from './kit.ts'

vi.setConfig({ testTimeout: process.env.PLATE_LONG ? 600_000 : 120_000 })

const nameOf = (device: string) => `the ${device}`

/** Two kitchens that know the same order and have lost each other; `b` is some time later. */
function pair(later = 60_000) {
  const a = busy()
  const b = new Kitchen(restaurant(), 'bar')
  b.staff = { id: 'ben', name: 'Ben' }
  b.now = a.now
  for (const event of a.log) b.take(event)
  b.later(later)
  return { a, b }
}

/** What `to` learns of conflicts as it hears `events`. */
function hear(to: Kitchen, events: readonly PlateEvent[]): Conflict[] {
  return events.flatMap((event) => {
    const found = conflictsOf(to.state, event)
    to.take(event)
    return found
  })
}

/** What each of the two learns from the other's events. */
function meet(a: Kitchen, b: Kitchen, fromA: readonly PlateEvent[], fromB: readonly PlateEvent[]) {
  return { atA: hear(a, fromB), atB: hear(b, fromA) }
}

const told = (conflicts: Conflict[]) => conflicts.map((one) => words.say(tell(one, nameOf)))

describe('two devices, one fact', () => {
  test('a field: who wrote earlier lost', () => {
    const { a, b } = pair()
    const mine = a.do('changeItem', { order: ORDER, item: BURGER, note: 'no onions' })
    const theirs = b.do('changeItem', { order: ORDER, item: BURGER, note: 'extra onions' })
    const { atA, atB } = meet(a, b, mine, theirs)
    expect(atA).toEqual([])
    expect(atB).toMatchObject([{ kind: 'field', fact: 'Burger', won: 'known' }])
    expect(told(atB)).toEqual([
      'Sam (the core, 2 Mar, 12:00) set the note of Burger to “no onions”; Ben (the bar, 2 Mar, 12:01) set the note of Burger to “extra onions”. The two met only later: “extra onions” counts, which was written later.',
    ])
  })

  test('a time that is no date is told all the same', () => {
    const { a, b } = pair()
    const mine = a.do('changeItem', { order: ORDER, item: BURGER, note: 'no onions' })
    const theirs = b.do('changeItem', { order: ORDER, item: BURGER, note: 'extra onions' })
    const mad = mine.map((event) => ({ ...event, at: Number.MAX_SAFE_INTEGER }))
    const { atB } = meet(a, b, mad, theirs)
    expect(told(atB)[0]).toContain('set the note of Burger to “no onions”')
  })

  test('fields that were written alike, or are different ones, are no conflict', () => {
    const { a, b } = pair()
    const mine = a.do('changeOrder', { order: ORDER, covers: 4, note: 'birthday' })
    const theirs = b.do('changeOrder', { order: ORDER, covers: 4, priority: 'vip' })
    expect(meet(a, b, mine, theirs)).toEqual({ atA: [], atB: [] })
  })

  test('the table of an order, moved to two places', () => {
    const { a, b } = pair()
    const mine = a.do('changeOrder', { order: ORDER, table: 't2' })
    const theirs = b.do('changeOrder', { order: ORDER, table: null })
    expect(told(meet(a, b, mine, theirs).atB)[0]).toMatch(
      /set the table of the order to “T2”; .*: none counts/,
    )
  })

  test('work on what was voided elsewhere, whoever was first', () => {
    const { a, b } = pair()
    const mine = a.do('voidItem', { order: ORDER, item: BURGER, reason: 'dropped' })
    const theirs = b.do('startTask', task(BURGER, 0))
    const { atA, atB } = meet(a, b, mine, theirs)
    expect(told(atA)).toEqual([
      'Sam (the core, 2 Mar, 12:00) voided Burger (dropped); Ben (the bar, 2 Mar, 12:01) started Burger. The two met only later: Burger stays voided.',
    ])
    expect(told(atB)).toEqual([
      'Sam (the core, 2 Mar, 12:00) voided Burger (dropped); Ben (the bar, 2 Mar, 12:01) started Burger. The two met only later: Burger is voided.',
    ])
  })

  test('both voided it, both cancelled it', () => {
    const { a, b } = pair()
    const mine = a.do('voidItem', { order: ORDER, item: PIZZA, reason: 'x' })
    const theirs = b.do('voidItem', { order: ORDER, item: PIZZA, reason: 'y' })
    const voided = meet(a, b, mine, theirs)
    for (const side of [voided.atA, voided.atB]) expect(side).toMatchObject([{ kind: 'voided', won: null }])
    const cancelled = meet(
      a,
      b,
      a.do('cancelOrder', { order: ORDER, reason: 'gone' }),
      b.do('cancelOrder', { order: ORDER, reason: 'left' }),
    )
    for (const side of [cancelled.atA, cancelled.atB])
      expect(side).toMatchObject([{ kind: 'cancelled', won: null }])
  })

  test('an order that was cancelled here and worked on there: one for each thing done', () => {
    const { a, b } = pair()
    const mine = a.do('cancelOrder', { order: ORDER, reason: 'gone' })
    const theirs = [
      ...b.do('addItems', { order: ORDER, items: [line(uuid(77), 'cake')] }),
      ...b.do('bumpTask', made(BURGER, 0)),
      ...b.do('changeOrder', { order: ORDER, covers: 9 }),
      ...b.do('fireCourse', b.course('desserts', ORDER)),
    ]
    const { atA, atB } = meet(a, b, mine, theirs)
    expect(told(atA).map((text) => /Ben \(.*\) (.*)\. The two/.exec(text)?.[1])).toEqual([
      'added Cake',
      'finished Burger',
      'changed the order',
      'fired Cake',
    ])
    expect(atB).toMatchObject([{ kind: 'cancelled', won: 'news', verdict: say('conflicts.isCancelled') }])
  })

  test('a step done twice counts once', () => {
    const { a, b } = pair()
    const { atA, atB } = meet(a, b, a.do('bumpTask', made(BURGER, 0)), b.do('bumpTask', made(BURGER, 0)))
    for (const side of [atA, atB]) expect(side).toMatchObject([{ kind: 'task', fact: 'Burger', won: null }])
    // One for the item, however many of its steps they both did.
    expect(meet(a, b, a.do('bumpTicket', a.all('fryer')), []).atB).toEqual([])
  })

  test('a recall counts against what was done in the round before', () => {
    const { a, b } = pair()
    hear(b, a.do('bumpTask', made(PIZZA, 0)))
    const mine = a.do('recallTask', made(PIZZA, 0))
    const theirs = b.do('bumpTask', made(PIZZA, 1))
    expect(meet(a, b, mine, theirs).atA).toEqual([])
    hear(b, a.do('bumpTask', made(BURGER, 0)))
    hear(b, a.do('bumpTask', made(BURGER, 1)))
    const recalled = a.do('recallTask', made(BURGER, 0))
    const served = b.do('serve', b.out([BURGER]))
    expect(told(meet(a, b, recalled, served).atA)).toEqual([
      expect.stringMatching(
        /served Burger.*recalled Burger.*the recall counts, so Burger is to be made again/,
      ),
    ])
  })

  test('a change that comes when the guest has the plate', () => {
    const { a, b } = pair()
    for (const index of [0, 1]) hear(b, a.do('bumpTask', made(BURGER, index)))
    const served = a.do('serve', a.out([BURGER]))
    const changed = b.do('changeItem', { order: ORDER, item: BURGER, quantity: 2 })
    const { atA } = meet(a, b, served, changed)
    expect(atA).toMatchObject([{ kind: 'served', won: null }])
    expect(told(atA)[0]).toMatch(/served Burger; .*quantity of Burger to 2.*ask whether the guest/)
    // A seat, or splitting the line for the bill, may come after.
    const { a: c, b: d } = pair()
    for (const index of [0, 1]) hear(d, c.do('bumpTask', made(BURGER, index)))
    const out = c.do('serve', c.out([BURGER]))
    const split = d.do('splitItem', { order: ORDER, item: BURGER, newItem: uuid(78), quantity: 1 })
    const seat = d.do('changeItem', { order: ORDER, item: BURGER, seat: 4 })
    expect(meet(c, d, out, [...split, ...seat]).atA).toEqual([])
  })

  test('one order opened on two devices', () => {
    const a = new Kitchen()
    const b = new Kitchen(restaurant(), 'bar')
    const items = [line(CAKE, 'cake')]
    const { atA, atB } = meet(
      a,
      b,
      a.do('placeOrder', placing(items)),
      b.later(5).do('placeOrder', placing(items)),
    )
    expect(atA).toMatchObject([{ kind: 'opened', won: 'known' }])
    expect(atB).toMatchObject([{ kind: 'opened', won: 'news' }])
  })

  test('a document published twice from the same version', () => {
    const { a, b } = pair()
    const base = a.state.documents.floor.version
    const other = { ...bodies.floor, tables: bodies.floor.tables.slice(1) }
    const mine = a.do('publishDocument', { name: 'floor', base, body: bodies.floor })
    const theirs = b.do('publishDocument', { name: 'floor', base, body: other })
    const { atA, atB } = meet(a, b, mine, theirs)
    expect(atA).toMatchObject([
      { kind: 'document', fact: say('conflicts.aDocument', { document: 'floor' }), won: 'news' },
    ])
    expect(atB).toMatchObject([{ kind: 'document', won: 'known' }])
    const { a: c, b: d } = pair()
    const same = [c, d].map((one) => one.do('publishDocument', { name: 'floor', base, body: other }))
    expect(meet(c, d, same[0] ?? [], same[1] ?? [])).toEqual({ atA: [], atB: [] })
  })

  test('what a fresh Plate brings along loses without a word', () => {
    const { a } = pair()
    const [mine] = a.do('publishDocument', { name: 'floor', base: 1, body: bodies.floor })
    if (mine?.kind !== 'document.published') throw new Error('not published')
    const body = { areas: [], tables: [] }
    const seeded = { ...mine, stamp: makeStamp(0, 0, 'demo'), data: { ...mine.data, body } }
    expect(conflictsOf(a.state, seeded)).toEqual([])
    const other = emptyState()
    apply(other, seeded)
    expect(conflictsOf(other, mine)).toEqual([])
  })

  test('the 86 list: an older word that says otherwise', () => {
    const { a, b } = pair()
    hear(b, a.do('setStock', { menuItem: 'burger', out: true }))
    const mine = a.do('setStock', { menuItem: 'burger', out: false })
    b.do('setStock', { menuItem: 'burger', out: false })
    const theirs = b.do('setStock', { menuItem: 'burger', out: true })
    const { atA, atB } = meet(a, b, mine, theirs)
    expect(atA).toEqual([])
    expect(told(atB)).toEqual([
      expect.stringMatching(/put Burger back on sale.*set Burger to 86.*Burger is 86/),
    ])
  })
})

/** Both hear everything before either does anything: then all of it happens one after the other. */
const together = script.map(({ acts, skews }) => ({
  acts: acts.map((act) => ({ ...act, late: false, hears: { from: (act.device + 1) % 2, share: 1 } })),
  skews: skews.slice(0, 2),
}))

function conflictsIn(state: State, events: readonly PlateEvent[]): Conflict[] {
  return events.flatMap((event) => {
    const found = conflictsOf(state, event)
    apply(state, event)
    return found
  })
}

describe('in any history', () => {
  test('two devices that hear everything have no conflicts, nor when they hear it again', () => {
    fc.assert(
      fc.property(together, (history) => {
        const { events } = play(history)
        const state = restaurant()
        expect(conflictsIn(state, events)).toEqual([])
        // A dish keeps only its newest word; of other facts the state itself tells that they are known.
        const again = events.filter((event) => event.kind !== 'stock.set')
        expect(again.flatMap((event) => conflictsOf(state, event))).toEqual([])
      }),
      runs(150),
    )
  })

  test('of two that write the same field apart, at least one is told', () => {
    const change = fc.oneof(
      fc.record({ quantity: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ note: fc.constantFrom('x', 'y', 'z') }),
      fc.record({ seat: fc.constantFrom(null, 2, 3) }),
      fc.record({ course: fc.constantFrom('starters', 'desserts') }),
    )
    let met = 0
    fc.assert(
      fc.property(change, change, fc.integer({ min: -600_000, max: 600_000 }), (one, other, skew) => {
        const { a, b } = pair(skew)
        const mine = a.do('changeItem', { order: ORDER, item: BURGER, ...one })
        const theirs = b.do('changeItem', { order: ORDER, item: BURGER, ...other })
        const { atA, atB } = meet(a, b, mine, theirs)
        const [[field, value]] = Object.entries(one) as [[string, unknown]]
        const apart = mine.length > 0 && theirs.length > 0 && field in other
        const differ = (other as Record<string, unknown>)[field] !== value
        expect(atA.length + atB.length).toBe(apart && differ ? 1 : 0)
        met += atA.length + atB.length
      }),
      runs(200),
    )
    expect(met).toBeGreaterThan(10)
  })

  test('whatever comes, it never throws, finds nothing within one device, and can be told', () => {
    let found = 0
    fc.assert(
      fc.property(adversarial, (events) => {
        for (const conflict of conflictsIn(restaurant(), events)) {
          found++
          expect(conflict.known.stamp.slice(23)).not.toBe(conflict.news.stamp.slice(23))
          const sentence = words.say(tell(conflict, nameOf))
          expect(sentence).toMatch(/^\S.* The two met only later: \S.*\.$/s)
          expect(sentence).not.toMatch(/no words for|undefined/)
        }
      }),
      runs(400),
    )
    expect(found).toBeGreaterThan(100)
  })

  test('devices that hear only some find conflicts, and are not changed by looking', () => {
    let found = 0
    fc.assert(
      fc.property(script, (history) => {
        const { events, states } = play(history)
        for (const state of states) {
          const before = fingerprint(state)
          for (const event of events) found += conflictsOf(state, event).length
          expect(fingerprint(state)).toBe(before)
        }
      }),
      runs(60),
    )
    expect(found).toBeGreaterThan(100)
  })
})
