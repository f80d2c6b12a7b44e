/** @file Ports: what the core needs from the outside world. Types only; adapters implement them, tests may fake them. */
import type { Documents } from '../../shared/domain/apply.ts'
import type { ErrorCode, Failure } from '../../shared/domain/errors.ts'
import type { Envelope, PlateEvent } from '../../shared/domain/events.ts'
import type { OrderState } from '../../shared/domain/order.ts'
import type { ScreenKind } from '../../shared/domain/roles.ts'
import type { Stamp } from '../../shared/domain/stamp.ts'

/** Time. `now` is wall-clock ms UTC and may jump; `monotonic` is ms that never go back. */
export interface Clock {
  now(): number
  monotonic(): number
}

/** Randomness and hashes, so that the core itself needs no platform module. */
export interface Secrets {
  /** A new UUIDv7 for `at` (ms UTC). */
  uuid(at: number): string
  /** A new secret: 256 bits as URL-safe text. */
  token(): string
  /** `digits` random decimal digits. */
  digits(digits: number): string
  /** SHA-256 (hex) of a token. */
  hash(token: string): string
  /** The slow, salted hash (hex) of a PIN; `salt` is hex. */
  hashPin(pin: string, salt: string): Promise<string>
}

/** Structured log. `fields` never hold PINs, tokens or guests' data. */
export interface Log {
  debug(event: string, fields?: Record<string, unknown>): void
  info(event: string, fields?: Record<string, unknown>): void
  warn(event: string, fields?: Record<string, unknown>): void
  error(event: string, fields?: Record<string, unknown>): void
}

/** Metrics as Prometheus knows them. Times in ms. */
export interface Metrics {
  count(name: string, by?: number, labels?: Record<string, string>): void
  gauge(name: string, value: number, labels?: Record<string, string>): void
  observe(name: string, ms: number, labels?: Record<string, string>): void
}

/** The first answer to a command, given again to every retry. */
export interface Receipt {
  command: string
  at: number
  outcome: { ok: true; value: Record<string, unknown> } | { ok: false; error: Failure }
}

export interface AuditEntry {
  at: number
  command: string
  name: string
  order: string | null
  number: string | null
  staff: { id: string; name: string } | null
  device: { id: string; name: string }
  outcome: 'ok' | ErrorCode
  message: string
  args: string
}

/** An event on its way into the log. Those of a later version are kept raw and applied after an upgrade. */
export interface LogEntry {
  event: PlateEvent | Envelope
  /** False for an event of a later version that could not be applied yet. */
  applied: boolean
  /** The peer it came from; null when decided here. Never sent back there. */
  source: string | null
}

/** What memory holds of an order, as the store keeps it. */
export interface OrderRow {
  state: OrderState
  /** False once it is on no board any more. */
  open: boolean
  /** ms UTC; null while open. */
  closedAt: number | null
}

/** Everything that one group commit makes durable, in one transaction. */
export interface CommitBatch {
  /** Orders this batch takes for new: asked for here, so that an order needs one trip to the store, not two. */
  fresh: string[]
  entries: LogEntry[]
  orders: OrderRow[]
  documents: Partial<Documents>
  stock: { menuItem: string; out: boolean; stamp: Stamp }[]
  receipts: Receipt[]
  audit: AuditEntry[]
  /** How far another core's log has been taken in; saved with the rows it brought. */
  cursors: { peer: string; seq: number }[]
  /** Ticket counters of business days that moved. */
  counters: { day: string; next: number }[]
  /** Newest stamp of this core. */
  stamp: Stamp
}

export type CommitResult =
  /** `seqs[i]` is the local sequence number of `entries[i]`, or null when the log already had that event. */
  | { ok: true; seqs: (number | null)[] }
  /** Some commands were already answered, before memory can know: nothing was written. Answer them with these. */
  | { ok: false; known: Receipt[] }
  /** Some fresh orders are not new: nothing was written. Take these into memory and decide again. */
  | { ok: false; existing: OrderRow[] }
  /** Nothing was written. `message` says what to do. */
  | { ok: false; error: { code: 'storeFull' | 'storeReadOnly' | 'storeBroken'; message: string } }

/** What the store knows at start, without reading history. */
export interface Loaded {
  /** This core's id; new after a restore. */
  device: string
  /** Letter before ticket numbers, '' for the first core of a restaurant. */
  letter: string
  /** Newest stamp this core gave; undefined on a new store. */
  stamp: Stamp | undefined
  orders: OrderRow[]
  documents: Partial<Documents>
  stock: { menuItem: string; out: boolean; stamp: Stamp }[]
  counters: { day: string; next: number }[]
  cursors: { peer: string; seq: number }[]
  /** Local sequence number of the newest event, 0 when there is none. */
  head: number
  /** Things a person must be told, e.g. that a corrupt database was set aside and what was recovered. */
  notices: { level: 'warning' | 'alarm'; message: string }[]
}

export interface StoredEvent {
  seq: number
  event: Envelope
  source: string | null
}

/** A paired device. Tokens are stored as hashes only. */
export interface DeviceRecord {
  id: string
  name: string
  kind: ScreenKind
  station: string | null
  tokenHash: string
  pairedAt: number
  lastSeen: number | null
  revokedAt: number | null
  version: string | null
  /** What this core told a peer to put before its ticket numbers; absent for screens. */
  letter?: string
}

/** How to reach a peer that this core dials. */
export interface PeerRecord {
  device: string
  name: string
  /** wss:// address. */
  url: string
  token: string
  /** SHA-256 fingerprint of its certificate; the connection is refused when it differs. */
  fingerprint: string
}

/** Why the store does not open, or has stopped. `message` is for the person at the machine and says what to do. */
export interface StoreError extends Error {
  code: 'storeFull' | 'storeReadOnly' | 'storeBroken' | 'storeInUse' | 'storeTooNew'
}

/** The durable store. One writer: the engine (and the device registry for its own tables). All methods are off the main thread. */
export interface Store {
  /** Opens, migrates, checks, recovers. Rejects with a {@link StoreError} whose message says what to do. */
  open(): Promise<Loaded>
  commit(batch: CommitBatch): Promise<CommitResult>
  /** Orders that are not in memory. Unknown ids are simply absent. */
  orders(ids: readonly string[]): Promise<OrderRow[]>
  /** Closed orders, newest first. */
  closedOrders(query: { limit: number; before?: number }): Promise<OrderRow[]>
  /** All orders of a business day. */
  ordersOfDay(day: string): Promise<OrderRow[]>
  /** Raw events after a local sequence number, in log order. */
  eventsAfter(seq: number, limit: number): Promise<StoredEvent[]>
  audit(query: { order?: string; before?: number; limit: number }): Promise<(AuditEntry & { row: number })[]>
  devices(): Promise<DeviceRecord[]>
  putDevice(device: DeviceRecord): Promise<void>
  peers(): Promise<PeerRecord[]>
  putPeer(peer: PeerRecord): Promise<void>
  setLetter(letter: string): Promise<void>
  /** Copies the store to a new file while it is in use. */
  backup(): Promise<{ file: string; bytes: number }>
  /** Whether it can take orders now, with sizes for health and metrics. */
  health(): Promise<{
    ok: boolean
    message: string
    bytes: number
    freeBytes: number
    lastBackupAt: number | null
  }>
  /** Checkpoints and closes; the store counts as cleanly stopped only after this. */
  close(): Promise<void>
}
