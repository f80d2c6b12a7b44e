/** @file The frames on a Port: their shapes, validated on arrival, and the limits both sides keep. Pure. */
import * as z from 'zod/mini'
import type { Failure } from '../domain/errors.ts'
import { keySchema } from '../domain/keys.ts'
import { type Role, SCREEN_KINDS } from '../domain/roles.ts'
import type { Person } from './contract.ts'

/** Largest frame (bytes of UTF-8) a core takes from a screen. A 500-line order is about 150 kB. */
export const MAX_FRAME_BYTES = 512 * 1024
/** Credits a subscription starts with: how many frames may be under way to a slow screen before it is resynchronised. */
export const INITIAL_CREDITS = 32
/** A screen that hears nothing for this long (ms) shows itself as stale; the core beats at half of it at the latest. */
export const STALE_AFTER_MS = 5_000
export const HEARTBEAT_MS = 2_000

const index = z.int().check(z.gte(1), z.lte(2 ** 31))
const name = z.string().check(z.maxLength(60))

/** A place in a stream: which run of the core, and how far. Opaque to screens. */
export const cursorSchema = z.string().check(z.maxLength(80))

export const clientFrame = z.discriminatedUnion('t', [
  /**
   * First frame: what this screen is. A paired device must keep to the kind it was paired as. `v`, `least`: the newest and
   * the oldest contract it speaks. `clock`: its ms UTC. What else a later version says here is passed over.
   */
  z.object({
    t: z.literal('hello'),
    v: z.int(),
    least: z.optional(z.int()),
    app: z.string().check(z.maxLength(40)),
    kind: z.enum(SCREEN_KINDS),
    station: z.nullable(keySchema),
    clock: z.int(),
    session: z.nullable(z.string().check(z.maxLength(100))),
  }),
  /** A query, action or command. `id` (UUID) only on commands: the same id again gives the first answer again. */
  z.strictObject({
    t: z.literal('call'),
    i: index,
    m: name,
    a: z.unknown(),
    id: z.optional(z.string().check(z.maxLength(40))),
  }),
  z.strictObject({ t: z.literal('sub'), i: index, s: name, a: z.unknown(), since: z.optional(cursorSchema) }),
  z.strictObject({ t: z.literal('credit'), i: index, n: z.int().check(z.gte(1), z.lte(1000)) }),
  z.strictObject({ t: z.literal('unsub'), i: index }),
  z.strictObject({ t: z.literal('ping'), c: z.int() }),
])
export type ClientFrame = z.infer<typeof clientFrame>

/** What the core sends. Trusted by screens (it is their core), so it is typed but not validated there. */
export type ServerFrame =
  | {
      t: 'welcome'
      /** The contract that both ends speak from here on. */
      v: number
      core: string
      now: number
      device: { id: string; name: string; kind: string; station: string | null }
      person: Person | null
      roles: Role[]
    }
  | { t: 'reply'; i: number; ok: true; v: unknown }
  | { t: 'reply'; i: number; ok: false; e: Failure }
  /**
   * The whole collection; replaces what the screen had. `more`: only the first page of it. The batches that follow belong to
   * it, up to and with the first without `more`, and until then the screen shows what it had.
   */
  | { t: 'snap'; i: number; c: string; items: [key: string, value: unknown][]; more?: true }
  /** Changes since the last frame of this stream. `in`: entered; `put`: changed; `out`: left (or never seen). */
  | {
      t: 'batch'
      i: number
      c: string
      in: [string, unknown][]
      put: [string, unknown][]
      out: string[]
      more?: true
    }
  /** The stream ended, e.g. because the person signed out or lost the right. */
  | { t: 'end'; i: number; e: Failure }
  | { t: 'beat'; now: number }
  | { t: 'pong'; c: number; now: number }
  /** The core is about to close the connection, and why. */
  | { t: 'bye'; e: Failure }
