/** @file The users of the local project: finding, creating, changing them. Reads and writes auth.users and auth.identities. */
import { randomUUID } from 'node:crypto'
import type postgres from 'postgres'

export interface User {
  id: string
  aud: string
  role: string
  email: string | null
  email_confirmed_at: string | null
  last_sign_in_at: string | null
  raw_app_meta_data: Record<string, unknown>
  raw_user_meta_data: Record<string, unknown>
  created_at: string
  updated_at: string
  banned_until: string | null
  is_anonymous: boolean
}

export interface NewUser {
  id?: string
  email: string | null
  password: string | null
  appData?: object
  userData?: object
}

export interface UserChange {
  email?: string
  password?: string
  appData?: object
  userData?: object
  bannedUntil?: string | null
}

type Sql = postgres.Sql | postgres.TransactionSql

/** The user as the API shows it. */
export const view = (user: User) => ({
  id: user.id,
  aud: user.aud,
  role: user.role,
  email: user.email ?? '',
  phone: '',
  ...(user.email_confirmed_at
    ? { email_confirmed_at: user.email_confirmed_at, confirmed_at: user.email_confirmed_at }
    : {}),
  last_sign_in_at: user.last_sign_in_at,
  app_metadata: user.raw_app_meta_data,
  user_metadata: user.raw_user_meta_data,
  identities: [],
  created_at: user.created_at,
  updated_at: user.updated_at,
  ...(user.banned_until ? { banned_until: user.banned_until } : {}),
  is_anonymous: user.is_anonymous,
})

const first = (rows: readonly object[]): User | undefined => rows[0] as User | undefined

export const byId = async (sql: Sql, id: string): Promise<User | undefined> =>
  first(await sql`select * from auth.users where id::text = ${id}`)

export const list = async (sql: Sql): Promise<User[]> =>
  (await sql`select * from auth.users order by created_at`) as unknown as User[]

export async function byPassword(sql: Sql, email: string, password: string): Promise<User | undefined> {
  return first(
    await sql`select * from auth.users where email = ${email.toLowerCase()}
    and encrypted_password = extensions.crypt(${password}, encrypted_password)`,
  )
}

export const isTaken = async (sql: Sql, email: string): Promise<boolean> =>
  (await sql`select 1 from auth.users where email = ${email.toLowerCase()}`).length > 0

/** A user without an e-mail is anonymous. The hash is a cheap one: these are no real passwords. */
export async function create(sql: postgres.Sql, user: NewUser): Promise<User> {
  const id = user.id ?? randomUUID()
  const email = user.email?.toLowerCase() ?? null
  const appData = { ...(email ? { provider: 'email', providers: ['email'] } : {}), ...user.appData }
  return sql.begin(async (transaction) => {
    const rows = await transaction`
      insert into auth.users (instance_id, id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data,
        raw_user_meta_data, created_at, updated_at, is_anonymous)
      values ('00000000-0000-0000-0000-000000000000', ${id}, 'authenticated', 'authenticated', ${email},
        extensions.crypt(${user.password}::text, extensions.gen_salt('bf', 4)), case when ${email !== null} then now() end,
        ${transaction.json(appData as never)}, ${transaction.json((user.userData ?? {}) as never)}, now(), now(), ${email === null})
      returning *`
    if (email)
      await transaction`insert into auth.identities (provider_id, user_id, identity_data, provider)
        values (${id}, ${id}, ${transaction.json({ sub: id, email, email_verified: true })}, 'email')`
    const made = first(rows)
    if (!made) throw new Error('A user was inserted but not returned')
    return made
  })
}

/** Changes what is given; metadata are merged, as the API does. An anonymous user that gets an e-mail is one no longer. */
export async function update(sql: Sql, id: string, change: UserChange): Promise<User | undefined> {
  const json = (value: object | undefined) => JSON.stringify(value ?? {})
  return first(
    await sql`
    update auth.users set
      email = coalesce(${change.email?.toLowerCase() ?? null}, email),
      is_anonymous = is_anonymous and ${change.email === undefined},
      encrypted_password = coalesce(extensions.crypt(${change.password ?? null}::text, extensions.gen_salt('bf', 4)), encrypted_password),
      raw_app_meta_data = raw_app_meta_data || ${json(change.appData)}::text::jsonb,
      raw_user_meta_data = raw_user_meta_data || ${json(change.userData)}::text::jsonb,
      banned_until = case when ${change.bannedUntil !== undefined} then ${change.bannedUntil ?? null}::timestamptz else banned_until end,
      updated_at = now()
    where id::text = ${id} returning *`,
  )
}

export const remove = async (sql: Sql, id: string): Promise<boolean> =>
  (await sql`delete from auth.users where id::text = ${id}`).count > 0

export const isBanned = ({ banned_until }: User): boolean =>
  banned_until !== null && new Date(banned_until).getTime() > Date.now()
