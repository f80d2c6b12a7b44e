/** @file The auth API as far as this project uses it: sign-up (also anonymous), sign-in, refresh, user, logout, administration. */
import type postgres from 'postgres'
import { type Call, empty, fields, json, type Reply } from '../http.ts'
import { administer } from './admin.ts'
import { type Refusal, refusal } from './refusals.ts'
import { close, exists, open, refresh, type SessionSettings } from './sessions.ts'
import { byId, byPassword, create, isBanned, isTaken, type User, update, view } from './users.ts'

const string = (value: unknown): string | undefined =>
  typeof value === 'string' && value ? value : undefined
const object = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})

async function signUp(sql: postgres.Sql, call: Call, settings: SessionSettings): Promise<Reply> {
  const body = fields(call)
  const email = string(body.email)
  const password = string(body.password)
  if (!email) {
    const user = await create(sql, { email: null, password: null, userData: object(body.data) })
    return json(200, await open(sql, user, 'anonymous', settings))
  }
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) return refusal('validation_failed')
  if (!password || password.length < 6) return refusal('weak_password')
  if (await isTaken(sql, email)) return refusal('user_already_exists')
  const user = await create(sql, { email, password, userData: object(body.data) })
  return json(200, await open(sql, user, 'password', settings))
}

async function signIn(sql: postgres.Sql, call: Call, settings: SessionSettings): Promise<Reply> {
  const { email, password } = fields(call)
  const user = await byPassword(sql, string(email) ?? '', string(password) ?? '')
  if (!user) return refusal('invalid_credentials')
  if (isBanned(user)) return refusal('user_banned')
  return json(200, await open(sql, user, 'password', settings))
}

async function exchange(sql: postgres.Sql, call: Call, settings: SessionSettings): Promise<Reply> {
  const grant = call.url.searchParams.get('grant_type')
  if (grant === 'password') return signIn(sql, call, settings)
  if (grant !== 'refresh_token') return refusal('unsupported_grant_type')
  const refreshed = await refresh(sql, string(fields(call).refresh_token) ?? '', settings)
  return refreshed.ok ? json(200, refreshed.body) : refusal(refreshed.why)
}

/** The user behind the token, as long as the session is there. */
async function signedIn(sql: postgres.Sql, call: Call): Promise<User | Refusal> {
  const { claims, token } = call.caller
  if (!token || !claims.sub) return 'no_authorization'
  if (!(await exists(sql, claims.session_id ?? ''))) return 'session_not_found'
  return (await byId(sql, claims.sub)) ?? 'user_not_found'
}

async function changeSelf(sql: postgres.Sql, user: User, call: Call): Promise<Reply> {
  const body = fields(call)
  const email = string(body.email)
  const password = string(body.password)
  const changed = await update(sql, user.id, {
    ...(email ? { email } : {}),
    ...(password ? { password } : {}),
    userData: object(body.data),
  })
  return changed ? json(200, view(changed)) : refusal('user_not_found')
}

export interface Auth {
  answer(call: Call): Promise<Reply>
}

export function createAuth(sql: postgres.Sql, settings: SessionSettings): Auth {
  async function aboutMe(call: Call, path: string): Promise<Reply> {
    const user = await signedIn(sql, call)
    if (typeof user === 'string') return refusal(user)
    if (path === 'user') return call.method === 'PUT' ? changeSelf(sql, user, call) : json(200, view(user))
    await close(
      sql,
      user.id,
      call.caller.claims.session_id ?? '',
      call.url.searchParams.get('scope') ?? 'global',
    )
    return empty(204)
  }

  return {
    async answer(call) {
      const [, path, id] = /^\/auth\/v1\/(admin\/users|[a-z]+)(?:\/([^/]+))?$/.exec(call.url.pathname) ?? []
      const post = call.method === 'POST'
      if (path === 'admin/users') return administer(sql, id, call)
      if (path === 'signup' && post) return signUp(sql, call, settings)
      if (path === 'token' && post) return exchange(sql, call, settings)
      if (path === 'user' || (path === 'logout' && post)) return aboutMe(call, path)
      if (path === 'health') return json(200, { name: 'GoTrue', version: 'local', description: 'Local auth' })
      if (path === 'settings')
        return json(200, {
          external: { email: true, anonymous_users: true },
          disable_signup: false,
          mailer_autoconfirm: true,
        })
      return refusal('not_found')
    },
  }
}
