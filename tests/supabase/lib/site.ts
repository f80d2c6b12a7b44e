/** @file Test helpers: Plate PCs of one restaurant, each a real core on a real file behind a cable of its own to the backend. */

import path from 'node:path'
import { createSecrets } from '../../../main/adapters/secrets/secrets.ts'
import { createSqliteStore } from '../../../main/adapters/sqlite/store.ts'
import { createSupabaseCloud } from '../../../main/adapters/supabase/index.ts'
import { createFileVault } from '../../../main/adapters/vault/index.ts'
import type { Core, CoreOptions } from '../../../main/core/api.ts'
import { startCore } from '../../../main/core/core.ts'
import type { Clock, Store } from '../../../main/core/ports.ts'
import type { Client } from '../../../shared/client/client.ts'
import type { Stream } from '../../../shared/client/stream.ts'
import type { CloudStatus } from '../../../shared/contract/contract.ts'
import type { Outcome } from '../../../shared/domain/errors.ts'
import { demoDocuments, localPort, online, PINS, streamed, tempDir, testClient } from '../../support/core.ts'
import { machineClock, noMetrics, quietLog } from '../../support/ports.ts'
import { eventually } from '../../support/progress.ts'
import { type Cable, cableTo } from '../../support/proxy.ts'
import { type Acknowledged, createAcknowledged, listenIn } from './acknowledged.ts'
import type { TestBackend } from './backend.ts'
import { cloudOf, shows } from './claims.ts'

/** One Plate PC. */
export interface Site {
  readonly name: string
  readonly dir: string
  readonly core: Core
  readonly store: Store
  /** The cable to the backend. */
  readonly cable: Cable
  /** A console at which the manager is signed in. */
  readonly client: Client
  /** All that console was told is done; what was before a download is forgotten, it stands in a file beside. */
  readonly acknowledged: Acknowledged
  /** All open tickets, as that console sees them. */
  readonly board: Stream<'tickets'>
  readonly status: Stream<'status'>
  /** Ids of all events in its log. */
  ids(): Promise<ReadonlySet<string>>
  cloud(): CloudStatus | undefined
  /** Connects it to the restaurant with a device code. */
  join(restaurant: string, take?: 'upload' | 'download'): Promise<void>
  /** Connects it as `claim` asks for, and waits until it is live; through a restart when it needs one. */
  joinBy(claim: () => Promise<Outcome<{ restarts: boolean }>>): Promise<void>
  /** Stops and starts it again on the same files. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export interface SiteOptions {
  clock?: Clock
  /** More for the core, e.g. another store. */
  core?: Partial<CoreOptions>
  /** Without the demo restaurant's documents. */
  bare?: boolean
  /** How long (ms) a call to the backend may take. */
  callMs?: number
}

const secrets = createSecrets()

/** Starts a PC that knows nothing of the cloud yet. */
export async function openSite(
  backend: TestBackend,
  name: string,
  { clock = machineClock, core: more = {}, bare = false, callMs }: SiteOptions = {},
): Promise<Site> {
  const folder = tempDir()
  const cable = await cableTo(Number(new URL(backend.url).port))
  const url = `http://127.0.0.1:${cable.port}`
  const acknowledged = createAcknowledged()
  let known = new Set<string>()
  let read = 0
  let running = await start()

  async function start() {
    const store =
      more.store ?? createSqliteStore({ file: path.join(folder.dir, 'plate.db'), clock, log: quietLog })
    const vault = createFileVault(path.join(folder.dir, 'secrets.json'))
    const core = await startCore({
      store,
      clock,
      log: quietLog,
      metrics: noMetrics,
      secrets,
      version: '0.0.0-test',
      name,
      cloud: createSupabaseCloud({ vault, log: quietLog, clock, ...(callMs && { callMs }) }),
      vault,
      restart: () => {
        restarting = restart()
      },
      ...more,
    })
    if (!bare) {
      const seeded = await core.seed(demoDocuments)
      if (!seeded.ok) throw new Error(JSON.stringify(seeded.error))
    }
    const connect = () => Promise.resolve(listenIn(localPort(core, `${name} console`), acknowledged))
    const client = testClient(connect, 'console')
    const board = client.subscribe('tickets', { scope: 'open' })
    const status = client.subscribe('status', {})
    await online(client)
    await streamed(status, () => true)
    // Open orders are for people; whoever joins with nothing has no staff yet.
    await trySignIn(client)
    return { core, store, client, board, status }
  }

  /** A restart the core asked for. */
  let restarting: Promise<void> | undefined

  async function halt(): Promise<void> {
    running.client.close()
    await running.core.stop()
  }
  async function restart(): Promise<void> {
    await halt()
    known = new Set()
    read = 0
    running = await start()
  }

  async function joinBy(claim: () => Promise<Outcome<{ restarts: boolean }>>): Promise<void> {
    const claimed = await claim()
    if (!claimed.ok) throw new Error(`${name} could not join: ${JSON.stringify(claimed.error)}`)
    const { restarts } = claimed.value
    if (restarts) {
      await eventually(`${name} to start again`, () => restarting !== undefined)
      await restarting
      acknowledged.forget()
    }
    await shows(`${name} to be live`, [site], ({ state }) => state === 'live')
    // A core that came back from a restart knows no sessions, and at first no staff.
    if (restarts) await eventually(`${name}'s staff`, () => trySignIn(running.client))
  }

  const site: Site = {
    name,
    dir: folder.dir,
    cable,
    acknowledged,
    get core() {
      return running.core
    },
    get store() {
      return running.store
    },
    get client() {
      return running.client
    },
    get board() {
      return running.board
    },
    get status() {
      return running.status
    },
    cloud: () => cloudOf(running.status),
    async ids() {
      for (;;) {
        const rows = await running.store.eventsAfter(read, 1_000)
        for (const { seq, event } of rows) {
          known.add(event.id)
          read = seq
        }
        if (rows.length < 1_000) return known
      }
    },
    joinBy,
    async join(restaurant, take = 'upload') {
      await signIn(running.client)
      const code = await backend.deviceCode(restaurant, name)
      const key = backend.publishableKey
      await joinBy(() => running.client.call('cloudClaim', { url, key, code, take }))
    },
    restart,
    async stop() {
      await halt()
      await cable.close()
      folder.remove()
    },
  }
  return site
}

async function trySignIn(client: Client): Promise<boolean> {
  return (await client.call('signIn', { pin: PINS.manager })).ok
}

/** Signs the manager in at this console. */
export async function signIn(client: Client): Promise<void> {
  const signed = await client.call('signIn', { pin: PINS.manager })
  if (!signed.ok) throw new Error(JSON.stringify(signed.error))
}

/** Starts PCs that are already in one restaurant. */
export async function openRestaurant(
  backend: TestBackend,
  names: readonly string[],
  options: SiteOptions = {},
): Promise<{ restaurant: string; sites: Site[] }> {
  const restaurant = await backend.restaurant()
  const sites: Site[] = []
  for (const name of names) {
    const site = await openSite(backend, name, options)
    await site.join(restaurant)
    sites.push(site)
  }
  return { restaurant, sites }
}
