/** @file The server end of screens' WebSockets: accepts or refuses an HTTP upgrade. Touches the sockets it is handed. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Port } from '../../../shared/contract/port.ts'
import { MAX_FRAME_BYTES } from '../../../shared/contract/wire.ts'
import type { Failure } from '../../../shared/domain/errors.ts'
import { createAllowance } from './allowance.ts'
import { createEncoder } from './encode.ts'
import { createHeartbeat, PING_EVERY_MS } from './heartbeat.ts'
import { byeFrame, CLOSE, portOver } from './port.ts'

export interface ScreenSocketOptions {
  /** Bytes that may wait for a slow reader before it is cut off. */
  maxBufferedBytes?: number
  /** Largest frame taken from a screen, in bytes. */
  maxFrameBytes?: number
  /** Messages a connection may send at once, and how many per second in the long run. */
  messageBurst?: number
  messagesPerSecond?: number
  pingEveryMs?: number
  /** How long (ms) the other end may take to answer a close. */
  closeTimeoutMs?: number
  /** Monotonic ms. */
  now?: () => number
}

export interface ScreenSockets {
  /** Completes the upgrade and hands over the port. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, opened: (port: Port) => void): void
  /** Completes the upgrade only to say why not: browsers hide the status of a refused upgrade from the page. */
  refuse(request: IncomingMessage, socket: Duplex, head: Buffer, failure: Failure): void
  /** Open connections. */
  readonly size: number
  /** Closes all connections; those that do not answer within a second are cut. */
  stop(): Promise<void>
}

const GO_AWAY_MS = 1_000

/** Closes politely, so that a goodbye already sent still arrives, but not for longer than {@link GO_AWAY_MS}. */
function goAway(ws: WebSocket): Promise<void> {
  return new Promise((done) => {
    const cut = setTimeout(() => ws.terminate(), GO_AWAY_MS)
    ws.once('close', () => {
      clearTimeout(cut)
      done()
    })
    ws.close(CLOSE.goingAway, 'stopping')
  })
}

/** The server end of screens' WebSockets, without a listener of its own. */
export function createScreenSockets(options: ScreenSocketOptions = {}): ScreenSockets {
  const server = new WebSocketServer({
    noServer: true,
    // Frames are small and shared by many screens: compressing each per socket would cost more than it saves.
    perMessageDeflate: false,
    maxPayload: options.maxFrameBytes ?? MAX_FRAME_BYTES,
    // Not in @types/ws yet.
    ...{ closeTimeout: options.closeTimeoutMs ?? 5_000 },
  })
  const heartbeat = createHeartbeat(options.pingEveryMs ?? PING_EVERY_MS)
  const encode = createEncoder()
  const now = options.now ?? (() => performance.now())
  const limits = () => ({
    maxBufferedBytes: options.maxBufferedBytes ?? 4 * 1024 * 1024,
    allowance: createAllowance(options.messageBurst ?? 400, options.messagesPerSecond ?? 200, now),
  })
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer, done: (ws: WebSocket) => void) => {
    server.handleUpgrade(request, socket, head, (ws) => {
      heartbeat.watch(ws)
      done(ws)
    })
  }
  return {
    accept: (request, socket, head, opened) =>
      upgrade(request, socket, head, (ws) => opened(portOver(ws, encode, limits()))),
    refuse: (request, socket, head, failure) =>
      upgrade(request, socket, head, (ws) => {
        ws.on('error', () => {})
        ws.send(byeFrame(failure))
        ws.close(CLOSE.refused, failure.code)
      }),
    get size() {
      return server.clients.size
    },
    async stop() {
      heartbeat.stop()
      await Promise.all([...server.clients].map(goAway))
      server.close()
    },
  }
}
