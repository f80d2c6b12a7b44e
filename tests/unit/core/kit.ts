/** @file Test kit of the core: a store in memory with a gate, a clock that tests move, quick secrets, a small engine. */
import { createHash, randomBytes } from 'node:crypto'
import type { Actor } from '../../../main/core/actor.ts'
import type { Core, CoreOptions } from '../../../main/core/api.ts'
import { startCore } from '../../../main/core/core.ts'
import { createEngine, type EngineOptions } from '../../../main/core/engine/engine.ts'
import type { DraftChanges } from '../../../main/core/engine/overlay.ts'
import type {
  Clock,
  CommitBatch,
  CommitResult,
  DeviceRecord,
  Loaded,
  LogCursor,
  OrderRow,
  ParkedEvent,
  PeerRecord,
  Receipt,
  Secrets,
  Store,
  StoredEvent,
  StoreError,
  StoreTrouble,
} from '../../../main/core/ports.ts'
import { createTurns } from '../../../main/core/streams/turns.ts'
import { createCoreClock } from '../../../main/core/time.ts'
import { type Documents, emptyState, type State } from '../../../shared/domain/apply.ts'
import type { Staff } from '../../../shared/domain/documents.ts'
import { createStampClock } from '../../../shared/domain/stamp.ts'
import { uuidv7 } from '../../../shared/domain/uuid.ts'
import { demoDocuments, PINS } from '../../support/core.ts'
import { noMetrics, quietLog } from '../../support/ports.ts'
import { bumpOf, recallOf, serveOf } from '../../support/pressed.ts'

/** A Friday, 18:00 UTC. */
export const FRIDAY = Date.UTC(2026, 5, 5, 18)

export interface TestClock extends Clock {
  /** Time passes. */
  pass(ms: number): void
  /** Somebody sets the wall clock. */
  set(ms: number): void
}

/** A clock that stands still until a test moves it. */
export function testClock(start = FRIDAY): TestClock {
  let wall = start
  let mono = 1_000
  return {
    now: () => wall,
    monotonic: () => mono,
    pass(ms) {
      wall += ms
      mono += ms
    },
    set(ms) {
      wall = ms
    },
  }
}

/** Turns that come when a test says so. */
export function handTurns() {
  const coming: (() => void)[] = []
  /** One turn; false when nobody waits for any. */
  const pass = (): boolean => {
    const task = coming.shift()
    task?.()
    return task !== undefined
  }
  return {
    turns: createTurns((task) => void coming.push(task)),
    pass,
    /** All turns there are. */
    settle() {
      while (pass());
    },
  }
}

/** Turns that nothing comes between. */
export const promptTurns = () => createTurns((task) => task())

const sha = (text: string) => createHash('sha256').update(text).digest('hex')

/** Secrets whose PIN hash costs nothing. */
export const quickSecrets: Secrets = {
  uuid: (at) => uuidv7(at, randomBytes(10)),
  token: () => randomBytes(32).toString('base64url'),
  digits: (digits) => String(randomBytes(6).readUIntBE(0, 6)).padStart(20, '0').slice(-digits),
  hash: sha,
  hashPin: async (pin, salt) => sha(`${salt}:${pin}`),
}

export const id = () => quickSecrets.uuid(FRIDAY)

/** The demo restaurant with PIN hashes of {@link quickSecrets}: the first person of each role has the known PIN. */
export function quickDocuments(): Record<string, unknown> {
  const staff = demoDocuments.staff as Staff
  const left = new Map<string, string>(Object.entries(PINS))
  const members = staff.members.map(({ pinHash: _, ...member }) => {
    const pin = left.get(member.role)
    left.delete(member.role)
    return pin === undefined ? member : { ...member, pinHash: sha(`${staff.salt}:${pin}`) }
  })
  return { ...demoDocuments, staff: { salt: staff.salt, members } }
}

export interface MemoryStore extends Store {
  batches: CommitBatch[]
  rows: Map<string, OrderRow>
  readonly documents: Partial<Documents>
  events: StoredEvent[]
  /** Holds every commit from now on until the returned function is called. */
  hold(): () => void
  /** Resolves when a commit is waiting at the gate. */
  reached(): Promise<void>
  /** What the next commits answer; null: they succeed. */
  answer: CommitResult | Error | null
  /** Logs that were moved out of the way. */
  aside: StoredEvent[][]
  /** What registry and order reads reject with; null: they work. */
  broken: Error | null
}

interface Kept {
  receipts: Map<string, Receipt>
  documents: Partial<Documents>
  stock: Map<string, Loaded['stock'][number]>
  counters: Map<string, number>
  cursors: Map<string, LogCursor>
  devices: Map<string, DeviceRecord>
  peers: Map<string, PeerRecord>
  parked: Map<number, ParkedEvent>
  letter: string
  home: Loaded['home']
  stamp: string | undefined
  audit: CommitBatch['audit']
}

/** A store that keeps everything in memory; opening it again is a restart of the core. */
export function memoryStore(device = `core-${id()}`): MemoryStore {
  const kept: Kept = {
    receipts: new Map(),
    documents: {},
    stock: new Map(),
    counters: new Map(),
    cursors: new Map(),
    devices: new Map(),
    peers: new Map(),
    parked: new Map(),
    letter: '',
    home: null,
    stamp: undefined,
    audit: [],
  }
  const known = new Set<string>()
  let gate: Promise<void> = Promise.resolve()
  let waiting: (() => void) | null = null

  function write(batch: CommitBatch): CommitResult {
    const answered = batch.receipts.flatMap(({ command }) => kept.receipts.get(command) ?? [])
    if (answered.length) return { ok: false, known: answered }
    const existing = structuredClone(batch.fresh.flatMap((order) => store.rows.get(order) ?? []))
    if (existing.length) return { ok: false, existing }
    const seqs = batch.entries.map(({ event, source }) => {
      if (known.has(event.id)) return null
      known.add(event.id)
      store.events.push({ seq: store.events.length + 1, event: structuredClone(event), source })
      return store.events.length
    })
    for (const row of structuredClone(batch.orders)) store.rows.set(row.state.id, row)
    Object.assign(kept.documents, structuredClone(batch.documents))
    for (const entry of batch.stock) kept.stock.set(entry.menuItem, entry)
    for (const receipt of batch.receipts) kept.receipts.set(receipt.command, receipt)
    for (const cursor of batch.cursors) kept.cursors.set(cursor.peer, cursor)
    for (const { day, next } of batch.counters) kept.counters.set(day, next)
    kept.audit.push(...batch.audit)
    kept.stamp = batch.stamp
    store.batches.push(batch)
    return { ok: true, seqs }
  }

  async function read<T>(value: () => T): Promise<T> {
    if (store.broken) throw store.broken
    return value()
  }
  const newest = () =>
    [...store.rows.values()].filter((row) => !row.open).sort((a, b) => (b.closedAt ?? 0) - (a.closedAt ?? 0))

  const store: MemoryStore = {
    batches: [],
    rows: new Map(),
    get documents() {
      return kept.documents
    },
    events: [],
    answer: null,
    broken: null,
    aside: [],
    hold() {
      let release: () => void = () => undefined
      gate = new Promise((resolve) => {
        release = resolve
      })
      return release
    },
    reached: () =>
      new Promise((resolve) => {
        waiting = resolve
      }),
    open: async () => ({
      device,
      letter: kept.letter,
      home: kept.home,
      stamp: kept.stamp,
      orders: structuredClone([...store.rows.values()].filter((row) => row.open)),
      documents: structuredClone(kept.documents),
      stock: [...kept.stock.values()],
      counters: [...kept.counters].map(([day, next]) => ({ day, next })),
      cursors: [...kept.cursors.values()],
      head: store.events.length,
      raw: 0,
      notices: [],
      trouble: null,
    }),
    async commit(batch) {
      waiting?.()
      waiting = null
      await gate
      if (store.answer instanceof Error) throw store.answer
      return store.answer ?? write(batch)
    },
    orders: (ids) =>
      read(() =>
        structuredClone(ids.flatMap((one) => (store.rows.has(one) ? [store.rows.get(one) as OrderRow] : []))),
      ),
    closedOrders: ({ limit }) => read(() => structuredClone(newest().slice(0, limit))),
    ordersOfDay: (day) =>
      read(() => structuredClone([...store.rows.values()].filter((row) => row.state.opened?.day === day))),
    eventsAfter: (seq, limit) => read(() => structuredClone(store.events.slice(seq, seq + limit))),
    audit: () => read(() => kept.audit.map((entry, row) => ({ ...entry, row })).reverse()),
    devices: () => read(() => [...kept.devices.values()]),
    putDevice: (one) => read(() => void kept.devices.set(one.id, one)),
    peers: () => read(() => [...kept.peers.values()]),
    putPeer: (one) => read(() => void kept.peers.set(one.device, one)),
    dropPeer: (one) => read(() => void kept.peers.delete(one)),
    setLetter: (letter) =>
      read(() => {
        kept.letter = letter
      }),
    setHome: (home) =>
      read(() => {
        kept.home = home
      }),
    eventsBySeq: (seqs) => read(() => structuredClone(store.events.filter(({ seq }) => seqs.includes(seq)))),
    parked: () => read(() => [...kept.parked.values()].sort((a, b) => a.seq - b.seq)),
    park: (events) =>
      read(() => {
        for (const event of events) kept.parked.set(event.seq, event)
      }),
    unpark: (seqs) =>
      read(() => {
        for (const seq of seqs) kept.parked.delete(seq)
      }),
    async setAside() {
      store.aside.push(store.events)
      const found = store.events.length > 0
      for (const one of [kept.receipts, kept.stock, kept.counters, kept.cursors, kept.devices, kept.peers])
        one.clear()
      for (const one of [kept.parked, store.rows, known]) one.clear()
      Object.assign(kept, { documents: {}, letter: '', home: null, stamp: undefined, audit: [] })
      store.events = []
      device = `core-${id()}`
      return found ? 'plate.db.old' : null
    },
    async retry() {
      const { answer } = store
      return answer && 'error' in answer ? answer : { ok: true, notices: [] }
    },
    backup: () => read(() => ({ file: 'backup.db', bytes: 1 })),
    health: async () => ({ ok: true, says: null, bytes: 0, freeBytes: 1, lastBackupAt: null }),
    close: async () => undefined,
  }
  return store
}

/** What a store answers that can save nothing. */
export const FULL = {
  ok: false,
  error: { code: 'storeFull', says: { code: 'store.full', params: { folder: '/data' } } },
} as const satisfies CommitResult

/** What a store rejects with whose thread is gone. */
export const dead = (code: StoreError['code'] = 'storeBroken') =>
  Object.assign(new Error('for the log'), { code, says: { code: 'store.dead' } })

export const actor = (...roles: Actor['roles']): Actor => ({
  device: { id: 'screen', name: 'Screen' },
  staff: { id: 'ana', name: 'Ana' },
  roles,
})
export const BOSS = actor('admin')

/** An engine alone on a memory store, with the demo documents; `news` gets what it publishes. */
export async function testEngine(store = memoryStore(), more: Partial<EngineOptions> = {}) {
  const clock = testClock()
  const loaded = await store.open()
  const state = emptyState()
  for (const row of loaded.orders) state.orders.set(row.state.id, row.state)
  state.documents = { ...state.documents, ...loaded.documents }
  const news: DraftChanges[] = []
  const troubles: (StoreTrouble | null)[] = []
  const ahead: number[] = []
  const closedAt = new Map<string, number>()
  const engine = createEngine(
    {
      store,
      state,
      clock: createCoreClock(clock),
      tick: clock.monotonic,
      stamps: createStampClock(loaded.device, loaded.stamp),
      log: quietLog,
      metrics: noMetrics,
      device: loaded.device,
      letter: loaded.letter,
      uuid: (at) => quickSecrets.uuid(at),
      nameOf: (core) => (core === loaded.device ? 'Till' : `PC ${core.slice(0, 8)}`),
      counters: new Map(loaded.counters.map(({ day, next }) => [day, next])),
      closedAt,
      head: loaded.head,
      publish: (changes) => void news.push(changes),
      unread: () => undefined,
      trouble: (error) => void troubles.push(error),
      clockAhead: (_source, ms) => void ahead.push(ms),
      ...more,
    },
    new Map(loaded.cursors.map((cursor) => [cursor.peer, cursor])),
  )
  for (const [name, body] of Object.entries(quickDocuments())) {
    if (state.documents[name as keyof Documents].version) continue
    await engine.submit({ id: id(), name: 'publishDocument', args: { name, base: 0, body }, actor: BOSS })
  }
  return { engine, store, state, clock, news, troubles, ahead, closedAt }
}

/** A `placeOrder` as a screen would send it. */
export function placing(order = id(), menuItem = 'fries', more: Record<string, unknown> = {}) {
  const items = [{ id: id(), menuItem, quantity: 1 }]
  return {
    id: id(),
    name: 'placeOrder' as const,
    args: { order, type: 'takeaway', items, ...more },
    actor: BOSS,
  }
}

/** Any other command on an order. */
export function command(name: Parameters<Core['submit']>[0], args: unknown, by = BOSS) {
  return { id: id(), name, args, actor: by }
}

/** A whole core on a memory store, seeded. */
export async function unitCore(
  store: Store = memoryStore(),
  options: Partial<CoreOptions> = {},
  documents = quickDocuments(),
): Promise<Core> {
  const core = await startCore({
    store,
    clock: options.clock ?? testClock(),
    log: quietLog,
    metrics: noMetrics,
    secrets: quickSecrets,
    version: '0.0.0-test',
    name: 'Unit PC',
    ...options,
  })
  const seeded = await core.seed(documents)
  if (!seeded.ok) {
    await core.stop()
    throw new Error(JSON.stringify(seeded.error))
  }
  return core
}

/** Cooks and servers at the screens of a core: they press on an order as it stands in its store, and expect to be heard. */
export interface Hands {
  /** Bumps it at the fryer. */
  bump(order: string): Promise<void>
  /** Hands over what is ready. */
  serve(order: string): Promise<void>
  /** Brings all of it back. */
  recall(order: string): Promise<void>
}

/** @param run sends a command to the core whose store this is */
export function handsAt(
  store: MemoryStore,
  run: (name: Parameters<Core['submit']>[0], args: unknown) => Promise<void>,
): Hands {
  return {
    bump: (order) => run('bumpTicket', bumpOf(shownBy(store), order, 'fryer')),
    serve: (order) => run('serve', serveOf(shownBy(store), order)),
    recall: (order) => run('recallTicket', recallOf(shownBy(store), order)),
  }
}

/** What the screens of the core show whose store this is: all that was written. */
export function shownBy(store: MemoryStore): State {
  const state = emptyState()
  state.documents = { ...state.documents, ...store.documents }
  for (const { state: order } of store.rows.values()) state.orders.set(order.id, order)
  return state
}
