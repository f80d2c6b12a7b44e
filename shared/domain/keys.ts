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

/**
 * What somebody typed, as it is kept: lines end in \n, characters are composed (NFC), so that what looks the same is the
 * same; without control characters, which break printed and logged lines and stand for nothing, and half characters,
 * which no database takes.
 */
export const typedText = (text: string): string =>
  text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/(?![\t\n])\p{Cc}/gu, '')
    .toWellFormed()
    .normalize('NFC')

/** Text typed by people: any script and emoji. */
export const textSchema = (max: number) => z.string().check(z.overwrite(typedText), z.maxLength(max))

/**
 * A value with all its texts as a database can hold them: without U+0000 and half characters. Everything else stays, also
 * members that only a later version knows.
 */
export function storable<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed() as T
  if (Array.isArray(value)) return value.map(storable) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [storable(name), storable(inner)]),
  ) as T
}
