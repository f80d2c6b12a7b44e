/** @file Test helpers: a real core on a real SQLite file, and clients on it over any Port. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createSecrets } from '../../main/adapters/secrets/secrets.ts'
import { createSqliteStore } from '../../main/adapters/sqlite/store.ts'
import type { Core, CoreOptions } from '../../main/core/api.ts'
import { startCore } from '../../main/core/core.ts'
import { type Client, createClient } from '../../shared/client/client.ts'
import type { Changes, Stream } from '../../shared/client/stream.ts'
import type { StreamName, StreamValues } from '../../shared/contract/contract.ts'
import type { Port } from '../../shared/contract/port.ts'
import type { ScreenKind } from '../../shared/domain/roles.ts'
import { machineClock, noMetrics, portPair, quietLog } from './ports.ts'

const secrets = createSecrets()
const root = path.resolve(import.meta.dirname, '../..')

/** The demo restaurant as shipped. */
export const demoDocuments = JSON.parse(
  readFileSync(path.join(root, 'resources/demo-restaurant.json'), 'utf8'),
) as Record<string, unknown>

/** PINs of the demo staff, by role. */
export const PINS = { server: '1111', cook: '3333', expo: '4444', host: '5555', manager: '9999' } as const

/** A fresh folder; `remove` deletes it. */
export function tempDir(): { dir: string; remove(): void } {
  const dir = mkdtempSync(path.join(tmpdir(), 'plate-'))
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) }
}

/** Starts a core on `dir/plate.db` and seeds the demo restaurant. */
export async function startTestCore(dir: string, options: Partial<CoreOptions> = {}): Promise<Core> {
  const clock = options.clock ?? machineClock
  const core = await startCore({
    store: createSqliteStore({ file: path.join(dir, 'plate.db'), clock, log: quietLog }),
    clock,
    log: quietLog,
    metrics: noMetrics,
    secrets,
    version: '0.0.0-test',
    name: 'Test PC',
    ...options,
  })
  const seeded = await core.seed(demoDocuments)
  if (!seeded.ok) throw new Error(JSON.stringify(seeded.error))
  return core
}

/** Opens a memory Port served by `core` as a local screen. */
export function localPort(core: Core, device = 'local'): Port {
  const [near, far] = portPair()
  core.serve(far, { id: device, name: device, kind: 'local', station: null })
  return near
}

/** A client over ports that `connect` opens, with the machine's time and timers. */
export function testClient(
  connect: () => Promise<Port>,
  kind: ScreenKind,
  station: string | null = null,
  app = 'test',
  create = createClient,
): Client {
  return create({
    connect,
    kind,
    station,
    app,
    host: {
      now: Date.now,
      after: (ms, task) => {
        const timer = setTimeout(task, ms)
        return () => clearTimeout(timer)
      },
      id: () => secrets.uuid(Date.now()),
      random: Math.random,
    },
  })
}

/** Resolves when `test` is true; asks again whenever `subscribe` tells of news. */
export function until(subscribe: (listener: () => void) => () => void, test: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (test()) {
      resolve()
      return
    }
    const stop = subscribe(() => {
      if (!test()) return
      stop()
      resolve()
    })
  })
}

/** Resolves when the client is online. */
export const online = (client: Client) => until(client.onState, () => client.state.link === 'online')

/** Resolves when the collection satisfies `test`. */
export function streamed<S extends StreamName>(
  stream: Stream<S>,
  test: (entries: ReadonlyMap<string, StreamValues[S]>, changes?: Changes<StreamValues[S]>) => boolean,
): Promise<void> {
  return until(
    (listener) => stream.onChange(listener),
    () => stream.loaded && test(stream.entries),
  )
}

/** A line with defaults, for `placeOrder`. */
export function line(client: Pick<Client, 'newId'>, menuItem: string, more: Record<string, unknown> = {}) {
  return { id: client.newId(), menuItem, quantity: 1, ...more }
}
