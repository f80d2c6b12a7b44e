/** @file Ticket numbers: this core's letter and a count per business day, which only ever goes up. Changes the counts it is given. */
import type { State } from '../../../shared/domain/apply.ts'
import { orderStatus } from '../../../shared/domain/status.ts'
import { everyOrder } from './overlay.ts'

export interface Numbering {
  letter: string
  /** The next count per business day. */
  counters: Map<string, number>
}

/** The numbers of open orders of other days than `day`. */
function borneOn(day: string, draft: State): ReadonlySet<string> {
  const numbers = new Set<string>()
  for (const order of everyOrder(draft)) {
    if (!order.opened || order.opened.day === day) continue
    const status = orderStatus(order)
    if (status !== 'served' && status !== 'cancelled') numbers.add(order.opened.number)
  }
  return numbers
}

/** Which numbers orders of another day bore while they were open as a day began here: looked for once a day, not once an order. */
export type Borne = (day: string, draft: State) => ReadonlySet<string>

export function createBorne(): Borne {
  let known: { day: string; numbers: ReadonlySet<string> } | undefined
  return (day, draft) => {
    if (known?.day !== day) known = { day, numbers: borneOn(day, draft) }
    return known.numbers
  }
}

/** The next ticket number of a business day. Those that are `borne` are passed over: no board has two tickets with one number. */
export function nextNumber({ letter, counters }: Numbering, day: string, borne: ReadonlySet<string>): string {
  let next = counters.get(day) ?? 1
  while (borne.has(`${letter}${next}`)) next++
  counters.set(day, next + 1)
  return `${letter}${next}`
}

/** As this module writes them; more digits than any kitchen needs are no reason to count on from there. */
const COUNT = /^[1-9]\d{0,5}$/

/**
 * Notes a number that stands on an order: with this core's letter it was given here, also when the store has forgotten
 * that (it was lost, or put back from a backup, and its orders come again from elsewhere). It is not given again.
 */
export function noteNumber({ letter, counters }: Numbering, day: string, number: string): void {
  const count = number.slice(letter.length)
  if (!number.startsWith(letter) || !COUNT.test(count)) return
  counters.set(day, Math.max(counters.get(day) ?? 1, Number(count) + 1))
}
