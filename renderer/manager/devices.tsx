/** @file The screens that are paired, and pairing or removing one. Asks the core. */
import { useState } from 'react'
import type { DeviceRow } from '../../shared/contract/contract.ts'
import { useStationName } from '../shared/board/station-names.ts'
import { FailureText } from '../shared/components/failure.tsx'
import { Panel } from '../shared/components/panel.tsx'
import { clock } from '../shared/format.ts'
import { useClient, useDocument } from '../shared/hooks.ts'
import { useCommand } from '../shared/use-command.ts'
import { useQuery } from '../shared/use-query.ts'
import { PairScreen } from './pair-screen.tsx'

function stateOf(device: DeviceRow): string {
  if (device.revoked) return '✕ revoked'
  return device.online ? '● online' : '○ offline'
}

function Row({ device, onRevoke }: { device: DeviceRow; onRevoke: () => void }) {
  const { timeZone } = useDocument('settings').body
  const stationName = useStationName()
  return (
    <tr data-device={device.id}>
      <td>
        <b>{device.name}</b>
      </td>
      <td>
        {device.kind}
        {device.station && ` · ${stationName(device.station)}`}
      </td>
      <td className={device.online ? 'good' : 'bad'}>{stateOf(device)}</td>
      <td>{device.lastSeen === null ? 'never' : clock(device.lastSeen, timeZone)}</td>
      <td>{device.version ?? '–'}</td>
      <td>
        {!device.revoked && (
          <button
            type="button"
            className="button danger"
            aria-label={`Revoke ${device.name}`}
            onClick={onRevoke}
          >
            Revoke
          </button>
        )}
      </td>
    </tr>
  )
}

function RevokeDialog({ device, onDone }: { device: DeviceRow; onDone: () => void }) {
  const client = useClient()
  const { busy, error, run } = useCommand()
  return (
    <Panel as="over" title={`Revoke ${device.name}?`} onClose={onDone}>
      <div className="stack">
        <p>This screen stops working at once. To use it again it has to be paired anew.</p>
        <FailureText error={error} />
        <button
          type="button"
          className="button danger"
          disabled={busy}
          onClick={() => run(() => client.call('revokeDevice', { device: device.id }), onDone)}
        >
          Revoke this screen
        </button>
      </div>
    </Panel>
  )
}

export function Devices() {
  const { value, error, again } = useQuery('devices', {})
  const [pairing, setPairing] = useState(false)
  const [revoking, setRevoking] = useState<DeviceRow | null>(null)
  const done = () => {
    setPairing(false)
    setRevoking(null)
    void again()
  }
  return (
    <section className="stack">
      <div className="row">
        <h2 className="grow">Devices</h2>
        <button type="button" className="button" onClick={again}>
          Refresh
        </button>
        <button type="button" className="button primary" onClick={() => setPairing(true)}>
          Pair a screen
        </button>
      </div>
      <FailureText error={error} />
      {value?.length === 0 && <p className="muted">No other screen is paired yet.</p>}
      {value && value.length > 0 && (
        <table>
          <thead>
            <tr>
              {['Name', 'Kind', 'State', 'Last heard', 'Version', 'Actions'].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {value.map((device) => (
              <Row key={device.id} device={device} onRevoke={() => setRevoking(device)} />
            ))}
          </tbody>
        </table>
      )}
      {pairing && <PairScreen onClose={done} />}
      {revoking && <RevokeDialog device={revoking} onDone={done} />}
    </section>
  )
}
