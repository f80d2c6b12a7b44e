/** @file WebSocket upgrades at /ws: who may connect, as whom. Hands accepted ports to the core. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Failure, failure, type Outcome, ok } from '../../../shared/domain/errors.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { type Client, clientOf } from './client.ts'
import type { HubContext } from './context.ts'
import { DEVICE_COOKIE, LOCAL_COOKIE, readCookie } from './cookies.ts'
import { allowedOrigin, knownHost } from './guard.ts'
import { sameSecret } from './keep.ts'
import type { Identity, Sockets } from './parts.ts'

const LOCAL: Identity = { id: 'local', name: 'This computer', kind: 'local', station: null }

/** Who connects: a program by bearer token, this machine's browser by the local key, a paired screen by its cookie. */
function identify(hub: HubContext, request: IncomingMessage, client: Client): Outcome<Identity> {
  const { authorization, cookie } = request.headers
  const bearer = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1]
  if (!bearer && client.local && sameSecret(readCookie(cookie, LOCAL_COOKIE), hub.key)) return ok(LOCAL)
  const token = bearer ?? readCookie(cookie, DEVICE_COOKIE)
  const found = hub.core.devices.authenticate(token ?? '')
  if (!found.ok) return found
  const { id, name, kind, station } = found.value
  return ok({ id, name, kind, station })
}

/** Refuses before the upgrade; only for what no page of ours would send. */
function reject(socket: Duplex, status: string, message: string): void {
  const headers = `Connection: close\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(message)}`
  socket.end(`HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${message}`)
}

/** Why a connection is refused after its upgrade, so that the page can tell the person; undefined when it is not. */
async function obstacle(hub: HubContext, client: Client): Promise<Failure | undefined> {
  if (hub.crowded()) return failure('tooManyScreens', { most: hub.maxConnections })
  if (!(await hub.gate.allows('connects', client))) return failure('tooManyRequests', { why: 'connects' })
  return undefined
}

/** Makes the listener of a server's `upgrade` event. */
export function createUpgrade(hub: HubContext, sockets: Sockets) {
  const { words } = hub
  return async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    // The other end may vanish while we decide.
    socket.on('error', () => socket.destroy())
    const client = clientOf(request, hub.trustedProxies)
    if (URL.parse(request.url ?? '', 'http://hub')?.pathname !== '/ws')
      return reject(socket, '404 Not Found', words.say(say('hub.noPath')))
    if (!knownHost(request.headers.host, hub.hosts()))
      return reject(socket, '421 Misdirected Request', words.say(say('hub.otherName')))
    if (!allowedOrigin(request.headers, client.secure, hub.allowedOrigins))
      return reject(socket, '403 Forbidden', words.failure(failure('notAllowed', { why: 'otherSite' })))

    const error = await obstacle(hub, client)
    const identity: Outcome<Identity> = error ? { ok: false, error } : identify(hub, request, client)
    hub.metrics.count('hub_connections', 1, { outcome: identity.ok ? 'ok' : identity.error.code })
    if (identity.ok) sockets.accept(request, socket, head, (port) => hub.core.serve(port, identity.value))
    else sockets.refuse(request, socket, head, identity.error)
  }
}
