/** @file What composition roots and adapters see of a running core. Types only. */
import type { CloudStatus, CommandAnswer, Pairing, StatusTopics } from '../../shared/contract/contract.ts'
import type { Port } from '../../shared/contract/port.ts'
import type { CommandName } from '../../shared/domain/commands.ts'
import type { Failure, Outcome } from '../../shared/domain/errors.ts'
import type { Message } from '../../shared/domain/messages/message.ts'
import type { ScreenKind } from '../../shared/domain/roles.ts'
import type { Actor } from './actor.ts'
import type {
  Clock,
  Cloud,
  CloudAnswer,
  CloudProject,
  DeviceRecord,
  Log,
  Metrics,
  Secrets,
  Store,
  Vault,
} from './ports.ts'

/** Who is at the other end of a Port. `local`: this machine's own browser or window, which may be any kind of screen. */
export interface DeviceIdentity {
  id: string
  name: string
  kind: ScreenKind | 'local'
  station: string | null
}

/** One connection being served. */
export interface Served {
  /** Tells the screen why, then closes the port. */
  close(why: Failure): void
}

/** How the core opens itself to the network; given by the composition root, absent where there is no hub. */
export interface Lan {
  state(): StatusTopics['lan']
  set(on: boolean): Promise<StatusTopics['lan']>
  /** Renders the text of a pairing QR code as SVG. */
  qr(text: string): string
}

/** Dials another core. The port is authenticated with the peer's token and its certificate is pinned. */
export interface PeerDialer {
  connect(peer: { url: string; token: string; fingerprint: string }): Promise<Port>
  /** Redeems a pairing code at `address` (host:port) for a peer token; returns the certificate fingerprint it saw. */
  redeem(
    address: string,
    code: string,
    self: { device: string; name: string },
  ): Promise<
    Outcome<{ url: string; token: string; fingerprint: string; device: string; name: string; letter: string }>
  >
}

export interface CoreOptions {
  store: Store
  clock: Clock
  log: Log
  metrics: Metrics
  secrets: Secrets
  /** Plate's own version. */
  version: string
  /** Shown to people, e.g. the machine's host name. */
  name: string
  lan?: Lan
  dialer?: PeerDialer
  /** Absent where there is no way to Supabase; then `vault` is not needed either. */
  cloud?: Cloud
  vault?: Vault
  /** Starts Plate again on the same data; needed to take over a restaurant from the cloud. */
  restart?(): void
}

export interface Health {
  ok: boolean
  store: { ok: boolean; says: Message | null; bytes: number; freeBytes: number; lastBackupAt: number | null }
  screens: number
  openTickets: number
  peers: { device: string; online: boolean; behind: number }[]
  /** Null while this core works without Supabase. */
  cloud: CloudStatus | null
  uptimeMs: number
  version: string
}

export interface Core {
  /** This core's device id. */
  readonly device: string
  /** Serves the contract to one screen or peer until its port closes. */
  serve(port: Port, device: DeviceIdentity): Served
  devices: {
    /** Makes a code: single-use, valid 10 minutes, refused to an address after 5 wrong tries a minute, withdrawn after 25 from all together. */
    createPairing(kind: ScreenKind, name: string, station: string | null): Pairing
    /** Trades a code for a device token (given once; only its hash is kept). `from` (an address) is what tries are counted by. */
    redeem(
      code: string,
      from: string,
      self?: { device: string; name: string },
    ): Promise<Outcome<{ token: string; device: DeviceRecord; letter: string }>>
    /** The device this token belongs to; `notPaired` when there is none, `revoked` when a manager removed it. */
    authenticate(token: string): Outcome<DeviceRecord>
  }
  alarms: {
    raise(id: string, level: 'warning' | 'alarm', says: Message): void
    clear(id: string): void
  }
  /** For hosts that nobody stands before; absent where the core was given no cloud. */
  readonly cloud?: {
    /** The restaurant this core is connected to. */
    link(): { url: string; name: string } | null
    /**
     * Connects with a manager's device code. In the restaurant this core was in last, it goes on where it was. Else
     * `take` null: this core's orders go up when it has any or the restaurant is empty, else the restaurant's come here;
     * refused while changes wait that the last restaurant never got. `restarts`: `CoreOptions.restart` is about to be called.
     */
    claim(
      project: CloudProject,
      code: string,
      take: 'upload' | 'download' | null,
    ): Promise<CloudAnswer<{ restaurant: string; name: string; restarts: boolean }>>
  }
  /** Plays realistic evenings on this store, `speed` times faster than real, with a training banner on every screen. */
  train(speed: number): void
  /** The machine woke up or its network changed: the cloud is asked at once what was missed. */
  woke(): void
  /** Tells screens that the LAN was switched or addresses changed. */
  lanChanged(): void
  health(): Promise<Health>
  /** Publishes the documents of a new restaurant, once they can be saved; does nothing for those the store already has. */
  seed(documents: Record<string, unknown>): Promise<Outcome<{ published: string[] }>>
  /** Sends a command as part of this machine itself (the demo evening), not of a screen. */
  submit(name: CommandName, args: unknown, actor: Actor): Promise<Outcome<CommandAnswer>>
  /** Answers what is under way, tells all screens, closes the store. */
  stop(): Promise<void>
}
