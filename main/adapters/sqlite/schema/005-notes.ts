/** @file Schema 5: what the audit trail tells of the cloud and of conflicts is found among years of commands. Changes the database it is given. */
import type { Database } from 'better-sqlite3'

/**
 * Rows that no command stands behind, and what was decided about them. A query finds the index only with this very text; a
 * further name needs a further migration.
 */
export const NOTES = `json_extract(body, '$.name') IN ('merge', 'peerRemoved', 'cloudRefused', 'cloudRetry', 'cloudWithdraw')`

/** An index of those rows alone: it costs other commits nothing. */
export function notes(db: Database): void {
  db.exec(`CREATE INDEX audit_notes ON audit (row) WHERE ${NOTES}`)
}
