/** @file The pairing page: type the code a manager gave, become a screen. Touches the network and the page's location. */
import { type FormEvent, useState } from 'react'
import { FailureText } from '../shared/components/failure.tsx'
import { useCommand } from '../shared/use-command.ts'
import { pageOf, redeem } from './redeem.ts'
import './join.css'

interface JoinProps {
  /** From the address, e.g. of a QR code. */
  code: string
  go?: (href: string) => void
  ask?: typeof fetch
}

const LEAST_DIGITS = 6

export function JoinApp({ code: given, go = (href) => location.assign(href), ask }: JoinProps) {
  const [code, setCode] = useState(given.replace(/\D/g, ''))
  const { busy, error, run } = useCommand()
  const join = (event: FormEvent) => {
    event.preventDefault()
    void run(
      () => redeem(code, ask),
      (joined) => go(pageOf(joined)),
    )
  }
  return (
    <main className="join">
      <form onSubmit={join}>
        <h1>Pair this screen</h1>
        <p className="muted">
          On the Plate PC, a manager opens Manager → Devices → Pair a screen. Type the code shown there.
        </p>
        <label>
          Pairing code
          <input
            inputMode="numeric"
            autoComplete="off"
            maxLength={10}
            value={code}
            onChange={(event) => setCode(event.target.value.replace(/\D/g, ''))}
          />
        </label>
        <FailureText error={error} />
        <button type="submit" className="button big primary" disabled={busy || code.length < LEAST_DIGITS}>
          {busy ? 'Pairing…' : 'Pair'}
        </button>
      </form>
    </main>
  )
}
