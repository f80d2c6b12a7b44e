/** @file Test helpers: the hub as a process of its own, in a restaurant of the backend; and what its files hold afterwards. */
import path from 'node:path'
import { createSqliteStore } from '../../../main/adapters/sqlite/store.ts'
import type { Client } from '../../../shared/client/client.ts'
import type { Stream } from '../../../shared/client/stream.ts'
import type { CloudStatus } from '../../../shared/contract/contract.ts'
import { online, streamed, testClient } from '../../support/core.ts'
import { startHub, type TestHub } from '../../support/hub.ts'
import { machineClock, quietLog } from '../../support/ports.ts'
import { type Acknowledged, createAcknowledged, listenIn } from './acknowledged.ts'
import type { TestBackend } from './backend.ts'
import { cloudOf } from './claims.ts'
import type { Held } from './equal.ts'
import { signIn } from './site.ts'

export interface HubSite {
  hub: TestHub
  /** A console at which the manager is signed in. */
  client: Client
  status: Stream<'status'>
  /** All that console was told is done. */
  acknowledged: Acknowledged
  cloud(): CloudStatus | undefined
}

/** The environment that lets a hub join by itself. */
export async function joinEnv(
  backend: TestBackend,
  restaurant: string,
  take: 'upload' | 'download',
  url = backend.url,
): Promise<Record<string, string>> {
  return {
    PLATE_SUPABASE_URL: url,
    PLATE_SUPABASE_KEY: backend.publishableKey,
    PLATE_DEVICE_CODE: await backend.deviceCode(restaurant),
    PLATE_SUPABASE_TAKE: take,
  }
}

/** Starts a hub on `dir` and opens a console at it, which goes on noting what is `acknowledged` there. */
export async function startHubSite(
  dir: string,
  env: Record<string, string> = {},
  acknowledged?: Acknowledged,
): Promise<HubSite> {
  return openHubSite(await startHub({ dir, args: ['--tls-port', '0'], env }), acknowledged)
}

/** Opens a console at a hub. */
export async function openHubSite(hub: TestHub, acknowledged = createAcknowledged()): Promise<HubSite> {
  const client = testClient(async () => listenIn(await hub.connect(), acknowledged), 'console')
  const status = client.subscribe('status', {})
  await online(client)
  await streamed(status, () => true)
  await signIn(client)
  return {
    hub,
    client,
    status,
    acknowledged,
    cloud: () => cloudOf(status),
  }
}

/** Reads what a stopped PC's files hold, and hands it to `look`, with what was `acknowledged` there as far as anybody noted it. */
export async function withFiles<T>(
  dir: string,
  look: (held: Held) => Promise<T>,
  acknowledged = createAcknowledged(),
): Promise<T> {
  const store = createSqliteStore({ file: path.join(dir, 'plate.db'), clock: machineClock, log: quietLog })
  await store.open()
  try {
    return await look({
      name: dir,
      store,
      acknowledged,
      async ids() {
        const ids = new Set<string>()
        let read = 0
        for (;;) {
          const rows = await store.eventsAfter(read, 1_000)
          for (const { seq, event } of rows) {
            ids.add(event.id)
            read = seq
          }
          if (!rows.length) return ids
        }
      },
    })
  } finally {
    await store.close()
  }
}
