/** @file Lanes: events that must arrive in order, and batches of them that fit into one request. Pure. */
import type { Envelope } from '../../../shared/domain/events.ts'
import { uuidSchema } from '../../../shared/domain/keys.ts'
import type { StoredEvent } from '../ports.ts'

/** Most events and bytes of events in one request. */
export const MAX_BATCH = 200
export const MAX_BATCH_BYTES = 400_000

/** What an event must not overtake: the others of its order, or those of its kind when it belongs to none. */
export const laneOf = (event: Pick<Envelope, 'order' | 'kind'>): string => event.order ?? event.kind

/** The order of a lane; null when it is that of a kind. */
export const orderOfLane = (lane: string): string | null => (uuidSchema.safeParse(lane).success ? lane : null)

/** The id of an event as it came, whoever made it; null when it has none. */
export function idOf(event: unknown): string | null {
  const id = (event as { id?: unknown } | null)?.id
  return typeof id === 'string' ? id : null
}

const encoder = new TextEncoder()

/** How much goes into one request. */
export interface Room {
  events: number
  bytes: number
}

/** What an event takes up in a request. */
export const bytesOf = (event: Envelope): number => encoder.encode(JSON.stringify(event)).length

/** Counts what goes into a request: `fits` says whether one more does; the first always does, and is judged by the server. */
export function createMeasure(room: Room): { fits(event: Envelope): boolean } {
  let count = 0
  let bytes = 0
  return {
    fits(event) {
      bytes += bytesOf(event)
      count++
      return count === 1 || (count <= room.events && bytes <= room.bytes)
    },
  }
}

/** As many rows from the first on as fit into one request. */
export function fitting(rows: readonly StoredEvent[], room: Room): StoredEvent[] {
  const { fits } = createMeasure(room)
  const end = rows.findIndex(({ event }) => !fits(event))
  return end < 0 ? [...rows] : rows.slice(0, end)
}
