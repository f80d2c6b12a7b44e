/** @file The restaurant's PCs as the cloud knows them; adding one, removing one, letting it in again. Reads the client. */
import { useState } from 'react'
import type { CloudDevice, CloudInfo } from '../../../shared/contract/contract.ts'
import { moment, plural } from '../../shared/format.ts'
import { useDocument, useNow, useStatus } from '../../shared/hooks.ts'
import { AddPc } from './add-pc.tsx'
import { ChangeDevice } from './change-device.tsx'

/** A device reports every few seconds while it can. */
const HERE_MS = 60_000

interface RowProps {
  device: CloudDevice
  /** Removes it, or lets it in again. */
  onChange: () => void
}

function LastSeen({ lastSeen }: { lastSeen: number | null }) {
  const { timeZone } = useDocument('settings').body
  const now = useNow(10_000)
  if (lastSeen === null) return 'never'
  return now - lastSeen < HERE_MS ? <span className="good">● now</span> : moment(lastSeen, now, timeZone)
}

/** What this PC has not sent, and what the cloud did not take: with the devices it is a count, whatever it is of. */
function NotSent({ outbox, parked }: { outbox: number; parked: number }) {
  if (outbox === 0 && parked === 0) return '–'
  return (
    <>
      {outbox > 0 && plural(outbox, 'change')}
      {outbox > 0 && parked > 0 && ', '}
      {parked > 0 && <span className="needed">{parked} not taken</span>}
    </>
  )
}

function Row({ device, onChange }: RowProps) {
  const { name, letter, version, lastSeen, revoked, self } = device
  const status = useStatus('cloud')
  // What this PC last reported is older than what it knows of itself.
  const counts = self && status ? status : device
  return (
    <tr className={revoked ? 'removed' : ''}>
      <td>
        <b>{name}</b>
        {self && <span className="chip this-pc">This PC</span>}
      </td>
      <td>{letter || '–'}</td>
      <td>{version ?? '–'}</td>
      <td>
        <LastSeen lastSeen={lastSeen} />
      </td>
      <td>
        <NotSent outbox={counts.outbox} parked={counts.parked} />
      </td>
      <td className="last">
        {revoked && (
          <>
            <span className="bad">✕ removed</span>
            <button type="button" className="button" aria-label={`Let ${name} in again`} onClick={onChange}>
              Let in again…
            </button>
          </>
        )}
        {!revoked && !self && (
          <button type="button" className="button danger" aria-label={`Remove ${name}`} onClick={onChange}>
            Remove…
          </button>
        )}
      </td>
    </tr>
  )
}

const HEADS = ['PC', 'Letter', 'Version', 'Last seen', 'Not sent']

function Table({ devices, onChange }: { devices: CloudDevice[]; onChange: (device: CloudDevice) => void }) {
  return (
    <table>
      <thead>
        <tr>
          {HEADS.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
          <td />
        </tr>
      </thead>
      <tbody>
        {devices.map((device) => (
          <Row key={device.id} device={device} onChange={() => onChange(device)} />
        ))}
      </tbody>
    </table>
  )
}

interface DevicesProps {
  link: NonNullable<CloudInfo['link']>
  devices: CloudDevice[] | null
  again: () => Promise<void>
}

export function CloudDevices({ link, devices, again }: DevicesProps) {
  const [adding, setAdding] = useState(false)
  const [changing, setChanging] = useState<CloudDevice | null>(null)
  const close = () => {
    setAdding(false)
    setChanging(null)
    void again()
  }
  return (
    <section className="card stack">
      <div className="row">
        <h2 className="grow">PCs of this restaurant</h2>
        <button type="button" className="button" onClick={again}>
          Refresh
        </button>
        <button type="button" className="button primary" onClick={() => setAdding(true)}>
          Add another PC
        </button>
      </div>
      {devices ? (
        <Table devices={devices} onChange={setChanging} />
      ) : (
        <p className="muted">The cloud cannot be asked now. The list comes back with the connection.</p>
      )}
      {adding && <AddPc link={link} devices={devices} again={again} onClose={close} />}
      {changing && <ChangeDevice link={link} device={changing} onClose={close} />}
    </section>
  )
}
