/** @file What came to a ticket so lately that no press can mean it yet. Pure but for its timers. */
import type { ItemView, TicketView } from '../../../shared/domain/view.ts'

/** A line that came to a ticket, or changed, must have been in sight for so long (ms) before a press can mean it. */
export const SHOWN_MS = 300

export interface Drawn {
  /** Takes note of what has just been drawn. */
  note(ticket: TicketView): void
  /** The ticket has left the screen. */
  forget(order: string): void
  /** The ticket without what came to it a moment ago. */
  seen(ticket: TicketView): TicketView
}

/** What a cook reads of a line: when it is another, they have to look again. */
const faceOf = ({ id, quantity, shown, voided, status }: ItemView) =>
  [id, quantity, voided !== null, status === 'held', ...(shown ?? [])].join()

interface Card {
  faces: ReadonlySet<string>
  fresh: Set<string>
}

export function createDrawn(): Drawn {
  const cards = new Map<string, Card>()
  return {
    note({ id, items }) {
      const faces = new Set(items.map(faceOf))
      const known = cards.get(id)
      // A whole ticket comes to a free place, under nobody's finger.
      const fresh = known?.fresh ?? new Set<string>()
      for (const face of known ? faces : []) {
        if (known?.faces.has(face)) continue
        fresh.add(face)
        setTimeout(() => fresh.delete(face), SHOWN_MS)
      }
      cards.set(id, { faces, fresh })
    },
    forget: (order) => void cards.delete(order),
    seen(ticket) {
      const card = cards.get(ticket.id)
      if (!card) return ticket
      // What is not drawn yet was seen by nobody.
      const items = ticket.items.filter((item) => {
        const face = faceOf(item)
        return card.faces.has(face) && !card.fresh.has(face)
      })
      return items.length === ticket.items.length ? ticket : { ...ticket, items }
    },
  }
}
