/** @file Builds a whole hub: store, core, web server, certificates. The composition root's only constructor calls. */
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { createHubServer, type HubServer } from '../adapters/http/index.ts'
import type { PrometheusMetrics } from '../adapters/metrics/index.ts'
import { createSecrets } from '../adapters/secrets/secrets.ts'
import { createSqliteStore } from '../adapters/sqlite/store.ts'
import { createSupabaseCloud } from '../adapters/supabase/index.ts'
import { createCertificates } from '../adapters/tls/index.ts'
import { createFileVault } from '../adapters/vault/index.ts'
import { createPeerDialer, createScreenSockets } from '../adapters/ws/index.ts'
import type { Core } from '../core/api.ts'
import { startCore } from '../core/core.ts'
import type { Log } from '../core/ports.ts'
import type { HubArguments } from './arguments.ts'
import type { Program } from './places.ts'
import { watchWake } from './wake.ts'
import { words } from './words.ts'

export interface RunningHub {
  core: Core
  hub: HubServer
  url: string
  tlsUrl: string | null
  /** Says goodbye to the screens, closes store and ports. */
  stop(): Promise<void>
}

/** What outlives a restart. */
export interface HubHost {
  log: Log
  metrics: PrometheusMetrics
  program: Program
  /** Starts this hub again on the same data. */
  restart(): void
}

const clock = { now: Date.now, monotonic: () => performance.now() }

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'))

/** Publishes the demo restaurant's documents on a store that has none. A hub without them still runs. */
async function seed(core: Core, file: string, log: Log): Promise<void> {
  const seeded = await core.seed(readJson(file))
  if (!seeded.ok) log.error('hub.seedFailed', { failure: seeded.error })
}

/** Starts everything. Rejects with a StoreError or ListenError, which says what to do; then nothing stays open. */
export async function startHub(wanted: HubArguments, dataDir: string, host: HubHost): Promise<RunningHub> {
  const { log, metrics, program, restart } = host
  const name = wanted.name ?? hostname()
  const hub = createHubServer({
    rendererDir: program.rendererDir,
    dataDir,
    name,
    words,
    log,
    metrics,
    sockets: createScreenSockets(),
    certificates: createCertificates({ dir: path.join(dataDir, 'tls'), name, clock, log }),
    ports: { http: wanted.port, tls: wanted.tlsPort },
    ...(wanted.lan === undefined ? {} : { lan: wanted.lan }),
    hostNames: wanted.hostNames,
    allowedOrigins: wanted.allowedOrigins,
    trustedProxies: wanted.trustedProxies,
    ...(wanted.metricsToken ? { metricsToken: wanted.metricsToken } : {}),
    maxConnections: wanted.maxConnections,
  })
  const dialer = createPeerDialer()
  const vault = createFileVault(path.join(dataDir, 'secrets.json'))
  const core = await startCore({
    store: createSqliteStore({ file: path.join(dataDir, 'plate.db'), clock, log }),
    clock,
    log,
    metrics,
    secrets: createSecrets(),
    version: readJson(program.packageFile).version,
    name,
    lan: hub.lan,
    dialer,
    cloud: createSupabaseCloud({ vault, log, clock }),
    vault,
    restart,
  })
  const unwatch = watchWake(() => {
    void hub.refresh()
    core.woke()
  })
  const stop = async () => {
    unwatch()
    await core.stop()
    await hub.stop()
    dialer.stop()
  }
  try {
    await seed(core, program.demoRestaurant, log)
    const { url, tlsUrl } = await hub.listen(core)
    if (wanted.demo !== undefined) core.train(wanted.demo)
    return { core, hub, url, tlsUrl, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
