/** @file Renews a session at the auth server: one request, one answer, no repetition. Opens connections. */
import * as z from 'zod/mini'
import type { CloudAnswer, CloudProject } from '../../core/ports.ts'
import { type AuthTrouble, renewalFailure } from './auth-failure.ts'
import { CALL_MS } from './limits.ts'
import { networkFailure } from './network.ts'
import { grant } from './schemas.ts'

/** A session as the auth server gives it. */
export type Grant = z.infer<typeof grant>

const troubleSchema = z.looseObject({
  code: z.optional(z.unknown()),
  error_code: z.optional(z.string()),
  error: z.optional(z.string()),
  message: z.optional(z.string()),
  msg: z.optional(z.string()),
})

/** Error codes have had three names; only words are codes. */
function troubleOf(status: number, body: unknown): AuthTrouble {
  const read = troubleSchema.safeParse(body)
  if (!read.success) return { status, code: '', message: '' }
  const { code, error_code, error, message, msg } = read.data
  return {
    status,
    code: error_code ?? (typeof code === 'string' ? code : (error ?? '')),
    message: message ?? msg ?? '',
  }
}

/**
 * Exchanges a refresh token. auth-js would repeat this for half a minute and then remember the failure for another; here the
 * caller decides when to try again. Repeating after a lost answer is safe: the server takes the newest token's parent.
 */
export async function renew(
  project: CloudProject,
  refresh: string,
  signal: AbortSignal,
): Promise<CloudAnswer<Grant>> {
  try {
    const response = await fetch(`${project.url}/auth/v1/token?grant_type=refresh_token`, {
      method: 'POST',
      headers: {
        apikey: project.key,
        'content-type': 'application/json',
        'x-supabase-api-version': '2024-01-01',
      },
      body: JSON.stringify({ refresh_token: refresh }),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)]),
    })
    const body: unknown = await response.json().catch(() => undefined)
    const read = grant.safeParse(body)
    if (response.ok && read.success) return { ok: true, value: read.data }
    return { ok: false, error: renewalFailure(troubleOf(response.ok ? 502 : response.status, body)) }
  } catch (error) {
    return { ok: false, error: networkFailure(error, new URL(project.url).host) }
  }
}
