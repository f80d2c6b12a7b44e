/** @file Schema 3: events that the cloud refused and those that wait behind them. Changes the database it is given. */
import type { Database } from 'better-sqlite3'

/** `seq` is that of the event in the log, which is also the order in which they are sent once a person lets them. */
export function parked(db: Database): void {
  db.exec(`
    CREATE TABLE parked (seq INTEGER PRIMARY KEY, lane TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, at INTEGER NOT NULL);
    CREATE INDEX parked_lane ON parked (lane, seq);
  `)
}
