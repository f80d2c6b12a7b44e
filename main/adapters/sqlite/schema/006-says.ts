/** @file Schema 6: why an event waits is a message that each screen words, as JSON. Changes the database it is given. */
import type { Database } from 'better-sqlite3'

/** What was said as a sentence goes on being said in just those words. */
export function says(db: Database): void {
  db.exec(`
    ALTER TABLE parked RENAME COLUMN message TO says;
    UPDATE parked SET says = json_object('code', 'cloud.saidBefore', 'params', json_object('text', says));
  `)
}
