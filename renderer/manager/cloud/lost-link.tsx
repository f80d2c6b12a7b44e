/** @file A PC that has lost its connection although nobody ended it: connected again it goes on, or a person ends it. Asks the core. */
import type { CloudInfo } from '../../../shared/contract/contract.ts'
import { FailureText } from '../../shared/components/failure.tsx'
import { useClient, useStatus } from '../../shared/hooks.ts'
import { useCommand } from '../../shared/use-command.ts'
import { StateLine } from './state-line.tsx'

interface LostLinkProps {
  former: NonNullable<CloudInfo['former']>
  again: () => Promise<void>
  onStart: () => void
}

export function LostLink({ former, again, onStart }: LostLinkProps) {
  const client = useClient()
  const status = useStatus('cloud')
  const { busy, error, run } = useCommand()
  const leave = () =>
    run(
      () => client.call('cloudLeave', {}),
      () => void again(),
    )
  return (
    <section className="card stack step">
      <h2>This PC is not connected to {former.name} any more</h2>
      {status && <StateLine status={status} />}
      <FailureText error={error} />
      <div className="row">
        <button type="button" className="button primary" onClick={onStart}>
          Connect again
        </button>
        <button type="button" className="button" disabled={busy} onClick={leave}>
          {busy ? 'Disconnecting…' : 'Disconnect'}
        </button>
      </div>
    </section>
  )
}
