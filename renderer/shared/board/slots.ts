/** @file Where each ticket stands on the board: arrivals go to the end, what left leaves a gap, nothing else ever moves. Pure. */
import type { TicketView } from '../../../shared/domain/view.ts'

/** A ticket's place. `span` 2 takes a whole column; it stays what it was on arrival, so that nothing moves when a ticket grows. */
export interface Slot {
  id: string
  span: 1 | 2
  gap: boolean
}

export interface Placed {
  slot: Slot
  /** 1-based, as the CSS grid counts. */
  column: number
  row: 1 | 2
}

const byAge = (a: TicketView, b: TicketView) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1)

/** Keeps every slot where it is; marks gaps and appends what is new, oldest first. Returns `slots` itself when nothing changed. */
export function reconcile(
  slots: readonly Slot[],
  tickets: ReadonlyMap<string, TicketView>,
  spanOf: (ticket: TicketView) => 1 | 2,
): readonly Slot[] {
  const known = new Set(slots.map((slot) => slot.id))
  const arrived = [...tickets.values()].filter((ticket) => !known.has(ticket.id)).sort(byAge)
  const moved = slots.some((slot) => slot.gap === tickets.has(slot.id))
  if (!arrived.length && !moved) return slots
  // A ticket that comes back while its gap is still there (an undo) stands where it stood.
  const kept = slots.map((slot) =>
    slot.gap === tickets.has(slot.id) ? { ...slot, gap: !tickets.has(slot.id) } : slot,
  )
  return [...kept, ...arrived.map((ticket) => ({ id: ticket.id, span: spanOf(ticket), gap: false }))]
}

/** Closes the gaps. */
export function compact(slots: readonly Slot[]): readonly Slot[] {
  return slots.some((slot) => slot.gap) ? slots.filter((slot) => !slot.gap) : slots
}

/** Lays the slots out column by column, two short tickets or one long one in each, and cuts them into pages. */
export function paginate(slots: readonly Slot[], columns: number, rows: 1 | 2): Placed[][] {
  const pages: Placed[][] = []
  let column = 0
  let row: 1 | 2 = 1
  for (const slot of slots) {
    const tall = slot.span === 2 || rows === 1
    if (tall && row === 2) {
      column++
      row = 1
    }
    const page = Math.floor(column / columns)
    pages[page] ??= []
    pages[page].push({ slot, column: (column % columns) + 1, row })
    if (tall || row === 2) {
      column++
      row = 1
    } else row = 2
  }
  return pages
}
