/** @file The core: puts its parts together over a store and serves any number of screens. Knows no transport. */
import { HEARTBEAT_MS } from '../../shared/contract/wire.ts'
import { emptyState, type State } from '../../shared/domain/apply.ts'
import { type Failure, fail, failure, ok } from '../../shared/domain/errors.ts'
import { say } from '../../shared/domain/messages/index.ts'
import { createStampClock, stampTime } from '../../shared/domain/stamp.ts'
import { type Alarms, createAlarms } from './alarms.ts'
import type { Core, CoreOptions, Health } from './api.ts'
import { makeRoom, openLinks } from './cloud/link.ts'
import { type CloudSync, createCloudSync } from './cloud/sync.ts'
import { playEvenings } from './demo/play.ts'
import { createDevices } from './devices.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import { createNames } from './names.ts'
import { createPeers } from './peers.ts'
import type { Loaded } from './ports.ts'
import { createRemoved } from './removed.ts'
import { seedRestaurant } from './seed.ts'
import type { ServeContext } from './serve/context.ts'
import { type Connection, serve } from './serve/serve.ts'
import { createSessions } from './sessions.ts'
import { createStoreWatch } from './store-watch.ts'
import { createStreams } from './streams/streams.ts'
import { createTurns } from './streams/turns.ts'
import { type CoreClock, createCoreClock } from './time.ts'
import { createUnread } from './unread.ts'

/** Closed orders stay in memory this long (ms), so that a recall is instant. */
const KEEP_CLOSED_MS = 60 * 60_000
/** A machine clock that goes back by more than this (ms) is worth a warning. */
const CLOCK_BACK_MS = 60_000

const STOPPED = failure('stopping', { why: 'closed' })

function stateOf(loaded: Loaded): { state: State; closedAt: Map<string, number> } {
  const state = emptyState()
  const closedAt = new Map<string, number>()
  for (const row of loaded.orders) {
    state.orders.set(row.state.id, row.state)
    if (row.closedAt !== null) closedAt.set(row.state.id, row.closedAt)
  }
  state.documents = { ...state.documents, ...loaded.documents }
  for (const { menuItem, out, stamp } of loaded.stock) state.stock.set(menuItem, { out, stamp })
  return { state, closedAt }
}

/** Opens the store and starts a core on it. Rejects with the store's error when it cannot be opened. */
export async function startCore(options: CoreOptions): Promise<Core> {
  const { store, log, metrics, secrets } = options
  const links = options.cloud && options.vault ? await openLinks(options.vault, log) : null
  if (links) await makeRoom(links, store, log)
  const loaded = await store.open()
  const { state, closedAt } = stateOf(loaded)
  const clock = createCoreClock(options.clock, loaded.stamp ? stampTime(loaded.stamp) : 0)
  const startedAt = clock.now()
  const connections = new Set<Connection>()
  const isTraining = (order: string) => !closedAt.has(order) && !!state.orders.get(order)?.opened?.training
  let stopTraining: (() => void) | null = null
  let told: boolean | null = null
  /** Tells screens about this core, and whether a demo evening is played: here, or on a PC whose orders come here. */
  function tellCore(): void {
    const training = stopTraining !== null || [...state.orders.keys()].some(isTraining)
    if (training === told) return
    told = training
    streams.setStatus('core', { name: options.name, version: options.version, training, startedAt })
  }
  const turns = createTurns((task) => void setImmediate(task))
  const streams = createStreams(state, secrets.token().slice(0, 8), loaded.head, turns)
  const alarms: Alarms = createAlarms(clock.now, log, (list) =>
    streams.setStatus('alarms', list.length ? list : null),
  )
  const after = (ms: number, task: () => void) => {
    const timer = setTimeout(task, ms)
    return () => clearTimeout(timer)
  }
  /** What could not be published yet of a new restaurant. */
  let unseeded: Record<string, unknown> | null = null
  const saving = createStoreWatch(
    {
      store,
      alarms,
      log,
      after,
      restart: options.restart,
      recovered() {
        if (unseeded) void seed(unseeded)
      },
    },
    loaded,
  )

  const unread = createUnread({ state, closedAt, alarms, raw: loaded.raw })
  const names = createNames({
    self: { core: loaded.device, name: options.name },
    lan: (core) => devices.find(core)?.name ?? peers.status().find(({ device }) => device === core)?.name,
    state,
  })
  const engine: Engine = createEngine(
    {
      store,
      state,
      clock,
      log,
      metrics,
      closedAt,
      tick: () => options.clock.monotonic(),
      stamps: createStampClock(loaded.device, loaded.stamp),
      device: loaded.device,
      letter: loaded.letter,
      uuid: (at) => secrets.uuid(at),
      nameOf: names.of,
      counters: new Map(loaded.counters.map(({ day, next }) => [day, next])),
      head: loaded.head,
      publish(changes, head, news) {
        if (!told && changes.orders.some(isTraining)) tellCore()
        streams.publish(changes, head)
        unread.changed(changes.orders)
        if (changes.documents.staff || changes.documents.stations) rightsChanged()
        peers.logGrew()
        cloud?.logGrew(news)
      },
      unread: (count) => unread.kept(count),
      trouble: saving.told,
      clockAhead(device, ms) {
        names.meet(device)
        const minutes = Math.round(ms / 60_000)
        const says = say('alarms.clockAhead', { pc: names.of(device), minutes })
        if (ms === 0) alarms.clear(`ahead:${device}`)
        else alarms.raise(`ahead:${device}`, 'warning', says)
      },
    },
    new Map(loaded.cursors.map((cursor) => [cursor.peer, cursor])),
  )

  function rightsChanged(): void {
    for (const connection of connections) connection.checkRights()
  }
  function disconnect(device: string, why: Failure): void {
    for (const connection of connections) {
      if (connection.identity.id === device) connection.bye(why)
    }
  }
  const removed = createRemoved({
    devices: () => devices,
    peers: () => peers,
    disconnect,
    log,
    now: clock.now,
    id: () => secrets.uuid(clock.now()),
  })
  const lanState = () => options.lan?.state() ?? { on: false, addresses: [], fingerprint: null }
  const devices = createDevices(
    {
      store,
      secrets,
      log,
      now: clock.now,
      letter: engine.letter,
      lan: lanState,
      qr: (text) => options.lan?.qr(text) ?? '',
      removed: removed.has,
    },
    await store.devices(),
  )
  const host = {
    now: clock.now,
    tick: () => options.clock.monotonic(),
    after,
    id: () => secrets.uuid(clock.now()),
    random: Math.random,
  }
  const openOrders = () => [...state.orders.keys()].filter((id) => !closedAt.has(id))
  const peers = createPeers(
    {
      core: loaded.device,
      name: options.name,
      version: options.version,
      engine,
      store,
      dialer: options.dialer,
      alarms,
      names,
      log,
      host,
      removed: removed.has,
      show: (list) => streams.setStatus('peers', list.length ? list : null),
    },
    await store.peers(),
  )

  let cloud: CloudSync | null = null
  if (options.cloud && links)
    cloud = await createCloudSync({
      ...options,
      cloud: options.cloud,
      core: loaded.device,
      restart: options.restart,
      links,
      home: loaded.home,
      state,
      engine,
      alarms,
      names,
      host,
      openOrders,
      removed: removed.are,
      show: (status) => streams.setStatus('cloud', status),
    })

  const ctx: ServeContext = {
    core: loaded.device,
    state,
    engine,
    streams,
    sessions: createSessions(clock.now, secrets, () => state.documents.staff.body),
    devices,
    store,
    secrets,
    log,
    metrics,
    peers,
    cloud,
    lan: options.lan,
    now: clock.now,
    online: () => new Set([...connections].filter((one) => one.guest).map((one) => one.identity.id)),
    rightsChanged,
    disconnect,
  }

  const lanChanged = () => streams.setStatus('lan', lanState())
  tellCore()
  lanChanged()

  const beat = setInterval(() => {
    const frame = JSON.stringify({ t: 'beat', now: clock.now() })
    for (const connection of connections) if (connection.guest) connection.send(frame)
    // Sessions end by themselves after a while.
    rightsChanged()
    streams.checkWatched()
    streams.boards.sweep()
    engine.evict(clock.now() - KEEP_CLOSED_MS)
    tellCore()
    checkClock(clock, alarms, names.of(loaded.device))
    metrics.gauge('screens', connections.size)
    metrics.gauge('orders_in_memory', state.orders.size)
  }, HEARTBEAT_MS)

  async function health(): Promise<Health> {
    const stored = await store.health()
    return {
      ok: stored.ok,
      store: stored,
      screens: connections.size,
      openTickets: openOrders().length,
      peers: peers.status().map(({ device, online, behind }) => ({ device, online, behind })),
      cloud: cloud?.status() ?? null,
      uptimeMs: clock.now() - startedAt,
      version: options.version,
    }
  }

  async function seed(documents: Record<string, unknown>): ReturnType<Core['seed']> {
    // A core that takes over a restaurant waits for its documents instead of adding those of the demo.
    if (cloud?.link()?.current === false) return ok({ published: [] })
    const seeded = await seedRestaurant(engine, state, documents, { hash: secrets.hash, now: clock.now })
    unseeded = saving.refusing ? documents : null
    return seeded
  }

  let stopped: Promise<void> | null = null
  async function stop(): Promise<void> {
    clearInterval(beat)
    saving.close()
    stopTraining?.()
    peers.close()
    await cloud?.close()
    await engine.drain()
    // The last answers are on their way to their ports: they go out before the goodbye.
    await new Promise((resolve) => setTimeout(resolve))
    for (const connection of [...connections]) connection.bye(STOPPED)
    await store.close()
    log.info('CORE_STOPPED', {})
  }

  log.info('CORE_STARTED', {
    device: loaded.device,
    orders: state.orders.size,
    head: loaded.head,
    version: options.version,
  })
  return {
    device: loaded.device,
    serve(port, identity) {
      // A port may be over before it is served, so `closed` may come before there is a connection.
      let over = false
      let served: Connection | null = null
      const connection = serve(ctx, port, identity, () => {
        over = true
        if (served) connections.delete(served)
      })
      served = connection
      if (!over) connections.add(connection)
      if (stopped) connection.bye(STOPPED)
      return { close: (why) => connection.bye(why) }
    },
    devices: {
      createPairing: devices.createPairing,
      redeem: devices.redeem,
      authenticate: devices.authenticate,
    },
    alarms,
    train(speed) {
      if (stopTraining) return
      const { boards } = streams
      const uuid = () => secrets.uuid(clock.now())
      stopTraining = playEvenings({ engine, state, boards, clock, log, speed, uuid })
      tellCore()
    },
    woke: () => cloud?.woke(),
    lanChanged,
    health,
    seed,
    ...(cloud && { cloud: hostsView(cloud) }),
    submit: (name, args, actor) =>
      stopped
        ? Promise.resolve(fail('stopping', { why: 'closing' }))
        : engine.submit({ id: secrets.uuid(clock.now()), name, args, actor }),
    stop() {
      stopped ??= stop()
      return stopped
    },
  }
}

/** The cloud as hosts see it, that nobody stands before: nobody has agreed to anything. */
function hostsView({ link, setup }: CloudSync): NonNullable<Core['cloud']> {
  return { link, claim: (project, code, take) => setup.claim(project, code, { take }) }
}

function checkClock(clock: CoreClock, alarms: Alarms, whose: string): void {
  const ahead = clock.ahead()
  if (ahead < CLOCK_BACK_MS) {
    alarms.clear('clock')
    return
  }
  alarms.raise(
    'clock',
    'warning',
    say('alarms.clockBack', { pc: whose, minutes: Math.round(ahead / 60_000) }),
  )
}
