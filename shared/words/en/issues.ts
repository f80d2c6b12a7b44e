/** @file English: what is wrong with a single value, to go after a colon. Pure. */
import type { issues as codes } from '../../domain/messages/issues.ts'
import type { Catalogue } from '../catalogue.ts'

export const issues = {
  invalid_type: 'it is missing or of the wrong kind',
  invalid_value: 'it is none of what is possible here',
  invalid_format: 'it is written in a way that cannot be read',
  invalid_union: 'it is none of what is possible here',
  invalid_key: 'it has a name that cannot be used',
  invalid_element: 'one of its entries cannot be used',
  not_multiple_of: 'it is no possible amount',
  too_big: 'it is too long or too large',
  too_small: 'it is too short or too small',
  unrecognized_keys: 'it has something that this Plate does not know; update Plate',
  custom: 'it cannot be used',
  codeDigits: 'a code has 6 to 10 digits',
  notStamp: 'it is no stamp',
  notUuid: 'it must be a lower-case UUID',
  pinDigits: 'a PIN has 4 to 8 digits',
  reservedWord: 'it is a reserved word',
} as const satisfies Catalogue<typeof codes>
