/** @file A channel: one keyed collection that many screens follow, encoded once per change whatever their number. */
import { INITIAL_CREDITS } from '../../../shared/contract/wire.ts'

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

export interface Channel {
  readonly followers: number
  /** Starts following; `since` is the cursor of the last frame the screen has, if it had one. */
  follow(index: number, send: (frame: string) => void, since?: string): Follower
  /** Sets the value of a key (JSON text), or removes it (null), in one batch with the others. */
  change(values: Iterable<[key: string, json: string | null]>): void
  values(): ReadonlyMap<string, string>
}

interface Batch {
  seq: number
  body: string
}
interface Subscriber {
  index: number
  send(frame: string): void
  credits: number
  /** Number of the last batch it was given. */
  seq: number
  lagging: boolean
}

/** How much of the past (characters of JSON) a channel keeps, so that a screen back from a short cut needs no snapshot. */
const RING_CHARS = 512 * 1024
const RING_BATCHES = 512

const entry = ([key, json]: [string, string]) => `[${JSON.stringify(key)},${json}]`

/** Creates an empty channel. `epoch` names this run of the core: cursors of another run mean nothing. */
export function createChannel(epoch: string): Channel {
  const values = new Map<string, string>()
  const subscribers = new Set<Subscriber>()
  const ring: Batch[] = []
  let ringChars = 0
  let seq = 0
  let snapshot: { seq: number; body: string } | null = null

  const cursor = () => `${epoch}.${seq}`

  function snapshotBody(): string {
    if (snapshot?.seq !== seq) {
      const items = [...values].map(entry).join(',')
      snapshot = { seq, body: `,"c":${JSON.stringify(cursor())},"items":[${items}]}` }
    }
    return snapshot.body
  }

  function sendSnapshot(subscriber: Subscriber): void {
    subscriber.send(`{"t":"snap","i":${subscriber.index}${snapshotBody()}`)
    subscriber.seq = seq
  }

  /** The batches after `from`, or null when the ring does not reach back that far. */
  function since(from: number): Batch[] | null {
    if (from === seq) return []
    const [oldest] = ring
    if (from > seq || !oldest || from < oldest.seq - 1) return null
    return ring.slice(from - oldest.seq + 1)
  }

  function seqOf(cursor: string | undefined): number | undefined {
    const [run, number] = cursor?.split('.') ?? []
    return run === epoch && number !== undefined && /^\d+$/.test(number) ? Number(number) : undefined
  }

  /** Brings a subscriber up to date: by what it missed when that is little, else with the whole. */
  function catchUp(subscriber: Subscriber, from: number | undefined): void {
    const missed = from === undefined ? null : since(from)
    if (!missed || missed.length > subscriber.credits) {
      subscriber.credits--
      sendSnapshot(subscriber)
      return
    }
    for (const batch of missed) give(subscriber, batch, frameOf(subscriber, batch))
  }

  const frameOf = (subscriber: Subscriber, batch: Batch) =>
    `{"t":"batch","i":${subscriber.index}${batch.body}`

  function give(subscriber: Subscriber, batch: Batch, frame: string): void {
    subscriber.credits--
    subscriber.seq = batch.seq
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
      if (subscriber.lagging) continue
      if (subscriber.credits <= 0) {
        subscriber.lagging = true
        continue
      }
      const frame = frames.get(subscriber.index) ?? frameOf(subscriber, batch)
      frames.set(subscriber.index, frame)
      give(subscriber, batch, frame)
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
        values.set(key, json)
      }
    }
    return delta
  }

  return {
    get followers() {
      return subscribers.size
    },
    follow(index, send, from) {
      const subscriber: Subscriber = { index, send, credits: INITIAL_CREDITS, seq, lagging: false }
      subscribers.add(subscriber)
      catchUp(subscriber, seqOf(from))
      return {
        credit(count) {
          subscriber.credits = Math.min(INITIAL_CREDITS, subscriber.credits + count)
          if (!subscriber.lagging || subscriber.credits <= 0) return
          subscriber.lagging = false
          catchUp(subscriber, subscriber.seq)
        },
        stop: () => subscribers.delete(subscriber),
      }
    },
    change(news) {
      const delta = diff(news)
      if (!delta.in.length && !delta.put.length && !delta.out.length) return
      seq++
      const list = (entries: [string, string][]) => entries.map(entry).join(',')
      const out = delta.out.map((key) => JSON.stringify(key)).join(',')
      const body = `,"c":${JSON.stringify(cursor())},"in":[${list(delta.in)}],"put":[${list(delta.put)}],"out":[${out}]}`
      const batch = { seq, body }
      keep(batch)
      deliver(batch)
    },
    values: () => values,
  }
}
