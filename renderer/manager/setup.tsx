/** @file Checks before service: dishes no station would make, stations without a screen, alarms, a backup now. Reads the client, asks the core. */
import { useState } from 'react'
import { useStationName } from '../shared/board/station-names.ts'
import { FailureText } from '../shared/components/failure.tsx'
import { plural } from '../shared/format.ts'
import { useClient, useDocument, useStatus } from '../shared/hooks.ts'
import { useCommand } from '../shared/use-command.ts'
import { useWords } from '../shared/words.ts'
import { unroutedItems } from './unrouted.ts'

function Stations() {
  const menu = useDocument('menu').body
  const stations = useDocument('stations').body
  const stationName = useStationName()
  const unwatched = useStatus('unwatched') ?? []
  const unrouted = unroutedItems(menu, stations)
  return (
    <section className="stack card">
      <h2>Stations</h2>
      {unrouted.length === 0 ? (
        <p className="good">✓ Every dish has a station.</p>
      ) : (
        <div className="error" role="alert">
          ⚠ {plural(unrouted.length, 'dish', 'dishes')} without a station. They go to the expo with an alarm:
          <ul>
            {unrouted.map(({ id, name, why }) => (
              <li key={id}>
                {name} <span className="muted">({why})</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {unwatched.length === 0 ? (
        <p className="good">✓ Every station with work has a screen.</p>
      ) : (
        unwatched.map(({ station, tickets }) => (
          <p key={station} className="error" role="alert">
            ⚠ No screen is showing {stationName(station)}: {plural(tickets, 'ticket')} waiting.
          </p>
        ))
      )}
    </section>
  )
}

function Backup() {
  const client = useClient()
  const { busy, error, run } = useCommand()
  const [file, setFile] = useState<string | null>(null)
  return (
    <section className="stack card">
      <h2>Backup</h2>
      <p>A backup is made every day by itself. Make one now before a change you are unsure of.</p>
      <FailureText error={error} />
      {file && <p role="status">✓ Saved as {file}</p>}
      <button
        type="button"
        className="button primary"
        disabled={busy}
        onClick={() =>
          run(
            () => client.call('backupNow', {}),
            (made) => setFile(made.file),
          )
        }
      >
        {busy ? 'Saving…' : 'Back up now'}
      </button>
    </section>
  )
}

function Alarms() {
  const alarms = useStatus('alarms') ?? []
  const words = useWords()
  return (
    <section className="stack card">
      <h2>Alarms</h2>
      {alarms.length === 0 && <p className="good">✓ No alarms.</p>}
      <ul className="stack">
        {alarms.map(({ id, level, says }) => (
          <li key={id}>
            <b>{level === 'alarm' ? '⚠ Alarm' : '▲ Warning'}</b> {words.say(says)}
          </li>
        ))}
      </ul>
    </section>
  )
}

export function Setup() {
  return (
    <div className="cards">
      <Stations />
      <Alarms />
      <Backup />
    </div>
  )
}
