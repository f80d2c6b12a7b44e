/** @file How long to pause before trying again. Pure, randomness comes in. */

/**
 * The pause (ms) before attempt `tries` (0 is the first repetition): doubling up to `longest`, between 30 and 100 % of it,
 * so that a street of restaurants does not come back in the same second.
 */
export function pauseBefore(tries: number, longest: number, random: () => number = Math.random): number {
  const full = Math.min(longest, 1000 * 2 ** Math.min(tries, 20))
  return Math.round(full * (0.3 + 0.7 * random()))
}
