/** @file Makes a device code for another PC, after a manager's sign-in. Asks the core. */
import { type FormEvent, useState } from 'react'
import type { CloudDevice, CloudInfo } from '../../../shared/contract/contract.ts'
import type { Failure } from '../../../shared/domain/errors.ts'
import { FailureText } from '../../shared/components/failure.tsx'
import { Panel } from '../../shared/components/panel.tsx'
import { useClient } from '../../shared/hooks.ts'
import { useCommand } from '../../shared/use-command.ts'
import { PersonGate } from './person-gate.tsx'
import { type CodeProps, ShownCode } from './shown-code.tsx'

type Link = NonNullable<CloudInfo['link']>

interface AddProps {
  link: Link
  devices: CloudDevice[] | null
  /** Asks for the devices again. */
  again: () => Promise<void>
  onClose: () => void
}

interface FormProps extends AddProps {
  signIn: string
  onExpired: (why: Failure) => void
}

function NameForm({ link, devices, again, onClose, signIn, onExpired }: FormProps) {
  const client = useClient()
  const [name, setName] = useState('')
  const [made, setMade] = useState<CodeProps['made'] | null>(null)
  const { busy, error, run } = useCommand()
  const called = name.trim()
  const make = async () => {
    const outcome = await client.call('cloudCode', { signIn, restaurant: link.restaurant, name: called })
    if (!outcome.ok && outcome.error.code === 'wrongLogin') onExpired(outcome.error)
    return outcome
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(make, (code) => setMade({ ...code, name: called }))
  }
  if (made) {
    const shown = { made, link, devices, again, onAgain: () => setMade(null), onDone: onClose }
    return <ShownCode {...shown} />
  }
  return (
    <form className="stack" aria-busy={busy} onSubmit={submit}>
      <label>
        Name of the other PC
        <input
          maxLength={60}
          placeholder="Bar PC"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <FailureText error={error} />
      <button type="submit" className="button primary" disabled={busy || called === ''}>
        {busy ? 'Making a code…' : 'Make a device code'}
      </button>
    </form>
  )
}

export function AddPc(props: AddProps) {
  return (
    <Panel as="over" title="Add another PC" onClose={props.onClose}>
      <PersonGate link={props.link}>
        {(signIn, expired) => <NameForm {...props} signIn={signIn} onExpired={expired} />}
      </PersonGate>
    </Panel>
  )
}
