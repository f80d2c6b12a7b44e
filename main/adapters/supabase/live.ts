/** @file Keeps one live line up: a new one after each end, after a pause. Timers. */
import type { Clock, CloudProject, Log } from '../../core/ports.ts'
import { pauseBefore } from './backoff.ts'
import { LIVE_PAUSE_MS, LIVE_STEADY_MS, WAKE_MS } from './limits.ts'
import { type Down, type Line, openLine } from './line.ts'
import type { Session } from './session.ts'

export interface LiveEvents {
  /** Whether broadcasts arrive. True again whenever some may have been missed. */
  live(on: boolean): void
  broadcast(event: string, payload: unknown): void
  /** The server does not let this device listen. */
  refused(): void
}

export interface LiveOptions {
  project: CloudProject
  topic: string
  session: Session
  clock: Clock
  log: Log
}

export interface Live {
  /** Looks at once whether the line still lives, or dials at once. */
  wake(): void
  end(): void
}

/** Dials at once, and again for ever unless the session is gone. Never more than one line, and one channel on it. */
export function keepLive({ project, topic, session, clock, log }: LiveOptions, events: LiveEvents): Live {
  let line: Line | null = null
  let dialledAt = 0
  /** What the line was dialled or renewed with; and one that the server did not take any more. */
  let token = ''
  let refused: string | null = null
  let upSince: number | null = null
  let dialling = false
  let over = false
  let tries = 0
  let timer: NodeJS.Timeout | undefined

  function later(reason: string): void {
    const pause = pauseBefore(tries++, LIVE_PAUSE_MS)
    // An evening offline is one line, not thousands.
    const say = tries > 1 ? log.debug : log.info
    say('cloud.not-live', { reason, again: pause })
    timer = setTimeout(() => {
      timer = undefined
      void dial()
    }, pause)
  }

  function down(reason: string, kind: Down): void {
    line = null
    if (kind === 'staleToken') refused = token
    if (upSince !== null) {
      if (clock.monotonic() - upSince > LIVE_STEADY_MS) tries = 0
      upSince = null
      events.live(false)
    }
    later(reason)
    if (kind === 'refused') events.refused()
  }

  function up(): void {
    if (upSince === null) log.info('cloud.live', { ms: Math.round(clock.monotonic() - dialledAt) })
    upSince ??= clock.monotonic()
    events.live(true)
  }

  async function dial(): Promise<void> {
    if (over || dialling || line) return
    dialling = true
    const answer = await (refused ? session.another(refused) : session.token())
    dialling = false
    if (over) return
    if (answer.ok) {
      refused = null
      token = answer.value
      dialledAt = clock.monotonic()
      line = openLine({ project, topic, token }, { up, down, broadcast: events.broadcast })
    } else if (answer.error.code === 'signedOut')
      log.warn('cloud.not-live', { reason: answer.error.says.code })
    else later(answer.error.says.code)
  }

  session.onRenewed((fresh) => {
    token = fresh
    line?.renew(fresh)
  })
  void dial()

  return {
    wake() {
      tries = 0
      if (timer) {
        clearTimeout(timer)
        timer = undefined
        void dial()
      } else if (line && upSince !== null) line.probe(WAKE_MS)
      else if (line && clock.monotonic() - dialledAt > WAKE_MS) {
        line.end()
        line = null
        void dial()
      }
    },
    end() {
      over = true
      clearTimeout(timer)
      line?.end()
      line = null
    },
  }
}
