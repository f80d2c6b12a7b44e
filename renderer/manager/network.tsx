/** @file The local network: letting other devices in, and exchanging orders with another Plate PC. Asks the core. */
import { useState } from 'react'
import { FailureText } from '../shared/components/failure.tsx'
import { useClient, useStatus } from '../shared/hooks.ts'
import { useCommand } from '../shared/use-command.ts'

function Lan() {
  const client = useClient()
  const lan = useStatus('lan')
  const { busy, error, run } = useCommand()
  const on = lan?.on === true
  return (
    <section className="stack card">
      <h2>Other devices</h2>
      <p>
        {on
          ? 'Other devices on this network can join this PC with a pairing code.'
          : 'Only this PC can use Plate now.'}
      </p>
      <FailureText error={error} />
      <button
        type="button"
        role="switch"
        aria-checked={on}
        className={on ? 'button primary' : 'button'}
        disabled={busy}
        onClick={() => run(() => client.call('setLan', { on: !on }))}
      >
        Let other devices in: {on ? 'on' : 'off'}
      </button>
      {on && (
        <ul className="addresses">
          {lan?.addresses.map((address) => (
            <li key={address}>{address}</li>
          ))}
        </ul>
      )}
      {on && lan?.fingerprint && (
        <details>
          <summary>Fingerprint of this PC’s certificate</summary>
          <code>{lan.fingerprint}</code>
        </details>
      )}
    </section>
  )
}

function Peers() {
  const peers = useStatus('peers') ?? []
  if (!peers.length) return <p className="muted">This PC works alone.</p>
  return (
    <ul className="stack">
      {peers.map(({ device, name, online, behind }) => (
        <li key={device}>
          <b>{name}</b> <span className={online ? 'good' : 'bad'}>{online ? '● online' : '○ offline'}</span>
          {behind > 0 && ` · ${behind} events to exchange`}
        </li>
      ))}
    </ul>
  )
}

function JoinPeer() {
  const client = useClient()
  const [address, setAddress] = useState('')
  const [code, setCode] = useState('')
  const [joined, setJoined] = useState<string | null>(null)
  const { busy, error, run } = useCommand()
  return (
    <section className="stack card">
      <h2>Another Plate PC</h2>
      <Peers />
      <p className="muted">
        On the other PC: Devices → Pair a screen → Another Plate PC. Then type its address and code here.
      </p>
      <label>
        Address
        <input
          placeholder="192.168.1.20:8443"
          value={address}
          onChange={(event) => setAddress(event.target.value.trim())}
        />
      </label>
      <label>
        Pairing code
        <input
          inputMode="numeric"
          maxLength={10}
          value={code}
          onChange={(event) => setCode(event.target.value.replace(/\D/g, ''))}
        />
      </label>
      <FailureText error={error} />
      {joined && <p role="status">✓ Joined {joined}.</p>}
      <button
        type="button"
        className="button primary"
        disabled={busy || !address || code.length < 6}
        onClick={() =>
          run(
            () => client.call('joinPeer', { address, code }),
            ({ name }) => setJoined(name),
          )
        }
      >
        {busy ? 'Joining…' : 'Join'}
      </button>
    </section>
  )
}

export function Network() {
  return (
    <div className="cards">
      <Lan />
      <JoinPeer />
    </div>
  )
}
