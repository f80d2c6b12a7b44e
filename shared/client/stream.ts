/** @file A subscription as a screen holds it: a keyed collection kept current by snapshots and batches. Pure. */
import type { StreamName, StreamValues } from '../contract/contract.ts'
import type { ServerFrame } from '../contract/wire.ts'
import type { Failure } from '../domain/errors.ts'

type SnapFrame = Extract<ServerFrame, { t: 'snap' }>
type BatchFrame = Extract<ServerFrame, { t: 'batch' }>

/** What one frame changed. `reset`: the whole collection was replaced (after a start or a long absence). */
export interface Changes<V> {
  reset: boolean
  entered: [key: string, value: V][]
  changed: [key: string, value: V][]
  left: string[]
}

/** A live collection. `entries` is replaced on every change (never changed in place), so identity tells of news. */
export interface Stream<S extends StreamName> {
  readonly entries: ReadonlyMap<string, StreamValues[S]>
  /** False until the first snapshot is whole: "nothing", or a part, must never look like all there is. */
  readonly loaded: boolean
  /** Why the core ended the stream, or would not begin it; then there are no entries. */
  readonly ended: Failure | null
  onChange(listener: (changes: Changes<StreamValues[S]>) => void): () => void
  close(): void
}

/** The writable side, for the client. */
export interface StreamCell<S extends StreamName> extends Stream<S> {
  readonly cursor: string | undefined
  /** The subscription is made again: the rest of a snapshot that was on its way will not come. */
  again(): void
  snap(frame: SnapFrame): void
  batch(frame: BatchFrame): void
  end(failure: Failure): void
}

/** Makes an empty collection; `close` is called when the screen no longer wants it. */
export function createStream<S extends StreamName>(close: () => void): StreamCell<S> {
  type V = StreamValues[S]
  let entries: ReadonlyMap<string, V> = new Map()
  /** A snapshot of which pages are still to come. */
  let coming: Map<string, V> | null = null
  let cursor: string | undefined
  let loaded = false
  let ended: Failure | null = null
  const listeners = new Set<(changes: Changes<V>) => void>()
  const tell = (changes: Changes<V>) => {
    for (const listener of [...listeners]) listener(changes)
  }
  function replace(whole: ReadonlyMap<string, V>, upTo: string): void {
    const before = entries
    const items = [...whole]
    entries = whole
    coming = null
    cursor = upTo
    loaded = true
    ended = null
    tell({
      reset: true,
      entered: items.filter(([key]) => !before.has(key)),
      changed: items.filter(([key]) => before.has(key)),
      left: [...before.keys()].filter((key) => !whole.has(key)),
    })
  }
  return {
    get entries() {
      return entries
    },
    get loaded() {
      return loaded
    },
    get ended() {
      return ended
    },
    get cursor() {
      return cursor
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close,
    again() {
      coming = null
      if (!ended) return
      ended = null
      tell({ reset: false, entered: [], changed: [], left: [] })
    },
    snap(frame) {
      coming = new Map(frame.items as [string, V][])
      if (!frame.more) replace(coming, frame.c)
    },
    batch(frame) {
      const next = coming ?? new Map(entries)
      const entered = frame.in as [string, V][]
      const changed = frame.put as [string, V][]
      for (const [key, value] of entered) next.set(key, value)
      for (const [key, value] of changed) next.set(key, value)
      for (const key of frame.out) next.delete(key)
      if (frame.more) return
      if (coming) {
        replace(coming, frame.c)
        return
      }
      entries = next
      cursor = frame.c
      tell({ reset: false, entered, changed, left: frame.out })
    },
    end(failure) {
      const left = [...entries.keys()]
      ended = failure
      // Nothing keeps it current from now on, or it is not for whoever is here now. What comes after starts with the whole.
      entries = new Map()
      loaded = false
      cursor = undefined
      coming = null
      tell({ reset: false, entered: [], changed: [], left })
    },
  }
}
