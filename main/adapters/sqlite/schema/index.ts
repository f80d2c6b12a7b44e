/** @file The numbered migrations and how they are run. A number that has shipped never changes its meaning. */
import type { Database } from 'better-sqlite3'
import { orders } from './001-orders.ts'
import { devices } from './002-devices.ts'
import { parked } from './003-parked.ts'
import { places } from './004-places.ts'
import { notes } from './005-notes.ts'
import { says } from './006-says.ts'

/** "PLAT": marks a SQLite file as ours. */
export const APPLICATION_ID = 0x504c4154

export type Migration = (db: Database) => void

/** `MIGRATIONS[n]` leads from schema n to schema n + 1. Add at the end; never edit one that has shipped. */
export const MIGRATIONS: readonly Migration[] = [orders, devices, parked, places, notes, says]

/** The schema this build writes. */
export const SCHEMA = MIGRATIONS.length

/** Schema number of an open database; 0 when it is new. */
export function schemaOf(db: Database): number {
  return db.pragma('user_version', { simple: true }) as number
}

/** Brings an open database to the newest schema, each step in a transaction of its own. */
export function migrate(db: Database, migrations: readonly Migration[] = MIGRATIONS): void {
  for (let from = schemaOf(db); from < migrations.length; from++) {
    db.transaction(() => {
      migrations[from]?.(db)
      db.pragma(`application_id = ${APPLICATION_ID}`)
      db.pragma(`user_version = ${from + 1}`)
    }).immediate()
  }
}
