/** @file English: what two devices did to the same fact, and what counts. Pure. */
import type { conflicts as codes } from '../../domain/messages/conflicts.ts'
import type { Catalogue } from '../catalogue.ts'

export const conflicts = {
  met: '{{first}}; {{second}}. The two met only later: {{verdict}}.',
  side: '{{who}} ({{pc}}, {{at}}) {{did}}',

  set: 'set {{field}} of {{fact}} to {{value}}',
  several: '{{deeds}}',
  voided: 'voided {{fact}}',
  voidedBecause: 'voided {{fact}} ({{reason}})',
  cancelled: 'cancelled the order',
  cancelledBecause: 'cancelled the order ({{reason}})',
  opened: 'opened it as {{number}}',
  recalled: 'recalled {{fact}}',
  started: 'started {{fact}}',
  finished: 'finished {{fact}}',
  served: 'served {{fact}}',
  moved: 'moved {{fact}}',
  changed: 'changed {{fact}}',
  added: 'added {{fact}}',
  fired: 'fired {{fact}}',
  published: 'published version {{version}} of {{document}}',
  setOut: 'set {{fact}} to 86',
  backOnSale: 'put {{fact}} back on sale',

  anOrder: 'the order',
  anItem: 'an item',
  aCourse: 'a course',
  aDocument: '{{document}}',

  none: 'none',
  nothing: 'nothing',
  quoted: '“{{text}}”',

  laterDocument: 'the later one counts, so make the changes of the other once more',
  stockOut: '{{fact}} is 86, which was said later',
  stockOnSale: '{{fact}} is on sale, which was said later',
  laterValue: '{{value}} counts, which was written later',
  cancelledOnce: 'it is cancelled once, for the reason given first',
  staysCancelled: 'the order stays cancelled',
  voidedOnce: 'it is voided once, for the reason given first',
  staysVoided: '{{fact}} stays voided',
  isVoided: '{{fact}} is voided',
  isCancelled: 'the order is cancelled',
  bothAsk: 'both count, so ask whether the guest got what was meant',
  countsOnce: 'it counts once, from the earlier time',
  recallCounts: 'the recall counts, so {{fact}} is to be made again',
  oneOrder: 'it is one order, {{number}}',
} as const satisfies Catalogue<typeof codes>
