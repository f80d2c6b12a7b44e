/** @file Realtime of the local backend: sockets of unmodified supabase-js, fed by the database. Serves /realtime/v1. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type postgres from 'postgres'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Faults } from '../faults.ts'
import { roleOfKey } from '../gate.ts'
import { type Call, empty, fields, json, type Reply } from '../http.ts'
import { verify } from '../jwt.ts'
import type { ProjectKeys } from '../settings.ts'
import { createAccess } from './access.ts'
import { createChanges } from './changes.ts'
import type { Channel } from './channel.ts'
import { type Feed, listen } from './feed.ts'
import { decode, encode, type Frame } from './frames.ts'
import { createMembers, type Identify } from './members.ts'

export interface Realtime {
  /** Takes over an HTTP connection that wants to be a socket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** POST /realtime/v1/api/broadcast: sending without a socket. */
  httpBroadcast(call: Call): Promise<Reply>
  start(): Promise<void>
  /** All sockets die; what is told meanwhile is lost, as when the real one restarts. */
  stop(): Promise<void>
}

export interface RealtimeOptions {
  sql: postgres.Sql
  keys: ProjectKeys
  faults: Faults
  onSchemaChange(): void
}

function identifier(keys: ProjectKeys): Identify {
  return (token, key) => {
    const role = roleOfKey(token ?? key, keys)
    if (role) return { role, claims: { role }, token: null }
    const verified = verify(token ?? '', keys.jwtSecret)
    if (verified.ok) return { role: verified.claims.role, claims: verified.claims, token: token ?? null }
    return verified.why === 'expired' ? 'expired' : 'invalid'
  }
}

export function createRealtime({ sql, keys, faults, onSchemaChange }: RealtimeOptions): Realtime {
  const channels = new Set<Channel>()
  const access = createAccess(sql)
  const changes = createChanges(sql, access, channels)
  const members = createMembers({ access, faults, channels, changes, identify: identifier(keys) })
  const server = new WebSocketServer({ noServer: true })
  let feed: Feed | undefined

  function reply(socket: WebSocket, frame: Frame, status: 'ok' | 'error', response: object = {}): void {
    if (socket.readyState === socket.OPEN)
      socket.send(encode({ ...frame, event: 'phx_reply', payload: { status, response } }))
  }

  async function join(socket: WebSocket, key: string, frame: Frame): Promise<void> {
    const joined = await members.join(socket, key, frame)
    if (!joined.ok) return reply(socket, frame, 'error', { reason: joined.reason })
    const wanted = joined.channel.changes.map(({ conditions: _, ...asked }) => asked)
    reply(socket, frame, 'ok', { postgres_changes: wanted })
    members.welcome(joined.channel, frame.payload)
  }

  async function send(socket: WebSocket, channel: Channel, frame: Frame): Promise<void> {
    if (!(await members.mayBroadcast(channel))) return
    const event = String(frame.payload.event ?? '')
    members.broadcast(channel.name, channel.private, { event, payload: frame.payload.payload }, channel)
    if (channel.ack) reply(socket, frame, 'ok')
  }

  async function onFrame(socket: WebSocket, key: string, frame: Frame): Promise<void> {
    if (frame.topic === 'phoenix') return reply(socket, frame, 'ok')
    if (frame.event === 'phx_join') return join(socket, key, frame)
    const channel = members.find(socket, frame.topic)
    if (!channel) return reply(socket, frame, 'error', { reason: 'unmatched topic' })
    if (frame.event === 'access_token') return members.renew(channel, frame.payload.access_token, key)
    if (frame.event === 'broadcast') return send(socket, channel, frame)
    if (frame.event === 'phx_leave') {
      members.drop(channel)
      reply(socket, frame, 'ok')
      if (socket.readyState === socket.OPEN)
        socket.send(encode({ ...frame, event: 'phx_close', payload: {} }))
      return
    }
    reply(socket, frame, 'ok')
  }

  function connect(socket: WebSocket, key: string): void {
    let last = Promise.resolve()
    socket.on('message', (data: Buffer, isBinary) => {
      const frame = decode(data, isBinary)
      if (!frame) return
      // One after the other: a join is decided before what follows it.
      last = last.then(() => onFrame(socket, key, frame)).catch((error) => console.warn('realtime:', error))
    })
    socket.on('error', () => socket.terminate())
    socket.on('close', () => members.leaveAll(socket))
  }

  return {
    upgrade(request, socket, head) {
      const url = new URL(request.url ?? '/', 'http://localhost')
      const key = url.searchParams.get('apikey') ?? String(request.headers.apikey ?? '')
      if (!roleOfKey(key, keys)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n')
        return
      }
      server.handleUpgrade(request, socket, head, (opened) => connect(opened, key))
    },

    async httpBroadcast(call) {
      const { messages } = fields(call)
      if (!Array.isArray(messages)) return json(422, { errors: { messages: ["can't be blank"] } })
      for (const { topic, event, payload, private: isPrivate } of messages as Record<string, unknown>[]) {
        const allowed =
          !isPrivate ||
          call.caller.role === 'service_role' ||
          (await access.maySend(call.caller, String(topic)))
        if (allowed) members.broadcast(String(topic), Boolean(isPrivate), { event: String(event), payload })
      }
      return empty(202)
    },

    async start() {
      feed = await listen(sql, {
        broadcast: ({ topic, event, payload, private: isPrivate }) =>
          members.broadcast(topic, isPrivate, { event, payload }),
        change: (change) => changes.add(change),
        schema: onSchemaChange,
      })
    },

    async stop() {
      for (const socket of server.clients) socket.terminate()
      for (const channel of [...channels]) members.drop(channel)
      changes.stop()
      await feed?.close()
      feed = undefined
    },
  }
}
