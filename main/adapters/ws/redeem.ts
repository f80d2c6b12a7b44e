/** @file What another Plate PC answers to a pairing code, validated: it is not trusted yet. Pure. */
import * as z from 'zod/mini'
import { ERROR_CODES, type Failure, fail, type Outcome, ok } from '../../../shared/domain/errors.ts'
import { keySchema, textSchema } from '../../../shared/domain/keys.ts'
import { say } from '../../../shared/domain/messages/index.ts'

const grantSchema = z.object({
  token: z.string().check(z.minLength(16), z.maxLength(400)),
  device: keySchema,
  name: textSchema(200),
  letter: z.string().check(z.maxLength(16)),
  fingerprint: z.string().check(z.regex(/^[0-9a-fA-F:]{64,95}$/)),
  url: z.string().check(z.maxLength(400)),
})
const name = z.string().check(z.maxLength(60))
const plain = z.union([z.string().check(z.maxLength(400)), z.number(), z.boolean(), z.null()])
/** A message in a refusal, at most one level deep. */
const nested = z.object({ code: name, params: z.optional(z.record(name, plain)) })
const failureSchema = z.object({
  error: z.object({
    code: z.enum(ERROR_CODES),
    params: z.optional(z.record(name, z.union([plain, nested]))),
    /** The sentence of a Plate of version 0.1. */
    message: z.optional(z.string().check(z.maxLength(400))),
  }),
})

/** How to reach a peer from now on. `letter`: this core's own letter before ticket numbers. */
export type PeerGrant = z.infer<typeof grantSchema>

/** Reads the answer of `address`; anything that is neither a grant nor a refusal is refused as invalid. */
export function readGrant(answer: unknown, address: string): Outcome<PeerGrant> {
  const grant = grantSchema.safeParse(answer)
  if (grant.success) return ok(grant.data)
  const failure = failureSchema.safeParse(answer)
  if (failure.success) return { ok: false, error: failure.data.error as Failure }
  return fail('invalid', { why: 'other', message: say('hub.notPlate', { address }) })
}
