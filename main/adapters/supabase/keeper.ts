/** @file Keeps the newest session in its store, trying again until it is there. Timers. */
import type { Log } from '../../core/ports.ts'
import { KEEP_AGAIN_MS } from './limits.ts'
import type { KeptSession } from './schemas.ts'

/** Where the session is kept. */
export interface SessionStore {
  read(): Promise<KeptSession | null>
  write(session: KeptSession): Promise<void>
}

export interface Keeper {
  /** Keeps this one. Resolves after the first attempt; never rejects. */
  keep(session: KeptSession): Promise<void>
  /** Hears whether the newest session is kept, whenever that changes. */
  onKept(listener: (kept: boolean) => void): void
  /** What was to be kept is worth nothing any more. */
  drop(): void
  /** Resolves after one more attempt, if one is needed. Nothing is written any more then. */
  end(): Promise<void>
}

/** Creates it; the store has what it has. */
export function createKeeper(store: SessionStore, log: Log): Keeper {
  let newest: KeptSession | null = null
  let kept = true
  let ended = false
  let timer: NodeJS.Timeout | undefined
  let told: (kept: boolean) => void = () => {}

  function is(now: boolean): void {
    if (kept === now) return
    kept = now
    told(now)
  }

  async function attempt(): Promise<void> {
    clearTimeout(timer)
    const session = newest
    if (!session) return
    try {
      await store.write(session)
      if (newest !== session) return
      newest = null
      clearTimeout(timer)
      if (!kept) log.info('cloud.session-kept')
      is(true)
    } catch (error) {
      if (kept) log.error('cloud.session-not-kept', { error: String(error) })
      is(newest === null)
      clearTimeout(timer)
      if (newest && !ended) timer = setTimeout(() => void attempt(), KEEP_AGAIN_MS)
    }
  }

  return {
    keep(session) {
      newest = session
      return attempt()
    },
    onKept(listener) {
      told = listener
      if (!kept) told(false)
    },
    drop() {
      clearTimeout(timer)
      newest = null
      is(true)
    },
    async end() {
      ended = true
      await attempt()
    },
  }
}
