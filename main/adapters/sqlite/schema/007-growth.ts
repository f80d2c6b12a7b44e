/** @file Schema 7: what only a later version can read is kept: events read in part, and what has not even an id. Changes the database it is given. */
import type { Database } from 'better-sqlite3'

/** `events.applied` may be 2 from now on: read, but for members that the build did not know. */
export function growth(db: Database): void {
  db.exec(`
    CREATE INDEX events_in_part ON events (seq) WHERE applied = 2;
    CREATE TABLE garbage (row INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, source TEXT NOT NULL, raw TEXT NOT NULL);
  `)
}
