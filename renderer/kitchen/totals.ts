/** @file Counts what is still to be made over all tickets of a board. Pure. */
import type { Allergen } from '../../shared/domain/documents.ts'
import { isOpen } from '../../shared/domain/shown.ts'
import type { ItemView, TicketView } from '../../shared/domain/view.ts'

/** Portions of a dish that are made alike. */
export interface Variant {
  modifiers: string
  note: string
  allergies: readonly Allergen[]
  count: number
}

export interface Total {
  name: string
  count: number
  /** What is not made alike stands apart: other modifiers, a note, an allergy. Empty when all are plain. */
  variants: Variant[]
}

/** Portions of a line that are still to be made here. */
function toMake(ticket: TicketView, item: ItemView): number {
  if (ticket.cancelled || item.voided || item.status === 'held') return 0
  const open = item.tasks.filter((task) => task.here && isOpen(task))
  return Math.max(0, ...open.map(({ made = 0 }) => item.quantity - made))
}

function variantOf({ modifiers, note, allergies }: ItemView): Omit<Variant, 'count'> {
  const names = modifiers.map((modifier) => modifier.name).sort()
  return { modifiers: names.join(', '), note, allergies: [...allergies].sort() }
}

/** Totals per dish, most first. Held items are not counted: nobody may start them. */
export function totals(tickets: Iterable<TicketView>): Total[] {
  const dishes = new Map<string, Map<string, Variant>>()
  for (const ticket of tickets) {
    for (const item of ticket.items) {
      const portions = toMake(ticket, item)
      if (portions === 0) continue
      const variants = dishes.get(item.name) ?? new Map<string, Variant>()
      const variant = variantOf(item)
      const key = JSON.stringify(variant)
      variants.set(key, { ...variant, count: (variants.get(key)?.count ?? 0) + portions })
      dishes.set(item.name, variants)
    }
  }
  return [...dishes].map(([name, variants]) => total(name, [...variants.values()])).sort(mostFirst)
}

const isPlain = ({ modifiers, note, allergies }: Variant) => !modifiers && !note && allergies.length === 0

function total(name: string, variants: Variant[]): Total {
  const count = variants.reduce((sum, variant) => sum + variant.count, 0)
  return { name, count, variants: variants.every(isPlain) ? [] : variants.sort((a, b) => b.count - a.count) }
}

const mostFirst = (a: Total, b: Total) => b.count - a.count || a.name.localeCompare(b.name)
