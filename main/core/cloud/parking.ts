/** @file Parking: lanes the cloud refused, with all that waits behind. Keeps memory and the store in step. */
import type { ParkedLane } from '../../../shared/contract/contract.ts'
import type { State } from '../../../shared/domain/apply.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import type { ParkedEvent, Store } from '../ports.ts'
import { orderOfLane } from './lanes.ts'

export interface Parking {
  has(lane: string): boolean
  /** What waits of a lane, in log order. */
  waiting(lane: string): readonly ParkedEvent[]
  /** What waits of events with these ids. */
  find(ids: readonly string[]): ParkedEvent[]
  /** All lanes, the one that has waited longest first. */
  lanes(): ParkedLane[]
  /** Notes these durably. Those of a lane that waits already get its reason. */
  add(events: readonly ParkedEvent[]): Promise<void>
  /** Gives what waits of a lane another reason. */
  refuse(lane: string, code: string, says: Message): Promise<void>
  /** Forgets these: they were sent, or given up. */
  remove(lane: string, seqs: readonly number[]): Promise<void>
}

/** Reads what waits. Rejects when the store cannot tell. */
export async function createParking(store: Store, state: State): Promise<Parking> {
  const byLane = new Map<string, ParkedEvent[]>()
  const numbers = new Map<string, string>()
  /** Ids of events that wait, and back. */
  const ids = { ofSeq: new Map<number, string>(), toEvent: new Map<string, ParkedEvent>() }

  function keep(event: ParkedEvent): void {
    const events = byLane.get(event.lane) ?? []
    byLane.set(
      event.lane,
      [...events.filter(({ seq }) => seq !== event.seq), event].sort((a, b) => a.seq - b.seq),
    )
  }

  async function learnIds(): Promise<void> {
    const events = [...byLane.values()].flat().filter(({ seq }) => !ids.ofSeq.has(seq))
    const bySeq = new Map(events.map((event) => [event.seq, event]))
    for (const { seq, event } of await store.eventsBySeq([...bySeq.keys()])) {
      const parked = bySeq.get(seq)
      if (parked) ids.toEvent.set(event.id, parked)
      ids.ofSeq.set(seq, event.id)
    }
  }

  function forget(seq: number): void {
    ids.toEvent.delete(ids.ofSeq.get(seq) ?? '')
    ids.ofSeq.delete(seq)
  }

  /** Ticket numbers, also of orders that have left memory. */
  async function learnNumbers(): Promise<void> {
    const unknown = [...byLane.keys()].filter((lane) => orderOfLane(lane) && !numbers.has(lane))
    for (const { state: order } of await store.orders(unknown.filter((lane) => !state.orders.has(lane))))
      numbers.set(order.id, order.opened?.number ?? '')
    for (const lane of unknown) {
      const number = state.orders.get(lane)?.opened?.number
      if (number !== undefined) numbers.set(lane, number)
    }
  }

  function laneView(lane: string, [first, ...others]: readonly ParkedEvent[]): ParkedLane[] {
    if (!first) return []
    const { code, says } = first
    const since = Math.min(first.at, ...others.map(({ at }) => at))
    const number = numbers.get(lane) || null
    return [{ lane, order: orderOfLane(lane), number, code, says, since, events: 1 + others.length }]
  }

  for (const event of await store.parked()) keep(event)
  await learnNumbers()
  await learnIds()

  return {
    has: (lane) => byLane.has(lane),
    waiting: (lane) => byLane.get(lane) ?? [],
    find: (wanted) => wanted.flatMap((id) => ids.toEvent.get(id) ?? []),
    lanes: () =>
      [...byLane].flatMap(([lane, events]) => laneView(lane, events)).sort((a, b) => a.since - b.since),
    async add(events) {
      const reasons = new Map<string, ParkedEvent>()
      const noted = events.map((event) => {
        const first = reasons.get(event.lane) ?? byLane.get(event.lane)?.[0] ?? event
        reasons.set(event.lane, first)
        return { ...event, code: first.code, says: first.says }
      })
      if (!noted.length) return
      await store.park(noted)
      for (const event of noted) keep(event)
      await learnNumbers()
      await learnIds()
    },
    async refuse(lane, code, says) {
      const noted = (byLane.get(lane) ?? []).map((event) => ({ ...event, code, says }))
      await store.park(noted)
      for (const event of noted) keep(event)
    },
    async remove(lane, seqs) {
      await store.unpark(seqs)
      for (const seq of seqs) forget(seq)
      const left = (byLane.get(lane) ?? []).filter(({ seq }) => !seqs.includes(seq))
      if (left.length) byLane.set(lane, left)
      else byLane.delete(lane)
    },
  }
}
