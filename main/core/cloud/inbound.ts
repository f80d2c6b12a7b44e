/** @file In: takes the cloud's log into this core. Hints make it quick, the cursor makes it right. */
import type { CloudEvent, LogCursor, Taken } from '../ports.ts'
import { type Channel, type ChannelOptions, createChannel } from './channel.ts'
import { lacksHistory, type SyncContext } from './context.ts'
import { here, isTooMuch, STUCK, type Trouble } from './failures.ts'
import { idOf } from './lanes.ts'
import { createPortion } from './portion.ts'

export interface Hint {
  first: number
  last: number
  events: CloudEvent[] | null
}

export interface Inbound {
  readonly channel: Channel
  /** The cloud's log grew. Hints may be lost, doubled or out of order. */
  grew(hint: Hint): void
  /** Looks whether there is anything new, whatever is known. */
  ask(): void
  /** How far the cloud says its log is. */
  told(head: number): void
  /** The cloud may have been put back since it was last asked: that is found out before anything is taken in. */
  doubt(): void
  /** These events of this core are there now; nothing of them needs to come back. */
  own(taken: readonly Taken[]): Promise<void>
  /** Events there that are not here yet. */
  behind(): number
}

export interface InboundOptions {
  done: ChannelOptions['done']
  /** Ids of orders that are open here. */
  openOrders(): string[]
  /** Whether an event is one this core is sending just now: it comes back by the hint before its answer does. */
  isOwn(event: unknown): boolean
  /** Events with these ids are in the cloud's log: whoever sent them. Asked before they are taken in. */
  there(ids: readonly string[]): Promise<void>
  /** The cloud has confirmed that this core knows everything it had when it was asked, at `begun` (monotonic ms). */
  confirmed(begun: number): void
}

/** Events in one page, as long as the line bears it. */
export const PAGE = 500
/** Hints that may wait for their turn; of the others only the head is remembered. */
const MAX_HINTS = 200
/** Orders asked for in one request of the archive: their events come whole. */
export const ARCHIVE_ORDERS = 50

/** Creates the inbound side; it begins with the first {@link Inbound.ask}. */
export function createInbound(ctx: SyncContext, options: InboundOptions): Inbound {
  const { engine, connection, logs, setback, host, metrics, log } = ctx
  const hints: Hint[] = []
  const portion = createPortion(PAGE)
  const archived = createPortion(ARCHIVE_ORDERS)
  const cursor = () => engine.cursor(logs.in)
  let head = cursor()
  /** The floor for which the orders that are open here were looked up. */
  let lookedUp = 0
  let asked = true
  /** Whether the log was seen to go on from what was taken in here, and how often that was doubted. */
  let sure = false
  let doubts = 0

  async function work(progress: () => void): Promise<Trouble | null> {
    while (!ctx.stopped()) {
      const trouble =
        (sure ? await takeHints() : null) ?? (asked || head > cursor() ? await pull(progress) : null)
      if (trouble) return trouble
      if (asked || head > cursor()) continue
      return lacksHistory(ctx) && engine.cursor(logs.floor) > lookedUp ? await lookUpArchived() : null
    }
    return null
  }

  /** Takes in what hints brought, as far as nothing is missing before it. */
  async function takeHints(): Promise<Trouble | null> {
    let upTo = cursor()
    let last: string | null = null
    const events: unknown[] = []
    for (const hint of hints.splice(0).sort((a, b) => a.first - b.first)) {
      if (hint.first > upTo + 1 || hint.last <= upTo) continue
      for (const { seq, event } of hint.events ?? [])
        if (seq > upTo && !options.isOwn(event)) events.push(event)
      upTo = hint.last
      last = idOf(hint.events?.at(-1)?.event)
    }
    return upTo > cursor() ? ingest(events, upTo, last) : null
  }

  async function ingest(
    events: readonly unknown[],
    upTo: number,
    last: string | null,
    along: readonly LogCursor[] = [],
  ): Promise<Trouble | null> {
    await options.there(events.flatMap((event) => idOf(event) ?? []))
    const taken = await engine.ingest(logs.in, events, upTo, { last, along })
    ctx.changed()
    return taken.ok ? null : here(taken.error)
  }

  async function pull(progress: () => void): Promise<Trouble | null> {
    const after = cursor()
    const known = head
    const doubted = doubts
    const begun = host.tick()
    asked = false
    const limit = portion.most
    const page = await connection.pull({ after, event: engine.eventAt(logs.in), limit, core: ctx.core })
    if (!page.ok) {
      asked = true
      if (isTooMuch(page.error)) portion.tooMuch(known > after ? Math.min(limit, known - after) : limit)
      return page.error
    }
    portion.took(host.tick() - begun)
    const { events, next, last, same } = page.value
    if (!same || page.value.head < after) {
      setback.seen({ cursor: after, head: page.value.head })
      return null
    }
    sure = doubted === doubts
    // What the page says counts, unless a hint came while it was on its way.
    head = head === known ? page.value.head : Math.max(head, page.value.head)
    if (next > after) {
      const refused = await ingest(
        events.map(({ event }) => event),
        next,
        last,
        holes(after, page.value.floor),
      )
      if (refused) return refused
    }
    metrics.observe('cloud_pull_ms', host.tick() - begun)
    log.debug('CLOUD_PULLED', { after, next, events: events.length, head })
    if (cursor() >= page.value.head) options.confirmed(begun)
    if (next <= after && page.value.head > after) return STUCK
    progress()
    return null
  }

  /** Below the floor the log has holes. What to note with a page that begins there: what is missing comes as history. */
  function holes(after: number, floor: number): LogCursor[] {
    if (after >= floor) return []
    const missing = { peer: logs.floor, seq: floor }
    if (lacksHistory(ctx)) return [missing]
    log.info('CLOUD_BELOW_FLOOR', { after, floor })
    return [{ peer: logs.history, seq: after }, missing]
  }

  /** Orders that are open here and closed long ago there: their ends come first, so that they leave the boards. */
  async function lookUpArchived(): Promise<Trouble | null> {
    const floor = engine.cursor(logs.floor)
    const open = options.openOrders()
    for (let from = 0; from < open.length; ) {
      const some = open.slice(from, from + archived.most)
      const begun = host.tick()
      const answer = await connection.archived(some)
      if (!answer.ok) {
        if (isTooMuch(answer.error)) archived.tooMuch(some.length)
        return answer.error
      }
      archived.took(host.tick() - begun)
      from += some.length
      const trouble = answer.value.length ? await ingest(answer.value, cursor(), null) : null
      if (trouble) return trouble
    }
    lookedUp = floor
    log.info('CLOUD_ARCHIVE_LOOKED_UP', { floor, orders: open.length })
    return null
  }

  function doubt(): void {
    sure = false
    doubts++
  }

  const channel = createChannel({ name: 'in', host, log, work, done: options.done })
  return {
    channel,
    grew(hint) {
      head = Math.max(head, hint.last)
      if (hint.events && hints.length < MAX_HINTS) hints.push(hint)
      channel.request()
      ctx.changed()
    },
    ask() {
      asked = true
      doubt()
      channel.request()
    },
    told(newHead) {
      head = Math.max(head, newHead)
      if (head > cursor()) channel.request()
    },
    doubt,
    async own(taken) {
      let upTo = cursor()
      let last: string | null = null
      for (const { seq, id } of [...taken].sort((a, b) => a.seq - b.seq))
        if (seq === upTo + 1) [upTo, last] = [seq, id]
      head = Math.max(head, upTo)
      if (upTo === cursor() || ctx.stopped()) return
      // What counts on from our cursor in a log that was put back is no reason to move it: a page tells which it is.
      if (sure) await ingest([], upTo, last)
      else channel.request()
    },
    behind: () => Math.max(0, head - cursor()),
  }
}
