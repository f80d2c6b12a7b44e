/** @file Codes of lines in the audit trail, with their parameters. Pure. */
import type { Table } from './message.ts'

export const audit = {
  /** So many more conflicts of one exchange than are told one by one. */
  moreMerges: ['count'],
} as const satisfies Table
