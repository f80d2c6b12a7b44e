/** @file Codes of what is wrong with a single value that was sent: those of the schema library and our own. Pure. */
import type { Table } from './message.ts'

export const issues = {
  // The schema library's (zod 4).
  invalid_type: [],
  invalid_value: [],
  invalid_format: [],
  invalid_union: [],
  invalid_key: [],
  invalid_element: [],
  not_multiple_of: [],
  too_big: [],
  too_small: [],
  unrecognized_keys: [],
  custom: [],
  // Ours, given as the message of a check.
  codeDigits: [],
  notStamp: [],
  notUuid: [],
  pinDigits: [],
  reservedWord: [],
} as const satisfies Table
