/** @file One order as it goes through the kitchen, and everything a server may do to it. Reads the client, sends commands. */
import { useState } from 'react'
import { money } from '../../shared/domain/money.ts'
import { heldFor } from '../../shared/domain/shown.ts'
import type { TicketView } from '../../shared/domain/view.ts'
import { byCourse } from '../shared/board/courses.ts'
import { FailureText } from '../shared/components/failure.tsx'
import { Incomplete } from '../shared/components/incomplete.tsx'
import { Priority } from '../shared/components/ticket-parts.tsx'
import { about, place, said } from '../shared/format.ts'
import { useClient, useDocument, useStream } from '../shared/hooks.ts'
import { STATUS_NAMES } from '../shared/status.ts'
import { useCommand } from '../shared/use-command.ts'
import { useQuery } from '../shared/use-query.ts'
import { ItemDialog } from './item-dialog.tsx'
import { OrderActions } from './order-actions.tsx'
import { OrderItem } from './order-item.tsx'
import type { Go } from './places.ts'

/** The order: live while it is open, as it ended afterwards. */
function useOrder(id: string): TicketView | null {
  const live = useStream('tickets', { scope: 'open' })
  const open = live.entries.get(id)
  const { value } = useQuery('order', { order: id }, live.loaded && !open)
  return open ?? value
}

function Head({ ticket }: { ticket: TicketView }) {
  return (
    <header className="order-head">
      <h2>
        #{ticket.number} · {place(ticket)}
      </h2>
      <Priority priority={ticket.priority} />
      <span className={`status ${ticket.status}`}>{STATUS_NAMES[ticket.status]}</span>
      <span className="muted">{about(ticket)}</span>
    </header>
  )
}

function Items({ ticket, onChoose }: { ticket: TicketView; onChoose: (item: string) => void }) {
  const client = useClient()
  const { error, run } = useCommand()
  return (
    <div className="order-items">
      <FailureText error={error} />
      {byCourse(ticket.items).map((course) => {
        const held = course.items.some((item) => item.status === 'held')
        return (
          <section key={course.id} aria-label={course.name || 'Items'}>
            <div className="row">
              {course.name && <h3 className="grow">{course.name}</h3>}
              {held && course.id && !ticket.cancelled && (
                <button
                  type="button"
                  className="button primary"
                  onClick={() =>
                    run(() =>
                      client.send('fireCourse', {
                        order: ticket.id,
                        course: course.id,
                        items: heldFor(ticket, course.id),
                      }),
                    )
                  }
                >
                  Fire {course.name}
                </button>
              )}
            </div>
            <ul>
              {course.items.map((item) => (
                <OrderItem key={item.id} item={item} onChoose={() => onChoose(item.id)} />
              ))}
            </ul>
          </section>
        )
      })}
    </div>
  )
}

export function OrderPage({ order, go }: { order: string; go: Go }) {
  const ticket = useOrder(order)
  const { currency, locale } = useDocument('settings').body
  const [chosen, setChosen] = useState<string | null>(null)
  if (!ticket) return <p className="empty">Looking for this order…</p>
  const item = ticket.items.find((candidate) => candidate.id === chosen)
  return (
    <article className="order" data-ticket={ticket.id} aria-label={`Order ${ticket.number}`}>
      <Head ticket={ticket} />
      {ticket.cancelled && (
        <p className="error">
          <b>✕ CANCELLED</b> {ticket.cancelled.reason}
        </p>
      )}
      <Incomplete ticket={ticket} />
      {ticket.note && <p className="ticket-note">{said(ticket.note)}</p>}
      <div className="order-body">
        <Items ticket={ticket} onChoose={setChosen} />
        <aside className="order-side">
          <p className="total">
            <span>Total</span> <b>{money(ticket.total ?? 0, currency, locale)}</b>
          </p>
          <OrderActions ticket={ticket} go={go} />
        </aside>
      </div>
      {item && <ItemDialog key={item.id} ticket={ticket} item={item} onClose={() => setChosen(null)} />}
    </article>
  )
}
