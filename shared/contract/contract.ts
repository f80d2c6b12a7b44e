/** @file The contract: every query, action and stream a screen or another core may use, with shapes and rights. Pure. */
import * as z from 'zod/mini'
import { COMMAND_NAMES, type CommandInput, type CommandName } from '../domain/commands.ts'
import type { Left } from '../domain/decide/work.ts'
import type { DocumentBodies, DocumentName, Staff } from '../domain/documents.ts'
import type { ErrorCode } from '../domain/errors.ts'
import { keySchema, textSchema, uuidSchema } from '../domain/keys.ts'
import type { Message } from '../domain/messages/message.ts'
import { COMMAND_RIGHTS, READ_RIGHTS } from '../domain/rights.ts'
import { ROLES, type Role, SCREEN_KINDS, type ScreenKind } from '../domain/roles.ts'
import type { TicketView } from '../domain/view.ts'

/** Raised whenever a shape on the wire changes (a test compares the fingerprint of all shapes with the one written there). */
export const CONTRACT_VERSION = 4
/** The oldest version that is still spoken: the one before the newest, as two versions of Plate run one restaurant. */
export const OLDEST_CONTRACT = 3

/**
 * The version that two ends speak: the newest that both know. Null when there is none, because one is too far ahead.
 * An end that names no `least` knows just the one.
 */
export function commonVersion({ v, least = v }: { v: number; least?: number | undefined }): number | null {
  const newest = Math.min(v, CONTRACT_VERSION)
  return newest >= Math.max(least, OLDEST_CONTRACT) ? newest : null
}

/** Most events in one message between peers. */
export const MAX_EVENTS = 200

/** Where a Supabase project is, and its publishable key. */
const project = {
  url: textSchema(300).check(z.minLength(1)),
  key: textSchema(400).check(z.minLength(1)),
}
/** What happens to this PC's own orders and documents: they go up, or the cloud's take their place. */
const take = z.enum(['upload', 'download'])
/** So many changes that another restaurant never got may be set aside: a person was told how many there are. */
const aside = z.optional(z.int().check(z.gte(0)))

const pin = z.string().check(z.regex(/^\d{4,8}$/, 'pinDigits'))
const limit = z._default(z.int().check(z.gte(1), z.lte(500)), 50)

/** Tickets of one station, of the pass, or all open ones. */
const ticketFilter = z.discriminatedUnion('scope', [
  z.strictObject({ scope: z.literal('station'), station: keySchema }),
  z.strictObject({ scope: z.literal('expo') }),
  z.strictObject({ scope: z.literal('open') }),
])

/** Calls that answer once. `read` names the right they need (see READ_RIGHTS); null: everyone who is connected. */
export const queries = {
  /** Tickets bumped lately at a station, or closed lately; newest first. For recall and review. */
  recentTickets: {
    read: 'recentTickets',
    args: z.strictObject({ station: z.optional(keySchema), limit }),
  },
  /** One order in full, open or closed, in the console's view. */
  order: { read: 'order', args: z.strictObject({ order: uuidSchema }) },
  audit: {
    read: 'audit',
    args: z.strictObject({
      order: z.optional(uuidSchema),
      /** notes: only what came of conflicts and of the cloud, with what people decided about it. */
      about: z.optional(z.literal('notes')),
      /** Only rows before this one (its `row`), for paging back. */
      before: z.optional(z.int()),
      limit,
    }),
  },
  /** Times from release to ready, per station, of a business day. */
  ticketTimes: {
    read: 'ticketTimes',
    args: z.strictObject({ day: z.optional(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/))) }),
  },
  devices: { read: 'devices', args: z.strictObject({}) },
  /** The Supabase project this core is connected to, and the orders that wait there for a person. */
  cloud: { read: 'cloud', args: z.strictObject({}) },
  /** How far this core has taken in the log of core `log` (peers only). */
  peerCursor: { read: 'peer', args: z.strictObject({ log: keySchema }) },
  /** Events of this core's log after `after`, without those that came from core `not` (peers only). */
  pullEvents: {
    read: 'peer',
    args: z.strictObject({ after: z.int().check(z.gte(0)), not: keySchema }),
  },
} as const

/** Calls that change something other than orders: who is signed in, which devices are trusted. Not in the event log. */
export const actions = {
  signIn: { read: null, args: z.strictObject({ pin }) },
  signOut: { read: null, args: z.strictObject({}) },
  /** Makes a single-use pairing code for a new screen of this kind; shown on a trusted screen. */
  createPairing: {
    read: 'pairing',
    args: z.strictObject({
      kind: z.enum(SCREEN_KINDS),
      name: textSchema(60),
      station: z.optional(keySchema),
    }),
  },
  revokeDevice: { read: 'devices', args: z.strictObject({ device: keySchema }) },
  /** Sets a person's PIN. The hash is made in the core. */
  setPin: { read: 'devices', args: z.strictObject({ member: keySchema, pin }) },
  backupNow: { read: 'backups', args: z.strictObject({}) },
  /** Opens this core to the local network, or closes it to this machine. */
  setLan: { read: 'devices', args: z.strictObject({ on: z.boolean() }) },
  /** Makes this PC a peer of the Plate PC at `address` (host:port), which shows `code`. */
  joinPeer: {
    read: 'devices',
    args: z.strictObject({ address: textSchema(200), code: z.string().check(z.regex(/^\d{6,10}$/)) }),
  },
  /** Looks whether a Supabase project can be used, before anybody signs in. */
  cloudCheck: { read: 'cloud', args: z.strictObject(project) },
  /** Signs a person in at the project; the answer's `signIn` stands for them for 15 minutes and is kept in memory only. */
  cloudSignIn: {
    read: 'cloud',
    args: z.strictObject({
      ...project,
      email: textSchema(320).check(z.minLength(3)),
      password: z.string().check(z.minLength(1), z.maxLength(200)),
    }),
  },
  /**
   * Connects this core to a restaurant of the person who signed in, or to a new one of that name. In the restaurant it was
   * in last it goes on where it was: nothing is set aside, and `take` does not matter. Elsewhere, `download` is refused
   * while more changes than `aside` were never sent to that restaurant (`CloudInfo.former`).
   */
  cloudJoin: {
    read: 'cloud',
    args: z.strictObject({
      signIn: textSchema(100),
      restaurant: z.union([
        z.strictObject({ id: uuidSchema }),
        z.strictObject({
          create: textSchema(120).check(z.minLength(1)),
          /** What the one who signed in is called there, and how to reach them. */
          person: z.optional(textSchema(120)),
        }),
      ]),
      take,
      aside,
    }),
  },
  /**
   * Connects this core with a device code that a manager made elsewhere, with `take` and `aside` as in `cloudJoin`. A core
   * whose access has ended (`needs: 'code'`) only becomes a device of the same restaurant again.
   */
  cloudClaim: { read: 'cloud', args: z.strictObject({ ...project, code: textSchema(20), take, aside }) },
  /** Makes a device code for another PC of the restaurant. */
  cloudCode: {
    read: 'cloud',
    args: z.strictObject({ signIn: textSchema(100), restaurant: uuidSchema, name: textSchema(60) }),
  },
  /** Takes a device's access to the restaurant away: it locks and keeps what it has not sent. */
  cloudRevoke: { read: 'cloud', args: z.strictObject({ signIn: textSchema(100), device: uuidSchema }) },
  /** Lets a device that was removed in again, as the same device: it unlocks and sends what waited. */
  cloudReadmit: { read: 'cloud', args: z.strictObject({ signIn: textSchema(100), device: uuidSchema }) },
  /** Takes the project's new publishable key, once it was seen to work; the device stays the same. */
  cloudKey: { read: 'cloud', args: z.strictObject({ key: textSchema(400).check(z.minLength(1)) }) },
  /** Goes on without the cloud. Nothing is deleted, here or there. */
  cloudLeave: { read: 'cloud', args: z.strictObject({}) },
  /** Sends what waits of this order (or other lane) once more. */
  cloudRetry: { read: 'cloud', args: z.strictObject({ lane: textSchema(100) }) },
  /** Gives up sending what waits of this order and cancels it, with a reason. */
  cloudWithdraw: {
    read: 'cloud',
    args: z.strictObject({ lane: textSchema(100), reason: textSchema(200).check(z.minLength(1)) }),
  },
  /**
   * Another core hands over events from its log, up to its local sequence number `upTo` (peers only). The rows and the
   * cursor are saved together.
   */
  pushEvents: {
    read: 'peer',
    args: z.strictObject({
      log: keySchema,
      events: z.array(z.unknown()).check(z.maxLength(MAX_EVENTS)),
      upTo: z.int().check(z.gte(0)),
    }),
  },
} as const

/** Subscriptions: a keyed collection as a snapshot, then ordered changes. */
export const streams = {
  /** key: order id; value: TicketView. */
  tickets: { read: 'tickets', args: ticketFilter },
  /** key: document name; value: {version, body}. Staff comes without PIN hashes. */
  documents: { read: 'documents', args: z.strictObject({}) },
  /** key: menu item id; value: {out}. */
  stock: { read: 'stock', args: z.strictObject({}) },
  /** key: topic; value: see {@link StatusTopics}. */
  status: { read: 'status', args: z.strictObject({}) },
  /** key: 'head'; value: the newest local sequence number. A hint for peers to pull; the cursor is the truth. */
  log: { read: 'peer', args: z.strictObject({}) },
} as const

export type QueryName = keyof typeof queries
export type ActionName = keyof typeof actions
export type StreamName = keyof typeof streams
export type MethodName = QueryName | ActionName | CommandName

/** A signed-in person as screens see them. */
export interface Person {
  id: string
  name: string
  role: Role
}

/** `session` lets the same screen stay signed in across a lost connection. */
export interface SignedIn extends Person {
  session: string
  roles: Role[]
}

export interface AuditRow {
  row: number
  at: number
  command: string
  name: string
  order: string | null
  number: string | null
  staff: { id: string; name: string } | null
  device: { id: string; name: string }
  /** 'ok' or the code of the refusal. */
  outcome: 'ok' | ErrorCode
  /** What came of it, where there is something to say; of a refusal, the failure. */
  says: Message | null
  /** The sentence of a row that version 0.1 wrote; absent since. */
  message?: string
  /** What was asked, as JSON, without PINs. */
  args: string
}

export interface StationTimes {
  station: string
  tickets: number
  medianMs: number
  p90Ms: number
  worst: { order: string; number: string; ms: number }[]
}

export interface DeviceRow {
  id: string
  name: string
  kind: ScreenKind
  station: string | null
  pairedAt: number
  /** ms UTC; null when it never connected. */
  lastSeen: number | null
  online: boolean
  revoked: boolean
  version: string | null
}

export interface RecentTicket {
  ticket: TicketView
  /** When the station bumped it, or when it closed. */
  doneAt: number
}

/** What people know an order by, long after its number was called. */
export interface ParkedTicket {
  type: TicketView['type']
  /** Name of its table. */
  table: string | null
  status: TicketView['status']
  /** ms UTC. */
  openedAt: number
  /** What was ordered, as it stands now, e.g. "2× Mash". */
  dishes: string[]
}

/** What the cloud refused of one order (or of the menu, the 86 list …), and what waits behind it. */
export interface ParkedLane {
  /** The order's id, or the kind of event that belongs to no order. */
  lane: string
  order: string | null
  /** Ticket number, when it is an order. */
  number: string | null
  code: string
  says: Message
  /** When it was refused, ms UTC. */
  since: number
  /** Events that wait. */
  events: number
  /** Absent for what is no order, and for an order of which this core only knows later news. */
  ticket?: ParkedTicket
}

/** The project this core is connected to. */
export interface CloudInfo {
  link: {
    url: string
    /** The publishable key, which is no secret: a person signs in again with it. */
    key: string
    restaurant: string
    name: string
    device: string
    letter: string
    /** ms UTC. */
    since: number
  } | null
  /** The restaurant this core was in last, while it is in none; null when it never was in one. */
  former: {
    restaurant: string
    name: string
    /** Changes of this core that were never sent there. */
    unsent: number
    /** Nobody ended that connection: what let this core in is gone. */
    lost: boolean
  } | null
  parked: ParkedLane[]
  /** Devices of the restaurant as the cloud knows them; null while it cannot be asked. */
  devices: CloudDevice[] | null
}

export interface CloudDevice {
  id: string
  name: string
  letter: string
  version: string | null
  /** ms UTC; null when it never reported. */
  lastSeen: number | null
  /** Events it had not sent at its last report. */
  outbox: number
  /** What of it the cloud had refused at its last report, in lanes. */
  parked: number
  revoked: boolean
  self: boolean
}

/** A person signed in at the project, and what they may connect to. */
export interface CloudSignedIn {
  signIn: string
  restaurants: { id: string; name: string; role: string; empty: boolean }[]
}

/** What each query and action answers. */
export interface Answers {
  recentTickets: RecentTicket[]
  order: TicketView
  audit: AuditRow[]
  ticketTimes: StationTimes[]
  devices: DeviceRow[]
  cloud: CloudInfo
  peerCursor: { seq: number }
  /** `next`: the cursor after this page; `head`: the newest there is. */
  pullEvents: { events: unknown[]; next: number; head: number }
  signIn: SignedIn
  signOut: null
  createPairing: Pairing
  revokeDevice: null
  setPin: null
  backupNow: { file: string; bytes: number }
  setLan: StatusTopics['lan']
  joinPeer: { device: string; name: string }
  cloudCheck: { skewMs: number }
  cloudSignIn: CloudSignedIn
  /** `restarts`: Plate starts again to take over the cloud's orders. */
  cloudJoin: { restaurant: string; name: string; restarts: boolean }
  cloudClaim: { restaurant: string; name: string; restarts: boolean }
  cloudCode: { code: string; expiresAt: number }
  cloudRevoke: null
  cloudReadmit: null
  cloudKey: null
  cloudLeave: null
  cloudRetry: null
  cloudWithdraw: null
  pushEvents: { taken: number }
}

export interface Pairing {
  /** Digits to type on the new screen. */
  code: string
  /** ms UTC. */
  expiresAt: number
  /** Where the new screen can reach this core; empty while the LAN is off. */
  addresses: string[]
  /** SHA-256 of the hub's certificate (hex with colons); null while there is none. */
  fingerprint: string | null
  /** An SVG picture of address, code and fingerprint. */
  qr: string
}

/** What the status stream tells every screen. A topic that is absent is fine. */
export interface StatusTopics {
  /** The core itself. `training`: a demo evening is played, here or on a PC whose orders come here. */
  core: { name: string; version: string; training: boolean; startedAt: number }
  /** Warnings people should act on, e.g. a clock that is wrong, a full disk, a peer that is away. */
  alarms: { id: string; level: 'warning' | 'alarm'; says: Message; since: number }[]
  /** Stations that have open work but no screen showing it. */
  unwatched: { station: string; tickets: number }[]
  /** Whether and where other devices on the network can reach this core. */
  lan: { on: boolean; addresses: string[]; fingerprint: string | null }
  /** Other Plate PCs this one exchanges events with. */
  peers: { device: string; name: string; online: boolean; behind: number }[]
  /** The restaurant's other devices through Supabase; absent while this core works without it. */
  cloud: CloudStatus
}

export interface CloudStatus {
  /**
   * live: changes arrive at once; polling: only every few seconds, because the live channel is down; catchingUp: older
   * events are still coming; away: cannot be reached; refused: it answers but not to us; locked: a manager removed this device.
   */
  state: 'live' | 'polling' | 'catchingUp' | 'away' | 'refused' | 'locked'
  /** When `state` began, ms UTC. */
  since: number
  /** When the cloud last confirmed that we know everything, ms UTC; null: not since the start. */
  currentAt: number | null
  /** Restaurant's name there. */
  name: string
  /** Events not sent yet. */
  outbox: number
  /** What the cloud refused and a person decides about: orders, and other lanes (the menu, the 86 list …). */
  parked: number
  /** How many of `parked` are orders. */
  parkedOrders: number
  /** Events there that we do not have yet. */
  behind: number
  /** What to do, when something is to be done. */
  says: Message | null
  /**
   * What a person has to do before anything is exchanged again: enter the project's new key, or a new device code; `link`:
   * connect this core again, or disconnect it (`CloudInfo.former`).
   */
  needs: 'key' | 'code' | 'link' | null
}

export interface StreamValues {
  tickets: TicketView
  documents: {
    [N in DocumentName]: {
      name: N
      version: number
      body: N extends 'staff' ? PublicStaff : DocumentBodies[N]
    }
  }[DocumentName]
  stock: { out: boolean }
  status: { [T in keyof StatusTopics]: { topic: T; value: StatusTopics[T] } }[keyof StatusTopics]
  log: { head: number }
}
export type PublicStaff = { members: (Omit<Staff['members'][number], 'pinHash'> & { hasPin: boolean })[] }

export type MethodArgs<M extends MethodName> = M extends CommandName
  ? CommandInput<M>
  : M extends QueryName
    ? z.input<(typeof queries)[M]['args']>
    : M extends ActionName
      ? z.input<(typeof actions)[M]['args']>
      : never
export type StreamArgs<S extends StreamName> = z.input<(typeof streams)[S]['args']>

/** What accepted commands answer beyond "done". */
export interface CommandAnswer {
  order?: string
  number?: string
  version?: number
  /** Of a command on a ticket: how much of what was named was done, what of it stays open, and how much else is open there. */
  done?: number
  left?: Left[]
  unseen?: number
  /** What `undo` takes back; null when everything already was so. */
  deed?: string | null
}
export type MethodAnswer<M extends MethodName> = M extends keyof Answers ? Answers[M] : CommandAnswer

/** Everything whose change changes the wire, for the fingerprint test. */
export const WIRE_NAMES = {
  commands: COMMAND_NAMES,
  rights: { COMMAND_RIGHTS, READ_RIGHTS },
  roles: ROLES,
  kinds: SCREEN_KINDS,
} as const
