/** @file One ticket on the board. Draws only; what a touch means is in actions.ts. */
import { memo } from 'react'
import { answersFor } from '../../shared/domain/shown.ts'
import type { TicketView } from '../../shared/domain/view.ts'
import { type Actions, errorKey, ticketKey } from '../shared/board/actions.ts'
import { useMark, useRefusal } from '../shared/board/pressed.ts'
import { SeenButton } from '../shared/board/seen-button.tsx'
import { LateFrame, TicketHead } from '../shared/board/ticket-head.tsx'
import { useDrawn } from '../shared/board/use-drawn.ts'
import { FailureText } from '../shared/components/failure.tsx'
import { Incomplete } from '../shared/components/incomplete.tsx'
import { MoreList } from '../shared/components/more-list.tsx'
import { OrderNote } from '../shared/components/order-change.tsx'
import { TicketItems } from './ticket-items.tsx'

interface CardProps {
  ticket: TicketView
  /** Its number on this page, as on the bump bar. */
  position: number
  selected: boolean
  /** The item the keyboard stands on, in the selected ticket. */
  cursor: string | null
  limits: { warnAfter: number; lateAfter: number }
  stationName: (id: string) => string
  actions: Actions
  onSelect: (id: string) => void
}

function BumpButton({ ticket, actions }: { ticket: TicketView; actions: Actions }) {
  const doable = answersFor(ticket).length > 0
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
  const refusal = useRefusal(actions.pressed, errorKey(ticket.id))
  return (
    <footer className="ticket-foot">
      <FailureText error={refusal} />
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
  useDrawn(actions, ticket)
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
      <TicketHead ticket={ticket} position={position} limits={limits} />
      {ticket.cancelled && (
        <p className="cancelled-label">
          <b>✕ CANCELLED</b> <bdi>{ticket.cancelled.reason}</bdi>
        </p>
      )}
      <Incomplete ticket={ticket} />
      <OrderNote ticket={ticket} />
      <MoreList>
        <TicketItems {...props} />
      </MoreList>
      <Foot ticket={ticket} actions={actions} />
    </article>
  )
})
