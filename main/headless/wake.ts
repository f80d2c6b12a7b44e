/** @file Notices that the machine slept or changed its network. Reads the system's network settings, keeps a timer. */
import { networkInterfaces } from 'node:os'

const LOOK_MS = 5_000
/** Timers stand still while a machine sleeps. A loop that was merely busy is never this late (ms). */
const SLEPT_MS = 20_000

export interface Surroundings {
  now(): number
  /** This machine's addresses, in one text. */
  addresses(): string
}

export const surroundings: Surroundings = {
  now: Date.now,
  addresses: () =>
    Object.values(networkInterfaces())
      .flatMap((list) => (list ?? []).map(({ address }) => address))
      .sort()
      .join(),
}

/** Looks now and then; each look calls `woke` when the machine slept since the last one, or its addresses changed. */
export function createWakeWatch(woke: () => void, { now, addresses }: Surroundings): { look(): void } {
  let last = now()
  let before = addresses()
  return {
    look() {
      const at = now()
      const here = addresses()
      const news = at - last > LOOK_MS + SLEPT_MS || here !== before
      last = at
      before = here
      if (news) woke()
    },
  }
}

/** Watches until the returned function is called. */
export function watchWake(woke: () => void): () => void {
  const { look } = createWakeWatch(woke, surroundings)
  const timer = setInterval(look, LOOK_MS)
  timer.unref()
  return () => clearInterval(timer)
}
