/** @file Takes a PC out of the restaurant, or lets it in again, after a manager's sign-in and a question. Asks the core. */
import type { CloudDevice, CloudInfo } from '../../../shared/contract/contract.ts'
import type { Failure } from '../../../shared/domain/errors.ts'
import { FailureText } from '../../shared/components/failure.tsx'
import { Panel } from '../../shared/components/panel.tsx'
import { noun, plural } from '../../shared/format.ts'
import { useClient } from '../../shared/hooks.ts'
import { useCommand } from '../../shared/use-command.ts'
import { PersonGate } from './person-gate.tsx'

interface Change {
  method: 'cloudRevoke' | 'cloudReadmit'
  title: string
  /** What it means for that PC. */
  text: string
  action: string
  busy: string
  danger: boolean
}

/** What can be done to this device: the opposite of what it is. */
function changeOf({ name, outbox, revoked }: CloudDevice): Change {
  const unsent =
    outbox > 0 ? ` ${plural(outbox, 'change')} there ${noun(outbox, 'was', 'were')} not sent yet.` : ''
  if (revoked) {
    return {
      method: 'cloudReadmit',
      title: `Let ${name} in again?`,
      text: `It goes on as the same PC: its screens open within seconds, or as soon as it has internet, and it sends what waited.${unsent}`,
      action: `Let ${name} in again`,
      busy: 'Letting it in…',
      danger: false,
    }
  }
  return {
    method: 'cloudRevoke',
    title: `Remove ${name}?`,
    text: `All screens of ${name} lock within seconds, or as soon as it has internet. It keeps its orders.${unsent}`,
    action: `Remove ${name}`,
    busy: 'Removing…',
    danger: true,
  }
}

interface ConfirmProps {
  signIn: string
  device: string
  change: Change
  onExpired: (why: Failure) => void
  onDone: () => void
}

function Confirm({ signIn, device, change, onExpired, onDone }: ConfirmProps) {
  const client = useClient()
  const { busy, error, run } = useCommand()
  const { method, text, action, danger } = change
  const decide = async () => {
    const outcome = await client.call(method, { signIn, device })
    if (!outcome.ok && outcome.error.code === 'wrongLogin') onExpired(outcome.error)
    return outcome
  }
  return (
    <div className="stack">
      <p>{text}</p>
      <FailureText error={error} />
      <button
        type="button"
        className={danger ? 'button danger' : 'button primary'}
        disabled={busy}
        onClick={() => run(decide, onDone)}
      >
        {busy ? change.busy : action}
      </button>
    </div>
  )
}

interface ChangeProps {
  link: NonNullable<CloudInfo['link']>
  device: CloudDevice
  onClose: () => void
}

export function ChangeDevice({ link, device, onClose }: ChangeProps) {
  const change = changeOf(device)
  return (
    <Panel as="over" title={change.title} onClose={onClose}>
      <PersonGate link={link}>
        {(signIn, expired) => (
          <Confirm signIn={signIn} device={device.id} change={change} onExpired={expired} onDone={onClose} />
        )}
      </PersonGate>
    </Panel>
  )
}
