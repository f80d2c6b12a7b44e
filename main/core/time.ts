/** @file The core's clock: wall time that never goes back while the core runs; and its business day. Reads the clock it is given. */
import { type BusinessDay, businessDay } from '../../shared/domain/day.ts'
import type { Settings } from '../../shared/domain/documents.ts'
import type { Clock } from './ports.ts'

export interface CoreClock {
  /** ms UTC, never less than what it said before plus the time that has really passed. */
  now(): number
  /** How far (ms) this clock is ahead of the machine's: more than a moment means that the machine's was set back. */
  ahead(): number
}

/**
 * Ticket ages must not jump when somebody sets the PC's clock back an hour, and stamps must not repeat. So the clock
 * follows the machine forward, and goes on by monotonic time when the machine's goes back. `last` is the newest time the
 * store knows, for a clock that was set back while Plate was off.
 */
export function createCoreClock(clock: Clock, last = 0): CoreClock {
  let base = Math.max(clock.now(), last)
  let mark = clock.monotonic()
  const now = () => {
    const monotonic = clock.monotonic()
    base = Math.max(base + (monotonic - mark), clock.now())
    mark = monotonic
    return Math.round(base)
  }
  return { now, ahead: () => now() - clock.now() }
}

/**
 * The business day of `at`. Settings that came from another Plate may name a zone this machine does not know yet: then the
 * day is counted in UTC, because orders must go on.
 */
export function dayAt(at: number, settings: Pick<Settings, 'timeZone' | 'dayCutoff'>): BusinessDay {
  try {
    return businessDay(at, settings.timeZone, settings.dayCutoff)
  } catch {
    return businessDay(at, 'UTC', settings.dayCutoff)
  }
}
