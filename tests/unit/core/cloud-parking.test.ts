/** @file Unit tests of what waits because the cloud refused something: its order, its reasons, and the store in step with it. */

import { describe, expect, test } from 'vitest'
import { createParking } from '../../../main/core/cloud/parking.ts'
import type { OrderRow, ParkedEvent } from '../../../main/core/ports.ts'
import { emptyState } from '../../../shared/domain/apply.ts'
import type { OrderState } from '../../../shared/domain/order.ts'
import { said } from '../../support/cloud.ts'
import { id, memoryStore } from './kit.ts'

const WHY = { code: 'invalid', says: said('Not readable.') }
const BEHIND = { code: 'behind', says: said('An earlier change was refused.') }

const waits = (lane: string, seq: number, more: Partial<ParkedEvent> = {}): ParkedEvent => ({
  seq,
  lane,
  at: seq * 1_000,
  ...BEHIND,
  ...more,
})
const seqsOf = (events: readonly ParkedEvent[]) => events.map(({ seq }) => seq)

/** A parking, and what another one would find in its store after a restart. */
async function parked() {
  const store = memoryStore()
  const state = emptyState()
  const open = () => createParking(store, state)
  return { store, state, open, parking: await open() }
}

describe('a lane', () => {
  test('is in the order of the log, whatever is noted first, and counts nothing twice', async () => {
    const { parking, open } = await parked()
    const lane = id()
    await parking.add([waits(lane, 5, WHY), waits(lane, 7)])
    await parking.add([waits(lane, 3), waits(lane, 5)])
    for (const one of [parking, await open()]) expect(seqsOf(one.waiting(lane))).toEqual([3, 5, 7])
  })

  test('has the reason it was parked for, also after a restart and when its first events are gone', async () => {
    const { parking, open } = await parked()
    const lane = id()
    await parking.add([waits(lane, 1, WHY), waits(lane, 2)])
    await parking.add([waits(lane, 3)])
    await parking.remove(lane, [1])
    for (const one of [parking, await open()])
      expect(one.lanes()).toMatchObject([{ ...WHY, since: 2_000, events: 2 }])
  })

  test('has another reason when it is refused again, also after a restart', async () => {
    const { parking, open } = await parked()
    const lane = id()
    await parking.add([waits(lane, 1, WHY), waits(lane, 2)])
    await parking.refuse(lane, 'tooLarge', said('Too much.'))
    for (const one of [parking, await open()]) {
      expect(one.lanes()).toMatchObject([{ code: 'tooLarge', says: said('Too much.'), events: 2 }])
      expect(one.waiting(lane)).toMatchObject([{ says: said('Too much.') }, { says: said('Too much.') }])
    }
  })

  test('that waits longest comes first, and since when its first event waits', async () => {
    const { parking } = await parked()
    const [late, early] = [id(), id()]
    await parking.add([waits(late, 9, WHY)])
    await parking.add([waits(early, 4, WHY), waits(early, 12)])
    expect(parking.lanes()).toMatchObject([
      { lane: early, since: 4_000 },
      { lane: late, since: 9_000 },
    ])
  })

  test('has its ticket’s number after a restart, also when the order has left memory', async () => {
    const { store, state, open, parking } = await parked()
    const [here, closed, kind] = [id(), id(), 'stock.set']
    const order = (name: string, number: string) =>
      ({ id: name, opened: { number } }) as unknown as OrderState
    state.orders.set(here, order(here, 'A1'))
    const row: OrderRow = { state: order(closed, 'A2'), open: false, closedAt: 1 }
    store.rows.set(closed, row)
    await parking.add([waits(here, 1, WHY), waits(closed, 2, WHY), waits(kind, 3, WHY)])
    for (const one of [parking, await open()])
      expect(one.lanes()).toMatchObject([
        { order: here, number: 'A1' },
        { order: closed, number: 'A2' },
        { lane: kind, order: null, number: null },
      ])
  })
})

describe('a store that cannot write', () => {
  test('leaves what waits as it was', async () => {
    const { store, parking, open } = await parked()
    const lane = id()
    await parking.add([waits(lane, 1, WHY), waits(lane, 2)])
    store.broken = new Error('The disk is full.')
    await expect(parking.add([waits(lane, 3)])).rejects.toThrow('full')
    await expect(parking.refuse(lane, 'other', said('Another.'))).rejects.toThrow('full')
    await expect(parking.remove(lane, [1])).rejects.toThrow('full')
    store.broken = null
    for (const one of [parking, await open()]) {
      expect(seqsOf(one.waiting(lane))).toEqual([1, 2])
      expect(one.lanes()).toMatchObject([WHY])
    }
  })
})
