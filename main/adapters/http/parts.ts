/** @file What the hub's web server needs from others: the core, sockets, certificates. Types only. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { CloudStatus, Pairing } from '../../../shared/contract/contract.ts'
import type { Port } from '../../../shared/contract/port.ts'
import type { Failure, Outcome } from '../../../shared/domain/errors.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import type { ScreenKind } from '../../../shared/domain/roles.ts'
import type { DeviceRecord, Metrics } from '../../core/ports.ts'

/** Who is at the other end of a connection, as the core wants to know it. */
export interface Identity {
  id: string
  name: string
  kind: ScreenKind | 'local'
  station: string | null
}

/** The part of a running core that the hub uses. */
export interface HubCore {
  readonly device: string
  serve(port: Port, device: Identity): unknown
  devices: {
    createPairing(kind: ScreenKind, name: string, station: string | null): Pairing
    redeem(
      code: string,
      from: string,
      self?: { device: string; name: string },
    ): Promise<Outcome<{ token: string; device: DeviceRecord; letter: string }>>
    authenticate(token: string): Outcome<DeviceRecord>
  }
  lanChanged(): void
  health(): Promise<{
    ok: boolean
    store: {
      ok: boolean
      says: Message | null
      bytes: number
      freeBytes: number
      lastBackupAt: number | null
    }
    screens: number
    openTickets: number
    peers: { device: string; online: boolean; behind: number }[]
    cloud: CloudStatus | null
    uptimeMs: number
    version: string
  }>
}

/** Words what people read on the hub's own pages. Programs get codes. */
export interface HubWords {
  say(message: Message): string
  failure(failure: Failure): string
}

/** Completes WebSocket upgrades. */
export interface Sockets {
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, opened: (port: Port) => void): void
  refuse(request: IncomingMessage, socket: Duplex, head: Buffer, failure: Failure): void
  stop(): Promise<void>
}

/** A certificate for the names the hub is reached by. PEM; `cert` with its authority, `ca` the authority alone. */
export interface Identification {
  cert: string
  key: string
  ca: string
  fingerprints: { leaf: string; ca: string }
}

export interface CertificateSource {
  current(names: readonly string[]): Promise<Identification>
}

export interface HubMetrics extends Metrics {
  text(): Promise<string>
  readonly contentType: string
}
