/** @file Schema 2: paired devices, peers, and how much of each core's journal is in here. Changes the database it is given. */
import type { Database } from 'better-sqlite3'

/** Creates the registries. `journaled.upto` is the number of the last journal line of that core which this file contains. */
export function devices(db: Database): void {
  db.exec(`
    CREATE TABLE devices (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE peers (device TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE journaled (device TEXT PRIMARY KEY, upto INTEGER NOT NULL) WITHOUT ROWID;
  `)
}
