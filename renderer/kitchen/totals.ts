/** @file Counts what is still to be made over all tickets of a board. Pure. */
import type { ItemView, TicketView } from '../../shared/domain/view.ts'

export interface Total {
  name: string
  count: number
  /** By combination of modifiers; empty when every one of them is plain. */
  variants: { modifiers: string; count: number }[]
}

function isToMake(ticket: TicketView, item: ItemView): boolean {
  if (ticket.cancelled || item.voided || item.status === 'held') return false
  return item.tasks.some((task) => task.here && (task.status === 'confirmed' || task.status === 'preparing'))
}

/** Totals per dish, most first. Held items are not counted: nobody may start them. */
export function totals(tickets: Iterable<TicketView>): Total[] {
  const dishes = new Map<string, Map<string, number>>()
  for (const ticket of tickets) {
    for (const item of ticket.items) {
      if (!isToMake(ticket, item)) continue
      const variants = dishes.get(item.name) ?? new Map<string, number>()
      const modifiers = item.modifiers
        .map((modifier) => modifier.name)
        .sort()
        .join(', ')
      variants.set(modifiers, (variants.get(modifiers) ?? 0) + item.quantity)
      dishes.set(item.name, variants)
    }
  }
  return [...dishes].map(([name, variants]) => total(name, variants)).sort(mostFirst)
}

function total(name: string, variants: Map<string, number>): Total {
  const rows = [...variants]
    .map(([modifiers, count]) => ({ modifiers, count }))
    .sort((a, b) => b.count - a.count)
  const count = rows.reduce((sum, row) => sum + row.count, 0)
  const plain = rows.length === 1 && rows[0]?.modifiers === ''
  return { name, count, variants: plain ? [] : rows }
}

const mostFirst = (a: Total, b: Total) => b.count - a.count || a.name.localeCompare(b.name)
