/** @file One ticket on the board. Draws only; what a touch means is in actions.ts. */
import { memo } from 'react'
import type { TicketView } from '../../shared/domain/view.ts'
import { MoreList } from '../shared/components/more-list.tsx'
import { Priority } from '../shared/components/ticket-parts.tsx'
import { type Lateness, lateness, Timer } from '../shared/components/timer.tsx'
import { place, typeName } from '../shared/format.ts'
import { useNow } from '../shared/hooks.ts'
import { useMark } from '../shared/pressed.ts'
import { type Actions, errorKey, openTasks, pendingStamps, seenKey, ticketKey } from './actions.ts'
import { TicketItems } from './ticket-items.tsx'

interface CardProps {
  ticket: TicketView
  /** Its number on this page, as on the bump bar. */
  position: number
  selected: boolean
  /** The item the keyboard stands on, in the selected ticket. */
  cursor: string | null
  limits: { warnAfter: number; lateAfter: number }
  station: string
  stationName: (id: string) => string
  actions: Actions
  onSelect: (id: string) => void
}

function Head({ ticket, position, limits }: Pick<CardProps, 'ticket' | 'position' | 'limits'>) {
  const { table, server, covers } = ticket
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
        {table && <span>{typeName(ticket.type)}</span>}
        {covers > 0 && <span>{covers} guests</span>}
        {server && <span>{server.name}</span>}
      </div>
    </header>
  )
}

/** Carries the lateness to the card's frame, so that a tick redraws no items. */
function LateFrame({ since, limits }: { since: number | null; limits: CardProps['limits'] }) {
  const now = useNow()
  const state: Lateness = since === null ? 'fresh' : lateness(since, now, limits)
  return <div className={`late-frame ${state}`} aria-hidden="true" />
}

function SeenButton({ ticket, actions }: { ticket: TicketView; actions: Actions }) {
  const stamps = pendingStamps(ticket)
  const pressed = useMark(actions.pressed, seenKey(ticket.id)) === stamps.join(' ')
  if (!stamps.length || pressed) return null
  return (
    <button type="button" className="button attention seen" onClick={() => actions.acknowledge(ticket)}>
      ✓ Seen
    </button>
  )
}

function BumpButton({ ticket, actions }: { ticket: TicketView; actions: Actions }) {
  const doable = openTasks(ticket).length > 0
  if (ticket.cancelled || !doable) return null
  return (
    <button
      type="button"
      className="button bump"
      aria-label={`Bump ${ticket.number}`}
      onClick={() => actions.bumpTicket(ticket)}
    >
      BUMP
    </button>
  )
}

function Foot({ ticket, actions }: { ticket: TicketView; actions: Actions }) {
  const bumped = useMark(actions.pressed, ticketKey(ticket.id))
  const error = useMark(actions.pressed, errorKey(ticket.id))
  return (
    <footer className="ticket-foot">
      {error && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      {bumped ? (
        <output className="bumped">✓ Bumped</output>
      ) : (
        <div className="row">
          <SeenButton ticket={ticket} actions={actions} />
          <BumpButton ticket={ticket} actions={actions} />
        </div>
      )}
    </footer>
  )
}

export const TicketCard = memo(function TicketCard(props: CardProps) {
  const { ticket, position, selected, limits, actions } = props
  const bumped = useMark(actions.pressed, ticketKey(ticket.id)) !== undefined
  const name = ['ticket', selected && 'selected', bumped && 'is-bumped', ticket.cancelled && 'cancelled']
  return (
    <article
      className={name.filter(Boolean).join(' ')}
      data-ticket={ticket.id}
      data-selected={selected || undefined}
      aria-label={`Ticket ${ticket.number}`}
      onPointerDown={() => props.onSelect(ticket.id)}
    >
      <LateFrame since={ticket.since} limits={limits} />
      <Head ticket={ticket} position={position} limits={limits} />
      {ticket.cancelled && (
        <p className="cancelled-label">
          <b>✕ CANCELLED</b> {ticket.cancelled.reason}
        </p>
      )}
      {ticket.note && <p className="ticket-note">“{ticket.note}”</p>}
      <MoreList>
        <TicketItems {...props} />
      </MoreList>
      <Foot ticket={ticket} actions={actions} />
    </article>
  )
})
