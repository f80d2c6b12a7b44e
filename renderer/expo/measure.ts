/** @file How tall a ticket is at the expo, about, so that its place is known before drawing. Pure. */
import type { TicketView } from '../../shared/domain/view.ts'
import { ticketHeight } from '../shared/board/measure.ts'

/** A line of station states. */
const STATES = 34

/** The kitchen's estimate, plus the line of stations below each item. */
export function expoHeight(ticket: TicketView): number {
  return ticketHeight(ticket) + ticket.items.length * STATES
}
