/** @file What must hold for every history: merging in any order, rules that are never broken, no task without a screen. */
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { apply, emptyState, type State } from '../../../shared/domain/apply.ts'
import { decide } from '../../../shared/domain/decide/index.ts'
import { type PlateEvent, parseEvent, RANK } from '../../../shared/domain/events.ts'
import { currentLine, taskOf } from '../../../shared/domain/portions.ts'
import { COMMAND_RIGHTS } from '../../../shared/domain/rights.ts'
import { EXPO } from '../../../shared/domain/routing.ts'
import { itemStatus, release } from '../../../shared/domain/status.ts'
import { isClosed, ticketOf, view } from '../../../shared/domain/view.ts'
import { adversarial } from './adversary.ts'
import {
  applyAll,
  deepFreeze,
  fingerprint,
  itemsOf,
  play,
  runs,
  script,
  stationsOf,
  type Turn,
} from './history.ts'

vi.setConfig({ testTimeout: process.env.PLATE_LONG ? 600_000 : 120_000 })

/** The same events in another order, some of them more than once. */
function reordered(events: readonly PlateEvent[], keys: readonly number[]): PlateEvent[] {
  const key = (index: number) => keys[index % keys.length] ?? 0
  const twice = events.flatMap((event, index) => (key(index) % 3 === 0 ? [event, event] : [event]))
  return twice
    .map((event, index) => ({ event, key: Math.imul(key(index) + index * 7919, 2654435761) >>> 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ event }) => event)
}

const keys = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 40, size: 'max' })
const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 4 })

/** Applies the events cut into batches, the last batch first: how peers catch up. */
function inBatches(events: readonly PlateEvent[], at: readonly number[]): State {
  const bounds = [...new Set([0, ...at.map((cut) => cut % (events.length + 1)), events.length])].sort(
    (a, b) => a - b,
  )
  const state = emptyState()
  const batches = bounds.slice(1).map((end, index) => events.slice(bounds[index], end))
  for (const batch of batches.reverse()) for (const event of batch) apply(state, event)
  return state
}

describe('apply is a merge', () => {
  test('of real histories: any order, any duplicate, any batches', () => {
    fc.assert(
      fc.property(script, keys, cuts, (history, shuffle, at) => {
        const { events } = play(history)
        const state = fingerprint(applyAll(events))
        expect(fingerprint(applyAll(reordered(events, shuffle)))).toBe(state)
        expect(fingerprint(inBatches(events, at))).toBe(state)
        expect(fingerprint(applyAll(events, applyAll(events)))).toBe(state)
      }),
      runs(150),
    )
  })

  test('of adversarial events, even where stamps clash', () => {
    fc.assert(
      fc.property(adversarial, keys, cuts, (events, shuffle, at) => {
        const state = fingerprint(applyAll(events))
        expect(fingerprint(applyAll(reordered(events, shuffle)))).toBe(state)
        expect(fingerprint(inBatches(events, at))).toBe(state)
      }),
      runs(400),
    )
  })

  test('what two orders of arrival show is the same too', () => {
    fc.assert(
      fc.property(adversarial, keys, (events, shuffle) => {
        const [one, other] = [applyAll(events), applyAll(reordered(events, shuffle))]
        for (const [id, order] of one.orders) {
          const twin = other.orders.get(id)
          if (!twin) throw new Error('an order got lost')
          expect(view(other.documents, twin, { scope: 'expo' })).toEqual(
            view(one.documents, order, { scope: 'expo' }),
          )
          expect(isClosed(other.documents, twin)).toBe(isClosed(one.documents, order))
        }
      }),
      runs(150),
    )
  })

  test('it never changes what an order was before', () => {
    fc.assert(
      fc.property(adversarial, (events) => {
        const state = emptyState()
        for (const event of events) {
          deepFreeze(event)
          for (const order of state.orders.values()) deepFreeze(order)
          apply(state, event)
        }
      }),
      runs(100),
    )
  })
})

/** The rules an accepted command must not have broken, checked on what it led to. */
function checkTurn({ before, command, role, decision }: Turn): void {
  if (!decision.ok) return
  expect(COMMAND_RIGHTS[command.name]).toContain(role)
  for (const event of decision.value.events) {
    expect(parseEvent(JSON.parse(JSON.stringify(event))).as).toBe('event')
    const order = event.order === null ? undefined : before.orders.get(event.order)
    if (order) expect(event.stamp > order.top).toBe(true)
    if (order?.cancelled) expect(event.kind).toBe('changes.acknowledged')
    if (event.kind === 'tasks.moved') checkMoves(before, event, command.name)
    if (event.kind === 'item.changed' && event.data.fields.quantity !== undefined) {
      expect(event.data.fields.quantity).toBeGreaterThan(0)
    }
    if (event.kind === 'item.changed' || event.kind === 'item.voided') {
      expect(order?.items[event.data.item]?.voided).toBeUndefined()
    }
  }
}

function checkMoves(before: State, event: Extract<PlateEvent, { kind: 'tasks.moved' }>, name: string): void {
  const order = before.orders.get(event.order ?? '')
  for (const { item: id, task: taskId, rank } of event.data.moves) {
    const item = order?.items[id]
    // A line just split off brings along that it was begun.
    if (!order || !item?.added) {
      expect(name).toBe('splitItem')
      continue
    }
    const now = taskOf(order, item, taskId)
    if (!now) throw new Error('a press on a task that is not there')
    if (name.startsWith('recall')) {
      expect(rank).toBe(RANK.confirmed)
      continue
    }
    expect(item.voided).toBeUndefined()
    expect(rank).toBeGreaterThan(RANK.confirmed)
    expect(release(order, item)).toBeDefined()
    if (rank === RANK.served) expect(itemStatus(order, item)).toBe('ready')
  }
}

describe('decide', () => {
  test('never accepts what its rules forbid', () => {
    let accepted = 0
    fc.assert(
      fc.property(script, (history) => {
        const { states, events } = play(history, (turn) => {
          if (turn.decision.ok && turn.decision.value.events.length) accepted += 1
          checkTurn(turn)
        })
        for (const state of [...states, applyAll(events)]) {
          for (const order of state.orders.values()) {
            for (const item of itemsOf(order))
              expect(currentLine(order, item)?.quantity).toBeGreaterThanOrEqual(0)
          }
        }
      }),
      runs(150),
    )
    // A generator whose commands are all refused would prove nothing.
    expect(accepted).toBeGreaterThan(1000)
  })

  test('is deterministic and leaves its input alone', () => {
    fc.assert(
      fc.property(script, (history) => {
        play(history, ({ before, command, role, decision }) => {
          const frozen = deepFreeze({ ...before })
          for (const order of before.orders.values()) deepFreeze(order)
          const ids = decision.ok ? decision.value.events : []
          let nth = 0
          const again = decide(frozen, deepFreeze(command), {
            now: ids[0]?.at ?? 0,
            day: '2026-03-02',
            roles: [role],
            staff: ids[0] ? ids[0].staff : null,
            device: ids[0]?.device ?? 'd',
            // Each event takes its stamp first, then its id.
            stamp: () => ids[nth]?.stamp ?? '',
            eventId: () => ids[nth++]?.id ?? '',
            ticketNumber: () => (decision.ok ? String(decision.value.value.number) : ''),
          })
          if (decision.ok) expect(again).toEqual(decision)
          else if (decision.error.code !== 'notAllowed') expect(again).toEqual(decision)
          else expect(again.ok).toBe(false)
        })
      }),
      runs(60),
    )
  })
})

/** Every open task of every live order is on its station's screen or the expo's, and always on the expo's. */
function checkScreens(state: State): void {
  for (const order of state.orders.values()) {
    if (!order.opened || order.cancelled) continue
    const expo = view(state.documents, order, { scope: 'expo' })
    for (const item of itemsOf(order)) {
      if (item.voided) continue
      for (const task of item.added?.tasks ?? []) {
        const work = taskOf(order, item, task.id)
        if (!work || work.handedOut || itemStatus(order, item) === 'voided') continue
        const onExpo = expo?.items.find(({ id }) => id === item.id)?.tasks.find(({ id }) => id === task.id)
        expect(onExpo).toBeDefined()
        if (work.toMake === 0) continue
        // Worked out here once more, so that a mistake in routing cannot hide behind itself.
        const exists = state.documents.stations.body.stations.some(({ id }) => id === task.station)
        const station = exists ? task.station : EXPO
        const filter =
          station === EXPO ? ({ scope: 'expo' } as const) : ({ scope: 'station', station } as const)
        const shown = view(state.documents, order, filter)
          ?.items.find(({ id }) => id === item.id)
          ?.tasks.find(({ id }) => id === task.id)
        expect(shown?.here).toBe(true)
        expect(shown?.orphan).toBe(task.station !== EXPO && !exists)
        expect(isClosed(state.documents, order)).toBe(false)
      }
    }
  }
}

const documents = fc.record({ choice: fc.nat({ max: 31 }), withDefault: fc.boolean() })

function withStations(
  state: State,
  { choice, withDefault }: { choice: number; withDefault: boolean },
): State {
  const stations = { ...state.documents.stations, body: stationsOf(choice, withDefault) }
  return { ...state, documents: { ...state.documents, stations } }
}

describe('no task is ever on no screen', () => {
  test('in real histories, with stations deleted at any time', () => {
    fc.assert(
      fc.property(script, documents, (history, stations) => {
        const { events, states } = play(history)
        for (const state of [...states, applyAll(events)]) {
          checkScreens(state)
          checkScreens(withStations(state, stations))
        }
      }),
      runs(120),
    )
  })

  test('in adversarial ones', () => {
    fc.assert(
      fc.property(adversarial, documents, (events, stations) =>
        checkScreens(withStations(applyAll(events), stations)),
      ),
      runs(300),
    )
  })

  test('a closed order has nothing left to show, and views never throw', () => {
    fc.assert(
      fc.property(adversarial, (events) => {
        const state = applyAll(events)
        for (const order of state.orders.values()) {
          const closed = isClosed(state.documents, order)
          for (const scope of ['expo', 'open'] as const) {
            ticketOf(state.documents, order, { scope })
            if (closed) expect(view(state.documents, order, { scope })).toBeNull()
          }
        }
      }),
      runs(150),
    )
  })
})
