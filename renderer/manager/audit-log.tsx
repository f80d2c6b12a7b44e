/** @file Who asked for what, and what came of it; newest first, older pages on demand. Asks the core. */
import { useEffect, useState } from 'react'
import type { AuditRow } from '../../shared/contract/contract.ts'
import { FailureText } from '../shared/components/failure.tsx'
import { clock } from '../shared/format.ts'
import { useClient, useDocument } from '../shared/hooks.ts'
import { useCommand } from '../shared/use-command.ts'

const PAGE = 50

/** What happened without anybody's command, and what was decided about it. Commands keep their names. */
const NAMES: Readonly<Record<string, string>> = {
  merge: 'Two PCs, one thing',
  peerRemoved: 'PC removed',
  cloudRefused: 'Not taken by the cloud',
  cloudRetry: 'Sent to the cloud again',
  cloudWithdraw: 'Not sent to the cloud',
}

/** How it came out. What merging settled is neither a success nor a failure: it is told. */
function Result({ row: { name, outcome, message } }: { row: AuditRow }) {
  if (name === 'merge') return <td>{message}</td>
  if (outcome === 'ok') return <td className="good">✓ {message || 'ok'}</td>
  return <td className="bad">✕ {message || outcome}</td>
}

/** Pages of the log, grown backwards. */
function useLog() {
  const client = useClient()
  const [rows, setRows] = useState<AuditRow[]>([])
  const [complete, setComplete] = useState(false)
  const { busy, error, run } = useCommand()
  const load = (known: AuditRow[]) => {
    const before = known.at(-1)?.row
    const args = { limit: PAGE, ...(before === undefined ? {} : { before }) }
    return run(
      () => client.call('audit', args),
      (more) => {
        setRows([...known, ...more])
        setComplete(more.length < PAGE)
      },
    )
  }
  return { rows, complete, busy, error, older: () => load(rows), refresh: () => load([]) }
}

export function AuditLog() {
  const { rows, complete, busy, error, older, refresh } = useLog()
  const { timeZone } = useDocument('settings').body
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page is opened
  useEffect(() => {
    void refresh()
  }, [])
  return (
    <section className="stack">
      <div className="row">
        <h2 className="grow">Log</h2>
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
              <td>{clock(row.at, timeZone)}</td>
              <td>{row.staff?.name ?? '–'}</td>
              <td>{row.device.name}</td>
              <td title={row.args}>{NAMES[row.name] ?? row.name}</td>
              <td>{row.number ? `#${row.number}` : '–'}</td>
              <Result row={row} />
            </tr>
          ))}
        </tbody>
      </table>
      {!complete && rows.length > 0 && (
        <button type="button" className="button" disabled={busy} onClick={older}>
          Older
        </button>
      )}
    </section>
  )
}
