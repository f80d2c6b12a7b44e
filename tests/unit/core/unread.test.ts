/** @file What this version cannot read comes in, is kept, and raises alarms that end when it is over. A core on a memory store. */
import { describe, expect, test } from 'vitest'
import type { Alarm } from '../../../main/core/alarms.ts'
import { createAlarms } from '../../../main/core/alarms.ts'
import { createUnread } from '../../../main/core/unread.ts'
import { applyRead, emptyState } from '../../../shared/domain/apply.ts'
import { parseEvent } from '../../../shared/domain/events.ts'
import { makeStamp } from '../../../shared/domain/stamp.ts'
import { quietLog } from '../../support/ports.ts'
import { FRIDAY, id, memoryStore, placing, testEngine } from './kit.ts'

const BAR = '0b000000-0000-4000-8000-000000000000'
const later = (order: string | null, kind: string, more: Record<string, unknown> = {}) => ({
  id: id(),
  v: 1,
  kind,
  order,
  at: FRIDAY,
  stamp: makeStamp(FRIDAY, 1, BAR),
  device: BAR,
  staff: null,
  command: id(),
  data: {},
  ...more,
})

describe('the engine', () => {
  test('takes in what it cannot read, with the cursor, and says how much that is', async () => {
    const store = memoryStore()
    const commits: unknown[] = []
    const commit = store.commit
    store.commit = (batch) => {
      commits.push(batch.garbage)
      return commit(batch)
    }
    const raw: number[] = []
    const { engine } = await testEngine(store, { unread: (count) => void raw.push(count) })
    const order = id()
    await engine.submit(placing(order))
    const photo = later(order, 'order.photographed')
    const page = [photo, { no: 'event' }, later(null, 'recipe.written')]
    expect(await engine.ingest('bar', page, 3)).toEqual({ ok: true, value: { taken: 2 } })
    expect(engine.cursor('bar')).toBe(3)
    expect(raw).toEqual([3])
    expect(commits.at(-1)).toEqual([{ source: 'bar', raw: { no: 'event' } }])
    const kept = await store.eventsAfter(0, 100)
    expect(kept.map(({ event }) => event)).toContainEqual(photo)
    // The same again is nothing new; garbage cannot tell.
    await engine.ingest('bar', [photo], 3)
    expect(raw).toEqual([3])
  })
})

describe('the alarms', () => {
  function room(raw = 0) {
    const state = emptyState()
    const closedAt = new Map<string, number>()
    let shown: Alarm[] = []
    const alarms = createAlarms(
      () => FRIDAY,
      quietLog,
      (list) => {
        shown = list
      },
    )
    const take = (one: unknown) => {
      const read = parseEvent(one)
      if (read.as !== 'garbage') applyRead(state, read)
    }
    const unread = createUnread({ state, closedAt, alarms, raw })
    return {
      state,
      closedAt,
      unread,
      take,
      says: () => Object.fromEntries(shown.map((one) => [one.id, one.says])),
    }
  }

  test('of what is kept raw stands from the start and counts on', () => {
    expect(room().says()).toEqual({})
    const { unread, says } = room(2)
    expect(says()).toEqual({ raw: { code: 'alarms.raw', params: { count: 2 } } })
    unread.kept(3)
    expect(says()).toEqual({ raw: { code: 'alarms.raw', params: { count: 5 } } })
  })

  test('of tickets that are not whole names some, and ends with the last', () => {
    const { unread, take, says, closedAt } = room()
    const orders = Array.from({ length: 7 }, () => id())
    for (const order of orders) take(later(order, 'item.added', { v: 2 }))
    unread.changed(orders.slice(0, 2))
    expect(says()).toEqual({ incomplete: { code: 'alarms.incomplete', params: { numbers: ['?', '?'] } } })
    unread.changed(orders)
    expect(says().incomplete).toMatchObject({ code: 'alarms.incompleteMore', params: { count: 2 } })
    for (const order of orders) closedAt.set(order, FRIDAY)
    unread.changed(orders)
    expect(says()).toEqual({})
  })
})
