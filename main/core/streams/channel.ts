/** @file A channel: one keyed collection that many screens follow, encoded once per change whatever their number. */
import { INITIAL_CREDITS } from '../../../shared/contract/wire.ts'
import { createPages, entryJson, keysJson, PAGE_CHARS, type Pages } from './pages.ts'
import type { Turns } from './turns.ts'

/** A change to a collection; values are JSON text already. */
export interface Delta {
  in: [key: string, json: string][]
  put: [key: string, json: string][]
  out: string[]
}

/** One screen following a channel. */
export interface Follower {
  credit(count: number): void
  stop(): void
}

/** How a screen follows. */
export interface Following {
  /** Cursor of the last frame it has, if it had one. */
  since?: string | undefined
  /** False: it takes the whole collection in one frame only. Default true. */
  paged?: boolean
}

export interface Channel {
  readonly followers: number
  /** Starts following: frames come from the next turn on. */
  follow(index: number, send: (frame: string) => void, following?: Following): Follower
  /** Sets the value of a key (JSON text), or removes it (null), in one batch with the others. */
  change(values: Iterable<[key: string, json: string | null]>): void
  /** Tells a channel that began as `filling` that it holds the whole collection now. */
  filled(): void
  values(): ReadonlyMap<string, string>
}

export interface ChannelOptions {
  /** Names this run of the core: cursors of another run mean nothing. */
  epoch: string
  turns: Turns
  /** It is being computed: nobody is told anything before it is `filled`. */
  filling?: boolean
}

interface Batch {
  seq: number
  body: string
}
interface Subscriber {
  index: number
  send(frame: string): void
  paged: boolean
  credits: number
  /** Number of the last batch it was given; undefined: it has nothing to go on from. */
  seq: number | undefined
  /** It needs what it missed, or the whole, before it can be given the next batch. */
  behind: boolean
  /** Its turn is coming. */
  due: boolean
  pages: Pages | null
}

/** How much of the past (characters of JSON) a channel keeps, so that a screen back from a short cut needs no snapshot. */
const RING_CHARS = 512 * 1024
const RING_BATCHES = 512
/** Creates an empty channel. */
export function createChannel({ epoch, turns, filling = false }: ChannelOptions): Channel {
  const values = new Map<string, string>()
  const subscribers = new Set<Subscriber>()
  /** Those with a snapshot on its way. */
  const pagers = new Set<Subscriber>()
  const ring: Batch[] = []
  let ringChars = 0
  let seq = 0

  const cursor = () => JSON.stringify(`${epoch}.${seq}`)

  function sendPage(subscriber: Subscriber): void {
    const { index, paged } = subscriber
    subscriber.pages ??= createPages(values, paged ? PAGE_CHARS : Number.POSITIVE_INFINITY)
    pagers.add(subscriber)
    const { type, changes, last } = subscriber.pages.next()
    const more = last ? '' : ',"more":true'
    if (last) arrived(subscriber)
    // Of a part nobody goes on.
    give(subscriber, last ? seq : undefined, `{"t":"${type}","i":${index},"c":${cursor()},${changes}${more}}`)
  }

  function arrived(subscriber: Subscriber): void {
    subscriber.behind = false
    subscriber.pages = null
    pagers.delete(subscriber)
  }

  /** The batches after `from`, or null when the ring does not reach back that far. */
  function since(from: number): Batch[] | null {
    if (from === seq) return []
    const [oldest] = ring
    if (from > seq || !oldest || from < oldest.seq - 1) return null
    return ring.slice(from - oldest.seq + 1)
  }

  function seqOf(since: string | undefined): number | undefined {
    const [run, number] = since?.split('.') ?? []
    return run === epoch && number !== undefined && /^\d+$/.test(number) ? Number(number) : undefined
  }

  /** Gives what a subscriber missed, when that is little. */
  function resume(subscriber: Subscriber): boolean {
    const missed = subscriber.seq === undefined ? null : since(subscriber.seq)
    if (!missed || missed.length > subscriber.credits) return false
    for (const batch of missed) give(subscriber, batch.seq, frameOf(subscriber, batch))
    arrived(subscriber)
    return true
  }

  const ready = (subscriber: Subscriber) =>
    subscriber.behind && subscriber.credits > 0 && !filling && subscribers.has(subscriber)

  /** One slice of bringing a subscriber up to date: by what it missed when that is little, else by a page of the whole. */
  function turn(subscriber: Subscriber): boolean {
    if (ready(subscriber) && (subscriber.pages || !resume(subscriber))) sendPage(subscriber)
    subscriber.due = ready(subscriber)
    return subscriber.due
  }

  function wake(subscriber: Subscriber): void {
    if (subscriber.due || !ready(subscriber)) return
    subscriber.due = true
    turns.add(() => turn(subscriber))
  }

  const frameOf = (subscriber: Subscriber, batch: Batch) =>
    `{"t":"batch","i":${subscriber.index}${batch.body}`

  function give(subscriber: Subscriber, upTo: number | undefined, frame: string): void {
    subscriber.credits--
    subscriber.seq = upTo
    subscriber.send(frame)
  }

  function keep(batch: Batch): void {
    ring.push(batch)
    ringChars += batch.body.length
    while (ring.length > RING_BATCHES || ringChars > RING_CHARS) {
      const [oldest] = ring.splice(0, 1)
      ringChars -= oldest?.body.length ?? 0
      if (!oldest) return
    }
  }

  function deliver(batch: Batch): void {
    // Screens mostly use the same subscription numbers, so the same text serves many: built once for each.
    const frames = new Map<number, string>()
    for (const subscriber of subscribers) {
      if (subscriber.behind) continue
      if (subscriber.credits <= 0) {
        subscriber.behind = true
        continue
      }
      const frame = frames.get(subscriber.index) ?? frameOf(subscriber, batch)
      frames.set(subscriber.index, frame)
      give(subscriber, batch.seq, frame)
    }
  }

  function diff(news: Iterable<[string, string | null]>): Delta {
    const delta: Delta = { in: [], put: [], out: [] }
    // Of a key that comes twice only the last value counts: a batch says one thing of each key.
    for (const [key, json] of new Map(news)) {
      const known = values.get(key)
      if (json === null) {
        if (known !== undefined) delta.out.push(key)
        values.delete(key)
      } else if (json !== known) {
        const list = known === undefined ? delta.in : delta.put
        list.push([key, json])
        // Behind all others, so that pages on their way come to it, once more if they have passed it.
        if (pagers.size) values.delete(key)
        values.set(key, json)
      }
    }
    return delta
  }

  /** Tells the snapshots on their way what their screens must not keep. */
  function noteGone(keys: readonly string[]): void {
    for (const subscriber of pagers) {
      if (subscriber.pages?.gone(keys)) continue
      subscriber.pages = null
      pagers.delete(subscriber)
    }
  }

  return {
    get followers() {
      return subscribers.size
    },
    follow(index, send, { since: from, paged = true } = {}) {
      const subscriber: Subscriber = {
        index,
        send,
        paged,
        credits: INITIAL_CREDITS,
        seq: seqOf(from),
        behind: true,
        due: false,
        pages: null,
      }
      subscribers.add(subscriber)
      wake(subscriber)
      return {
        credit(count) {
          subscriber.credits = Math.min(INITIAL_CREDITS, subscriber.credits + count)
          wake(subscriber)
        },
        stop() {
          subscribers.delete(subscriber)
          pagers.delete(subscriber)
        },
      }
    },
    change(news) {
      const delta = diff(news)
      if (!delta.in.length && !delta.put.length && !delta.out.length) return
      seq++
      noteGone(delta.out)
      if (filling) return
      const list = (entries: [string, string][]) => entries.map(entryJson).join()
      const body = `,"c":${cursor()},"in":[${list(delta.in)}],"put":[${list(delta.put)}],"out":[${keysJson(delta.out)}]}`
      const batch = { seq, body }
      keep(batch)
      deliver(batch)
    },
    filled() {
      filling = false
      for (const subscriber of subscribers) wake(subscriber)
    },
    values: () => values,
  }
}
