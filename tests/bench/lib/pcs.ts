/** @file Plate PCs in a process of their own, for benchmarks: cores on real files, joined to the cloud, some with a hub. Talks to its parent over IPC. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createHubServer } from '../../../main/adapters/http/index.ts'
import { createMetrics } from '../../../main/adapters/metrics/index.ts'
import { createSecrets } from '../../../main/adapters/secrets/secrets.ts'
import { createSqliteStore } from '../../../main/adapters/sqlite/store.ts'
import { createSupabaseCloud } from '../../../main/adapters/supabase/index.ts'
import { createCertificates } from '../../../main/adapters/tls/index.ts'
import { createFileVault } from '../../../main/adapters/vault/index.ts'
import { createScreenSockets } from '../../../main/adapters/ws/index.ts'
import type { Core } from '../../../main/core/api.ts'
import { startCore } from '../../../main/core/core.ts'
import type { CloudProject } from '../../../main/core/ports.ts'
import { demoDocuments } from '../../support/core.ts'
import { machineClock, quietLog } from '../../support/ports.ts'
import { words } from '../../support/words.ts'
import { overChanges } from './changes.ts'
import type { Door } from './paint.ts'

const ROOT = path.resolve(import.meta.dirname, '../../..')

/** One PC to start. */
export interface PcWish {
  dir: string
  name: string
  /** Absent: it works without a cloud. */
  project?: CloudProject
  /** A device code; absent when it joined before. */
  code?: string
  /** How it hears of changes: Plate's way, or Supabase's postgres_changes. */
  live?: 'broadcast' | 'changes'
  /** Serves screens. */
  hub?: boolean
}

/** What a process can be asked besides starting PCs. */
export interface PcFigures {
  /** µs of CPU this process took since it was last asked. */
  cpuMs: number
  /** p99 of the event loop's delay since then, ms. */
  loopP99Ms: number
  /** The longest that the event loop was held since then, ms. */
  loopMaxMs: number
  /** The longest stretch of its own work that held the event loop, ms of CPU time. */
  heldMaxMs: number
  residentMb: number
  /** Per PC: its state in the cloud. */
  cloud: { state: string; behind: number; outbox: number; cursorCurrentAt: number | null }[]
}

async function startPc(wish: PcWish): Promise<{ core: Core; door: Door | null }> {
  const { dir, name, project, code, live = 'broadcast' } = wish
  const metrics = createMetrics({ process: false })
  const vault = createFileVault(path.join(dir, 'secrets.json'))
  const broadcast = createSupabaseCloud({ vault, log: quietLog, clock: machineClock })
  const hub = wish.hub
    ? createHubServer({
        rendererDir: path.join(ROOT, 'out/renderer'),
        dataDir: dir,
        name,
        words,
        log: quietLog,
        metrics,
        sockets: createScreenSockets(),
        certificates: createCertificates({
          dir: path.join(dir, 'tls'),
          name,
          clock: machineClock,
          log: quietLog,
        }),
        ports: { http: 0, tls: 0 },
      })
    : null
  const core = await startCore({
    store: createSqliteStore({ file: path.join(dir, 'plate.db'), clock: machineClock, log: quietLog }),
    clock: machineClock,
    log: quietLog,
    metrics,
    secrets: createSecrets(),
    version: '0.0.0-bench',
    name,
    vault,
    cloud: live === 'changes' ? overChanges(broadcast, vault) : broadcast,
    ...(hub ? { lan: hub.lan } : {}),
  })
  const seeded = await core.seed(demoDocuments)
  if (!seeded.ok) throw new Error(JSON.stringify(seeded.error))
  const door = hub ? { url: (await hub.listen(core)).url, key: hub.key } : null
  if (code && project) {
    const claimed = await core.cloud?.claim(project, code, 'upload')
    if (!claimed?.ok) throw new Error(`${name} could not join: ${JSON.stringify(claimed?.error)}`)
  }
  return { core, door }
}

/** The parent's side: a process that hosts PCs. */
export interface PcProcess {
  readonly pid: number
  start(wish: PcWish): Promise<Door | null>
  figures(): Promise<PcFigures>
  /** Resolves when all its PCs are live, have sent all and know all. */
  current(): Promise<void>
  stop(): Promise<void>
}

/** Starts a process that hosts PCs. */
export function openPcs(): PcProcess {
  const child: ChildProcess = fork(path.join(import.meta.dirname, 'pcs-process.ts'), { stdio: 'inherit' })
  let asked = 0
  async function ask<T>(what: string, wish?: PcWish): Promise<T> {
    const id = ++asked
    child.send({ id, what, wish })
    for (;;) {
      const [answer] = (await once(child, 'message')) as [{ id: number; value?: T; error?: string }]
      if (answer.id !== id) continue
      if (answer.error) throw new Error(answer.error)
      return answer.value as T
    }
  }
  return {
    pid: child.pid ?? 0,
    start: (wish) => ask<Door | null>('start', wish),
    figures: () => ask<PcFigures>('figures'),
    async current() {
      for (;;) {
        const { cloud } = await ask<PcFigures>('figures')
        if (cloud.every((one) => one.state === 'live' && one.behind === 0 && one.outbox === 0)) return
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    },
    async stop() {
      const gone = once(child, 'exit')
      child.send({ id: ++asked, what: 'stop' })
      await gone
    },
  }
}

export { startPc }
