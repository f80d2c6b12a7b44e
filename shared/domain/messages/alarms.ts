/** @file Codes of alarms and warnings that stand on every screen until they are over, with their parameters. Pure. */
import type { Table } from './message.ts'

export const alarms = {
  /** The machine's clock went back by `minutes`. */
  clockBack: ['pc', 'minutes'],
  /** Another PC's clock runs ahead by `minutes`. */
  clockAhead: ['pc', 'minutes'],
  /** Tickets of which this version cannot show all. */
  incomplete: ['numbers'],
  /** The same, and `count` more than are named. */
  incompleteMore: ['numbers', 'count'],
  /** So many changes are kept that this version cannot read. */
  raw: ['count'],
  /** The clock of this PC beside the cloud's. */
  clockAheadOfCloud: ['pc', 'minutes'],
  clockBehindCloud: ['pc', 'minutes'],
  /** The clock of this PC beside that of `other`, a PC on the LAN. */
  clockAheadOfPc: ['pc', 'minutes', 'other'],
  clockBehindPc: ['pc', 'minutes', 'other'],
  /** `because`: what the other PC said, a failure; null when it said nothing. */
  peerRefuses: ['pc', 'because'],
  /** The database's thread is gone. */
  storeSilent: [],
} as const satisfies Table
