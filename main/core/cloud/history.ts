/** @file History: what was archived in the cloud while this core was away. Taken in when nothing else is to be done, a little at a time. */
import { type Channel, createChannel } from './channel.ts'
import { lacksHistory, type SyncContext } from './context.ts'
import { here, isTooMuch, STUCK, type Trouble } from './failures.ts'
import { idOf } from './lanes.ts'
import { createPortion } from './portion.ts'

export interface History {
  readonly channel: Channel
  /** Goes on, if something is missing and it is not resting. */
  again(): void
  close(): void
}

export interface HistoryOptions {
  /** Whether this core knows the whole log, and has little to send. */
  ready(): boolean
  /** Events with these ids are in the cloud: whoever sent them. Asked before they are taken in. */
  there(ids: readonly string[]): Promise<void>
}

/** Orders in one page, as long as the line bears it. They come whole, some 30 events each. */
export const HISTORY_ORDERS = 20
/** It rests for as long as the page took, and this (ms) at least: hints, the outbox and commands have the most of the time. */
const REST_MS = 100

/**
 * Creates the history; it begins when it is told to go on, and works only while `ready`. An order in the archive stands where
 * its last event stood in the log. What lies before the cursor of `logs.history` is here; that cursor moves in the same commit
 * as the orders, so that nothing is skipped, and a page comes twice only when its commit failed.
 */
export function createHistory(ctx: SyncContext, { ready, there }: HistoryOptions): History {
  const { engine, connection, logs, host, log } = ctx
  const portion = createPortion(HISTORY_ORDERS)
  let endRest: (() => void) | null = null

  async function work(): Promise<Trouble | null> {
    const until = engine.cursor(logs.in)
    if (endRest || !lacksHistory(ctx) || !ready() || until < engine.cursor(logs.floor)) return null
    const begun = host.tick()
    const trouble = await takePage(engine.cursor(logs.history), until)
    if (trouble) return trouble
    if (lacksHistory(ctx)) rest(Math.max(REST_MS, host.tick() - begun))
    else log.info('CLOUD_HISTORY_COMPLETE', { until })
    return null
  }

  async function takePage(after: number, until: number): Promise<Trouble | null> {
    const begun = host.tick()
    const limit = portion.most
    const page = await connection.archivedAfter({ after, until, limit })
    if (ctx.stopped()) return null
    if (!page.ok) {
      if (isTooMuch(page.error)) portion.tooMuch(limit)
      return page.error
    }
    portion.took(host.tick() - begun)
    const { events, next } = page.value
    if (next <= after) return STUCK
    log.debug('CLOUD_HISTORY', { after, next, events: events.length })
    await there(events.flatMap((event) => idOf(event) ?? []))
    // From the same source as the log itself: nothing of it goes back.
    const along = [{ peer: logs.history, seq: next }]
    const taken = await engine.ingest(logs.in, events, engine.cursor(logs.in), { along })
    return taken.ok ? null : here(taken.error)
  }

  function rest(ms: number): void {
    endRest = host.after(ms, () => {
      endRest = null
      channel.request()
    })
  }

  const channel = createChannel({
    name: 'history',
    host,
    log,
    work,
    // Says nothing about how current this core is, nor about the line: a page may only be too large for it.
    done() {},
  })
  return {
    channel,
    again() {
      if (!endRest && lacksHistory(ctx)) channel.request()
    },
    close() {
      channel.close()
      endRest?.()
    },
  }
}
