/** @file The button that tells the core a cook has seen what changed. Sends acknowledge. */

import type { TicketView } from '../../../shared/domain/view.ts'
import { Sign } from '../components/sign.tsx'
import { type Actions, pendingStamps, seenKey } from './actions.ts'
import { useMark } from './pressed.ts'

export function SeenButton({ ticket, actions }: { ticket: TicketView; actions: Actions }) {
  const stamps = pendingStamps(ticket)
  const pressed = useMark(actions.pressed, seenKey(ticket.id)) === stamps.join(' ')
  if (!stamps.length || pressed) return null
  return (
    <button type="button" className="button attention seen" onClick={() => actions.acknowledge(ticket)}>
      <Sign>✓</Sign>Seen
    </button>
  )
}
