/** @file What serving a screen needs of the rest of the core. Types only. */
import type { State } from '../../../shared/domain/apply.ts'
import type { Failure, Outcome } from '../../../shared/domain/errors.ts'
import type { DeviceIdentity, Lan } from '../api.ts'
import type { CloudSync } from '../cloud/sync.ts'
import type { Devices } from '../devices.ts'
import type { Engine } from '../engine/engine.ts'
import type { Peers } from '../peers.ts'
import type { Log, Metrics, Secrets, Store } from '../ports.ts'
import type { Sessions } from '../sessions.ts'
import type { Streams } from '../streams/streams.ts'

export interface ServeContext {
  core: string
  state: State
  engine: Engine
  streams: Streams
  sessions: Sessions
  devices: Devices
  store: Store
  secrets: Secrets
  log: Log
  metrics: Metrics
  peers: Peers
  /** Null where there is no way to the cloud. */
  cloud: CloudSync | null
  lan: Lan | undefined
  now(): number
  /** Ids of devices that are connected. */
  online(): ReadonlySet<string>
  /** Who is signed in has changed: streams whose right has ended end now. */
  rightsChanged(): void
  /** Ends all connections of a device. */
  disconnect(device: string, why: Failure): void
}

/** One query or action: rights and arguments were checked before. */
export type Method = (
  ctx: ServeContext,
  guest: Guest,
  args: never,
) => Promise<Outcome<unknown>> | Outcome<unknown>

/** A connection after its hello: who is there and what they may do. */
export interface Guest {
  identity: DeviceIdentity
  /** The contract that both ends speak. */
  version: number
  kind: Exclude<DeviceIdentity['kind'], 'local'>
  station: string | null
  app: string
  session: string | null
}
