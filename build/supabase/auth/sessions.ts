/** @file Sessions: access tokens and the rotation of refresh tokens. Reads and writes auth.sessions and auth.refresh_tokens. */
import { randomBytes, randomUUID } from 'node:crypto'
import type postgres from 'postgres'
import { sign } from '../jwt.ts'
import { byId, isBanned, type User, view } from './users.ts'

export interface SessionSettings {
  issuer: string
  jwtSecret: string
  /** Seconds. */
  jwtExpiry: number
}

export type Method = 'password' | 'anonymous' | 'token_refresh'

export type Refreshed =
  | { ok: true; body: object }
  | {
      ok: false
      why: 'refresh_token_not_found' | 'refresh_token_already_used' | 'session_expired' | 'user_banned'
    }

interface StoredToken {
  token: string
  revoked: boolean
  parent: string | null
  session_id: string
  user_id: string
  /** Was it replaced so long ago that using it again means that somebody else has it? */
  stale: boolean
}

type Sql = postgres.Sql | postgres.TransactionSql

/** Seconds within which a token that was just replaced still works: two windows may refresh at once. */
const REUSE = 10

function accessToken(
  user: User,
  session: string,
  method: Method,
  settings: SessionSettings,
): [string, number] {
  const now = Math.floor(Date.now() / 1000)
  const exp = now + settings.jwtExpiry
  const claims = {
    iss: settings.issuer,
    sub: user.id,
    aud: user.aud,
    exp,
    iat: now,
    email: user.email ?? '',
    phone: '',
    app_metadata: user.raw_app_meta_data,
    user_metadata: user.raw_user_meta_data,
    role: user.role,
    aal: 'aal1',
    amr: [{ method: user.is_anonymous ? 'anonymous' : method, timestamp: now }],
    session_id: session,
    is_anonymous: user.is_anonymous,
  }
  return [sign(claims, settings.jwtSecret), exp]
}

function answer(
  user: User,
  session: string,
  refreshToken: string,
  method: Method,
  settings: SessionSettings,
): object {
  const [token, expiresAt] = accessToken(user, session, method, settings)
  return {
    access_token: token,
    token_type: 'bearer',
    expires_in: settings.jwtExpiry,
    expires_at: expiresAt,
    refresh_token: refreshToken,
    user: view(user),
  }
}

async function newToken(sql: Sql, user: string, session: string, parent: string | null): Promise<string> {
  const token = randomBytes(9).toString('base64url')
  await sql`insert into auth.refresh_tokens (token, user_id, session_id, parent) values (${token}, ${user}, ${session}, ${parent})`
  return token
}

/** Begins a session; the body is what the API answers. */
export async function open(
  sql: postgres.Sql,
  user: User,
  method: Method,
  settings: SessionSettings,
): Promise<object> {
  const session = randomUUID()
  return sql.begin(async (transaction) => {
    await transaction`insert into auth.sessions (id, user_id) values (${session}, ${user.id})`
    await transaction`update auth.users set last_sign_in_at = now() where id = ${user.id}`
    const token = await newToken(transaction, user.id, session, null)
    return answer({ ...user, last_sign_in_at: new Date().toISOString() }, session, token, method, settings)
  })
}

async function active(sql: Sql, session: string): Promise<StoredToken | undefined> {
  const [found] = await sql<StoredToken[]>`select * from auth.refresh_tokens
    where session_id = ${session} and not revoked order by id desc limit 1`
  return found
}

/** The refresh token that follows `used`; undefined when using it again betrays that it was stolen. */
async function successor(sql: Sql, used: StoredToken): Promise<string | undefined> {
  if (!used.revoked) {
    await sql`update auth.refresh_tokens set revoked = true, updated_at = now() where token = ${used.token}`
    return newToken(sql, used.user_id, used.session_id, used.token)
  }
  const current = await active(sql, used.session_id)
  // The answer with the new token was lost on its way: the holder of the old one gets it again.
  if (current?.parent === used.token) return current.token
  if (used.stale) return undefined
  return current?.token ?? newToken(sql, used.user_id, used.session_id, used.token)
}

/** Exchanges a refresh token. Using one that was replaced a while ago ends the whole session. */
export function refresh(sql: postgres.Sql, token: string, settings: SessionSettings): Promise<Refreshed> {
  return sql.begin(async (transaction): Promise<Refreshed> => {
    // The lock lets two windows with one token get the same answer instead of each other's refusal.
    const [used] = await transaction<StoredToken[]>`
      select t.*, t.updated_at < now() - make_interval(secs => ${REUSE}) as stale
      from auth.refresh_tokens t join auth.sessions s on s.id = t.session_id
      where t.token = ${token} for update of s`
    const user = used && (await byId(transaction, used.user_id))
    if (!used || !user) return { ok: false, why: 'refresh_token_not_found' }
    if (isBanned(user)) return { ok: false, why: 'user_banned' }
    const [current] = await transaction<
      StoredToken[]
    >`select * from auth.refresh_tokens where token = ${token}`
    const next = await successor(transaction, { ...used, revoked: current?.revoked ?? true })
    if (!next) {
      await transaction`update auth.refresh_tokens set revoked = true where session_id = ${used.session_id}`
      return { ok: false, why: 'refresh_token_already_used' }
    }
    await transaction`update auth.sessions set refreshed_at = now() where id = ${used.session_id}`
    return { ok: true, body: answer(user, used.session_id, next, 'token_refresh', settings) }
  })
}

export const exists = async (sql: Sql, session: string): Promise<boolean> =>
  (await sql`select 1 from auth.sessions where id::text = ${session}`).length > 0

/** Signs out: this session, the user's others, or all. Access tokens stay valid until they expire, as hosted. */
export async function close(sql: Sql, user: string, session: string, scope: string): Promise<void> {
  if (scope === 'local') await sql`delete from auth.sessions where id::text = ${session}`
  else if (scope === 'others')
    await sql`delete from auth.sessions where user_id::text = ${user} and id::text <> ${session}`
  else await sql`delete from auth.sessions where user_id::text = ${user}`
}
