/** @file How often one address may knock. Counts in memory, through rate-limiter-flexible. */
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { Client } from './client.ts'

/** How many of each one address may make, and in how many seconds. */
export interface RateLimits {
  http: { points: number; duration: number }
  connects: { points: number; duration: number }
  pairing: { points: number; duration: number }
}

/** A page loads some 20 files; a restaurant's screens may share one address behind a router, and all come back at once. */
export const RATE_LIMITS: RateLimits = {
  http: { points: 1_200, duration: 60 },
  connects: { points: 300, duration: 60 },
  pairing: { points: 10, duration: 60 },
}

export interface Gate {
  /** Whether this client may go on; counts the try. */
  allows(what: keyof RateLimits, client: Client): Promise<boolean>
}

/** Counters per address. This machine's own programs are not counted, except for guessing pairing codes. */
export function createGate(limits: RateLimits): Gate {
  const limiters = {
    http: new RateLimiterMemory(limits.http),
    connects: new RateLimiterMemory(limits.connects),
    pairing: new RateLimiterMemory(limits.pairing),
  }
  return {
    async allows(what, client) {
      if (client.local && what !== 'pairing') return true
      return limiters[what].consume(client.address).then(
        () => true,
        () => false,
      )
    },
  }
}
