/** @file Peers this core has joined: dials them, and exchanges events both ways until both logs are equal. */
import { type Client, type ClientHost, createClient } from '../../shared/client/client.ts'
import { MAX_EVENTS, type StatusTopics } from '../../shared/contract/contract.ts'
import { MAX_FRAME_BYTES } from '../../shared/contract/wire.ts'
import { fail, type Outcome, ok, reasonOf } from '../../shared/domain/errors.ts'
import type { Envelope } from '../../shared/domain/events.ts'
import { say } from '../../shared/domain/messages/index.ts'
import type { Alarms } from './alarms.ts'
import type { PeerDialer } from './api.ts'
import type { Engine } from './engine/engine.ts'
import type { Names } from './names.ts'
import type { Log, PeerRecord, Store, StoredEvent } from './ports.ts'
import { REMOVED } from './removed.ts'
import { warnOfSkew } from './skew.ts'

export interface PeersOptions {
  core: string
  name: string
  version: string
  engine: Engine
  store: Store
  dialer: PeerDialer | undefined
  host: ClientHost
  alarms: Alarms
  /** What PCs are called. */
  names: Names
  log: Log
  /** Whether a manager has removed this core in the cloud. */
  removed(core: string): boolean
  show(peers: StatusTopics['peers']): void
}

export interface Peers {
  /** Redeems a pairing code at `address` and starts exchanging. */
  join(address: string, code: string): Promise<Outcome<{ device: string; name: string }>>
  /** Never dials this core again. Answers its name; null when it was none of those. */
  drop(core: string): Promise<string | null>
  status(): StatusTopics['peers']
  /** Tells the links that this core's log has grown. */
  logGrew(): void
  close(): void
}

interface Link {
  status(): StatusTopics['peers'][number]
  push(): void
  close(): void
}

/** Two Plate PCs whose clocks differ by more than this (ms) get a warning: ages and "today" would differ. */
const SKEW_MS = 60_000
/** An exchange that failed (a full disk at either end, a fault) is tried again after this long (ms). */
const RETRY_MS = 5_000
/** A peer of another version may be updated at any time: so often (ms) it is asked. */
const VERSION_RETRY_MS = 60_000
/** Characters of events in one push. A character takes up to three bytes, and the frame must stay below its limit. */
const PUSH_CHARS = MAX_FRAME_BYTES / 4

/** Starts links to all known peers. */
export function createPeers(options: PeersOptions, known: readonly PeerRecord[]): Peers {
  const links = new Map<string, Link>()
  const status = () => [...links.values()].map((link) => link.status())
  const show = () => options.show(status())

  function start(peer: PeerRecord): void {
    links.get(peer.device)?.close()
    if (options.dialer) links.set(peer.device, createLink(options, options.dialer, peer, show))
  }

  for (const peer of known) start(peer)
  return {
    async join(address, code) {
      if (!options.dialer) return fail('invalid', { why: 'cannotJoin' })
      const self = { device: options.core, name: options.name }
      const redeemed = await options.dialer.redeem(address, code, self)
      if (!redeemed.ok) return redeemed
      if (redeemed.value.device === options.core) return fail('invalid', { why: 'ownAddress' }, 'address')
      if (options.removed(redeemed.value.device)) return { ok: false, error: { ...REMOVED, at: 'address' } }
      const { letter, ...peer } = redeemed.value
      // The other core gave this one its own letter, so that both can number tickets while apart.
      await options.store.setLetter(letter)
      options.engine.setLetter(letter)
      await options.store.putPeer(peer)
      start(peer)
      show()
      return ok({ device: peer.device, name: peer.name })
    },
    async drop(core) {
      const link = links.get(core)
      if (!link) return null
      link.close()
      links.delete(core)
      show()
      await options.store.dropPeer(core)
      return link.status().name
    },
    status,
    logGrew() {
      for (const link of links.values()) link.push()
    },
    close() {
      for (const link of links.values()) link.close()
    },
  }
}

/** Runs `work` now, and once more if it was asked for meanwhile; never twice at a time. `done` hears whether it succeeded. */
function single(work: () => Promise<boolean>, done: (ok: boolean) => void): () => void {
  let running = false
  let again = false
  return function request() {
    if (running) {
      again = true
      return
    }
    running = true
    again = false
    work().then((ok) => {
      running = false
      done(ok)
      if (again) request()
    })
  }
}

/** As many of these rows, from the first on, as fit into one frame; at least one. Rows that `skip` names only count as read. */
function pageOf(rows: readonly StoredEvent[], skip: string): { events: Envelope[]; upTo: number } | null {
  const events: Envelope[] = []
  let upTo: number | null = null
  let chars = 0
  for (const { seq, event, source } of rows) {
    if (source !== skip) {
      chars += JSON.stringify(event).length
      if (chars > PUSH_CHARS && events.length) break
      events.push(event)
    }
    upTo = seq
  }
  return upTo === null ? null : { events, upTo }
}

function createLink(options: PeersOptions, dialer: PeerDialer, peer: PeerRecord, show: () => void): Link {
  const { engine, store, core, alarms, names, log } = options
  const client: Client = createClient({
    connect: () => dialer.connect(peer),
    host: options.host,
    app: options.version,
    kind: 'peer',
    station: null,
  })
  const head = client.subscribe('log', {})
  const refusedAlarm = `peer:${peer.device}`
  let theirHead = 0
  /** How far the peer has our log; null until it told us on this connection. */
  let pushed: number | null = null
  /** Counts connections, so that what began on one does not go on, with its cursors, on the next. */
  let connection = 0
  let wasOnline = false
  let closed = false
  let stopRetry: (() => void) | null = null

  const online = () => client.state.link === 'online'
  /** The peer's log is named after its core, which is another one after a restore from a backup. */
  const theirLog = () => client.state.core ?? peer.device

  function retryLater(ms: number, task: () => void): void {
    stopRetry?.()
    stopRetry = options.host.after(ms, task)
  }

  /** One direction of the exchange. `work` says false when there is more to do than it could. */
  function exchange(work: (mine: number) => Promise<boolean>): () => void {
    const attempt = () =>
      work(connection).catch((error: unknown) => {
        log.warn('PEER_EXCHANGE_FAILED', { peer: peer.device, error: String(error) })
        return false
      })
    return single(attempt, (ok) => {
      if (!ok && online() && !closed) retryLater(RETRY_MS, exchangeBoth)
    })
  }

  const pull = exchange(async (mine) => {
    for (;;) {
      if (!online() || mine !== connection) return true
      const from = theirLog()
      const after = engine.cursor(from)
      if (after >= theirHead) return true
      const page = await client.call('pullEvents', { after, not: core })
      if (!page.ok) return false
      const { events, next } = page.value
      if (next === after) return true
      const taken = await engine.ingest(from, events, next)
      if (!taken.ok) return false
      show()
    }
  })

  async function askCursor(mine: number): Promise<boolean> {
    const cursor = await client.call('peerCursor', { log: core })
    if (!cursor.ok || mine !== connection) return false
    pushed = cursor.value.seq
    return true
  }

  const push = exchange(async (mine) => {
    if (!online() || mine !== connection) return true
    if (pushed === null && !(await askCursor(mine))) return false
    for (;;) {
      if (!online() || mine !== connection || pushed === null || pushed >= engine.head()) return true
      const page = pageOf(await store.eventsAfter(pushed, MAX_EVENTS), theirLog())
      if (!page || mine !== connection) return true
      const taken = await client.call('pushEvents', { log: core, ...page })
      if (!taken.ok) return false
      if (mine === connection) pushed = page.upTo
    }
  })

  function exchangeBoth(): void {
    push()
    pull()
  }

  function checkClock(): void {
    const skew = { whose: names.of(core), over: SKEW_MS, than: peer.name }
    warnOfSkew(alarms, `clock:${peer.device}`, -client.state.offset, skew)
  }

  head.onChange(() => {
    theirHead = head.entries.get('head')?.head ?? theirHead
    pull()
    show()
  })
  client.onState(() => {
    const now = online()
    if (now !== wasOnline) {
      wasOnline = now
      connection++
      pushed = null
      log.info(now ? 'PEER_CONNECTED' : 'PEER_LOST', { peer: peer.device, link: client.state.link })
      show()
      if (now) exchangeBoth()
    }
    if (now) {
      alarms.clear(refusedAlarm)
      checkClock()
    } else if (client.state.link === 'refused') refused()
  })

  function refused(): void {
    const { failure } = client.state
    const says = say('alarms.peerRefuses', { pc: peer.name, because: reasonOf(failure) })
    alarms.raise(refusedAlarm, 'warning', says)
    if (failure?.code === 'versionMismatch') retryLater(VERSION_RETRY_MS, () => client.reconnect())
  }

  return {
    status: () => ({
      device: peer.device,
      name: peer.name,
      online: online(),
      behind: Math.max(0, theirHead - engine.cursor(theirLog())),
    }),
    push,
    close() {
      closed = true
      stopRetry?.()
      client.close()
      for (const id of [refusedAlarm, `clock:${peer.device}`]) alarms.clear(id)
    },
  }
}
