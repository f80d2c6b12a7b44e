/** @file A session at the project: kept in a store, renewed well before it ends, one renewal at a time. Timers. */
import type { Clock, CloudAnswer, CloudFailure, CloudProject, Log } from '../../core/ports.ts'
import { SIGNED_OUT } from './auth-failure.ts'
import { pauseBefore } from './backoff.ts'
import { createKeeper, type SessionStore } from './keeper.ts'
import { RENEW_PAUSE_MS } from './limits.ts'
import { type Grant, renew } from './renewal.ts'
import type { KeptSession } from './schemas.ts'

export interface Session {
  /** An access token that is good for the next call. Fails as `signedOut` once the session can never be renewed. */
  token(): Promise<CloudAnswer<string>>
  /** A token other than `refused`, which the server did not take. */
  another(refused: string): Promise<CloudAnswer<string>>
  /** The newest token, good or not; null before the first. */
  current(): string | null
  onRenewed(listener: (token: string) => void): void
  /** Hears whether the newest session is kept, so that it outlives this process, whenever that changes. */
  onKept(listener: (kept: boolean) => void): void
  /** The machine slept: timers may be late. */
  wake(): void
  /** Resolves once nothing will be written any more. */
  end(): Promise<void>
}

/** Longest pause a timer takes. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** What is kept of what the server gave. */
export function keep(project: CloudProject, grant: Grant, now: number): KeptSession {
  const lifetime = grant.expires_in * 1000
  return {
    url: project.url,
    user: grant.user.id,
    access: grant.access_token,
    refresh: grant.refresh_token,
    lifetime,
    expiresAt: now + lifetime,
  }
}

/** A session that is kept nowhere but here. */
export function storeInMemory(kept: KeptSession): SessionStore {
  let current = kept
  return {
    read: () => Promise.resolve(current),
    write: (session) => {
      current = session
      return Promise.resolve()
    },
  }
}

export interface SessionOptions {
  project: CloudProject
  store: SessionStore
  clock: Clock
  log: Log
}

/** Takes the session from its store when it is first needed. */
export function createSession({ project, store, clock, log }: SessionOptions): Session {
  const ending = new AbortController()
  let kept: KeptSession | null = null
  /** Monotonic ms at which the access token ends, as far as this process has seen it begin. */
  let endsAt = 0
  let gone: CloudFailure | null = null
  let loading: Promise<void> | null = null
  let renewing: Promise<CloudAnswer<string>> | null = null
  let timer: NodeJS.Timeout | undefined
  let tries = 0
  let told: (token: string) => void = () => {}
  const keeper = createKeeper(store, log)

  /** ms the token is still good for. The wall clock may have been set, and the monotonic one may stand still in sleep. */
  const left = (session: KeptSession) =>
    Math.min(endsAt - clock.monotonic(), session.expiresAt - clock.now(), session.lifetime)
  const good = (session: KeptSession) => left(session) > Math.min(10_000, session.lifetime / 10)

  function schedule(ms: number): void {
    clearTimeout(timer)
    if (ending.signal.aborted) return
    timer = setTimeout(() => void renewed(), Math.min(Math.max(ms, 0), MAX_TIMER_MS))
  }
  /** At 45 to 60 % of the token's life, so that an outage of more than a third of it is not even noticed. */
  const scheduleNext = (session: KeptSession) =>
    schedule(left(session) - session.lifetime * (0.4 + 0.15 * Math.random()))

  function load(): Promise<void> {
    loading ??= store.read().then((session) => {
      if (!session) {
        gone = SIGNED_OUT
        return
      }
      kept = session
      endsAt = clock.monotonic() + (session.expiresAt - clock.now())
      scheduleNext(session)
    })
    return loading
  }

  async function renewNow(session: KeptSession): Promise<CloudAnswer<string>> {
    const answer = await renew(project, session.refresh, ending.signal)
    if (!answer.ok) {
      if (answer.error.code === 'signedOut') {
        gone = answer.error
        keeper.drop()
      } else schedule(pauseBefore(tries++, RENEW_PAUSE_MS))
      const say = tries > 1 || ending.signal.aborted ? log.debug : log.warn
      say('cloud.session-not-renewed', { reason: answer.error.says.code, tries })
      return answer
    }
    tries = 0
    const fresh = keep(project, answer.value, clock.now())
    kept = fresh
    endsAt = clock.monotonic() + fresh.lifetime
    scheduleNext(fresh)
    // The session goes on without. After a restart the server takes the one before it, but none older than that.
    await keeper.keep(fresh)
    told(fresh.access)
    return { ok: true, value: fresh.access }
  }

  function renewed(): Promise<CloudAnswer<string>> {
    if (gone) return Promise.resolve({ ok: false, error: gone })
    if (!kept) return Promise.resolve({ ok: false, error: SIGNED_OUT })
    renewing ??= renewNow(kept).finally(() => {
      renewing = null
    })
    return renewing
  }

  return {
    async token() {
      await load()
      if (kept && !gone && good(kept)) return { ok: true, value: kept.access }
      return renewed()
    },
    async another(refused) {
      await load()
      if (kept && !gone && kept.access !== refused) return { ok: true, value: kept.access }
      return renewed()
    },
    current: () => kept?.access ?? null,
    onRenewed(listener) {
      told = listener
    },
    onKept: keeper.onKept,
    wake() {
      if (kept && !gone && left(kept) < kept.lifetime * 0.25) void renewed()
    },
    async end() {
      clearTimeout(timer)
      ending.abort()
      await renewing
      await keeper.end()
    },
  }
}
