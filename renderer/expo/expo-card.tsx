/** @file One ticket at the pass: what is ready, what is missing and where, what can be fired. Draws only. */
import { memo } from 'react'
import { answersFor } from '../../shared/domain/shown.ts'
import type { TicketView } from '../../shared/domain/view.ts'
import {
  type Actions,
  errorKey,
  fireKey,
  pendingStamps,
  serveKey,
  ticketKey,
} from '../shared/board/actions.ts'
import { byCourse } from '../shared/board/courses.ts'
import { useMark, useRefusal } from '../shared/board/pressed.ts'
import { SeenButton } from '../shared/board/seen-button.tsx'
import { LateFrame, TicketHead } from '../shared/board/ticket-head.tsx'
import { useDrawn } from '../shared/board/use-drawn.ts'
import { FailureText } from '../shared/components/failure.tsx'
import { Incomplete } from '../shared/components/incomplete.tsx'
import { MoreList } from '../shared/components/more-list.tsx'
import { OrderNote } from '../shared/components/order-change.tsx'
import { useDocument } from '../shared/hooks.ts'
import { ExpoItem } from './expo-item.tsx'

interface CardProps {
  ticket: TicketView
  position: number
  stationName: (id: string) => string
  actions: Actions
}

const USUAL = { warnAfter: 600, lateAfter: 900 }

/** A ticket is late at the pass when its slowest station would call it late. */
function useLimits(ticket: TicketView): { warnAfter: number; lateAfter: number } {
  const { stations } = useDocument('stations').body
  const ids = new Set(ticket.items.flatMap((item) => item.tasks.map((task) => task.station)))
  const involved = stations.filter((station) => ids.has(station.id))
  if (!involved.length) return USUAL
  return {
    warnAfter: Math.max(...involved.map((station) => station.warnAfter)),
    lateAfter: Math.max(...involved.map((station) => station.lateAfter)),
  }
}

function FireButton({
  ticket,
  id,
  name,
  actions,
}: { id: string; name: string } & Omit<CardProps, 'position' | 'stationName'>) {
  const fired = useMark(actions.pressed, fireKey(ticket.id, id))
  return (
    <button
      type="button"
      className="button primary fire"
      disabled={fired !== undefined}
      onClick={() => actions.fireCourse(ticket, id)}
    >
      {fired ? 'Fired' : `Fire ${name}`}
    </button>
  )
}

function Items(props: CardProps) {
  const { ticket, actions } = props
  return byCourse(ticket.items).map(({ id, name, items }) => {
    const held = !ticket.cancelled && id !== '' && items.some((item) => item.status === 'held')
    return (
      <div key={id} className="course">
        {(name || held) && (
          <div className="course-row">
            <h3 className="course-name">{name}</h3>
            {held && <FireButton ticket={ticket} id={id} name={name} actions={actions} />}
          </div>
        )}
        {items.map((item) => (
          <ExpoItem key={item.id} item={item} {...props} />
        ))}
      </div>
    )
  })
}

function Foot({ ticket, actions }: Pick<CardProps, 'ticket' | 'actions'>) {
  const served = useMark(actions.pressed, serveKey(ticket.id))
  const bumped = useMark(actions.pressed, ticketKey(ticket.id))
  const refusal = useRefusal(actions.pressed, errorKey(ticket.id))
  const ready = ticket.items.filter((item) => item.status === 'ready').length
  const orphans = answersFor(ticket).length
  return (
    <footer className="ticket-foot">
      <FailureText error={refusal} />
      <div className="row">
        <SeenButton ticket={ticket} actions={actions} />
        {orphans > 0 && !bumped && !ticket.cancelled && (
          <button
            type="button"
            className="button bump"
            aria-label={`Bump ${ticket.number}`}
            onClick={() => actions.bumpTicket(ticket)}
          >
            BUMP
          </button>
        )}
        {!ticket.cancelled && (
          <button
            type="button"
            className="button go"
            aria-label={`Serve ${ticket.number}`}
            disabled={ready === 0 || served !== undefined}
            onClick={() => actions.serve(ticket)}
          >
            {served ? '✓ Served' : `Serve ${ready || ''}`}
          </button>
        )}
      </div>
    </footer>
  )
}

export const ExpoCard = memo(function ExpoCard(props: CardProps) {
  const { ticket, position, actions } = props
  const limits = useLimits(ticket)
  useDrawn(actions, ticket)
  const complete = ticket.status === 'ready' && pendingStamps(ticket).length === 0
  const name = ['ticket', complete && 'complete', ticket.cancelled && 'cancelled'].filter(Boolean).join(' ')
  return (
    <article className={name} data-ticket={ticket.id} aria-label={`Ticket ${ticket.number}`}>
      <LateFrame since={ticket.since} limits={limits} />
      <TicketHead ticket={ticket} position={position} limits={limits} />
      {complete && <p className="complete-label">✓ ALL READY</p>}
      {ticket.cancelled && (
        <p className="cancelled-label">
          <b>✕ CANCELLED</b> <bdi>{ticket.cancelled.reason}</bdi>
        </p>
      )}
      <Incomplete ticket={ticket} />
      <OrderNote ticket={ticket} />
      <MoreList>
        <Items {...props} />
      </MoreList>
      <Foot ticket={ticket} actions={actions} />
    </article>
  )
})
