/** @file How soon a crashed page is loaded again, and when to stop trying. Pure: times in, a decision out. */

const WINDOW_MS = 60_000
const MAX_CRASHES = 5
/** The first crash costs nobody a second; a page that keeps dying must not keep the machine busy. */
const DELAYS_MS = [0, 0, 500, 1_500, 3_000]

export type AfterCrash = { reload: true; afterMs: number } | { reload: false }

/** Remembers one window's crashes and decides after each. */
export class CrashHistory {
  #times: number[] = []

  /** A crash at `now` (monotonic ms). The fifth within a minute gives up: then a person decides. */
  crashed(now: number): AfterCrash {
    this.#times = [...this.#times.filter((time) => now - time < WINDOW_MS), now]
    const count = this.#times.length
    if (count >= MAX_CRASHES) return { reload: false }
    return { reload: true, afterMs: DELAYS_MS[count - 1] ?? 0 }
  }
}
