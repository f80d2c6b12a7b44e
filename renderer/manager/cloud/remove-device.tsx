/** @file Takes a PC out of the restaurant, after a manager's sign-in and a question. Asks the core. */
import type { CloudDevice, CloudInfo } from '../../../shared/contract/contract.ts'
import type { Failure } from '../../../shared/domain/errors.ts'
import { FailureText } from '../../shared/components/failure.tsx'
import { Panel } from '../../shared/components/panel.tsx'
import { plural } from '../../shared/format.ts'
import { useClient } from '../../shared/hooks.ts'
import { useCommand } from '../../shared/use-command.ts'
import { PersonGate } from './person-gate.tsx'

interface ConfirmProps {
  signIn: string
  device: CloudDevice
  onExpired: (why: Failure) => void
  onDone: () => void
}

function Confirm({ signIn, device, onExpired, onDone }: ConfirmProps) {
  const client = useClient()
  const { busy, error, run } = useCommand()
  const { id, name, outbox } = device
  const remove = async () => {
    const outcome = await client.call('cloudRevoke', { signIn, device: id })
    if (!outcome.ok && outcome.error.code === 'wrongLogin') onExpired(outcome.error)
    return outcome
  }
  return (
    <div className="stack">
      <p>
        All screens of {name} lock within seconds, or as soon as it has internet. It keeps its orders.
        {outbox > 0 && ` ${plural(outbox, 'change')} there ${outbox === 1 ? 'was' : 'were'} not sent yet.`}
      </p>
      <FailureText error={error} />
      <button type="button" className="button danger" disabled={busy} onClick={() => run(remove, onDone)}>
        {busy ? 'Removing…' : `Remove ${name}`}
      </button>
    </div>
  )
}

interface RemoveProps {
  link: NonNullable<CloudInfo['link']>
  device: CloudDevice
  onClose: () => void
}

export function RemoveDevice({ link, device, onClose }: RemoveProps) {
  return (
    <Panel as="over" title={`Remove ${device.name}?`} onClose={onClose}>
      <PersonGate link={link}>
        {(signIn, expired) => (
          <Confirm signIn={signIn} device={device} onExpired={expired} onDone={onClose} />
        )}
      </PersonGate>
    </Panel>
  )
}
