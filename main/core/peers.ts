/** @file Peers this core has joined: dials them, and exchanges events both ways until both logs are equal. */
import { type Client, type ClientHost, createClient } from '../../shared/client/client.ts'
import { MAX_EVENTS, type StatusTopics } from '../../shared/contract/contract.ts'
import { fail, type Outcome, ok } from '../../shared/domain/errors.ts'
import type { Alarms } from './alarms.ts'
import type { PeerDialer } from './api.ts'
import type { Engine } from './engine/engine.ts'
import type { Log, PeerRecord, Store } from './ports.ts'

export interface PeersOptions {
  core: string
  name: string
  version: string
  engine: Engine
  store: Store
  dialer: PeerDialer | undefined
  host: ClientHost
  alarms: Alarms
  log: Log
  show(peers: StatusTopics['peers']): void
}

export interface Peers {
  /** Redeems a pairing code at `address` and starts exchanging. */
  join(address: string, code: string): Promise<Outcome<{ device: string; name: string }>>
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
      if (!options.dialer) return fail('invalid', 'This Plate cannot join another one.')
      const self = { device: options.core, name: options.name }
      const redeemed = await options.dialer.redeem(address, code, self)
      if (!redeemed.ok) return redeemed
      const { letter, ...peer } = redeemed.value
      // The other core gave this one its own letter, so that both can number tickets while apart.
      await options.store.setLetter(letter)
      options.engine.setLetter(letter)
      await options.store.putPeer(peer)
      start(peer)
      show()
      return ok({ device: peer.device, name: peer.name })
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

/** Runs `work` now, and once more if it was asked for meanwhile; never twice at a time. */
function single(work: () => Promise<void>, failed: (error: unknown) => void): () => void {
  let running = false
  let again = false
  return function request() {
    if (running) {
      again = true
      return
    }
    running = true
    again = false
    work()
      .catch(failed)
      .finally(() => {
        running = false
        if (again) request()
      })
  }
}

function createLink(options: PeersOptions, dialer: PeerDialer, peer: PeerRecord, show: () => void): Link {
  const { engine, store, core, alarms, log } = options
  const client: Client = createClient({
    connect: () => dialer.connect(peer),
    host: options.host,
    app: options.version,
    kind: 'peer',
    station: null,
  })
  const head = client.subscribe('log', {})
  let theirHead = 0
  /** How far the peer has our log; null until it told us on this connection. */
  let pushed: number | null = null
  let wasOnline = false

  const online = () => client.state.link === 'online'
  const failed = (error: unknown) =>
    log.warn('PEER_EXCHANGE_FAILED', { peer: peer.device, error: String(error) })

  const pull = single(async () => {
    for (;;) {
      const after = engine.cursor(peer.device)
      if (!online() || after >= theirHead) return
      const page = await client.call('pullEvents', { after, not: core })
      if (!page.ok) return
      const { events, next } = page.value
      if (next === after) return
      const taken = await engine.ingest(peer.device, events, next)
      if (!taken.ok) return
      show()
    }
  }, failed)

  const push = single(async () => {
    if (pushed === null) {
      const cursor = await client.call('peerCursor', { log: core })
      if (!cursor.ok) return
      pushed = cursor.value.seq
    }
    for (;;) {
      if (!online() || pushed >= engine.head()) return
      const rows = await store.eventsAfter(pushed, MAX_EVENTS)
      const upTo = rows.at(-1)?.seq
      if (upTo === undefined) return
      const events = rows.filter((row) => row.source !== peer.device).map((row) => row.event)
      const taken = await client.call('pushEvents', { log: core, events, upTo })
      if (!taken.ok) return
      pushed = upTo
    }
  }, failed)

  function checkClock(): void {
    const { offset } = client.state
    const id = `clock:${peer.device}`
    if (Math.abs(offset) <= SKEW_MS) {
      alarms.clear(id)
      return
    }
    const minutes = Math.round(Math.abs(offset) / 60_000)
    const side = offset > 0 ? 'behind' : 'ahead of'
    alarms.raise(
      id,
      'warning',
      `This PC's clock is ${minutes} min ${side} "${peer.name}". Set both to the right time.`,
    )
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
      pushed = null
      log.info(now ? 'PEER_CONNECTED' : 'PEER_LOST', { peer: peer.device, link: client.state.link })
      show()
      if (now) {
        push()
        pull()
      }
    }
    if (now) checkClock()
  })

  return {
    status: () => ({
      device: peer.device,
      name: peer.name,
      online: online(),
      behind: Math.max(0, theirHead - engine.cursor(peer.device)),
    }),
    push,
    close: () => client.close(),
  }
}
