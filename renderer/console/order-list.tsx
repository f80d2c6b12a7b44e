/** @file Open orders, oldest first; of one table when asked. Reads the client. */

import type { TicketView } from '../../shared/domain/view.ts'
import { EmptyBoard } from '../shared/components/empty-board.tsx'
import { Sign } from '../shared/components/sign.tsx'
import { Priority } from '../shared/components/ticket-parts.tsx'
import { about, age, place } from '../shared/format.ts'
import { useDocument, useNow, useStream } from '../shared/hooks.ts'
import { STATUS_NAMES } from '../shared/status.ts'
import type { Go } from './places.ts'

function Age({ since }: { since: number }) {
  return <time>{age(useNow() - since)}</time>
}

function Row({ ticket, go }: { ticket: TicketView; go: Go }) {
  const ready = ticket.items.filter((item) => item.status === 'ready').length
  return (
    <li>
      <button
        type="button"
        className="order-row"
        data-ticket={ticket.id}
        onClick={() => go({ at: 'order', order: ticket.id })}
      >
        <b className="number">#{ticket.number}</b>
        <span className="grow">
          {place(ticket)} <span className="muted">{about(ticket)}</span>
        </span>
        <Priority priority={ticket.priority} />
        <span className={`status ${ticket.status}`}>
          {ready > 0 && ticket.status !== 'ready' ? `${ready} ready` : STATUS_NAMES[ticket.status]}
        </span>
        <Age since={ticket.openedAt} />
      </button>
    </li>
  )
}

export function OrderList({ table, go }: { table?: string; go: Go }) {
  const live = useStream('tickets', { scope: 'open' })
  const { tables } = useDocument('floor').body
  const tickets = [...live.entries.values()]
    .filter((ticket) => table === undefined || ticket.table?.id === table)
    .sort((a, b) => a.openedAt - b.openedAt)
  const name = tables.find((candidate) => candidate.id === table)?.name
  return (
    <div className="orders">
      <div className="row">
        <h2 className="grow">{name ? `Orders of table ${name}` : 'Open orders'}</h2>
        {table !== undefined && (
          <button
            type="button"
            className="button primary"
            onClick={() => go({ at: 'draft', type: 'dineIn', table })}
          >
            <Sign>+</Sign>New order
          </button>
        )}
      </div>
      <ul>
        {tickets.map((ticket) => (
          <Row key={ticket.id} ticket={ticket} go={go} />
        ))}
      </ul>
      {tickets.length === 0 && <EmptyBoard live={live} none="No open orders" />}
    </div>
  )
}
