/** @file Takes the project's new publishable key: first thing on the page when the old one is refused, else folded away. Asks the core. */
import { type FormEvent, useState } from 'react'
import type { Failure } from '../../../shared/domain/errors.ts'
import { FailureText } from '../../shared/components/failure.tsx'
import { useClient } from '../../shared/hooks.ts'
import { useCommand } from '../../shared/use-command.ts'
import { fromEnv, isSecret, KEY_PLACE, SECRET_KEY } from './project-text.ts'

interface NewKeyProps {
  again: () => Promise<void>
}

function KeyForm({ again }: NewKeyProps) {
  const client = useClient()
  const [key, setKey] = useState('')
  const [fault, setFault] = useState<Failure | null>(null)
  const [taken, setTaken] = useState(false)
  const { busy, error, run } = useCommand()
  const edit = (text: string) => {
    setKey(text)
    setFault(null)
    setTaken(false)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const wanted = fromEnv(key).key ?? key.trim()
    // Such a key does not leave this screen.
    if (isSecret(wanted)) return setFault(SECRET_KEY)
    void run(
      () => client.call('cloudKey', { key: wanted }),
      () => {
        edit('')
        setTaken(true)
        void again()
      },
    )
  }
  return (
    <form className="stack" aria-busy={busy} onSubmit={submit}>
      <p className="muted">
        On the project’s page at supabase.com, under {KEY_PLACE}. It is tried first. This PC stays the PC it
        is.
      </p>
      <label>
        New publishable key
        <input
          autoComplete="off"
          spellCheck={false}
          maxLength={400}
          placeholder="sb_publishable_…"
          value={key}
          onChange={(event) => edit(event.target.value)}
        />
      </label>
      <FailureText error={fault ?? error} />
      {taken && (
        <p className="good" role="status">
          ✓ The new key works and is used from now on.
        </p>
      )}
      <div className="row">
        <button type="submit" className="button primary" disabled={busy || key.trim() === ''}>
          {busy ? 'Trying it…' : 'Use this key'}
        </button>
      </div>
    </form>
  )
}

/** What to do about a key that is refused. */
export function NewKey({ again }: NewKeyProps) {
  return (
    <section className="card stack">
      <h2>Enter the new key</h2>
      <KeyForm again={again} />
    </section>
  )
}

/** The same, for whoever replaces the key before it ends. */
export function KeyDetails({ again }: NewKeyProps) {
  return (
    <details className="card">
      <summary>Enter the new key of the project</summary>
      <KeyForm again={again} />
    </details>
  )
}
