/** @file What a conflict is: two devices, one fact, and what counts. Pure. */
import type { PlateEvent } from './events.ts'
import type { Message, Param } from './messages/message.ts'
import type { Mark } from './order.ts'
import { type Stamp, stampDevice, stampTime } from './stamp.ts'

/** One of the two, and what it did. */
export interface Side extends Mark {
  did: Message
}

export interface Conflict {
  kind: 'field' | 'voided' | 'cancelled' | 'served' | 'task' | 'recalled' | 'opened' | 'document' | 'stock'
  /** What it is about: the name of a dish, or a message such as `conflicts.anOrder`. */
  fact: Param
  /** What was here already, and what has come in. */
  known: Side
  news: Side
  /** Whose word counts; null when both said the same. */
  won: 'known' | 'news' | null
  /** What counts now. */
  verdict: Message
}

/** Whether the event and `stamp` were made by two devices, both for people: what a fresh Plate brings along is no person's word. */
export function apart(event: PlateEvent, stamp: Stamp): boolean {
  return stampDevice(stamp) !== stampDevice(event.stamp) && stampTime(stamp) > 0 && stampTime(event.stamp) > 0
}

/** The side that was here already. */
export function sideOf({ at, stamp, by }: Mark, did: Message): Side {
  return { at, stamp, by, did }
}

/** The side of the event. */
export function newsOf(event: PlateEvent, did: Message): Side {
  return { at: event.at, stamp: event.stamp, by: event.staff, did }
}
