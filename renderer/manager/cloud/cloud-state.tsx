/** @file Which restaurant, how the connection is, and leaving it. Reads the client, asks the core. */
import { useState } from 'react'
import type { CloudInfo } from '../../../shared/contract/contract.ts'
import { refusedThings, unsentSentences } from '../../shared/cloud-words.ts'
import { FailureText } from '../../shared/components/failure.tsx'
import { Panel } from '../../shared/components/panel.tsx'
import { moment, plural } from '../../shared/format.ts'
import { useClient, useDocument, useNow, useStatus } from '../../shared/hooks.ts'
import { useCommand } from '../../shared/use-command.ts'
import { StateLine } from './state-line.tsx'

type Link = NonNullable<CloudInfo['link']>
interface StateProps {
  link: Link
  again: () => Promise<void>
}

function LeaveDialog({ link, again, onClose }: StateProps & { onClose: () => void }) {
  const client = useClient()
  const status = useStatus('cloud')
  const unsent = status ? unsentSentences(status) : []
  const { busy, error, run } = useCommand()
  const leave = () =>
    run(
      () => client.call('cloudLeave', {}),
      () => {
        onClose()
        void again()
      },
    )
  return (
    <Panel as="over" title={`Disconnect from ${link.name}?`} onClose={onClose}>
      <div className="stack">
        <p>This PC goes on alone. Nothing is deleted, here or in the cloud.</p>
        {unsent.length > 0 && (
          <p className="notice">
            <b>⚠ {unsent.join(' ')}</b> Other PCs do not get this while this PC is disconnected.
          </p>
        )}
        <FailureText error={error} />
        <button type="button" className="button danger" disabled={busy} onClick={leave}>
          {busy ? 'Disconnecting…' : 'Disconnect'}
        </button>
      </div>
    </Panel>
  )
}

export function CloudState({ link, again }: StateProps) {
  const status = useStatus('cloud')
  const { timeZone } = useDocument('settings').body
  const now = useNow(60_000)
  const [leaving, setLeaving] = useState(false)
  return (
    <section className="card stack">
      <div className="row">
        <h2 className="grow">{link.name}</h2>
        <button type="button" className="button" onClick={() => setLeaving(true)}>
          Disconnect…
        </button>
      </div>
      {status && <StateLine status={status} />}
      <dl className="facts">
        <div>
          <dt>Not sent yet</dt>
          <dd>{plural(status?.outbox ?? 0, 'change')}</dd>
        </div>
        {status && status.parked > 0 && (
          <div>
            <dt>Not taken by the cloud</dt>
            <dd className="needed">{refusedThings(status)}</dd>
          </div>
        )}
        <div>
          <dt>This PC’s ticket letter</dt>
          <dd>{link.letter || 'none'}</dd>
        </div>
        <div>
          <dt>Connected since</dt>
          <dd>{moment(link.since, now, timeZone)}</dd>
        </div>
        <div>
          <dt>Project</dt>
          <dd className="addresses">{link.url}</dd>
        </div>
      </dl>
      {leaving && <LeaveDialog link={link} again={again} onClose={() => setLeaving(false)} />}
    </section>
  )
}
