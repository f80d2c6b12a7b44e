/** @file Pairs a new screen: what it is for, then the code to type or scan there. Asks the core. */

import { useState } from 'react'
import type { Pairing } from '../../shared/contract/contract.ts'
import { SCREEN_KINDS, type ScreenKind } from '../../shared/domain/roles.ts'
import { FailureText } from '../shared/components/failure.tsx'
import { Panel } from '../shared/components/panel.tsx'
import { Select } from '../shared/components/select.tsx'
import { age } from '../shared/format.ts'
import { useClient, useDocument, useNow } from '../shared/hooks.ts'
import { useCommand } from '../shared/use-command.ts'
import { QrCode } from './qr-code.tsx'

const KINDS: Readonly<Record<ScreenKind, string>> = {
  kitchen: 'Kitchen display',
  expo: 'Expo',
  console: 'Console (host stand)',
  manager: 'Manager',
  peer: 'Another Plate PC',
}

function Code({ pairing }: { pairing: Pairing }) {
  const left = pairing.expiresAt - useNow()
  const { code, addresses, fingerprint, qr } = pairing
  return (
    <div className="pairing">
      <QrCode svg={qr} />
      <div className="stack">
        <p>Type this code on the new screen:</p>
        <output className="code" aria-label="Pairing code">
          {code}
        </output>
        <p role="status">{left > 0 ? `Valid for ${age(left)}` : 'This code has expired. Make a new one.'}</p>
        {addresses.length > 0 ? (
          <div>
            <p>Open one of these addresses there:</p>
            <ul className="addresses">
              {addresses.map((address) => (
                <li key={address}>{address}</li>
              ))}
            </ul>
          </div>
        ) : (
          <p className="needed">The network is switched off (Network → Let other devices in).</p>
        )}
        {fingerprint && (
          <details>
            <summary>Fingerprint of this PC’s certificate</summary>
            <code>{fingerprint}</code>
          </details>
        )}
      </div>
    </div>
  )
}

interface FormProps {
  onPairing: (pairing: Pairing) => void
}

function Form({ onPairing }: FormProps) {
  const client = useClient()
  const { stations } = useDocument('stations').body
  const [kind, setKind] = useState<ScreenKind>('kitchen')
  const [station, setStation] = useState('')
  const [name, setName] = useState('')
  const { busy, error, run } = useCommand()
  const where = station || (stations[0]?.id ?? '')
  const usual = kind === 'kitchen' ? (stations.find(({ id }) => id === where)?.name ?? '') : KINDS[kind]
  const make = () => {
    const at = kind === 'kitchen' && where ? { station: where } : {}
    void run(() => client.call('createPairing', { kind, name: name.trim() || usual, ...at }), onPairing)
  }
  return (
    <div className="stack">
      <Select
        label="Kind"
        value={kind}
        options={SCREEN_KINDS.map((each) => [each, KINDS[each]] as const)}
        onChange={setKind}
      />
      {kind === 'kitchen' && (
        <Select
          label="Station"
          value={where}
          options={stations.map((each) => [each.id, each.name] as const)}
          onChange={setStation}
        />
      )}
      <label>
        Name
        <input
          maxLength={60}
          placeholder={usual}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <FailureText error={error} />
      <button type="button" className="button primary" disabled={busy} onClick={make}>
        Make a code
      </button>
    </div>
  )
}

export function PairScreen({ onClose }: { onClose: () => void }) {
  const [pairing, setPairing] = useState<Pairing | null>(null)
  return (
    <Panel as="over" title="Pair a screen" onClose={onClose}>
      {pairing ? <Code pairing={pairing} /> : <Form onPairing={setPairing} />}
    </Panel>
  )
}
