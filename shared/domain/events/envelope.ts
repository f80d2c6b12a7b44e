/** @file The envelope: what every event carries, whatever its kind and version; and the form that a device signs. Pure. */
import * as z from 'zod/mini'
import { canonical } from '../canonical.ts'
import { keySchema as id } from '../keys.ts'

/** A text in an event. */
export const text = z.string().check(z.maxLength(400))

/**
 * A stamp as stamp.ts makes it. The leading zero (times before the year 5138) leaves room above every stamp, so that
 * no garbled one can win for ever or push this device's clock out of its format.
 */
export const stamp = z.string().check(z.regex(/^0\d{14}-\d{6}-[\s\S]{1,64}$/, 'notStamp'))

/** Members that are not here are of a later version: they stay on the event as they came and travel on with it. */
export const envelopeSchema = z.object({
  id,
  /** Version of its kind: raised when a reader of the version before could not read it at all. */
  v: z.int().check(z.gte(1)),
  kind: z.string().check(z.minLength(1), z.maxLength(60)),
  /** The order it belongs to; null for the restaurant's own events (documents, the 86 list). */
  order: z.nullable(id),
  /** When it happened, ms UTC by the clock of the core that decided it. */
  at: z.int(),
  stamp,
  device: id,
  staff: z.nullable(z.object({ id, name: text })),
  command: id,
  data: z.unknown(),
  /** What a reader must know to show the order as whole; see features.ts. */
  needs: z.optional(z.array(z.string().check(z.minLength(1), z.maxLength(60))).check(z.maxLength(20))),
  /** The device's signature over {@link signedForm}, base64url. */
  sig: z.optional(z.string().check(z.maxLength(200))),
})

/** What every event carries; `data` depends on `kind`. */
export type Envelope = z.infer<typeof envelopeSchema>

/** The text that a device signs: all of the event but the signature, members of later versions included, keys sorted. */
export function signedForm(event: Envelope): string {
  const { sig: _, ...signed } = event
  return canonical(signed)
}
