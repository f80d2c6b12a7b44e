/** @file A Supabase-compatible backend over a prepared PostgreSQL database: REST, Auth and Realtime on one port of this computer. Listens, reads and writes the database. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import postgres from 'postgres'
import { createAuth } from './auth/index.ts'
import { refusal } from './auth/refusals.ts'
import type { ClusterAddresses } from './cluster.ts'
import { type Faults, noFaults } from './faults.ts'
import { admit } from './gate.ts'
import { type Call, json, preflight, type Reply, readBody, write } from './http.ts'
import { createRealtime } from './realtime/index.ts'
import { createFunctions } from './rest/functions.ts'
import { callFunction } from './rest/rpc.ts'
import { createTables } from './rest/tables.ts'
import { JWT_EXPIRY, LOCAL_KEYS, type ProjectKeys } from './settings.ts'

export interface BackendOptions {
  cluster: ClusterAddresses
  database: string
  /** Any free port when left out. */
  port?: number
  keys?: ProjectKeys
  /** Seconds an access token is valid. */
  jwtExpiry?: number
}

export interface Backend extends ProjectKeys {
  url: string
  port: number
  faults: Faults
  /** Stops and starts again on the same port and database; all connections die. */
  restart(): Promise<void>
  close(): Promise<void>
}

const pool = (url: string, max: number): postgres.Sql =>
  postgres(url, { max, idle_timeout: 20, onnotice: () => {} })

/** Ends waiting after this (ms): whoever was in the middle of something when everything ended is not worth it. */
const PATIENCE_MS = 5_000

async function within(what: string, end: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      console.warn(`local backend: ${what} did not end in time`)
      resolve()
    }, PATIENCE_MS)
  })
  await Promise.race([end, late])
  clearTimeout(timer)
}

const headersOf = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))

async function listenOn(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}

/**
 * Starts serving. The database must have been prepared (see prepare.ts).
 * @throws when the port is taken (code EADDRINUSE).
 */
export async function startBackend(options: BackendOptions): Promise<Backend> {
  const { cluster, database, keys = LOCAL_KEYS } = options
  const faults = noFaults()
  // The API's own user may become anon, authenticated or service_role, and has no rights of its own.
  const api = pool(cluster.apiUrl(database), 20)
  const platform = pool(cluster.adminUrl(database), 8)
  const functions = createFunctions(platform)
  const tables = createTables(cluster.url(database), keys)
  const auth = createAuth(platform, {
    issuer: 'http://127.0.0.1/auth/v1',
    jwtSecret: keys.jwtSecret,
    jwtExpiry: options.jwtExpiry ?? JWT_EXPIRY,
  })
  const realtime = createRealtime({
    sql: platform,
    keys,
    faults,
    onSchemaChange() {
      functions.forget()
      void tables.forget()
    },
  })
  let server: Server | undefined
  let port = options.port ?? 0
  const sockets = new Set<Duplex>()

  function route(call: Call): Promise<Reply> | Reply {
    const { pathname, searchParams } = call.url
    if (pathname.startsWith('/auth/v1/')) return auth.answer(call)
    const rpc = /^\/rest\/v1\/rpc\/([^/]+)$/.exec(pathname)?.[1]
    if (rpc && call.method === 'POST' && [...searchParams.keys()].every((key) => key === 'apikey'))
      return callFunction({ sql: api, functions, faults }, decodeURIComponent(rpc), call)
    if (pathname.startsWith('/rest/v1/')) return tables.answer(call)
    if (pathname === '/realtime/v1/api/broadcast') return realtime.httpBroadcast(call)
    return json(404, { message: 'no Route matched with those values' })
  }

  async function answer(request: IncomingMessage): Promise<Reply> {
    const url = new URL(request.url ?? '/', `http://127.0.0.1:${port}`)
    const headers = headersOf(request)
    const method = request.method ?? 'GET'
    if (method === 'OPTIONS') return preflight(headers)
    const fault = faults.answer?.(url.pathname)
    if (fault) {
      const retry = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }
      return json(fault.status, { message: `fault ${fault.status}` }, retry)
    }
    const body = await readBody(request)
    if (faults.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, faults.delayMs))
    const admission = admit(headers, url, keys)
    if (admission.ok) return route({ method, url, headers, body, caller: admission.caller })
    const isAuth = url.pathname.startsWith('/auth/v1/')
    return isAuth && admission.wrong === 'token' ? refusal('bad_jwt') : admission.reply
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = await answer(request)
    if (faults.dropAnswer?.(new URL(request.url ?? '/', 'http://localhost').pathname))
      request.socket.destroy()
    else write(response, request.method === 'HEAD' ? { ...reply, body: null } : reply)
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const fault = faults.answer?.(pathname)
    if (pathname === '/realtime/v1/websocket' && !fault) realtime.upgrade(request, socket, head)
    else socket.end(`HTTP/1.1 ${fault?.status ?? 404} Refused\r\nConnection: close\r\n\r\n`)
  }

  async function start(): Promise<void> {
    server = createServer((request, response) => {
      handle(request, response).catch((error) => {
        // The other side may have gone while it was written.
        if (request.socket.destroyed) return
        console.warn('local backend:', error)
        if (response.headersSent) response.destroy()
        else write(response, json(500, { message: String(error) }))
      })
    })
    server.on('upgrade', upgrade)
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    })
    port = await listenOn(server, port)
    await realtime.start()
  }

  async function stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
    for (const socket of sockets) socket.destroy()
    await within('Realtime', realtime.stop())
    await within('the server', closed)
  }

  await start()
  return {
    ...keys,
    url: `http://127.0.0.1:${port}`,
    port,
    faults,
    async restart() {
      await stop()
      await start()
    },
    async close() {
      await stop()
      await Promise.all([
        api.end({ timeout: 2 }),
        platform.end({ timeout: 2 }),
        within('table requests', tables.close()),
      ])
    },
  }
}
