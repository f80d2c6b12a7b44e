/** @file Tickets bumped lately: look at one again (nothing changes), or bring it back (it keeps its age). Asks the core. */

import { useState } from 'react'
import type { RecentTicket } from '../../../shared/contract/contract.ts'
import type { TicketView } from '../../../shared/domain/view.ts'
import { FailureText } from '../components/failure.tsx'
import { Panel } from '../components/panel.tsx'
import { Sign } from '../components/sign.tsx'
import { ItemText } from '../components/ticket-parts.tsx'
import { clock, place, said } from '../format.ts'
import { useDocument } from '../hooks.ts'
import { useQuery } from '../use-query.ts'

const LIMIT = 50
const NONE_RECALLED = { of: null, orders: [] }

/** At a station what it bumped, without one what was closed. The list as the core knows it when the drawer opens; asked again when the connection comes back. */
export function useRecent(station: string | null, open: boolean) {
  const { value, error } = useQuery(
    'recentTickets',
    { ...(station === null ? {} : { station }), limit: LIMIT },
    open,
  )
  const [recalled, setRecalled] = useState<{ of: RecentTicket[] | null; orders: string[] }>(NONE_RECALLED)
  // A new list knows by itself what was brought back.
  const gone = recalled.of === value ? recalled.orders : []
  const rows = value?.filter((row) => !gone.includes(row.ticket.id)) ?? null
  const forget = (order: string) => setRecalled({ of: value, orders: [...gone, order] })
  return { rows, error, forget }
}

function Review({ ticket }: { ticket: TicketView }) {
  return (
    <div className="review">
      {ticket.note && <p className="ticket-note">{said(ticket.note)}</p>}
      {ticket.items.map((item) => (
        <ItemText key={item.id} item={item} />
      ))}
    </div>
  )
}

interface RowProps {
  row: RecentTicket
  position: number
  open: boolean
  onReview: () => void
  onRecall: () => void
}

function Row({ row: { ticket, doneAt }, position, open, onReview, onRecall }: RowProps) {
  const { timeZone } = useDocument('settings').body
  return (
    <li className="recent" data-recent={ticket.id}>
      <div className="recent-title">
        <span className="position" aria-hidden="true">
          {position}
        </span>
        <b className="number">#{ticket.number}</b>
        <span className="grow">{place(ticket)}</span>
        <span>
          {ticket.cancelled ? 'cancelled' : 'done'} {clock(doneAt, timeZone, false)}
        </span>
      </div>
      <div className="row">
        <button
          type="button"
          className="button"
          aria-expanded={open}
          aria-label={`Review ${ticket.number}`}
          onClick={onReview}
        >
          {open ? 'Hide' : 'Review'}
        </button>
        {!ticket.cancelled && (
          <button
            type="button"
            className="button primary"
            aria-label={`Recall ${ticket.number}`}
            onClick={onRecall}
          >
            <Sign>↶</Sign>Recall
          </button>
        )}
      </div>
      {open && <Review ticket={ticket} />}
    </li>
  )
}

interface DrawerProps {
  title?: string
  recent: ReturnType<typeof useRecent>
  onRecall: (ticket: TicketView) => void
  onClose: () => void
}

export function RecallDrawer({ title = 'Recently bumped', recent, onRecall, onClose }: DrawerProps) {
  const [reviewed, setReviewed] = useState<string | null>(null)
  const { rows, error } = recent
  return (
    <Panel as="float" title={title} onClose={onClose}>
      <FailureText error={error} />
      {!rows && !error && <p className="empty small">Loading…</p>}
      {rows?.length === 0 && <p className="empty small">Nothing yet.</p>}
      <ol className="recents">
        {rows?.map((row, index) => (
          <Row
            key={row.ticket.id}
            row={row}
            position={index + 1}
            open={reviewed === row.ticket.id}
            onReview={() => setReviewed(reviewed === row.ticket.id ? null : row.ticket.id)}
            onRecall={() => onRecall(row.ticket)}
          />
        ))}
      </ol>
    </Panel>
  )
}
