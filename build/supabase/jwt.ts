/** @file Signs and checks access tokens (HS256). Pure but for the clock. */
import { createHmac, timingSafeEqual } from 'node:crypto'

export interface Claims {
  role: string
  sub?: string
  exp?: number
  iat?: number
  session_id?: string
  is_anonymous?: boolean
  [claim: string]: unknown
}

export type Verified = { ok: true; claims: Claims } | { ok: false; why: 'malformed' | 'forged' | 'expired' }

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const signature = (text: string, secret: string): string =>
  createHmac('sha256', secret).update(text).digest('base64url')

export function sign(claims: Claims, secret: string): string {
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `${text}.${signature(text, secret)}`
}

export function verify(token: string, secret: string, now = Date.now()): Verified {
  const [head, body, mark, ...rest] = token.split('.')
  if (!head || !body || !mark || rest.length > 0) return { ok: false, why: 'malformed' }
  const wanted = Buffer.from(signature(`${head}.${body}`, secret))
  const given = Buffer.from(mark)
  if (wanted.length !== given.length || !timingSafeEqual(wanted, given)) return { ok: false, why: 'forged' }
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims
  if (claims.exp !== undefined && claims.exp * 1000 <= now) return { ok: false, why: 'expired' }
  return { ok: true, claims }
}
