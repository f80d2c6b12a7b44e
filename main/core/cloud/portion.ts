/** @file How much to ask for at once: less after what was too much, more again while answers are quick. Pure. */

export interface Portion {
  /** So much at most. */
  readonly most: number
  /** So much was too much: half of it the next time. */
  tooMuch(amount: number): void
  /** The answer took so long (ms). */
  took(ms: number): void
}

/**
 * An answer within this (ms) may as well be twice as long. One that takes longer is what the line can bear: asking for more
 * would end in the time limit every other time.
 */
const QUICK_MS = 3_000

/** Begins with `largest`, and goes down to `smallest`. */
export function createPortion(largest: number, smallest = 1): Portion {
  let most = largest
  return {
    get most() {
      return most
    },
    tooMuch(amount) {
      most = Math.min(most, Math.max(smallest, Math.ceil(amount / 2)))
    },
    took(ms) {
      if (ms < QUICK_MS) most = Math.min(largest, most * 2)
    },
  }
}
