/** @file WebSocket upgrades at /ws: who may connect, as whom. Hands accepted ports to the core. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Failure, Outcome } from '../../../shared/domain/errors.ts'
import { ok } from '../../../shared/domain/errors.ts'
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
  if (hub.crowded())
    return { code: 'tooManyScreens', message: `This hub already serves ${hub.maxConnections} connections.` }
  if (!(await hub.gate.allows('connects', client)))
    return {
      code: 'tooManyRequests',
      message: 'This screen connects too often. It will try again in a minute.',
    }
  return undefined
}

/** Makes the listener of a server's `upgrade` event. */
export function createUpgrade(hub: HubContext, sockets: Sockets) {
  return async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    // The other end may vanish while we decide.
    socket.on('error', () => socket.destroy())
    const client = clientOf(request, hub.trustedProxies)
    if (URL.parse(request.url ?? '', 'http://hub')?.pathname !== '/ws')
      return reject(socket, '404 Not Found', 'No such path.')
    if (!knownHost(request.headers.host, hub.hosts()))
      return reject(socket, '421 Misdirected Request', 'This hub has another name.')
    if (!allowedOrigin(request.headers, client.secure, hub.allowedOrigins))
      return reject(socket, '403 Forbidden', 'Pages of other sites may not use this hub.')

    const failure = await obstacle(hub, client)
    const identity: Outcome<Identity> = failure
      ? { ok: false, error: failure }
      : identify(hub, request, client)
    hub.metrics.count('hub_connections', 1, { outcome: identity.ok ? 'ok' : identity.error.code })
    if (identity.ok) sockets.accept(request, socket, head, (port) => hub.core.serve(port, identity.value))
    else sockets.refuse(request, socket, head, identity.error)
  }
}
