/** @file One socket to Realtime with one private channel, from dialling to its end; never repaired, only replaced. Opens a socket. */
import { RealtimeClient, type WebSocketLikeConstructor } from '@supabase/supabase-js'
import WebSocket from 'ws'
import type { CloudProject } from '../../core/ports.ts'
import { HEARTBEAT_MS, JOIN_MS } from './limits.ts'

/** Why a line ended: this device may not join, its token is no longer taken, or anything else. */
export type Down = 'refused' | 'staleToken' | 'lost'

export interface LineEvents {
  /** Joined; and again when the server says that changes really flow by now. */
  up(): void
  broadcast(event: string, payload: unknown): void
  /** Over, once. */
  down(reason: string, kind: Down): void
}

export interface Line {
  /** The session was renewed. */
  renew(token: string): void
  /** Ends as down unless the other end gives a sign of life within `ms`. */
  probe(ms: number): void
  /** Ends without a word. */
  end(): void
}

export interface LineOptions {
  project: CloudProject
  topic: string
  token: string
}

const SOCKET = { handshakeTimeout: JOIN_MS, perMessageDeflate: false, maxPayload: 4 * 1024 * 1024 }
/** Longest time a timer takes. */
const NEVER_MS = 2 ** 31 - 1

/**
 * A Realtime client that does nothing by itself: its own heartbeat judges too late, its reconnecting adds listeners each time
 * and rejoins with a token that may have ended, and its disconnecting holds the process for ten seconds.
 */
class StillClient extends RealtimeClient {
  override disconnect(): Promise<'ok'> {
    return Promise.resolve('ok')
  }
}

function kindOf(reason: string): Down {
  if (/jwt|token/i.test(reason)) return 'staleToken'
  return /unauthorized|permission/i.test(reason) ? 'refused' : 'lost'
}

type Frame = { topic: string; event: string; payload: object }
const isFrame = (value: unknown): value is Frame =>
  typeof value === 'object' &&
  value !== null &&
  'topic' in value &&
  typeof value.topic === 'string' &&
  'event' in value &&
  typeof value.event === 'string' &&
  'payload' in value &&
  typeof value.payload === 'object' &&
  value.payload !== null

/** Dials and joins. Ends as down when that takes longer than {@link JOIN_MS}. */
export function openLine({ project, topic, token }: LineOptions, events: LineEvents): Line {
  let socket: WebSocket | undefined
  let over = false
  let joined = false
  let newest = token
  let beats = 0
  let answerTimer: NodeJS.Timeout | undefined
  let answerBy = 0
  let beatTimer: NodeJS.Timeout | undefined
  const joinTimer = setTimeout(() => fail('noChannel'), JOIN_MS)

  class Socket extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, SOCKET)
      socket = this
      this.on('open', () => {
        beatTimer = setInterval(() => {
          if (!answerTimer) ask(HEARTBEAT_MS)
        }, HEARTBEAT_MS)
      })
      // Anything that arrives proves that the other end lives.
      this.on('message', () => {
        clearTimeout(answerTimer)
        answerTimer = undefined
      })
    }
  }

  const client = new StillClient(`${project.url.replace(/^http/, 'ws')}/realtime/v1`, {
    params: { apikey: project.key },
    // ws is what the library asks for in everything but its types of events.
    transport: Socket as unknown as WebSocketLikeConstructor,
    timeout: JOIN_MS,
    heartbeatIntervalMs: NEVER_MS,
    reconnectAfterMs: () => NEVER_MS,
    disconnectOnEmptyChannelsAfterMs: 0,
    // A frame that cannot be read would end the process: the library reads it in the socket's own event.
    decode: (raw, done) => {
      let frame: unknown
      try {
        client.serializer.decode(raw as string | ArrayBuffer, (read: unknown) => {
          frame = read
        })
      } catch {
        return
      }
      if (isFrame(frame)) done(frame as never)
    },
  })
  const channel = client.channel(topic, {
    config: { private: true, broadcast: { replication_ready: true } },
  })

  function ask(within: number): void {
    if (socket?.readyState !== WebSocket.OPEN) return
    beats += 1
    client.push({ topic: 'phoenix', event: 'heartbeat', payload: {}, ref: `beat-${beats}` })
    const by = performance.now() + within
    // Asking again gives nobody more time.
    if (answerTimer && answerBy <= by) return
    clearTimeout(answerTimer)
    answerBy = by
    const timer = setTimeout(() => {
      // After a stall of this process the answer may lie in the socket, read only after the timers.
      setImmediate(() => {
        if (answerTimer === timer) fail('silent')
      })
    }, within)
    answerTimer = timer
  }

  /** The library is in the middle of its own clearing up when it tells of trouble, and sets timers after that. */
  function hangUp(): void {
    clearTimeout(joinTimer)
    clearTimeout(answerTimer)
    clearInterval(beatTimer)
    queueMicrotask(() => {
      channel.teardown()
      const quiet = () => queueMicrotask(() => client.reconnectTimer.reset())
      socket?.once('close', quiet)
      socket?.terminate()
      quiet()
    })
  }
  function fail(reason: string): void {
    if (over) return
    over = true
    hangUp()
    events.down(reason, kindOf(reason))
  }
  function up(): void {
    if (!over) events.up()
  }

  channel
    .on('broadcast', { event: '*' }, ({ event, payload }) => {
      if (!over) events.broadcast(event, payload)
    })
    .on('system', {}, (message: { status?: unknown; message?: unknown }) => {
      if (message.status === 'ok' && joined) up()
      if (message.status === 'error') fail(`the server: ${String(message.message).slice(0, 200)}`)
    })

  function join(): void {
    if (over) return
    channel.subscribe((status, error) => {
      if (status !== 'SUBSCRIBED') {
        fail(`${status} ${error?.message.slice(0, 200) ?? ''}`.trim())
        return
      }
      clearTimeout(joinTimer)
      joined = true
      if (newest !== token) void client.setAuth(newest)
      up()
    }, JOIN_MS * 2)
  }
  client
    .setAuth(token)
    .then(join)
    .catch((error) => fail(String(error)))

  return {
    renew(fresh) {
      newest = fresh
      // Before the channel is joined the library would keep it for a join that has already been sent.
      if (joined && !over) void client.setAuth(fresh)
    },
    probe: ask,
    end() {
      over = true
      hangUp()
    },
  }
}
