/** @file Hybrid logical clock stamps: one total order of writes over all devices. Pure. */

/**
 * A write's place in the order of all writes: 15 digits of wall-clock ms, 6 digits of a counter, the device's id.
 * Stamps compare as strings, so the later write is simply the greater text.
 */
export type Stamp = string

/** How far (ms) a foreign stamp may run ahead of this device before it stops pulling this device's clock along. */
export const MAX_AHEAD_MS = 5 * 60_000

const AT_DIGITS = 15
const COUNT_DIGITS = 6
const COUNT_LIMIT = 10 ** COUNT_DIGITS

/** Builds a stamp from wall-clock `at` (ms UTC), counter and device id. */
export function makeStamp(at: number, count: number, device: string): Stamp {
  return `${String(at).padStart(AT_DIGITS, '0')}-${String(count).padStart(COUNT_DIGITS, '0')}-${device}`
}

/** The wall-clock part (ms UTC) of a stamp. */
export function stampTime(stamp: Stamp): number {
  return Number(stamp.slice(0, AT_DIGITS))
}

/** The id of the device that made a stamp. */
export function stampDevice(stamp: Stamp): string {
  return stamp.slice(AT_DIGITS + COUNT_DIGITS + 2)
}

function stampCount(stamp: Stamp): number {
  return Number(stamp.slice(AT_DIGITS + 1, AT_DIGITS + 1 + COUNT_DIGITS))
}

/** The smallest stamp of `device` that is greater than `stamp` and not before `at` (ms UTC). */
export function stampAfter(stamp: Stamp | undefined, at: number, device: string): Stamp {
  if (stamp === undefined || stampTime(stamp) < at) return makeStamp(at, 0, device)
  const count = stampCount(stamp) + 1
  return count < COUNT_LIMIT
    ? makeStamp(stampTime(stamp), count, device)
    : makeStamp(stampTime(stamp) + 1, 0, device)
}

/** The greater of two stamps; undefined counts as the smallest. */
export function maxStamp(a: Stamp | undefined, b: Stamp | undefined): Stamp | undefined {
  if (a === undefined) return b
  return b === undefined || a >= b ? a : b
}

/** A device's stamp clock. Create one per core; feed it every stamp that arrives from elsewhere. */
export interface StampClock {
  /** A new stamp, greater than all it gave before and than `above` (the newest write it is meant to override). */
  next(now: number, above?: Stamp): Stamp
  /** Takes note of a foreign stamp. Returns how many ms it is ahead when that is beyond {@link MAX_AHEAD_MS}, else 0. */
  seen(stamp: Stamp, now: number): number
}

/**
 * The hybrid logical clock of one device (Kulkarni et al. 2014), bounded: a stamp from far in the future does not drag
 * this clock along, so a device with a wrong clock wins only against writers who have not seen its write.
 */
export function createStampClock(device: string, last?: Stamp): StampClock {
  let top = last
  return {
    next(now, above) {
      const own = stampAfter(top, now, device)
      top = own
      return above !== undefined && above >= own ? stampAfter(above, now, device) : own
    },
    seen(stamp, now) {
      const ahead = stampTime(stamp) - now
      if (ahead > MAX_AHEAD_MS) return ahead
      top = maxStamp(top, stamp)
      return 0
    },
  }
}
