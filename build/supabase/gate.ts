/** @file Checks the key and the token that come with a request, as the hosted API gateway and PostgREST do. Pure. */
import { type Caller, json, type Reply } from './http.ts'
import { verify } from './jwt.ts'
import type { ProjectKeys } from './settings.ts'

/** What is wrong: the project's key, or the person's token. */
export type Admission = { ok: true; caller: Caller } | { ok: false; wrong: 'key' | 'token'; reply: Reply }

const refuse = (body: object): Admission => ({ ok: false, wrong: 'key', reply: json(401, body) })
const refuseToken = (code: string, message: string): Admission => ({
  ok: false,
  wrong: 'token',
  reply: json(401, { code, details: null, hint: null, message }),
})

/** The role a key alone gives; undefined for a key that is none of this project. */
export function roleOfKey(key: string | null | undefined, keys: ProjectKeys): string | undefined {
  if (key === keys.publishableKey) return 'anon'
  if (key === keys.secretKey) return 'service_role'
  return undefined
}

/** Who is calling, or the refusal they get: 401 for a missing or wrong key, a forged or an expired token. */
export function admit(headers: Record<string, string>, url: URL, keys: ProjectKeys): Admission {
  const key = headers.apikey ?? url.searchParams.get('apikey')
  if (!key)
    return refuse({
      message: 'No API key found in request',
      hint: 'No `apikey` request header or url param was found.',
    })
  const role = roleOfKey(key, keys)
  if (!role) return refuse({ message: 'Invalid API key', hint: 'Double check your API key.' })

  const token = /^Bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1]
  const byKey = (known: string): Admission => ({
    ok: true,
    caller: { role: known, claims: { role: known }, token: null },
  })
  if (!token || token === key) return byKey(role)
  const other = roleOfKey(token, keys)
  if (other) return byKey(other)

  const verified = verify(token, keys.jwtSecret)
  if (verified.ok) return { ok: true, caller: { role: verified.claims.role, claims: verified.claims, token } }
  if (verified.why === 'expired') return refuseToken('PGRST303', 'JWT expired')
  return refuseToken('PGRST301', 'No suitable key or wrong key type')
}
