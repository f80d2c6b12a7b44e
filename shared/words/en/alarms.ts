/** @file English: alarms and warnings, each with what to do. Pure. */
import type { alarms as codes } from '../../domain/messages/alarms.ts'
import type { Catalogue } from '../catalogue.ts'

export const alarms = {
  clockBack:
    'The clock of {{pc}} was set back by {{minutes}} min. Plate counts on from the later time; check date, time and time zone.',
  clockAhead: 'The clock of {{pc}} is {{minutes}} min ahead. Set it to the right time.',
} as const satisfies Catalogue<typeof codes>
