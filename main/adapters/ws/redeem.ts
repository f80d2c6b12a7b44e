/** @file What another Plate PC answers to a pairing code, validated: it is not trusted yet. Pure. */
import * as z from 'zod/mini'
import { ERROR_CODES, fail, type Outcome, ok } from '../../../shared/domain/errors.ts'
import { keySchema, textSchema } from '../../../shared/domain/keys.ts'

const grantSchema = z.object({
  token: z.string().check(z.minLength(16), z.maxLength(400)),
  device: keySchema,
  name: textSchema(200),
  letter: z.string().check(z.maxLength(16)),
  fingerprint: z.string().check(z.regex(/^[0-9a-fA-F:]{64,95}$/)),
  url: z.string().check(z.maxLength(400)),
})
const failureSchema = z.object({
  error: z.object({ code: z.enum(ERROR_CODES), message: z.string().check(z.maxLength(400)) }),
})

/** How to reach a peer from now on. `letter`: this core's own letter before ticket numbers. */
export type PeerGrant = z.infer<typeof grantSchema>

/** Reads the answer; anything that is neither a grant nor a refusal is refused as invalid. */
export function readGrant(answer: unknown): Outcome<PeerGrant> {
  const grant = grantSchema.safeParse(answer)
  if (grant.success) return ok(grant.data)
  const failure = failureSchema.safeParse(answer)
  if (failure.success) return fail(failure.data.error.code, failure.data.error.message)
  return fail('invalid', 'The other end does not answer like a Plate PC.')
}
