/** @file The typed client every screen and peer uses: calls, retried commands, resumed streams, over any Port. Pure. */
import {
  type ActionName,
  CONTRACT_VERSION,
  type MethodAnswer,
  type MethodArgs,
  OLDEST_CONTRACT,
  type QueryName,
  type SignedIn,
  type StreamArgs,
  type StreamName,
} from '../contract/contract.ts'
import type { Port } from '../contract/port.ts'
import { INITIAL_CREDITS, MAX_FRAME_BYTES, type ServerFrame, STALE_AFTER_MS } from '../contract/wire.ts'
import type { CommandName } from '../domain/commands.ts'
import { type Failure, fail, type Outcome } from '../domain/errors.ts'
import { SCREEN_ROLE, type ScreenKind } from '../domain/roles.ts'
import { asBefore } from './older.ts'
import { type ClientState, FIRST_STATE } from './state.ts'
import { createStream, type Stream, type StreamCell } from './stream.ts'

/** Time and ids, given by the host. */
export interface ClientHost {
  /** ms UTC of this screen. */
  now(): number
  /** Runs `task` once after `ms`; the returned function cancels. */
  after(ms: number, task: () => void): () => void
  /** A new UUIDv7. */
  id(): string
  /** 0 ≤ x < 1, for jitter. */
  random(): number
}

export interface ClientOptions {
  /** Opens a new connection; rejects when the core cannot be reached. */
  connect(): Promise<Port>
  host: ClientHost
  /** Plate's version. */
  app: string
  kind: ScreenKind
  station: string | null
}

export interface Client {
  readonly state: ClientState
  onState(listener: () => void): () => void
  /** Queries and actions: answered now, or refused with `busy` while there is no connection. */
  call<M extends QueryName | ActionName>(method: M, args: MethodArgs<M>): Promise<Outcome<MethodAnswer<M>>>
  /**
   * Commands: kept and sent again, under the same id, until the core answers; so a cut in the middle loses nothing and
   * does nothing twice. Resolves with the core's answer, however long that takes (or with `busy` when this client is closed).
   */
  send<N extends CommandName>(command: N, args: MethodArgs<N>): Promise<Outcome<MethodAnswer<N>>>
  subscribe<S extends StreamName>(stream: S, args: StreamArgs<S>): Stream<S>
  /** The core's clock, ms UTC. */
  now(): number
  /** A new UUIDv7 for an order or an item. */
  newId(): string
  /** Drops the present connection (if any) and connects at once, e.g. after wake from sleep. */
  reconnect(): void
  close(): void
}

const RETRY_FIRST_MS = 200
const RETRY_MOST_MS = 5_000
const CHECK_MS = 1_000
/** How long (ms) a connection may take from the first try to the welcome. */
const CONNECT_MS = 15_000
/** Commands under way at once. The core refuses a flood, and those that wait keep their order. */
const MAX_FLYING = 32
/** The core has not taken these up, so they are no answer to a command: it is sent again. */
const NOT_TAKEN: ReadonlySet<string> = new Set(['tooManyRequests', 'stopping'])
/** Refusals that another try cannot change; a person has to do something first. */
const FINAL: ReadonlySet<string> = new Set(['notPaired', 'revoked', 'versionMismatch', 'notAllowed'])
const AWAY: Outcome<never> = fail('busy', { why: 'away' })
const CLOSED: Outcome<never> = fail('busy', { why: 'left' })

interface Pending {
  frame: Record<string, unknown>
  settle(outcome: Outcome<never>): void
  /** Commands survive a lost connection; queries and actions do not. */
  durable: boolean
  /** Sent on the present connection. */
  sent: boolean
}
interface Sub {
  stream: StreamName
  args: unknown
  cell: StreamCell<StreamName>
  owed: number
}

const TOO_LARGE: Outcome<never> = fail('tooLarge', { why: 'frame' })

/** A core ends the connection at a frame beyond its limit; sent again after each cut it would keep this screen out for ever. */
function isTooLarge(frame: Record<string, unknown>): boolean {
  const text = JSON.stringify(frame)
  // A UTF-16 unit takes three bytes of UTF-8 at most, so most frames need no counting.
  return text.length * 3 > MAX_FRAME_BYTES && utf8Length(text) > MAX_FRAME_BYTES
}

function utf8Length(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}

const olderFrame = (frame: Record<string, unknown>): Record<string, unknown> => ({
  ...frame,
  a: asBefore(String(frame.m), frame.a),
})

/** Creates a client and starts connecting. */
export function createClient(options: ClientOptions): Client {
  const { host } = options
  let state: ClientState = FIRST_STATE
  let port: Port | null = null
  let welcomed = false
  /** The contract that is spoken on this connection. */
  let spoken: number = CONTRACT_VERSION
  let closed = false
  let attempt = 0
  let generation = 0
  let index = 0
  let session: string | null = null
  let stopRetry: (() => void) | null = null
  let stopCheck: (() => void) | null = null
  let stopPump: (() => void) | null = null
  /** How long (ms) the present try to connect has taken; null while there is none. */
  let trying: number | null = null
  /** Checks since anything was heard: time that passes even while this screen's clock is set back. */
  let quiet = 0
  const pending = new Map<number, Pending>()
  const subs = new Map<number, Sub>()
  const listeners = new Set<() => void>()

  function set(change: Partial<ClientState>): void {
    state = { ...state, ...change }
    for (const listener of [...listeners]) listener()
  }

  function transmit(frame: Record<string, unknown>): void {
    if (port && welcomed) port.send(JSON.stringify(frame))
  }

  function connect(): void {
    const mine = ++generation
    stopRetry = null
    trying = 0
    options.connect().then(
      (opened) => {
        if (closed || mine !== generation) opened.close()
        else open(opened, mine)
      },
      () => lost(mine),
    )
  }

  function open(opened: Port, mine: number): void {
    port = opened
    opened.onMessage((text) => {
      if (mine === generation) receive(JSON.parse(text) as ServerFrame)
    })
    opened.onClose(() => lost(mine))
    const { app, kind, station } = options
    const clock = host.now()
    const speaks = { v: CONTRACT_VERSION, least: OLDEST_CONTRACT }
    opened.send(JSON.stringify({ t: 'hello', ...speaks, app, kind, station, clock, session }))
  }

  function lost(mine: number): void {
    if (closed || mine !== generation) return
    leave()
    if (state.link === 'refused') return
    set({ link: 'offline' })
    const base = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** attempt++)
    // Full jitter, so that a hundred tablets do not come back in the same moment.
    stopRetry = host.after(base * (0.5 + host.random() / 2), connect)
  }

  /** Ends the present connection, or the try to get one, on this side. */
  function leave(): void {
    generation++
    const old = port
    port = null
    welcomed = false
    trying = null
    old?.close()
    giveUp((call) => !call.durable, AWAY)
    for (const call of pending.values()) call.sent = false
  }

  function giveUp(which: (call: Pending) => boolean, outcome: Outcome<never>): void {
    for (const [key, call] of [...pending]) {
      if (!which(call)) continue
      pending.delete(key)
      call.settle(outcome)
    }
  }

  /** Sends what waits, in order, as far as there may be more under way. */
  function pump(): void {
    if (!welcomed) return
    let flying = 0
    for (const call of pending.values()) {
      if (call.durable && ++flying > MAX_FLYING) return
      if (call.sent) continue
      call.sent = true
      transmit(spoken < CONTRACT_VERSION ? olderFrame(call.frame) : call.frame)
    }
  }

  function receive(frame: ServerFrame): void {
    const heard = host.now()
    quiet = 0
    switch (frame.t) {
      case 'welcome':
        welcome(frame, heard)
        return
      case 'beat':
        set({ link: 'online', lastHeard: heard, offset: frame.now - heard })
        return
      case 'reply':
        touch(heard)
        reply(frame)
        return
      case 'snap':
      case 'batch':
        touch(heard)
        streamFrame(frame)
        return
      case 'end':
        touch(heard)
        if (frame.e.code === 'signInNeeded' && state.person) signedOut()
        subs.get(frame.i)?.cell.end(frame.e)
        return
      case 'bye':
        bye(frame.e)
        return
      default:
        touch(heard)
    }
  }

  function reply(frame: Extract<ServerFrame, { t: 'reply' }>): void {
    const call = pending.get(frame.i)
    if (!call) return
    if (!frame.ok && call.durable && NOT_TAKEN.has(frame.e.code)) {
      call.sent = false
      stopPump?.()
      stopPump = host.after(CHECK_MS, pump)
      return
    }
    pending.delete(frame.i)
    // The session has ended at the core, so nobody is signed in here, whatever this screen thought.
    if (!frame.ok && frame.e.code === 'signInNeeded' && state.person) signedOut()
    call.settle((frame.ok ? { ok: true, value: frame.v } : { ok: false, error: frame.e }) as Outcome<never>)
    pump()
  }

  function touch(heard: number): void {
    // Freshness is told once a second at most, so that a busy board is not drawn for nothing else.
    if (state.link !== 'online' || heard - (state.lastHeard ?? 0) > CHECK_MS)
      set({ link: 'online', lastHeard: heard })
    else state = { ...state, lastHeard: heard }
  }

  function welcome(frame: Extract<ServerFrame, { t: 'welcome' }>, heard: number): void {
    welcomed = true
    spoken = frame.v
    trying = null
    attempt = 0
    set({
      link: 'online',
      lastHeard: heard,
      offset: frame.now - heard,
      core: frame.core,
      device: frame.device as ClientState['device'],
      person: frame.person,
      roles: frame.roles,
      failure: null,
    })
    for (const [i, sub] of subs) transmit(subFrame(i, sub))
    pump()
  }

  function subFrame(i: number, sub: Sub): Record<string, unknown> {
    sub.owed = 0
    sub.cell.again()
    const { cursor } = sub.cell
    return { t: 'sub', i, s: sub.stream, a: sub.args, ...(cursor === undefined ? {} : { since: cursor }) }
  }

  function streamFrame(frame: Extract<ServerFrame, { t: 'snap' | 'batch' }>): void {
    const sub = subs.get(frame.i)
    if (!sub) return
    if (frame.t === 'snap') sub.cell.snap(frame)
    else sub.cell.batch(frame)
    if (++sub.owed < INITIAL_CREDITS / 4) return
    transmit({ t: 'credit', i: frame.i, n: sub.owed })
    sub.owed = 0
  }

  function bye(failure: Failure): void {
    set(FINAL.has(failure.code) ? { link: 'refused', failure } : { failure })
  }

  function request(frame: Record<string, unknown>, durable: boolean): Promise<Outcome<never>> {
    return new Promise((resolve) => {
      const i = ++index
      const full = { ...frame, i }
      const settle = (outcome: Outcome<never>) => {
        resolve(outcome)
        if (durable) set({ unanswered: state.unanswered - 1 })
      }
      if (closed || isTooLarge(full)) {
        resolve(closed ? CLOSED : TOO_LARGE)
        return
      }
      pending.set(i, { frame: full, settle, durable, sent: false })
      if (durable) set({ unanswered: state.unanswered + 1 })
      pump()
    })
  }

  function signedIn(answer: SignedIn): void {
    const { session: token, roles, ...person } = answer
    session = token
    set({ person, roles })
    // What was refused before may be for this person.
    for (const [i, sub] of subs) if (sub.cell.ended) transmit(subFrame(i, sub))
  }

  function signedOut(): void {
    session = null
    set({ person: null, roles: [SCREEN_ROLE[options.kind]] })
  }

  function check(): void {
    stopCheck = host.after(CHECK_MS, check)
    const silent = Math.max(quiet++ * CHECK_MS, host.now() - (state.lastHeard ?? host.now()))
    if (state.link === 'online' && silent > STALE_AFTER_MS) set({ link: 'stale' })
    // A socket that says nothing for twice that long is dead, whatever the network claims.
    if (state.link === 'stale' && silent > 2 * STALE_AFTER_MS) lost(generation)
    if (trying === null) return
    trying += CHECK_MS
    if (trying > CONNECT_MS) lost(generation)
  }

  function reconnect(): void {
    if (closed) return
    stopRetry?.()
    attempt = 0
    leave()
    if (state.link === 'refused') set({ link: 'connecting', failure: null })
    else if (state.link !== 'connecting') set({ link: 'offline' })
    connect()
  }

  connect()
  stopCheck = host.after(CHECK_MS, check)

  return {
    get state() {
      return state
    },
    onState(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async call(method, args) {
      if (!welcomed) return AWAY
      const outcome = await request({ t: 'call', m: method, a: args }, false)
      if (outcome.ok && method === 'signIn') signedIn(outcome.value)
      if (outcome.ok && method === 'signOut') signedOut()
      return outcome
    },
    send: (command, args) => request({ t: 'call', m: command, a: args, id: host.id() }, true),
    subscribe(stream, args) {
      const i = ++index
      const cell = createStream<typeof stream>(() => {
        subs.delete(i)
        transmit({ t: 'unsub', i })
      })
      subs.set(i, { stream, args, cell: cell as unknown as StreamCell<StreamName>, owed: 0 })
      if (welcomed) transmit({ t: 'sub', i, s: stream, a: args })
      return cell
    },
    now: () => host.now() + state.offset,
    newId: () => host.id(),
    reconnect,
    close() {
      closed = true
      for (const stop of [stopRetry, stopCheck, stopPump]) stop?.()
      leave()
      giveUp(() => true, CLOSED)
    },
  }
}
