/** @file The shapes of what the cloud answers and broadcasts: it may be older, newer or broken. Pure. */
import * as z from 'zod/mini'

const count = z.int().check(z.nonnegative())
/** One event of the shared log; what is inside is the core's business. */
const cloudEvent = z.object({ seq: count, event: z.unknown() })

export const checked = z.object({ schema: z.int(), now: z.number() })

export const pushed = z.object({
  results: z.array(
    z.union([
      z.object({ id: z.string(), seq: count }),
      z.object({ id: z.string(), refused: z.object({ code: z.string(), message: z.optional(z.string()) }) }),
    ]),
  ),
  head: count,
})

export const page = z.object({
  events: z.array(cloudEvent),
  next: count,
  head: count,
  floor: count,
  last: z.nullable(z.string()),
  same: z.boolean(),
})

export const archived = z.array(z.unknown())
export const archivePage = z.object({ events: z.array(z.unknown()), next: count })

export const state = z.object({
  head: count,
  same: z.boolean(),
  now: z.number(),
  intake: count,
  name: z.string(),
  letter: z.string(),
  removed: z.array(z.string()),
})

export const intake = z.array(
  z.object({
    id: z.string(),
    order: z.unknown(),
    by: z.object({ id: z.string(), name: z.string(), role: z.string() }),
  }),
)

export const devices = z.array(
  z.object({
    id: z.string(),
    core: z.string(),
    name: z.string(),
    letter: z.string(),
    version: z.nullable(z.string()),
    last_seen: z.nullable(z.string()),
    outbox: z.nullable(count),
    parked: z.nullable(count),
    revoked_at: z.nullable(z.string()),
  }),
)

export const claimed = z.object({
  device: z.string(),
  restaurant: z.string(),
  name: z.string(),
  letter: z.string(),
})

export const restaurants = z.array(
  z.object({ id: z.string(), name: z.string(), role: z.string(), empty: z.boolean() }),
)
export const created = z.object({ restaurant: z.string(), name: z.string() })
export const deviceCode = z.object({ code: z.string(), expires_at: z.union([z.string(), z.number()]) })

/** Broadcasts. `realtime.send` adds an id of its own. */
export const logHint = z
  .looseObject({ first: count, last: count, events: z.nullable(z.array(cloudEvent)) })
  .check(z.refine((hint) => hint.first <= hint.last))
export const deviceHint = z.looseObject({ device: z.string() })

/** What the auth server says of a session. */
export const grant = z.looseObject({
  access_token: z.string().check(z.minLength(1)),
  refresh_token: z.string().check(z.minLength(1)),
  expires_in: z.number(),
  user: z.looseObject({ id: z.string() }),
})

/** The session as the vault keeps it. */
export const keptSession = z.object({
  url: z.string(),
  user: z.string(),
  access: z.string(),
  refresh: z.string(),
  /** How long (ms) the access token lives, and until when (ms UTC by this PC's clock). */
  lifetime: z.number(),
  expiresAt: z.number(),
})
export type KeptSession = z.infer<typeof keptSession>
