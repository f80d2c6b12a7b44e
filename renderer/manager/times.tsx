/** @file How long tickets took, per station, on one business day. Asks the core. */
import { useState } from 'react'
import { useStationName } from '../shared/board/station-names.ts'
import { FailureText } from '../shared/components/failure.tsx'
import { age } from '../shared/format.ts'
import { useQuery } from '../shared/use-query.ts'

export function Times() {
  const [day, setDay] = useState('')
  const stationName = useStationName()
  const { value, error, again } = useQuery('ticketTimes', day ? { day } : {})
  return (
    <section className="stack">
      <div className="row">
        <h2 className="grow">Times from release to ready</h2>
        <label>
          Business day (empty: today)
          <input type="date" value={day} onChange={(event) => setDay(event.target.value)} />
        </label>
        <button type="button" className="button" onClick={again}>
          Refresh
        </button>
      </div>
      <FailureText error={error} />
      {value?.length === 0 && <p className="muted">No tickets were finished on this day.</p>}
      {value && value.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Station</th>
              <th scope="col">Tickets</th>
              <th scope="col">Median</th>
              <th scope="col">9 of 10 within</th>
              <th scope="col">Slowest</th>
            </tr>
          </thead>
          <tbody>
            {value.map((row) => (
              <tr key={row.station}>
                <td>{stationName(row.station)}</td>
                <td>{row.tickets}</td>
                <td>{age(row.medianMs)}</td>
                <td>{age(row.p90Ms)}</td>
                <td>{row.worst.map(({ number, ms }) => `#${number} ${age(ms)}`).join(' · ') || '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
