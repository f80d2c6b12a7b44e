/** @file The hub's listening sockets: plain HTTP on this machine, HTTPS on the local network. Opens ports. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import type { Identification } from './parts.ts'

/** The hub cannot open a port. `says` what to do; `message` is for the log. */
export class ListenError extends Error {
  override name = 'ListenError'
  readonly says: Message
  readonly port: number
  constructor(says: Message, port: number, cause: Error) {
    super(cause.message, { cause })
    this.says = says
    this.port = port
  }
}

export interface Handlers {
  request: RequestListener
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Whether a new connection may be taken at all; beyond that it is cut, so that a flood costs no memory. */
  admits: () => boolean
}

/** One open port. */
export interface Listener {
  readonly port: number
  /** Open connections. */
  readonly size: number
  /** Stops listening and cuts its connections. */
  close(): Promise<void>
}

export interface SecureListener extends Listener {
  /** Shows another certificate to connections from now on. */
  show(identification: Identification): void
}

const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 20_000, keepAliveTimeout: 5_000 } as const

/** For whoever starts the hub. */
function explain(error: NodeJS.ErrnoException, port: string, flag: string): Message {
  if (error.code === 'EADDRINUSE') return say('hub.portTaken', { port, flag })
  if (error.code === 'EACCES') return say('hub.portForbidden', { port, flag })
  return say('hub.portFailed', { port, detail: error.message })
}

/** Starts listening. Rejects with a {@link ListenError}. Port 0 takes a free one. */
function listen(
  server: Server,
  at: { host: string; port: number; flag: string },
  admits: () => boolean,
): Promise<Listener> {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    if (!admits()) return socket.destroy()
    open.add(socket)
    return socket.once('close', () => open.delete(socket))
  })
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done())
      for (const socket of open) socket.destroy()
    })
  return new Promise((resolve, reject) => {
    const failed = (error: Error) =>
      reject(new ListenError(explain(error, String(at.port), at.flag), at.port, error))
    server.once('error', failed)
    server.listen({ host: at.host, port: at.port }, () => {
      server.off('error', failed)
      const { port } = server.address() as AddressInfo
      resolve({
        port,
        get size() {
          return open.size
        },
        close,
      })
    })
  })
}

/** Plain HTTP for this machine only. */
export function listenLocally(handlers: Handlers, port: number): Promise<Listener> {
  const server = createServer(TIMEOUTS, handlers.request).on('upgrade', handlers.upgrade)
  return listen(server, { host: '127.0.0.1', port, flag: '--port' }, handlers.admits)
}

/** HTTPS for everyone on the network. */
export async function listenOnLan(
  handlers: Handlers,
  port: number,
  { cert, key }: Identification,
): Promise<SecureListener> {
  const secure = { cert, key, minVersion: 'TLSv1.2' } as const
  const server = createSecureServer({ ...TIMEOUTS, ...secure }, handlers.request)
  server.on('upgrade', handlers.upgrade)
  const listener = await listen(server, { host: '0.0.0.0', port, flag: '--tls-port' }, handlers.admits)
  const show = (next: Identification) =>
    server.setSecureContext({ ...secure, cert: next.cert, key: next.key })
  return Object.assign(listener, { show })
}
