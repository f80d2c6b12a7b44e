/** @file Codes of what two devices did to the same fact: each side's deed, and what counts, with their parameters. Pure. */
import type { Table } from './message.ts'

export const conflicts = {
  /** The whole: who did what when and where, the earlier first; and what counts. */
  met: ['first', 'second', 'verdict'],
  /** One side: `who` (null: nobody signed in) at PC `pc`, `at` ms UTC. */
  side: ['who', 'pc', 'at', 'did'],

  // What somebody did.
  set: ['field', 'fact', 'value'],
  several: ['deeds'],
  voided: ['fact'],
  voidedBecause: ['fact', 'reason'],
  cancelled: [],
  cancelledBecause: ['reason'],
  opened: ['number'],
  recalled: ['fact'],
  started: ['fact'],
  finished: ['fact'],
  served: ['fact'],
  moved: ['fact'],
  changed: ['fact'],
  added: ['fact'],
  fired: ['fact'],
  published: ['document', 'version'],
  setOut: ['fact'],
  backOnSale: ['fact'],

  // What it was done to, where that has no name of its own.
  anOrder: [],
  anItem: [],
  aCourse: [],
  aDocument: ['document'],

  // Values of fields that are no text.
  none: [],
  nothing: [],
  quoted: ['text'],

  // What counts.
  laterDocument: [],
  stockOut: ['fact'],
  stockOnSale: ['fact'],
  laterValue: ['value'],
  cancelledOnce: [],
  staysCancelled: [],
  voidedOnce: [],
  staysVoided: ['fact'],
  isVoided: ['fact'],
  isCancelled: [],
  bothAsk: [],
  countsOnce: [],
  recallCounts: ['fact'],
  oneOrder: ['number'],
} as const satisfies Table
