/** @file What is different about a ticket as a whole: note, table, priority, before and now. Draws only. */
import type { TicketView } from '../../../shared/domain/view.ts'
import { said } from '../format.ts'
import { BeforeAfter } from './ticket-parts.tsx'

const PRIORITIES = { normal: 'Normal', rush: '⚡ RUSH', vip: '★ VIP' } as const

/** The order's note, and what was changed about the order until it was seen. */
export function OrderNote({ ticket: { note, change } }: { ticket: TicketView }) {
  return (
    <>
      {change && (
        <p className="order-change">
          <b className="changed-label">✎ CHANGED</b>
          {change.table && (
            <BeforeAfter label="Table" before={change.table[0] || 'none'} now={change.table[1] || 'none'} />
          )}
          {change.priority && (
            <BeforeAfter before={PRIORITIES[change.priority[0]]} now={PRIORITIES[change.priority[1]]} />
          )}
          {change.note && <BeforeAfter before={change.note[0]} now={change.note[1]} />}
        </p>
      )}
      {note && !change?.note && <p className="ticket-note">{said(note)}</p>}
    </>
  )
}
