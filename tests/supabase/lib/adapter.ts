/** @file Test helpers: a device that talks to the backend through Plate's own adapter, and what it heard. */
import { createSupabaseCloud } from '../../../main/adapters/supabase/index.ts'
import type {
  Cloud,
  CloudConnection,
  CloudEvent,
  CloudLink,
  CloudListener,
  Log,
  Vault,
} from '../../../main/core/ports.ts'
import { machineClock } from '../../support/ports.ts'
import { watchdog } from '../../support/progress.ts'
import type { TestBackend } from './backend.ts'

export interface Heard {
  readonly hints: { first: number; last: number; events: CloudEvent[] | null }[]
  /** Every word about liveness, in order. */
  readonly live: boolean[]
  intakes: number
  rights: number
  /** Every word about the session being kept, in order. */
  readonly kept: boolean[]
  /** Whether it is live by what it last heard. */
  isLive(): boolean
  /** Resolves when `test` holds after something was heard; rejects when it has long been silent. */
  until(test: (heard: Heard) => boolean): Promise<void>
  listener: CloudListener
}

export function createHeard(): Heard {
  const waiting = new Set<() => void>()
  const told = () => {
    for (const check of waiting) check()
  }
  const heard: Heard = {
    hints: [],
    live: [],
    intakes: 0,
    rights: 0,
    kept: [],
    isLive: () => heard.live.at(-1) === true,
    until: (test) =>
      new Promise((resolve, reject) => {
        const dog = watchdog((ms) => {
          waiting.delete(check)
          reject(new Error(`silent for ${ms} ms: ${test}; ${JSON.stringify(heard)}`))
        })
        function check() {
          dog.moved()
          if (!test(heard)) return
          dog.end()
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
    listener: {
      grew: (hint) => {
        heard.hints.push(hint)
        told()
      },
      intake: () => {
        heard.intakes += 1
        told()
      },
      live: (on) => {
        heard.live.push(on)
        told()
      },
      rights: () => {
        heard.rights += 1
        told()
      },
      kept: (on) => {
        heard.kept.push(on)
        told()
      },
    },
  }
  return heard
}

/** A vault whose content the test sees. */
export function createTestVault(): Vault & { kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return {
    kept,
    read: (name) => Promise.resolve(kept.get(name) ?? null),
    write: (name, value) => {
      if (value === null) kept.delete(name)
      else kept.set(name, value)
      return Promise.resolve()
    },
  }
}

/** A log of lines as text, to look for what must never be in it. */
export function createTestLog(): Log & { lines: string[] } {
  const lines: string[] = []
  const write = (event: string, fields?: Record<string, unknown>) => {
    lines.push(`${event} ${JSON.stringify(fields)}`)
  }
  return { lines, debug: write, info: write, warn: write, error: write }
}

export interface Device {
  core: string
  cloud: Cloud
  vault: ReturnType<typeof createTestVault>
  log: ReturnType<typeof createTestLog>
  link: CloudLink
  connection: CloudConnection
  heard: Heard
}

/** Claims a device of `restaurant` and connects it; `url` is another way to the backend, e.g. a cable. It does not listen yet. */
export async function joinDevice(
  backend: TestBackend,
  restaurant: string,
  { url = backend.url }: { url?: string } = {},
): Promise<Device> {
  const core = crypto.randomUUID()
  const vault = createTestVault()
  const log = createTestLog()
  const cloud = createSupabaseCloud({ vault, log, clock: machineClock })
  const project = { url, key: backend.publishableKey }
  const self = { core, name: 'Till', letter: '', version: '0.0.0' }
  const claimed = await cloud.claim(project, await backend.deviceCode(restaurant), self)
  if (!claimed.ok) throw new Error(JSON.stringify(claimed.error))
  const link = claimed.value
  return { core, cloud, vault, log, link, connection: cloud.connect(link), heard: createHeard() }
}

/** Begins to listen and waits until it is live. */
export async function goLive(device: Device): Promise<void> {
  device.connection.listen(device.heard.listener)
  await device.heard.until((heard) => heard.isLive())
}

/** Events of a later version, which the cloud takes unread. */
export function someEvents(device: Pick<Device, 'core'>, count: number, padding = 0) {
  return Array.from({ length: count }, () => ({
    id: crypto.randomUUID(),
    v: 2,
    kind: 'test.happened',
    order: null,
    at: Date.now(),
    stamp: `${String(Date.now()).padStart(15, '0')}-000000-${device.core}`,
    device: device.core,
    staff: null,
    command: crypto.randomUUID(),
    data: { padding: 'x'.repeat(padding) },
  }))
}

/** Appends and answers the seqs. */
export async function append(device: Device, events: readonly unknown[]): Promise<number[]> {
  const answer = await device.connection.append(device.core, events)
  if (!answer.ok) throw new Error(JSON.stringify(answer.error))
  return answer.value.results.map((result) => ('seq' in result ? result.seq : Number.NaN))
}
