/** @file How many messages one connection may send: a token bucket. Pure, time comes in. */

/** Takes one message; false when there is none left. */
export type Allowance = () => boolean

/** A bucket that starts full with `burst` messages and refills by `perSecond`. `now` is monotonic ms. */
export function createAllowance(burst: number, perSecond: number, now: () => number): Allowance {
  let left = burst
  let filledAt = now()
  return () => {
    const at = now()
    left = Math.min(burst, left + ((at - filledAt) / 1000) * perSecond)
    filledAt = at
    if (left < 1) return false
    left -= 1
    return true
  }
}
