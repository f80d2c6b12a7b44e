/** @file Codes of lines in the audit trail, with their parameters. Pure. */
import type { Table } from './message.ts'

export const audit = {
  /** So many more conflicts of one exchange than are told one by one. */
  moreMerges: ['count'],
  /** A PC that was joined on the LAN, and no longer is. */
  peerRemoved: ['pc'],
} as const satisfies Table
