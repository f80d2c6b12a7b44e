/** @file Reads and writes of tables over REST: @supabase/lite over our PostgreSQL, corrected where it differs from PostgREST. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { App } from '@supabase/lite'
import { createPostgresConnection } from '@supabase/lite/postgres'
import type { Call, Reply } from '../http.ts'
import type { ProjectKeys } from '../settings.ts'

export interface Tables {
  answer(call: Call): Promise<Reply>
  /** After a migration: look at the schema again. */
  forget(): Promise<void>
  close(): Promise<void>
}

const iso = (value: string): string => value.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')
const asIs = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Values as PostgREST writes them; and JSON that was text already is not written as text again. */
const TYPES = {
  numeric: { to: 1700, from: [1700], serialize: String, parse: Number },
  timestamp: { to: 1114, from: [1114], serialize: (value: string) => value, parse: iso },
  timestamptz: { to: 1184, from: [1184], serialize: (value: string) => value, parse: iso },
  json: { to: 114, from: [114], serialize: asIs, parse: JSON.parse },
  jsonb: { to: 3802, from: [3802], serialize: asIs, parse: JSON.parse },
}

const inside = new AsyncLocalStorage<true>()
let quiet = false

/** Lite prints every refused statement; refusals are what these tests are about. */
function hush(): void {
  if (quiet) return
  quiet = true
  const print = console.error
  console.error = (...args: unknown[]) => {
    if (!inside.getStore()) print(...args)
  }
}

/** Answers that may only mean that the schema has changed since it was looked at. */
const UNKNOWN = /"code":\s*"(PGRST205|PGRST204|PGRST202|PGRST200|42703|42P01)"/

function toRequest(call: Call, keys: ProjectKeys): Request {
  const headers = new Headers(call.headers)
  for (const name of ['host', 'connection', 'content-length', 'transfer-encoding']) headers.delete(name)
  headers.set('apikey', call.caller.role === 'service_role' ? keys.secretKey : keys.publishableKey)
  headers.delete('authorization')
  if (call.caller.token) headers.set('authorization', `Bearer ${call.caller.token}`)
  const hasBody = call.method !== 'GET' && call.method !== 'HEAD'
  return new Request(call.url, {
    method: call.method,
    headers,
    ...(hasBody ? { body: new Uint8Array(call.body) } : {}),
  })
}

async function toReply(response: Response): Promise<Reply> {
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: response.status === 204 ? null : new Uint8Array(await response.arrayBuffer()),
  }
}

const isUnknown = ({ status, body }: Reply): boolean =>
  (status === 404 || status === 400) && body !== null && UNKNOWN.test(Buffer.from(body).toString())

export function createTables(url: string, keys: ProjectKeys): Tables {
  hush()
  const connection = createPostgresConnection({
    url,
    postgresOptions: { max: 10, idle_timeout: 20, onnotice: () => {}, types: TYPES },
  })
  // Without this, Lite grants everything to everybody at its first request and undoes the migrations' refusals.
  Object.assign(connection, { rlsState: 'active' })
  const app = new App({
    connection,
    auth: {
      enabled: true,
      jwt_secret: keys.jwtSecret,
      publishable_key: keys.publishableKey,
      secret_key: keys.secretKey,
    },
    api: { schemas: ['public'], extra_search_path: ['public', 'extensions'], max_rows: 1000 },
    options: { server: { admin: false } },
  } as ConstructorParameters<typeof App>[0])
  const ask = (call: Call) =>
    inside.run(true, async () => toReply(await app.fetch(toRequest(call, keys), { peerAddress: null })))

  return {
    async answer(call) {
      const reply = await ask(call)
      if (!isUnknown(reply)) return reply
      await connection.clearSchemaCache()
      return ask(call)
    },
    forget: async () => {
      await connection.clearSchemaCache()
    },
    close: () => connection.close(),
  }
}
