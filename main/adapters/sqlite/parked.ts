/** @file The events that wait for a person, row by row. Reads and writes the database it is given. */
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import type { ParkedEvent } from '../../core/ports.ts'
import type { Sql } from './sql.ts'

/** A parked event as the journal names it: sequence numbers may be other ones after a recovery, ids never. */
export type ParkedRow = ParkedEvent & { event: string }

/** As version 0.1 wrote it into the journal, in a sentence. */
export type SpokenRow = Omit<ParkedRow, 'says'> & { message: string }

/** The row of a journal, whichever version wrote it. */
export function currentRow(row: ParkedRow | SpokenRow): ParkedRow {
  if ('says' in row) return row
  const { message, ...rest } = row
  return { ...rest, says: say('cloud.saidBefore', { text: message }) }
}

/** What waits, in log order. */
export function allParked(sql: Sql): ParkedEvent[] {
  return sql
    .all<Omit<ParkedEvent, 'says'> & { says: string }>(
      'SELECT seq, lane, code, says, at FROM parked ORDER BY seq',
    )
    .map(({ says, ...row }) => ({ ...row, says: JSON.parse(says) as Message }))
}

/** Notes events as waiting; one already noted keeps the time it began. Returns the rows as they are now; unknown events are left out. */
export function park(sql: Sql, events: readonly ParkedEvent[]): ParkedRow[] {
  return events.flatMap(({ seq, lane, code, says, at }) => {
    const event = sql.get<{ id: string }>('SELECT id FROM events WHERE seq = ?', seq)?.id
    if (event === undefined) return []
    const [row] = sql.all<{ at: number }>(
      `INSERT INTO parked (seq, lane, code, says, at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (seq) DO UPDATE SET lane = excluded.lane, code = excluded.code, says = excluded.says
       RETURNING at`,
      seq,
      lane,
      code,
      JSON.stringify(says),
      at,
    )
    return [{ event, seq, lane, code, says, at: row?.at ?? at }]
  })
}

/** Forgets that events wait. Returns their ids. */
export function unpark(sql: Sql, seqs: readonly number[]): string[] {
  const chosen = JSON.stringify(seqs)
  const events = sql.all<{ id: string }>(
    'SELECT id FROM events WHERE seq IN (SELECT seq FROM parked WHERE seq IN (SELECT value FROM json_each(?)))',
    chosen,
  )
  sql.run('DELETE FROM parked WHERE seq IN (SELECT value FROM json_each(?))', chosen)
  return events.map(({ id }) => id)
}

/** Makes an event wait as the journal says (null: no longer), whatever its sequence number is now. */
export function reparked(sql: Sql, event: string, row: ParkedRow | null): void {
  const seq = sql.get<{ seq: number }>('SELECT seq FROM events WHERE id = ?', event)?.seq
  if (seq === undefined) return
  sql.run('DELETE FROM parked WHERE seq = ?', seq)
  if (row) park(sql, [{ ...row, seq }])
}
