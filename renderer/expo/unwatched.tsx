/** @file Says which stations have work that no screen shows. Reads the client. */
import { plural } from '../shared/format.ts'
import { useStatus } from '../shared/hooks.ts'

export function Unwatched({ stationName }: { stationName: (id: string) => string }) {
  const unwatched = useStatus('unwatched') ?? []
  if (!unwatched.length) return null
  return (
    <div className="banner warning" role="alert">
      <b>⚠ No screen is showing</b>{' '}
      {unwatched
        .map(({ station, tickets }) => `${stationName(station)} (${plural(tickets, 'ticket')})`)
        .join(', ')}
      . Tell the station, or open its screen.
    </div>
  )
}
