/** @file What a test can make go wrong in the backend. Types and the state without any fault. */

/** All off at first; may be changed at any time. */
export interface Faults {
  /** Milliseconds before every REST or auth request is worked on: a long way there. */
  delayMs: number
  /**
   * Milliseconds every call of a function takes in the database beside its own work, which is done by then: in its
   * transaction, with the locks it took, and counted by the role's statement timeout. A slow database.
   */
  slowMs: number
  /** An answer instead of any work: storms of 429 and 500. `retryAfter` in seconds. */
  answer: ((path: string) => { status: number; retryAfter?: number } | null) | null
  /** Does the work, then cuts the connection: the response is lost. */
  dropAnswer: ((path: string) => boolean) | null
  /** Delays (ms) of the copies of a broadcast to deliver: [] lost, [0, 0] twice, [50] late, and behind others. */
  broadcast: ((message: BroadcastMessage) => number[]) | null
}

export interface BroadcastMessage {
  topic: string
  event: string
  payload: unknown
}

export const noFaults = (): Faults => ({
  delayMs: 0,
  slowMs: 0,
  answer: null,
  dropAnswer: null,
  broadcast: null,
})
