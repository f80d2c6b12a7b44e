/** @file All open tickets, oldest first, with where each is held up. Reads the client. */
import type { TicketView } from '../../shared/domain/view.ts'
import { useStationName } from '../shared/board/station-names.ts'
import { EmptyBoard } from '../shared/components/empty-board.tsx'
import { Priority } from '../shared/components/ticket-parts.tsx'
import { about, age, place } from '../shared/format.ts'
import { useNow, useStream } from '../shared/hooks.ts'
import { STATUS_NAMES } from '../shared/status.ts'

function Age({ since }: { since: number }) {
  return <time>{age(useNow() - since)}</time>
}

/** Stations that still have work on the ticket. */
function waitingAt(ticket: TicketView, name: (id: string) => string): string {
  const open = ticket.items
    .filter((item) => !item.voided && item.status !== 'held')
    .flatMap((item) => item.tasks)
    .filter((task) => task.status === 'confirmed' || task.status === 'preparing')
  return [...new Set(open.map((task) => name(task.station)))].join(', ')
}

export function OpenTickets() {
  const live = useStream('tickets', { scope: 'open' })
  const stationName = useStationName()
  // Of two opened in one moment the id decides: every manager reads the same list.
  const tickets = [...live.entries.values()].sort((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1))
  if (!tickets.length) return <EmptyBoard live={live} />
  return (
    <table>
      <caption>Open tickets ({tickets.length})</caption>
      <thead>
        <tr>
          <th scope="col">Ticket</th>
          <th scope="col">Where</th>
          <th scope="col">Guests, server</th>
          <th scope="col">Status</th>
          <th scope="col">Waiting at</th>
          <th scope="col">Age</th>
        </tr>
      </thead>
      <tbody>
        {tickets.map((ticket) => (
          <tr key={ticket.id} data-ticket={ticket.id}>
            <td>
              <b>#{ticket.number}</b> <Priority priority={ticket.priority} />
            </td>
            <td>{place(ticket)}</td>
            <td>{about(ticket) || '–'}</td>
            <td>{STATUS_NAMES[ticket.status]}</td>
            <td>{waitingAt(ticket, stationName) || '–'}</td>
            <td>
              <Age since={ticket.openedAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
