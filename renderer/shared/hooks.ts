/** @file Hooks over the client: what components read of streams, connection and time. Touches the client only. */
import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { Client } from '../../shared/client/client.ts'
import type { ClientState } from '../../shared/client/state.ts'
import type { StatusTopics, StreamArgs, StreamName } from '../../shared/contract/contract.ts'
import { type DocumentBodies, type DocumentName, EMPTY_DOCUMENTS } from '../../shared/domain/documents.ts'
import { type Live, sharedStream } from './shared-streams.ts'

export const ClientContext = createContext<Client | null>(null)

/** The client of this page. */
export function useClient(): Client {
  const client = useContext(ClientContext)
  if (!client) throw new Error('No client: wrap the page in <Screen>.')
  return client
}

/** One value of the connection's state. `select` must return the same value (by identity) while nothing it reads changed. */
export function useClientState<T>(select: (state: ClientState) => T): T {
  const client = useClient()
  return useSyncExternalStore(
    useMemo(() => (listener: () => void) => client.onState(listener), [client]),
    () => select(client.state),
  )
}

/** A live collection; components that use the same one share its subscription. */
export function useStream<S extends StreamName>(name: S, args: StreamArgs<S>): Live<S> {
  const client = useClient()
  const key = JSON.stringify(args)
  const shared = useMemo(
    () => sharedStream(client, name, JSON.parse(key) as StreamArgs<S>),
    [client, name, key],
  )
  return useSyncExternalStore(shared.subscribe, shared.get)
}

/** The core's clock, ms UTC, again every `every` ms. Use it in small components: each tick draws them anew. */
export function useNow(every = 1_000): number {
  const client = useClient()
  const [now, setNow] = useState(() => client.now())
  useEffect(() => {
    setNow(client.now())
    const timer = setInterval(() => setNow(client.now()), every)
    return () => clearInterval(timer)
  }, [client, every])
  return now
}

/** A document as published, and its version; an empty one while it has not arrived. */
export function useDocument<N extends Exclude<DocumentName, 'staff'>>(
  name: N,
): { version: number; body: DocumentBodies[N]; loaded: boolean } {
  const { entries, loaded } = useStream('documents', {})
  const value = entries.get(name)
  return {
    version: value?.version ?? 0,
    body: (value?.body as DocumentBodies[N] | undefined) ?? EMPTY_DOCUMENTS[name],
    loaded,
  }
}

/** What the core says about a topic, if anything. */
export function useStatus<T extends keyof StatusTopics>(topic: T): StatusTopics[T] | undefined {
  return useStream('status', {}).entries.get(topic)?.value as StatusTopics[T] | undefined
}
