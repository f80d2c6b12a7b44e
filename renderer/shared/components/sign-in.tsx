/** @file The PIN pad, and the gate that shows it until somebody has signed in. Reads the client, calls signIn and signOut. */
import { type ReactNode, useEffect, useState } from 'react'
import type { Person } from '../../../shared/contract/contract.ts'
import { DEMO_PINS } from '../demo-pins.ts'
import { useClient, useClientState, useDocument } from '../hooks.ts'
import { useCommand } from '../use-command.ts'
import { useIdle } from '../use-idle.ts'
import { Banners } from './banners.tsx'
import { FailureText } from './failure.tsx'
import { Freshness } from './freshness.tsx'

const MOST_DIGITS = 8
const LEAST_DIGITS = 4
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

function DemoPins() {
  const { demo } = useDocument('settings').body
  if (!demo) return null
  return (
    <aside className="demo-pins" aria-label="Demo PINs">
      <p>Demo restaurant. Sign in as:</p>
      <ul>
        {DEMO_PINS.map(({ who, pin }) => (
          <li key={pin}>
            {who}: <b>{pin}</b>
          </li>
        ))}
      </ul>
    </aside>
  )
}

/** Digits typed on a keyboard, too. */
function useDigits(type: (digit: string) => void, back: () => void, enter: () => void): void {
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (/^\d$/.test(event.key)) type(event.key)
      else if (event.key === 'Backspace') back()
      else if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) enter()
    }
    addEventListener('keydown', key)
    return () => removeEventListener('keydown', key)
  })
}

function PinPad({ onSignedIn }: { onSignedIn: () => void }) {
  const client = useClient()
  const [pin, setPin] = useState('')
  const { busy, error, run } = useCommand()
  const type = (digit: string) => setPin((now) => (now + digit).slice(0, MOST_DIGITS))
  const back = () => setPin((now) => now.slice(0, -1))
  const enter = async () => {
    if (pin.length < LEAST_DIGITS) return
    const ok = await run(() => client.call('signIn', { pin }), onSignedIn)
    if (!ok) setPin('')
  }
  useDigits(type, back, enter)
  return (
    <div className="pin-pad">
      <h2>Enter your PIN</h2>
      <output className="pin-dots" aria-label={`${pin.length} digits entered`}>
        {'●'.repeat(pin.length) || '–'}
      </output>
      <FailureText error={error} />
      <div className="pin-keys">
        {KEYS.map((digit) => (
          <button key={digit} type="button" className="button big" onClick={() => type(digit)}>
            {digit}
          </button>
        ))}
        <button type="button" className="button big" aria-label="Delete last digit" onClick={back}>
          ⌫
        </button>
        <button type="button" className="button big" onClick={() => type('0')}>
          0
        </button>
        <button
          type="button"
          className="button big primary"
          disabled={busy || pin.length < LEAST_DIGITS}
          onClick={enter}
        >
          Sign in
        </button>
      </div>
      <DemoPins />
    </div>
  )
}

interface GateProps {
  title: string
  /** Who may pass; others are told whom to ask. */
  allows?: (person: Person) => boolean
  refusal?: string
  children: (person: Person, signOut: () => void) => ReactNode
}

/** Shows `children` to whoever has signed in, and signs them out when they walk away. */
export function SignInGate({ title, allows = () => true, refusal = '', children }: GateProps) {
  const client = useClient()
  const person = useClientState((state) => state.person)
  // Without a connection nobody can be signed out at the core, but this screen can be locked.
  const [locked, setLocked] = useState(false)
  const signOut = () => {
    setLocked(true)
    void client.call('signOut', {})
  }
  useIdle(person !== null && !locked, signOut)
  if (person && !locked && allows(person)) return children(person, signOut)
  return (
    <div className="page sign-in">
      <header className="top">
        <h1>{title}</h1>
        <Freshness />
      </header>
      <Banners what="this page" />
      <main>
        {person && !locked && (
          <p className="error" role="alert">
            {person.name}, {refusal}
          </p>
        )}
        <PinPad onSignedIn={() => setLocked(false)} />
      </main>
    </div>
  )
}
