/** @file Schemas of ids and texts that commands, events and documents share. Pure. */
import * as z from 'zod/mini'

/** Whether a text may be a key of a plain object: not one that every object has (`__proto__`, `constructor` …). */
const safe = z.refine<string>((value) => !(value in {}), 'reservedWord')

/** An id that people or documents choose (menu item, station, table …) or that is derived from a UUID (a task's). */
export const keySchema = z.string().check(z.minLength(1), z.maxLength(64), safe)

/** A UUID made by a device (order, item, command, event ids; version 7 so that they sort by time). */
export const uuidSchema = z
  .string()
  .check(z.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'notUuid'))

/** Text typed by people: any script and emoji, but no control characters that could break a printed or logged line. */
export const textSchema = (max: number) =>
  z.string().check(z.maxLength(max), z.regex(/^(?:[\t\n]|\P{Cc})*$/u, 'controlCharacters'))
