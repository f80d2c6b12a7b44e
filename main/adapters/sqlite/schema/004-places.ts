/** @file Schema 4: which event stands at the place of another log up to which it was taken in. Changes the database it is given. */
import type { Database } from 'better-sqlite3'

/** `event` is its id, null where it is not known. A log that has another event at that place was put back to an earlier day. */
export function places(db: Database): void {
  db.exec('ALTER TABLE cursors ADD COLUMN event TEXT')
}
