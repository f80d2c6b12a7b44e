/** @file The auth API for administrators (secret key): users. Writes auth.users. */
import type postgres from 'postgres'
import { type Call, fields, json, type Reply } from '../http.ts'
import { refusal } from './refusals.ts'
import { byId, create, isTaken, list, remove, update, view } from './users.ts'

const object = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})
const string = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** `24h`, `30m`, `10s` or `none`. */
function bannedUntil(duration: string | undefined): { bannedUntil?: string | null } {
  if (duration === undefined) return {}
  const [, amount, unit] = /^(\d+)(h|m|s)$/.exec(duration) ?? []
  if (!amount) return { bannedUntil: null }
  const seconds = { h: 3600, m: 60, s: 1 }[unit ?? 's'] ?? 1
  return { bannedUntil: new Date(Date.now() + Number(amount) * seconds * 1000).toISOString() }
}

async function add(sql: postgres.Sql, call: Call): Promise<Reply> {
  const body = fields(call)
  const email = string(body.email)
  if (!email) return refusal('validation_failed')
  if (await isTaken(sql, email)) return refusal('email_exists')
  const id = string(body.id)
  const user = await create(sql, {
    ...(id ? { id } : {}),
    email,
    password: string(body.password) ?? null,
    appData: object(body.app_metadata),
    userData: object(body.user_metadata),
  })
  return json(200, view(user))
}

async function change(sql: postgres.Sql, id: string, call: Call): Promise<Reply> {
  const body = fields(call)
  const email = string(body.email)
  const password = string(body.password)
  const user = await update(sql, id, {
    ...(email ? { email } : {}),
    ...(password ? { password } : {}),
    appData: object(body.app_metadata),
    userData: object(body.user_metadata),
    ...bannedUntil(string(body.ban_duration)),
  })
  return user ? json(200, view(user)) : refusal('user_not_found')
}

async function show(sql: postgres.Sql, id: string | undefined): Promise<Reply> {
  if (!id) return json(200, { users: (await list(sql)).map(view), aud: 'authenticated' })
  const user = await byId(sql, id)
  return user ? json(200, view(user)) : refusal('user_not_found')
}

/** /auth/v1/admin/users[/<id>] */
export async function administer(sql: postgres.Sql, id: string | undefined, call: Call): Promise<Reply> {
  if (call.caller.role !== 'service_role') return refusal('not_admin')
  if (call.method === 'POST') return add(sql, call)
  if (call.method === 'GET') return show(sql, id)
  if (id && call.method === 'PUT') return change(sql, id, call)
  if (id && call.method === 'DELETE')
    return (await remove(sql, id)) ? json(200, {}) : refusal('user_not_found')
  return refusal('not_found')
}
