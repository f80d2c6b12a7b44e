/** @file Ticket numbers: this core's letter and a count per business day, which only ever goes up. Changes the counts it is given. */

export interface Numbering {
  letter: string
  /** The next count per business day. */
  counters: Map<string, number>
}

/** The next ticket number of a business day. */
export function nextNumber({ letter, counters }: Numbering, day: string): string {
  const next = counters.get(day) ?? 1
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
