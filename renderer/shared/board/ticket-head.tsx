/** @file The top of a ticket on any board: number, age, where it goes; and the frame that shows how late it is. Draws only. */
import type { TicketView } from '../../../shared/domain/view.ts'
import { Priority } from '../components/ticket-parts.tsx'
import { type Lateness, lateness, Timer } from '../components/timer.tsx'
import { about, place, typeName } from '../format.ts'
import { useNow } from '../hooks.ts'

interface HeadProps {
  ticket: TicketView
  /** Its number on the page, as on the bump bar. */
  position: number
  limits: { warnAfter: number; lateAfter: number }
}

export function TicketHead({ ticket, position, limits }: HeadProps) {
  const more = about(ticket)
  return (
    <header className="ticket-head">
      <div className="ticket-title">
        <span className="position" aria-hidden="true">
          {position}
        </span>
        <span className="number">#{ticket.number}</span>
        <Timer since={ticket.since} limits={limits} />
      </div>
      <div className="ticket-place">
        <Priority priority={ticket.priority} />
        <b>{place(ticket)}</b>
        {ticket.table && <span>{typeName(ticket.type)}</span>}
        {more && <span>{more}</span>}
      </div>
    </header>
  )
}

/** Carries the lateness to the card's frame, so that a tick redraws no items. */
export function LateFrame({ since, limits }: { since: number | null; limits: HeadProps['limits'] }) {
  const now = useNow()
  const state: Lateness = since === null ? 'fresh' : lateness(since, now, limits)
  return <div className={`late-frame ${state}`} aria-hidden="true" />
}
