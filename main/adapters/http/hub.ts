/** @file The hub as one piece, for every composition root: pages, sockets and pairing over a running core. Opens ports. */
import { getRequestListener } from '@hono/node-server'
import type { Log } from '../../core/ports.ts'
import { createApp } from './app.ts'
import type { HubContext } from './context.ts'
import { createStaticFiles } from './files.ts'
import { createKeep } from './keep.ts'
import { createLanControl, type LanControl, type LanSwitch } from './lan.ts'
import { createGate, RATE_LIMITS, type RateLimits } from './limits.ts'
import { type Handlers, type Listener, listenLocally } from './listeners.ts'
import { lanAddresses } from './network.ts'
import { SCREENS, type ScreenName } from './pages.ts'
import type { CertificateSource, HubCore, HubMetrics, HubWords, Sockets } from './parts.ts'
import { createUpgrade } from './upgrade.ts'

export interface HubOptions {
  /** Folder of the built windows. */
  rendererDir: string
  /** Folder of the hub's own files (local key, LAN switch), created when missing. */
  dataDir: string
  /** Shown to people and to peers. */
  name: string
  words: HubWords
  log: Log
  metrics: HubMetrics
  sockets: Sockets
  certificates: CertificateSource
  /** 0: any free port. */
  ports: { http: number; tls: number }
  /** Whether the network is open at start; as it was last time when absent. */
  lan?: boolean
  /** Names to answer to beyond the machine's own. */
  hostNames?: readonly string[]
  /** Origins whose pages may use the hub, beside its own. */
  allowedOrigins?: readonly string[]
  /** Addresses of reverse proxies whose X-Forwarded headers are believed. */
  trustedProxies?: readonly string[]
  /** Bearer token that may read /metrics from elsewhere. */
  metricsToken?: string
  maxConnections?: number
  limits?: Partial<RateLimits>
  /** IPv4 addresses on the network right now; the system's when absent. */
  addresses?: () => string[]
}

export interface HubServer {
  /** For the core: how it opens itself to the network. */
  readonly lan: LanSwitch
  /** The local key: opens every screen from this machine. */
  readonly key: string
  /**
   * Starts serving. Rejects with a ListenError when a port is taken; then nothing stays open, and hosts that go on without
   * it may still open the network later through `lan`.
   */
  listen(core: HubCore): Promise<{ url: string; tlsUrl: string | null }>
  /** Addresses of the screens for this machine's browser, signed in. */
  links(): { screen: ScreenName; url: string }[]
  /** Looks at the machine's addresses again, e.g. after a sleep. */
  refresh(): Promise<void>
  /** Closes all connections and ports. Stop the core first: it says goodbye to the screens. */
  stop(): Promise<void>
}

const MAX_CONNECTIONS = 2_000
/** Beyond the limit, so many still get an answer that says so. */
const ANSWERED_BEYOND = 200
const REFRESH_MS = 60_000

/** Everything of the hub that does not need the core yet. */
function prepare(options: HubOptions) {
  const keep = createKeep(options.dataDir, options.log)
  const key = keep.localKey()
  const maxConnections = options.maxConnections ?? MAX_CONNECTIONS
  let handlers: Omit<Handlers, 'admits'> | undefined
  let core: HubCore | undefined
  let local: Listener | undefined
  const openNow = (): number => (local?.size ?? 0) + lan.size
  const entry: Handlers = {
    request: (request, response) => handlers?.request(request, response),
    upgrade: (request, socket, head) => handlers?.upgrade(request, socket, head),
    admits: () => openNow() < maxConnections + ANSWERED_BEYOND,
  }
  const lan: LanControl = createLanControl({
    port: options.ports.tls,
    certificates: options.certificates,
    keep,
    log: options.log,
    hostNames: options.hostNames ?? [],
    addresses: options.addresses ?? lanAddresses,
    handlers: entry,
    changed: () => core?.lanChanged(),
  })
  const context = (running: HubCore): HubContext => ({
    core: running,
    name: options.name,
    words: options.words,
    log: options.log,
    metrics: options.metrics,
    key,
    gate: createGate({ ...RATE_LIMITS, ...options.limits }),
    files: createStaticFiles(options.rendererDir),
    hosts: lan.hosts,
    allowedOrigins: options.allowedOrigins ?? [],
    trustedProxies: options.trustedProxies ?? [],
    metricsToken: options.metricsToken,
    crowded: () => openNow() > maxConnections,
    maxConnections,
    identification: lan.identification,
  })
  const attach = async (running: HubCore) => {
    core = running
    const hub = context(running)
    const request = getRequestListener(createApp(hub).fetch, { overrideGlobalObjects: false })
    handlers = { request, upgrade: createUpgrade(hub, options.sockets) }
    local = await listenLocally(entry, options.ports.http)
    return local
  }
  return { keep, key, lan, attach }
}

/** A hub that does not listen yet. Give its `lan` to the core, then the core to `listen`. */
export function createHubServer(options: HubOptions): HubServer {
  const { keep, key, lan, attach } = prepare(options)
  let local: Listener | undefined
  let timer: NodeJS.Timeout | undefined
  const origin = () => `http://127.0.0.1:${local?.port}`

  const refresh = () =>
    lan.refresh().catch((error: unknown) => options.log.error('lan.refreshFailed', { error }))
  const closePorts = async () => {
    clearInterval(timer)
    await lan.close()
    if (local) keep.setRunning(null)
    await local?.close()
    local = undefined
  }
  return {
    lan,
    key,
    async listen(core) {
      try {
        local = await attach(core)
        if (options.lan !== undefined) keep.setLan(options.lan)
        if (keep.lanOn()) await lan.open()
      } catch (error) {
        await closePorts()
        throw error
      }
      keep.setRunning({ url: origin(), pid: process.pid })
      timer = setInterval(refresh, REFRESH_MS)
      timer.unref()
      return { url: origin(), tlsUrl: lan.state().addresses[0] ?? null }
    },
    links: () =>
      SCREENS.filter((screen) => screen !== 'join').map((screen) => ({
        screen,
        url: `${origin()}/open?key=${key}&to=/${screen}/`,
      })),
    refresh,
    async stop() {
      await options.sockets.stop()
      await closePorts()
    },
  }
}
