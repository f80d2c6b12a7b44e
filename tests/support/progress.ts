/** @file How tests wait for what takes as long as the machine needs: patience ends when nothing moves any more, not after a total. Timers, reads /proc. */
import { readFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'

/** Nothing has moved for so long (ms of quiet time): it hangs. */
const STILL_MS = 60_000
const TICK_MS = 20
const LOAD = '/proc/loadavg'

/** How many processes want a processor now; where the system does not say so, how many did in the last minute. */
function wanting(): number {
  if (process.platform !== 'linux') return loadavg()[0] ?? 0
  return Number(/ (\d+)\//.exec(readFileSync(LOAD, 'latin1'))?.[1] ?? 0)
}

/** What of the machine one who wants it gets now, from 0 to 1. */
const share = () => Math.min(1, availableParallelism() / Math.max(1, wanting()))

/** How many times slower than alone this machine is by its last minute, at least 1: for durations that are chosen beforehand. */
export const slowness = (): number => Math.max(1, (loadavg()[0] ?? 0) / availableParallelism(), 1 / share())

/**
 * Time as a machine without other work would have counted it, in ms. A second shared with ten others is a tenth of one, and
 * one in which this process had no turn at all is none: promises about time are made for a machine that can keep them.
 */
export function quietTime(): { ms(): number; end(): void } {
  let spent = 0
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    spent += Math.min(now - last, TICK_MS * 1.5) * share()
    last = now
  }, TICK_MS)
  return { ms: () => spent, end: () => clearInterval(timer) }
}

/** Calls `hangs` once, with the patience it had, after so much quiet time without `moved()`. */
export function watchdog(hangs: (still: number) => void, still = STILL_MS): { moved(): void; end(): void } {
  const time = quietTime()
  let since = 0
  const end = () => {
    time.end()
    clearInterval(timer)
  }
  const timer = setInterval(() => {
    if (time.ms() - since < still) return
    end()
    hangs(still)
  }, TICK_MS)
  return {
    moved: () => {
      since = time.ms()
    },
    end,
  }
}

export interface Watch {
  /** What moves while things go on, e.g. how many have arrived; compared as text. Without it only the end counts. */
  moving?: () => unknown
  /** How often to look, ms. */
  every?: number
}

/**
 * Resolves as soon as `test` holds; asks again and again, for what tells nobody of its changes. Rejects, naming `what` and
 * how far it came, when `moving` has not changed for a long while: a slow machine is waited for, a hang is an error.
 */
export async function eventually(
  what: string,
  test: () => boolean | Promise<boolean>,
  { moving = () => '', every = TICK_MS }: Watch = {},
): Promise<void> {
  let hung = 0
  let last = ''
  const dog = watchdog((still) => {
    hung = still
  })
  try {
    while (!(await test())) {
      if (hung) throw new Error(`Waited for ${what}: nothing has moved for ${hung} ms. ${last}`.trim())
      const now = String(await moving())
      if (now !== last) dog.moved()
      last = now
      await new Promise((resolve) => setTimeout(resolve, every))
    }
  } finally {
    dog.end()
  }
}

/** For a time that is promised to people: resolves with the work, rejects when it takes more than `ms` of quiet time. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let late: (error: Error) => void = () => undefined
  const limit = new Promise<never>((_, reject) => {
    late = reject
  })
  const dog = watchdog(() => late(new Error(`${what} took more than ${ms} ms`)), ms)
  try {
    return await Promise.race([work, limit])
  } finally {
    dog.end()
  }
}
