/** @file Takes note of what stands on a ticket that is in sight, for presses on it. */
import { useEffect } from 'react'
import type { TicketView } from '../../../shared/domain/view.ts'
import type { Actions } from './actions.ts'

/** Call it where a ticket is drawn. */
export function useDrawn({ drawn }: Actions, ticket: TicketView): void {
  useEffect(() => drawn.note(ticket), [drawn, ticket])
  useEffect(() => () => drawn.forget(ticket.id), [drawn, ticket.id])
}
