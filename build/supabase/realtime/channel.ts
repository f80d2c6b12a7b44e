/** @file One client's membership in one topic, and how it ends. Writes to its socket. */
import type { WebSocket } from 'ws'
import type { Caller } from '../http.ts'
import type { Condition } from './filter.ts'
import { encode } from './frames.ts'

export interface ChangeSubscription {
  id: number
  event: string
  schema: string
  table?: string
  filter?: string
  conditions: Condition[]
}

export interface Channel {
  socket: WebSocket
  /** As on the wire, with the prefix `realtime:`. */
  topic: string
  /** As the project names it. */
  name: string
  joinRef: string | null
  private: boolean
  /** Does it want its own broadcasts back? */
  self: boolean
  /** Are its broadcasts answered? */
  ack: boolean
  caller: Caller
  /** Asked once per token. */
  maySend?: boolean
  changes: ChangeSubscription[]
  expiry?: NodeJS.Timeout
}

const OPEN = 1
const PREFIX = 'realtime:'

export const nameOf = (topic: string): string =>
  topic.startsWith(PREFIX) ? topic.slice(PREFIX.length) : topic

export function push(channel: Channel, event: string, payload: object, ref: string | null = null): void {
  const { socket, joinRef, topic } = channel
  if (socket.readyState === OPEN) socket.send(encode({ joinRef, ref, topic, event, payload: { ...payload } }))
}

export const system = (channel: Channel, status: 'ok' | 'error', extension: string, message: string): void =>
  push(channel, 'system', { status, extension, message, channel: channel.name })

/** Ends it from our side, saying why; the client has to make a new channel. */
export function end(channel: Channel, message: string): void {
  system(channel, 'error', 'system', message)
  push(channel, 'phx_close', {}, channel.joinRef)
}

/** Calls `ended` when the caller's token expires, replacing an earlier alarm. */
export function watchExpiry(channel: Channel, ended: () => void): void {
  clearTimeout(channel.expiry)
  const { exp } = channel.caller.claims
  // A timer holds 24 days at most; no token lives so long.
  if (exp !== undefined) channel.expiry = setTimeout(ended, Math.max(0, exp * 1000 - Date.now()))
}
