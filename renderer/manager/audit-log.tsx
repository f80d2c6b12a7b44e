/** @file Who asked for what, and what came of it; newest first, older pages on demand. Asks the core. */
import { useState } from 'react'
import type { AuditRow } from '../../shared/contract/contract.ts'
import { FailureText } from '../shared/components/failure.tsx'
import { moment } from '../shared/format.ts'
import { useClient, useDocument, useNow } from '../shared/hooks.ts'
import { useCommand } from '../shared/use-command.ts'
import { useQuery } from '../shared/use-query.ts'
import { useWords } from '../shared/words.ts'

const PAGE = 50
/** Pages older than the newest: which newest they belong to, and whether they reach the beginning. */
interface Before {
  of: AuditRow[] | null
  rows: AuditRow[]
  ended: boolean
}
const NONE_BEFORE: Before = { of: null, rows: [], ended: false }

/** What happened without anybody's command, and what was decided about it. Commands keep their names. */
const NAMES: Readonly<Record<string, string>> = {
  merge: 'Two PCs, one thing',
  peerRemoved: 'PC removed',
  cloudRefused: 'Not taken by the cloud',
  cloudRetry: 'Sent to the cloud again',
  cloudWithdraw: 'Not sent to the cloud',
}

/** How it came out. What merging settled is neither a success nor a failure: it is told. Old rows have their sentence. */
function Result({ row: { name, outcome, says, message } }: { row: AuditRow }) {
  const words = useWords()
  const told = says ? words.say(says) : message
  if (name === 'merge') return <td>{told}</td>
  if (outcome === 'ok') return <td className="good">✓ {told || 'ok'}</td>
  return <td className="bad">✕ {told || outcome}</td>
}

type About = 'all' | 'notes'
const FILTERS: Readonly<Record<About, string>> = { all: 'Everything', notes: 'Cloud and conflicts' }

/** Pages of the log, grown backwards. */
function useLog(about: About) {
  const client = useClient()
  const args = { limit: PAGE, ...(about === 'notes' ? { about } : {}) }
  const newest = useQuery('audit', args)
  const [before, setBefore] = useState(NONE_BEFORE)
  const more = useCommand()
  // Older pages belong to the newest one they were asked from.
  const { rows: older, ended } = before.of === newest.value ? before : NONE_BEFORE
  const rows = [...(newest.value ?? []), ...older]
  const load = () => {
    const { row } = rows.at(-1) ?? {}
    if (row === undefined) return Promise.resolve(false)
    const of = newest.value
    return more.run(
      () => client.call('audit', { ...args, before: row }),
      (page) => setBefore({ of, rows: [...older, ...page], ended: page.length < PAGE }),
    )
  }
  return {
    rows,
    complete: newest.value !== null && (newest.value.length < PAGE || ended),
    busy: newest.busy || more.busy,
    error: newest.error ?? more.error,
    older: load,
    refresh: newest.again,
  }
}

export function AuditLog() {
  const [about, setAbout] = useState<About>('all')
  const { rows, complete, busy, error, older, refresh } = useLog(about)
  const { timeZone } = useDocument('settings').body
  const now = useNow(60_000)
  return (
    <section className="stack log">
      <div className="row">
        <h2>Log</h2>
        <fieldset className="row grow ways" aria-label="Show">
          {(Object.keys(FILTERS) as About[]).map((each) => (
            <button
              key={each}
              type="button"
              className="button"
              disabled={busy}
              aria-pressed={about === each}
              onClick={() => setAbout(each)}
            >
              {FILTERS[each]}
            </button>
          ))}
        </fieldset>
        <button type="button" className="button" disabled={busy} onClick={refresh}>
          Refresh
        </button>
      </div>
      <FailureText error={error} />
      <table>
        <thead>
          <tr>
            {['Time', 'Who', 'Screen', 'What', 'Ticket', 'Result'].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.row}>
              <td>{moment(row.at, now, timeZone, true)}</td>
              <td>{row.staff?.name ?? '–'}</td>
              <td>{row.device.name}</td>
              <td title={row.args}>{NAMES[row.name] ?? row.name}</td>
              <td>{row.number ? `#${row.number}` : '–'}</td>
              <Result row={row} />
            </tr>
          ))}
        </tbody>
      </table>
      {complete && rows.length === 0 && (
        <p className="muted">
          {about === 'notes'
            ? 'None: every change was taken, and no two PCs changed the same thing.'
            : 'Nothing yet.'}
        </p>
      )}
      {!complete && rows.length > 0 && (
        <button type="button" className="button" disabled={busy} onClick={older}>
          Older
        </button>
      )}
    </section>
  )
}
