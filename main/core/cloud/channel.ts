/** @file One kind of exchange with the cloud: never twice at a time, tried again after growing pauses. Knows no content. */
import type { Log } from '../ports.ts'
import { faultHere, isAway, type Trouble } from './failures.ts'

/** Time and chance, so that tests have their own. */
export interface Host {
  /** ms UTC. */
  now(): number
  /** Monotonic ms. */
  tick(): number
  /** Runs `task` once after `ms`; the returned function cancels. */
  after(ms: number, task: () => void): () => void
  /** 0 ≤ x < 1. */
  random(): number
  /** A new UUIDv7. */
  id(): string
}

export interface ChannelOptions {
  name: string
  host: Host
  log: Log
  /**
   * Does what there is to do; answers what stood in the way. Called again later then. Calls `progress` after each step that
   * got through: what stood in the way before does so no more, however much is left.
   */
  work(progress: () => void): Promise<Trouble | null>
  /** After how long (ms) it is done again by itself. */
  every?(): number
  /** Called after each run, and when something gets through again in the middle of one. */
  done(before: Trouble | null, now: Trouble | null): void
}

export interface Channel {
  readonly trouble: Trouble | null
  /** Do it now, or once more after what is under way. While it waits after a failure it goes on waiting. */
  request(): void
  /** Something has changed for the better: do not wait any longer, unless the server asked for it. */
  hurry(): void
  close(): void
}

/** First and longest pause (ms) after a failure; each is twice the one before, and any part of it ("full jitter"). */
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
/** Many devices are asked to wait as long: they come back within this long (ms) of each other. */
const SPREAD_MS = 500

function pause(trouble: Trouble, attempts: number, random: number): number {
  // Only a person changes this, and the device hears of it when it listens: a steady look is enough.
  if (trouble.code === 'revoked') return LONGEST_PAUSE_MS
  const most = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1))
  return Math.max(random * most, trouble.retryAfterMs ? trouble.retryAfterMs + random * SPREAD_MS : 0)
}

/** Creates a channel that does nothing until it is asked. */
export function createChannel({ name, host, log, work, every, done }: ChannelOptions): Channel {
  let trouble: Trouble | null = null
  let attempts = 0
  let running = false
  let again = false
  let closed = false
  /** Waiting because of a failure; not the same as resting until the next time. */
  let holding = false
  let stopTimer: (() => void) | null = null

  function wait(ms: number, afterFailure: boolean): void {
    holding = afterFailure
    stopTimer = host.after(ms, run)
  }

  function run(): void {
    stopTimer?.()
    stopTimer = null
    holding = false
    again = false
    running = true
    attempt().then(settle)
  }

  async function attempt(): Promise<Trouble | null> {
    try {
      return await work(progress)
    } catch (error) {
      if (!closed)
        log.error('CLOUD_EXCHANGE_FAILED', { name, error: String(error), stack: (error as Error).stack })
      return faultHere(error)
    }
  }

  function progress(): void {
    if (closed) return
    attempts = 0
    if (!trouble) return
    const before = trouble
    trouble = null
    done(before, null)
  }

  function settle(next: Trouble | null): void {
    running = false
    if (closed) return
    const before = trouble
    trouble = next
    attempts = next ? attempts + 1 : 0
    if (next) {
      if (next.code !== before?.code)
        log.warn('CLOUD_TROUBLE', {
          name,
          code: next.code,
          says: next.says,
          ...(next.detail && { detail: next.detail }),
        })
      wait(pause(next, attempts, host.random()), true)
    }
    done(before, next)
    if (closed || next || running) return
    if (again) run()
    else if (every) wait(every(), false)
  }

  function request(): void {
    if (closed || holding) return
    if (running) again = true
    else run()
  }

  return {
    get trouble() {
      return trouble
    },
    request,
    hurry() {
      attempts = 0
      if (isAway(trouble) && trouble?.retryAfterMs) return
      holding = false
      request()
    },
    close() {
      closed = true
      stopTimer?.()
    },
  }
}
