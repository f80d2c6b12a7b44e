/** @file Single values of the store (device id, letter, restaurant in the cloud, newest stamp, clean stop), and the core's identity. Reads and writes the database it is given. */
import type { Sql } from './sql.ts'

type Key = 'device' | 'letter' | 'home' | 'stamp' | 'clean' | 'former' | 'probe' | 'reader'

/** The value, or undefined when it was never set. */
export function getMeta(sql: Sql, key: Key): string | undefined {
  return sql.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value
}

/** Sets a value. */
export function setMeta(sql: Sql, key: Key, value: string): void {
  sql.run(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    key,
    value,
  )
}

/** This core's id; `fresh` is what it becomes at the first open. */
export function deviceOf(sql: Sql, fresh: string): string {
  const known = getMeta(sql, 'device')
  if (known) return known
  setMeta(sql, 'device', fresh)
  return fresh
}

/**
 * Gives the core the new id `device` and notes the old one. After anything may have been lost, the old id's sequence numbers and
 * stamps could be given a second time, and a peer that saw the first ones would never ask for the second.
 */
export function renewDevice(
  sql: Sql,
  now: number,
  device: string,
): { device: string; former: string | undefined } {
  const former = getMeta(sql, 'device')
  if (former) {
    const list = JSON.parse(getMeta(sql, 'former') ?? '[]') as { device: string; until: number }[]
    setMeta(sql, 'former', JSON.stringify([...list, { device: former, until: now }]))
  }
  setMeta(sql, 'device', device)
  return { device, former }
}

/** Number of the newest journal line of `device` that the database contains. */
export function journaledUpto(sql: Sql, device: string): number {
  return sql.get<{ upto: number }>('SELECT upto FROM journaled WHERE device = ?', device)?.upto ?? 0
}

/** Notes that the database contains the journal of `device` up to line `upto`. */
export function setJournaled(sql: Sql, device: string, upto: number): void {
  sql.run(
    'INSERT INTO journaled (device, upto) VALUES (?, ?) ON CONFLICT (device) DO UPDATE SET upto = excluded.upto',
    device,
    upto,
  )
}
