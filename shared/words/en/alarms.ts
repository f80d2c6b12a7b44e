/** @file English: alarms and warnings, each with what to do. Pure. */
import type { alarms as codes } from '../../domain/messages/alarms.ts'
import type { Catalogue } from '../catalogue.ts'

export const alarms = {
  clockBack:
    'The clock of {{pc}} was set back by {{minutes}} min. Plate counts on from the later time; check date, time and time zone.',
  clockAhead: 'The clock of {{pc}} is {{minutes}} min ahead. Set it to the right time.',
  incomplete:
    'Update Plate on this PC: of ticket {{numbers}} it cannot show everything. Look at a screen that is up to date before you cook or serve.',
  incompleteMore:
    'Update Plate on this PC: of tickets {{numbers}} and {{count}} more it cannot show everything. Look at a screen that is up to date before you cook or serve.',
  raw: {
    one: 'A change from another device cannot be read by this version. It is kept and counts after the next update: update Plate on this PC.',
    other:
      '{{count}} changes from other devices cannot be read by this version. They are kept and count after the next update: update Plate on this PC.',
  },
  clockAheadOfCloud:
    "The clock of {{pc}} is {{minutes}} min ahead of the cloud's. Set date, time and time zone right.",
  clockBehindCloud:
    "The clock of {{pc}} is {{minutes}} min behind the cloud's. Set date, time and time zone right.",
  clockAheadOfPc:
    'The clock of {{pc}} is {{minutes}} min ahead of that of {{other}}. Set both to the right time.',
  clockBehindPc:
    'The clock of {{pc}} is {{minutes}} min behind that of {{other}}. Set both to the right time.',
  peerRefuses: '"{{pc}}" refuses to exchange orders: {{because}}',
  storeSilent: 'The database does not answer. Restart Plate.',
} as const satisfies Catalogue<typeof codes>
