/** @file One subscription per stream and page, however many components read it. Touches the client only. */
import type { Client } from '../../shared/client/client.ts'
import type { Stream } from '../../shared/client/stream.ts'
import type { StreamArgs, StreamName, StreamValues } from '../../shared/contract/contract.ts'
import type { Failure } from '../../shared/domain/errors.ts'

/** What a component sees of a stream; a new object whenever something changed. */
export interface Live<S extends StreamName> {
  entries: ReadonlyMap<string, StreamValues[S]>
  loaded: boolean
  ended: Failure | null
}

interface Shared<S extends StreamName> {
  subscribe(listener: () => void): () => void
  get(): Live<S>
}

const NOTHING = { entries: new Map<string, never>(), loaded: false, ended: null }
/** A component that goes and comes back within this time (a page turn, a strict-mode remount) costs no new subscription. */
const LINGER_MS = 1_000

const known = new WeakMap<Client, Map<string, unknown>>()

function create<S extends StreamName>(client: Client, name: S, args: StreamArgs<S>): Shared<S> {
  const listeners = new Set<() => void>()
  let stream: Stream<S> | null = null
  let live: Live<S> = NOTHING
  let linger: ReturnType<typeof setTimeout> | undefined

  function read(): void {
    if (!stream) return
    const { entries, loaded, ended } = stream
    live = { entries, loaded, ended }
    for (const listener of [...listeners]) listener()
  }
  function open(): void {
    clearTimeout(linger)
    if (stream) return
    stream = client.subscribe(name, args)
    stream.onChange(read)
  }
  function close(): void {
    stream?.close()
    stream = null
    live = NOTHING
  }
  return {
    get: () => live,
    subscribe(listener) {
      listeners.add(listener)
      open()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) linger = setTimeout(close, LINGER_MS)
      }
    },
  }
}

/** The shared subscription of `client` to this stream; opened by its first reader, closed after its last. */
export function sharedStream<S extends StreamName>(client: Client, name: S, args: StreamArgs<S>): Shared<S> {
  const streams = known.get(client) ?? new Map<string, unknown>()
  known.set(client, streams)
  const key = JSON.stringify([name, args])
  const found = (streams.get(key) as Shared<S> | undefined) ?? create(client, name, args)
  streams.set(key, found)
  return found
}
