/** @file Ports: what the core needs from the outside world. Types only; adapters implement them, tests may fake them. */
import type { Documents } from '../../shared/domain/apply.ts'
import type { ErrorCode, Failure } from '../../shared/domain/errors.ts'
import type { Envelope, PlateEvent } from '../../shared/domain/events.ts'
import type { Message } from '../../shared/domain/messages/message.ts'
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
  /** What came of it, where there is something to say; of a refusal, the failure. */
  says: Message | null
  /** The sentence of a row that version 0.1 wrote; absent since. */
  message?: string
  args: string
}

/** An event on its way into the log, with all members it came with. What a later version reads is applied after an upgrade. */
export interface LogEntry {
  event: PlateEvent | Envelope
  /** False for an event that could not be read yet: it is kept raw. */
  applied: boolean
  /** It was applied without members that only a later version knows: that one reads it again. */
  part?: true
  /** The peer it came from; null when decided here. Never sent back there. */
  source: string | null
}

/** Something another log had where an event should be: it has not even an id. Kept as it came, until a version can read it. */
export interface Garbage {
  /** Whose log it came from. */
  source: string
  raw: unknown
}

/** What memory holds of an order, as the store keeps it. */
export interface OrderRow {
  state: OrderState
  /** False once it is on no board any more. */
  open: boolean
  /** ms UTC; null while open. */
  closedAt: number | null
}

/** How far another log has been taken in here, or this one was sent elsewhere. */
export interface LogCursor {
  peer: string
  seq: number
  /** Id of the event at that place of the other log, where it is known: a log that has another one there was put back. */
  event?: string
}

/** The restaurant of the cloud that a store belongs to: the last one it was connected to. */
export interface Home {
  restaurant: string
  /** What people call it. */
  name: string
  /** False once a person has disconnected this PC from it. */
  connected: boolean
}

/** Which rows of the audit trail, newest first. */
export interface AuditQuery {
  order?: string
  /** notes: only what came of conflicts and of the cloud, with what people decided about it. */
  about?: 'notes'
  /** Only rows before this one. */
  before?: number
  limit: number
}

/** Everything that one group commit makes durable, in one transaction. */
export interface CommitBatch {
  /** Orders this batch takes for new: asked for here, so that an order needs one trip to the store, not two. */
  fresh: string[]
  entries: LogEntry[]
  /** Absent when there is none. */
  garbage?: readonly Garbage[]
  orders: OrderRow[]
  documents: Partial<Documents>
  stock: { menuItem: string; out: boolean; stamp: Stamp }[]
  receipts: Receipt[]
  audit: AuditEntry[]
  /** How far another core's log has been taken in; saved with the rows it brought. */
  cursors: LogCursor[]
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
  /** Nothing was written. */
  | { ok: false; error: StoreTrouble }

/** Why nothing can be saved now. `says` what to do. */
export interface StoreTrouble {
  code: 'storeFull' | 'storeReadOnly' | 'storeBroken'
  says: Message
}

/** What came of trying again to save. */
export type Retried =
  /** The store takes orders. `notices`: what a person must be told of its opening, if that has happened only now. */
  | { ok: true; notices: Loaded['notices'] }
  | { ok: false; error: StoreTrouble }
  /**
   * The store holds something else than what was loaded while it could only be read: somebody has written it since, or
   * not all of it could be read. Nothing is saved on that.
   */
  | { ok: false; changed: true }

/** What the store knows at start, without reading history. */
export interface Loaded {
  /** This core's id; new after a restore. */
  device: string
  /** Letter before ticket numbers, '' for the first core of a restaurant. */
  letter: string
  /** Null on a store that was never connected to the cloud. */
  home: Home | null
  /** Newest stamp this core gave; undefined on a new store. */
  stamp: Stamp | undefined
  orders: OrderRow[]
  documents: Partial<Documents>
  stock: { menuItem: string; out: boolean; stamp: Stamp }[]
  counters: { day: string; next: number }[]
  cursors: LogCursor[]
  /** Local sequence number of the newest event, 0 when there is none. */
  head: number
  /** How many events and pieces of garbage are kept raw because this version cannot read them. */
  raw: number
  /** Things a person must be told, e.g. that a corrupt database was set aside and what was recovered. */
  notices: { level: 'warning' | 'alarm'; says: Message }[]
  /** Not null: all of this could be read, but nothing is saved until `retry` succeeds. */
  trouble: StoreTrouble | null
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

/** An event of this core's log that the cloud refused, or that waits behind one. */
export interface ParkedEvent {
  /** Local sequence number. */
  seq: number
  /** What waits together: the order's id, or the kind of an event that belongs to no order. */
  lane: string
  /** Why; the same for all that wait behind. */
  code: string
  says: Message
  /** ms UTC. */
  at: number
}

/** Why the store does not open, or has stopped. `says` what to do; `message` is for the log. */
export interface StoreError extends Error {
  code: 'storeFull' | 'storeReadOnly' | 'storeBroken' | 'storeInUse' | 'storeTooNew'
  says: Message
}

/** The durable store. One writer: the engine (and the device registry for its own tables). All methods are off the main thread. */
export interface Store {
  /**
   * Opens, migrates, checks, recovers. On a disk that takes no writes it opens what can be read, and says so.
   * Rejects with a {@link StoreError}, which says what to do.
   */
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
  audit(query: AuditQuery): Promise<(AuditEntry & { row: number })[]>
  devices(): Promise<DeviceRecord[]>
  putDevice(device: DeviceRecord): Promise<void>
  peers(): Promise<PeerRecord[]>
  putPeer(peer: PeerRecord): Promise<void>
  /** Forgets how to reach the peer with this id. */
  dropPeer(device: string): Promise<void>
  setLetter(letter: string): Promise<void>
  setHome(home: Home): Promise<void>
  /** Events by local sequence number, in log order; unknown ones are absent. */
  eventsBySeq(seqs: readonly number[]): Promise<StoredEvent[]>
  /** What waits for a person, by sequence number. */
  parked(): Promise<ParkedEvent[]>
  /** Notes these as waiting; those already noted keep their place with the new reason. */
  park(events: readonly ParkedEvent[]): Promise<void>
  /** Forgets that these wait: they were sent, or given up. */
  unpark(seqs: readonly number[]): Promise<void>
  /**
   * Before `open` only: moves the database out of the way, so that `open` begins an empty one. Answers where it went;
   * null when there was none.
   */
  setAside(): Promise<string | null>
  /** Tries whether what refused the last write is over, by writing something small. Costs nothing while all is well. */
  retry(): Promise<Retried>
  /** Copies the store to a new file while it is in use. */
  backup(): Promise<{ file: string; bytes: number }>
  /** Whether it can take orders now, with sizes for health and metrics. */
  health(): Promise<{
    ok: boolean
    /** What is the matter; null when nothing is. */
    says: Message | null
    bytes: number
    freeBytes: number
    lastBackupAt: number | null
  }>
  /** Checkpoints and closes; the store counts as cleanly stopped only after this. */
  close(): Promise<void>
}

/** Small secrets (tokens, keys) kept by the operating system's keychain where there is one. */
export interface Vault {
  /** Null when nothing of that name was written. Rejects when something may have been that cannot be read any more. */
  read(name: string): Promise<string | null>
  /** Null forgets it. Rejects when it could not be kept. */
  write(name: string, value: string | null): Promise<void>
}

/** Why the cloud did not do something. `says` what to do. */
export interface CloudFailure {
  code: /** No answer: no network, timeout, server down. Try again later. */
    | 'away'
    /** Too many requests, or overloaded. Try again later. */
    | 'busy'
    /** A manager has taken this device's access away. */
    | 'revoked'
    /** The device's session is gone and cannot be renewed: it needs a new code. */
    | 'signedOut'
    /** The publishable key is wrong, or was rotated. */
    | 'wrongKey'
    /** The project lacks the migrations (or has older ones than this asks for). */
    | 'noSchema'
    | 'wrongLogin'
    | 'wrongCode'
    | 'notAllowed'
    /** It was understood and will never be accepted. */
    | 'refused'
  says: Message
  /** Busy, and it was this very request that the server gave up on, because it took too long. */
  tooLong?: boolean
  /** For the log: what the system calls it. */
  detail?: string
  /** When it came to this (ms UTC), if the cloud says so: a device was removed. */
  at?: number
  /** The answer did not come in time, or broke off: on a slow or bad line less at once may get through. */
  late?: true
  /** How long (ms) the server asks to wait. */
  retryAfterMs?: number
}
export type CloudAnswer<T> = { ok: true; value: T } | { ok: false; error: CloudFailure }

export interface CloudProject {
  url: string
  /** The publishable key. */
  key: string
}

/** A restaurant this core is connected to; kept in the vault, without any token. */
export interface CloudLink extends CloudProject {
  restaurant: string
  name: string
  /** This device's id there. */
  device: string
  letter: string
  /** ms UTC. */
  since: number
}

/** An event of the shared log. `seq` is gapless per restaurant above the retention floor. */
export interface CloudEvent {
  seq: number
  event: unknown
}

export interface CloudPage {
  /** By seq. Those that this core pushed itself are left out. */
  events: CloudEvent[]
  /** The cursor after this page. */
  next: number
  head: number
  /** Below this seq the log has holes: closed orders were archived. */
  floor: number
  /** Id of the event at `next`; null when it is not in the log any more. */
  last: string | null
  /** Whether the log has the event the reader said it holds at its cursor; true where nobody can tell. */
  same: boolean
}

/** Archived orders, whole. */
export interface CloudArchivePage {
  events: unknown[]
  /** What to go on after; where it was asked to end when there is no more. */
  next: number
}

/** An event that is in the shared log, and where. */
export interface Taken {
  id: string
  seq: number
}
/** What became of one pushed event. */
export type Pushed = Taken | { id: string; refused: { code: string; says: Message } }

/** What a device tells the cloud about itself, for the manager who looks after the devices. */
export interface CloudReport {
  core: string
  version: string
  cursor: number
  /** Id of the event this device holds at its cursor; null when it knows none. */
  event?: string | null
  outbox: number
  parked: number
}

export interface CloudState {
  head: number
  /** Whether the log has the event that was reported at the cursor; true where nobody can tell. */
  same: boolean
  /** The server's clock, ms UTC. */
  now: number
  /** Orders of other programs that wait to be claimed. */
  intake: number
  name: string
  letter: string
  /** Ids of cores that a manager has removed and that nobody let in again; the newest hundred. */
  removed: string[]
}

/** An order another program asks for. */
export interface IntakeRequest {
  id: string
  /** Arguments of `placeOrder`, not yet validated. */
  order: unknown
  by: { id: string; name: string; role: string }
}

/** What a live channel tells. Everything may be lost, doubled or out of order: hints, never the truth. */
export interface CloudListener {
  /** The log grew to `last`; `events` when they are small, from `first` on without gaps. */
  grew(hint: { first: number; last: number; events: CloudEvent[] | null }): void
  /** Another program has asked for an order. */
  intake(): void
  /** Whether changes arrive live. True only once they really flow: catch up each time. */
  live(on: boolean): void
  /** This device was revoked, or let in again. */
  rights(): void
  /** Whether the vault has this device's newest session, without which it is not let in after a restart. Told when that changes. */
  kept(on: boolean): void
}

/** One device's connection. Calls never reject for what the network or the server does. */
export interface CloudConnection {
  append(core: string, events: readonly unknown[]): Promise<CloudAnswer<{ results: Pushed[]; head: number }>>
  /** `event`: id of the one held at `after`, if it is known. A log that has another one there answers no events. */
  pull(query: {
    after: number
    event?: string | null
    limit: number
    core: string
  }): Promise<CloudAnswer<CloudPage>>
  /** All events of these orders that were archived. */
  archived(orders: readonly string[]): Promise<CloudAnswer<unknown[]>>
  /** Archived orders whose last event is after `after` and not after `until`, in that order; at most `limit` of them. */
  archivedAfter(query: {
    after: number
    until: number
    limit: number
  }): Promise<CloudAnswer<CloudArchivePage>>
  /** `within`: what is not answered by then (ms) counts as no answer; without it, the usual time. */
  report(report: CloudReport, within?: number): Promise<CloudAnswer<CloudState>>
  devices(): Promise<
    CloudAnswer<
      {
        id: string
        core: string
        name: string
        letter: string
        version: string | null
        lastSeen: number | null
        outbox: number
        parked: number
        revoked: boolean
      }[]
    >
  >
  claimIntake(limit: number): Promise<CloudAnswer<IntakeRequest[]>>
  refuseIntake(id: string, failure: Failure): Promise<CloudAnswer<null>>
  listen(listener: CloudListener): void
  /** The machine woke up, or the network changed: looks at once whether the socket still lives. */
  wake(): void
  close(): Promise<void>
}

/** A person signed in to set devices up; nothing of it is kept. */
export interface CloudPerson {
  restaurants(): Promise<CloudAnswer<{ id: string; name: string; role: string; empty: boolean }[]>>
  /** `person` is what the one who signed in is called there, and how to reach them; '': as the auth server knows them. */
  createRestaurant(name: string, person: string): Promise<CloudAnswer<{ id: string; name: string }>>
  deviceCode(restaurant: string, name: string): Promise<CloudAnswer<{ code: string; expiresAt: number }>>
  revokeDevice(device: string): Promise<CloudAnswer<null>>
  /** Lets a removed device in again, as the same device. */
  readmitDevice(device: string): Promise<CloudAnswer<null>>
  end(): Promise<void>
}

/** What must be so where a device code leads to. */
export interface ClaimWish {
  /** It is this restaurant (its id). */
  restaurant?: string
  /** There is something to take over. */
  filled?: boolean
}

/** The shared cloud, as Supabase offers it. */
export interface Cloud {
  /** Whether this is a project with the migrations, how far (ms) this PC's clock is ahead of it, and its key without what came along when it was pasted. */
  check(project: CloudProject): Promise<CloudAnswer<{ skewMs: number; key: string }>>
  signIn(project: CloudProject, email: string, password: string): Promise<CloudAnswer<CloudPerson>>
  /**
   * Makes this device an identity of its own with a manager's code, and keeps its session in the vault. A code that does
   * not lead to what is wanted is refused and stays good.
   */
  claim(
    project: CloudProject,
    code: string,
    self: { core: string; name: string; letter: string; version: string },
    wanted?: ClaimWish,
  ): Promise<CloudAnswer<CloudLink>>
  connect(link: CloudLink): CloudConnection
  /** Forgets the device’s session. Never rejects. */
  forget(): Promise<void>
}
