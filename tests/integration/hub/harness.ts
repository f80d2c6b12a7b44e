/** @file Helpers of the hub's tests: a hub over a real core, raw requests, raw screens. Opens ports on this machine. */
import http from 'node:http'
import https from 'node:https'
import { connect as connectTcp, type Socket } from 'node:net'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import WebSocket from 'ws'
import { createHubServer, type HubOptions, type HubServer } from '../../../main/adapters/http/index.ts'
import { createMetrics } from '../../../main/adapters/metrics/index.ts'
import { createCertificates } from '../../../main/adapters/tls/index.ts'
import { createScreenSockets, type ScreenSocketOptions } from '../../../main/adapters/ws/index.ts'
import type { Core, CoreOptions } from '../../../main/core/api.ts'
import { CONTRACT_VERSION } from '../../../shared/contract/contract.ts'
import type { ServerFrame } from '../../../shared/contract/wire.ts'
import { startTestCore, tempDir } from '../../support/core.ts'
import { machineClock, quietLog } from '../../support/ports.ts'
import { words } from '../../support/words.ts'

export interface TestHub {
  hub: HubServer
  core: Core
  dir: string
  url: string
  tlsUrl: string | null
}

interface TestHubOptions {
  hub?: Partial<HubOptions>
  core?: Partial<CoreOptions>
  sockets?: ScreenSocketOptions
  dir?: string
  /** Goes on when a port is taken, as the app with its own windows does. */
  tolerant?: boolean
}

/** The machine's clock, which tests may push forward (ms). */
export function pushableClock() {
  let ahead = 0
  return {
    now: () => Date.now() + ahead,
    monotonic: () => machineClock.monotonic() + ahead,
    push(ms: number) {
      ahead += ms
    },
  }
}

/** A folder that is removed when the test ends. */
export function testDir(): string {
  const { dir, remove } = tempDir()
  onTestFinished(remove)
  return dir
}

/** Starts a hub on free ports; stopped when the test ends. */
export async function startTestHub(options: TestHubOptions = {}): Promise<TestHub> {
  const dir = options.dir ?? testDir()
  const clock = options.core?.clock ?? machineClock
  const hub = createHubServer({
    rendererDir: path.join(dir, 'renderer'),
    dataDir: dir,
    name: 'Test PC',
    words,
    log: quietLog,
    metrics: createMetrics(),
    sockets: createScreenSockets(options.sockets),
    certificates: createCertificates({ dir: path.join(dir, 'tls'), name: 'Test PC', clock, log: quietLog }),
    ports: { http: 0, tls: 0 },
    addresses: () => ['127.0.0.1'],
    ...options.hub,
  })
  const core = await startTestCore(dir, { lan: hub.lan, ...options.core })
  onTestFinished(async () => {
    await core.stop()
    await hub.stop()
  })
  const listening = hub.listen(core)
  const at = await (options.tolerant ? listening.catch(() => ({ url: '', tlsUrl: null })) : listening)
  return { hub, core, dir, ...at }
}

export interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  body: string
}

interface Ask {
  method?: string
  headers?: Record<string, string>
  body?: unknown
  /** Certificate authority to trust, PEM. */
  ca?: string
  localAddress?: string
}

/** One request, exactly as given: no redirects, no normalised paths, any Host header. */
export function ask(url: string, path: string, options: Ask = {}): Promise<Answer> {
  const { protocol, hostname, port } = new URL(url)
  const { method = options.body === undefined ? 'GET' : 'POST', ca, localAddress } = options
  const text = options.body === undefined ? undefined : JSON.stringify(options.body)
  const headers = { ...(text ? { 'content-type': 'application/json' } : {}), ...options.headers }
  const settings = {
    hostname,
    port,
    path,
    method,
    headers,
    agent: false as const,
    ...(ca ? { ca } : {}),
    ...(localAddress ? { localAddress } : {}),
  }
  return new Promise((resolve, reject) => {
    const request = (protocol === 'https:' ? https : http).request(settings, async (response) => {
      let body = ''
      for await (const chunk of response.setEncoding('utf8')) body += chunk
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
    })
    request.once('error', reject)
    request.end(text)
  })
}

/** The cookie of a Set-Cookie header, as the browser sends it back. */
export function cookieOf({ headers }: Answer): string {
  return headers['set-cookie']?.[0]?.split(';')[0] ?? ''
}

export interface RawScreen {
  socket: WebSocket
  /** The next frame of this type; others are skipped. Rejects when the connection ends first. */
  find<T extends ServerFrame['t']>(type: T): Promise<Extract<ServerFrame, { t: T }>>
  send(frame: unknown): void
  closed: Promise<{ code: number; reason: string }>
}

/** Wraps a WebSocket into a mailbox. */
export function rawScreen(socket: WebSocket): RawScreen {
  const frames: ServerFrame[] = []
  let wake = () => {}
  let over = false
  socket.on('message', (data) => {
    frames.push(JSON.parse(String(data)))
    wake()
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => {
      over = true
      wake()
      resolve({ code, reason: String(reason) })
    }),
  )
  return {
    socket,
    closed,
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    async find(type) {
      for (;;) {
        const frame = frames.shift()
        if (frame?.t === type) return frame as never
        if (frame) continue
        if (over) throw new Error(`closed before ${type}`)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}

/** Opens a raw screen. Rejects when the upgrade is refused, with the status in the message. */
export function openScreen(
  url: string,
  headers: Record<string, string> = {},
  options: { ca?: string } = {},
): Promise<RawScreen> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, { headers, ...options })
  const screen = rawScreen(socket)
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(screen))
    socket.once('error', reject)
  })
}

/** A hello as a screen sends it. */
export const hello = (kind: string) => ({
  t: 'hello',
  v: CONTRACT_VERSION,
  app: 'test',
  kind,
  station: null,
  clock: Date.now(),
  session: null,
})

/** The cookie of this machine's browser. */
export const localCookie = ({ hub }: Pick<TestHub, 'hub'>) => ({ cookie: `plate_local=${hub.key}` })

/** A socket that speaks just enough HTTP to be upgraded and then does what the test wants: nothing, usually. */
export function deafScreen(url: string, headers: Record<string, string> = {}): Promise<Socket> {
  const { hostname, port, host } = new URL(url)
  const socket = connectTcp(Number(port), hostname)
  const extra = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
  socket.write(`GET /ws HTTP/1.1\r\nHost: ${host}\r\n${upgrade}${key}${extra.join('')}\r\n`)
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('data', () => resolve(socket))
  })
}
