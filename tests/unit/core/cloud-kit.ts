/** @file Test kit of the cloud: real cores on memory stores, connected to a cloud in memory, in virtual time. */

import { expect, vi } from 'vitest'
import type { Core, CoreOptions } from '../../../main/core/api.ts'
import type { Clock, Vault } from '../../../main/core/ports.ts'
import {
  type CloudInfo,
  type CloudStatus,
  CONTRACT_VERSION,
  type StatusTopics,
} from '../../../shared/contract/contract.ts'
import type { Failure } from '../../../shared/domain/errors.ts'
import type { OrderState } from '../../../shared/domain/order.ts'
import {
  createFakeCloud,
  type FakeCloudServer,
  type FakeRestaurant,
  type MemoryVault,
  memoryVault,
} from '../../support/cloud.ts'
import { PINS } from '../../support/core.ts'
import { portPair } from '../../support/ports.ts'
import { BOSS, FRIDAY, type Hands, handsAt, id, type MemoryStore, memoryStore, unitCore } from './kit.ts'

/** A PC with Plate on it. */
export interface Pc extends Hands {
  readonly core: Core
  readonly store: MemoryStore
  readonly vault: MemoryVault
  readonly cloud: ReturnType<FakeCloudServer['cloud']>
  /** How often it asked to be started again. */
  readonly restarts: number
  /** This device's id in the cloud. */
  readonly device: string
  place(items?: { id: string; menuItem: string; quantity: number }[]): Promise<Placed>
  run(name: Parameters<Core['submit']>[0], args: unknown): Promise<void>
  /** What its screens show. */
  status(): CloudStatus | null
  alarms(): string
  /** Whether its screens say that orders are a demo evening's. */
  training(): boolean | undefined
  /** A call a manager makes. */
  call(method: string, args?: unknown): Promise<Reply>
  info(): Promise<CloudInfo>
  /** As after a power cut: nothing is said goodbye to. */
  restart(): Promise<void>
  stop(): Promise<void>
}
export interface Placed {
  order: string
  number: string
  item: string
}
export interface Reply {
  ok: boolean
  v?: never
  e?: Failure
}

/** Fake timers that also move the clocks; call it before anything is made. */
export function virtualTime(): void {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'Date', 'performance'],
    now: FRIDAY,
  })
}

/** Lets time pass for everybody, and cores do what they do in turns of their own. */
export async function pass(ms = 50): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms)
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}

const running = new Set<Pc>()

/** Stops all cores; no timer may be left. */
export async function endAll(): Promise<void> {
  const stops = [...running].map((one) => one.stop())
  await pass(2_000)
  await Promise.all(stops)
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
}

export interface PcOptions {
  store?: MemoryStore
  /** Connected to this restaurant from the start. */
  link?: FakeRestaurant
  /** Comes with the link. */
  record?: Record<string, unknown>
  documents?: Record<string, unknown>
  core?: Partial<CoreOptions>
  vault?: MemoryVault
  /** Its clock is ahead by this (ms). */
  ahead?: number
}

/** Starts a PC; connected ones are live a moment later. */
export async function openPc(server: FakeCloudServer, name: string, options: PcOptions = {}): Promise<Pc> {
  const store = options.store ?? memoryStore(`core-${name}`)
  const vault = options.vault ?? memoryVault()
  const cloud = server.cloud()
  const clock: Clock = {
    now: () => Date.now() + (options.ahead ?? 0),
    monotonic: () => performance.now(),
  }
  let restarts = 0
  if (options.link) {
    const record = { ...options.link.link(name), fresh: false, current: false, locked: null }
    await vault.write('cloud-link', JSON.stringify({ ...record, ...options.record }))
  }
  const restart = () => {
    restarts++
  }
  const start = () =>
    unitCore(
      store,
      { clock, name, cloud, vault: vault as Vault, restart, ...options.core },
      options.documents,
    )
  let core = await start()
  let shown = watch(core)

  const pc: Pc = {
    store,
    vault,
    cloud,
    get core() {
      return core
    },
    get restarts() {
      return restarts
    },
    get device() {
      return JSON.parse(vault.kept.get('cloud-link') ?? '{}').device
    },
    async place(items = [{ id: id(), menuItem: 'fries', quantity: 1 }]) {
      const order = id()
      const answer = await core.submit('placeOrder', { order, type: 'takeaway', items }, BOSS)
      if (!answer.ok) throw new Error(JSON.stringify(answer.error))
      return { order, number: answer.value.number ?? '', item: items[0]?.id ?? '' }
    },
    async run(command, args) {
      expect(await core.submit(command, args, BOSS)).toMatchObject({ ok: true })
    },
    ...handsAt(store, (command, args) => pc.run(command, args)),
    status: () => (shown.get('cloud') as CloudStatus | undefined) ?? null,
    alarms: () => JSON.stringify(shown.get('alarms') ?? []),
    training: () => (shown.get('core') as StatusTopics['core'] | undefined)?.training,
    call: (method, args = {}) => callAs(core, method, args),
    async info() {
      const reply = await pc.call('cloud')
      return reply.v as unknown as CloudInfo
    },
    async restart() {
      await pc.stop()
      core = await start()
      shown = watch(core)
      running.add(pc)
      await pass(10)
    },
    async stop() {
      running.delete(pc)
      const stopping = core.stop()
      await pass(10)
      await stopping
    },
  }
  running.add(pc)
  await pass(10)
  return pc
}

const screen = { id: 'window', name: 'Window', kind: 'local', station: null } as const
const hello = { t: 'hello', v: CONTRACT_VERSION, app: 'test', station: null, clock: 0, session: null }

/** Follows the status stream as a screen does. */
function watch(core: Core): Map<string, unknown> {
  const [near, far] = portPair()
  const shown = new Map<string, unknown>()
  near.onMessage((text) => {
    const frame = JSON.parse(text)
    if (frame.t !== 'snap' && frame.t !== 'batch') return
    if (frame.t === 'snap') shown.clear()
    for (const key of frame.out ?? []) shown.delete(key)
    for (const [key, entry] of [...(frame.items ?? []), ...(frame.in ?? []), ...(frame.put ?? [])])
      shown.set(key, entry.value)
    near.send(JSON.stringify({ t: 'credit', i: 1, n: 1 }))
  })
  core.serve(far, screen)
  near.send(JSON.stringify({ ...hello, kind: 'kitchen' }))
  near.send(JSON.stringify({ t: 'sub', i: 1, s: 'status', a: {} }))
  return shown
}

async function callAs(core: Core, m: string, a: unknown): Promise<Reply> {
  const [near, far] = portPair()
  const replies: (Reply & { i: number })[] = []
  near.onMessage((text) => {
    const frame = JSON.parse(text)
    if (frame.t === 'reply') replies.push(frame)
  })
  core.serve(far, screen)
  const say = async (frame: object) => {
    near.send(JSON.stringify(frame))
    await pass(20)
  }
  await say({ ...hello, kind: 'manager' })
  await say({ t: 'call', i: 1, m: 'signIn', a: { pin: PINS.manager } })
  await say({ t: 'call', i: 2, m, a })
  near.close()
  const reply = replies.find(({ i }) => i === 2)
  if (!reply) throw new Error(`${m} was not answered`)
  return reply
}

/** A server with one restaurant and PCs that are live in it. */
export async function evening(...names: string[]) {
  const server = createFakeCloud()
  const restaurant = server.restaurant('Trattoria')
  const pcs: Pc[] = []
  for (const name of names) pcs.push(await openPc(server, name, { link: restaurant }))
  await pass(500)
  restaurant.live(true)
  await pass(500)
  return { server, restaurant, pcs: pcs as [Pc, Pc, ...Pc[]] }
}

/** The state of all orders of a PC. */
export const states = (pc: Pc): Record<string, OrderState> =>
  Object.fromEntries(
    [...pc.store.rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, row]) => [key, row.state]),
  )

/** Everybody and the server know the same events, each once; archived ones as well. */
export function expectEqual(restaurant: FakeRestaurant, ...pcs: Pc[]): void {
  const kept = [...restaurant.archive.values(), restaurant.log].flat()
  const there = kept.map(({ event }) => event.id).sort()
  expect(new Set(there).size).toBe(there.length)
  for (const pc of pcs) {
    expect(pc.store.events.map(({ event }) => event.id).sort()).toEqual(there)
    expect(states(pc)).toEqual(states(pcs[0] as Pc))
  }
}
