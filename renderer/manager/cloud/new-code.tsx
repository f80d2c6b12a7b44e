/** @file Takes a new device code when this PC's access has ended: it goes on with everything it has. Asks the core. */
import { type FormEvent, useState } from 'react'
import type { CloudInfo } from '../../../shared/contract/contract.ts'
import { FailureText } from '../../shared/components/failure.tsx'
import { useClient } from '../../shared/hooks.ts'
import { useCommand } from '../../shared/use-command.ts'
import { CodeField } from './code-field.tsx'
import { isWhole } from './device-code.ts'

interface NewCodeProps {
  link: NonNullable<CloudInfo['link']>
  again: () => Promise<void>
}

export function NewCode({ link, again }: NewCodeProps) {
  const client = useClient()
  const [code, setCode] = useState('')
  const { busy, error, run } = useCommand()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const { url, key } = link
    void run(
      () => client.call('cloudClaim', { url, key, code, take: 'upload' }),
      () => void again(),
    )
  }
  return (
    <section className="card stack">
      <h2>Enter a new device code</h2>
      <form className="stack" aria-busy={busy} onSubmit={submit}>
        <p className="muted">
          A manager of {link.name} makes one with “Add another PC”, below or on any other PC. Orders and menu
          of this PC stay, and what waits is sent. It counts as another PC then: remove the old entry from the
          list.
        </p>
        <CodeField code={code} onCode={setCode} />
        <FailureText error={error} />
        <div className="row">
          <button type="submit" className="button primary" disabled={busy || !isWhole(code)}>
            {busy ? 'Connecting…' : 'Connect again'}
          </button>
        </div>
      </form>
    </section>
  )
}
