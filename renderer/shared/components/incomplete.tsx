/** @file The warning on a ticket of which this version cannot show everything. Draws only. */
import type { TicketView } from '../../../shared/domain/view.ts'

/** Nothing for a ticket that is whole. Never folded away: what is missing may be an allergy. */
export function Incomplete({ ticket }: { ticket: TicketView }) {
  if (!ticket.incomplete) return null
  return (
    <p className="incomplete-label">
      <b>⚠ UPDATE THIS SCREEN</b> It cannot show everything on this ticket. Look at a screen that is up to
      date before you cook or serve.
    </p>
  )
}
