/** @file Makes a device code for another PC and shows it large, with the time it is good for. Asks the core. */
import { type FormEvent, useState } from 'react'
import type { Answers, CloudInfo } from '../../../shared/contract/contract.ts'
import type { Failure } from '../../../shared/domain/errors.ts'
import { FailureText } from '../../shared/components/failure.tsx'
import { Panel } from '../../shared/components/panel.tsx'
import { age } from '../../shared/format.ts'
import { useClient, useNow } from '../../shared/hooks.ts'
import { useCommand } from '../../shared/use-command.ts'
import { grouped } from './device-code.ts'
import { PersonGate } from './person-gate.tsx'

type Made = Answers['cloudCode']
type Link = NonNullable<CloudInfo['link']>

function Code({ made, onAgain }: { made: Made; onAgain: () => void }) {
  const left = made.expiresAt - useNow()
  if (left <= 0) {
    return (
      <div className="stack">
        <p role="status">This code has expired.</p>
        <button type="button" className="button primary" onClick={onAgain}>
          Make a new one
        </button>
      </div>
    )
  }
  return (
    <div className="stack device-code">
      <p>On the other PC: Manager → Cloud → Connect this PC → I have a device code.</p>
      <output className="code" aria-label="Device code">
        {grouped(made.code)}
      </output>
      <p role="timer">
        Good for <b>{age(left)}</b>, and for one PC.
      </p>
    </div>
  )
}

interface FormProps {
  link: Link
  signIn: string
  onExpired: (why: Failure) => void
}

function NameForm({ link, signIn, onExpired }: FormProps) {
  const client = useClient()
  const [name, setName] = useState('')
  const [made, setMade] = useState<Made | null>(null)
  const { busy, error, run } = useCommand()
  const make = async () => {
    const outcome = await client.call('cloudCode', { signIn, restaurant: link.restaurant, name: name.trim() })
    if (!outcome.ok && outcome.error.code === 'wrongLogin') onExpired(outcome.error)
    return outcome
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(make, setMade)
  }
  if (made) return <Code made={made} onAgain={() => setMade(null)} />
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
      <button type="submit" className="button primary" disabled={busy || name.trim() === ''}>
        {busy ? 'Making a code…' : 'Make a device code'}
      </button>
    </form>
  )
}

export function AddPc({ link, onClose }: { link: Link; onClose: () => void }) {
  return (
    <Panel as="over" title="Add another PC" onClose={onClose}>
      <PersonGate link={link}>
        {(signIn, expired) => <NameForm link={link} signIn={signIn} onExpired={expired} />}
      </PersonGate>
    </Panel>
  )
}
