/** @file Who is in which topic: joining, leaving, new tokens, their expiry; and sending to a topic. Asks the database for permission. */
import type { WebSocket } from 'ws'
import type { Faults } from '../faults.ts'
import type { Caller } from '../http.ts'
import type { Access } from './access.ts'
import { type Changes, subscriptions } from './changes.ts'
import { type Channel, end, nameOf, push, system, watchExpiry } from './channel.ts'
import type { Frame } from './frames.ts'

export type Identify = (token: string | undefined, key: string) => Caller | 'expired' | 'invalid'

export interface MemberOptions {
  access: Access
  faults: Faults
  identify: Identify
  /** Shared with whoever delivers the changes of rows. */
  channels: Set<Channel>
  changes: Changes
}

type Joined = { ok: true; channel: Channel } | { ok: false; reason: string }

/** REALTIME_MAX_CHANNELS_PER_CONNECTION of a hosted project. */
const MAX_CHANNELS = 100

interface Config {
  private?: boolean
  broadcast?: { self?: boolean; ack?: boolean; replication_ready?: boolean }
  postgres_changes?: unknown
  presence?: { enabled?: boolean }
}

const object = <T extends object>(value: unknown): Partial<T> =>
  typeof value === 'object' && value !== null ? (value as Partial<T>) : {}
const REASONS = {
  expired: 'InvalidJWTToken: Token has expired',
  invalid: 'InvalidJWTToken: Invalid token',
} as const
const unauthorised = (name: string): string =>
  `Unauthorized: You do not have permissions to read from this Channel topic: ${name}`

export function createMembers({ access, faults, identify, channels, changes }: MemberOptions) {
  const find = (socket: WebSocket, topic: string): Channel | undefined =>
    [...channels].find((channel) => channel.socket === socket && channel.topic === topic)

  function drop(channel: Channel): void {
    clearTimeout(channel.expiry)
    channels.delete(channel)
  }

  function expel(channel: Channel, why: string): void {
    if (!channels.has(channel)) return
    end(channel, why)
    drop(channel)
  }

  const arm = (channel: Channel): void => watchExpiry(channel, () => expel(channel, 'Token has expired'))

  async function admitted(config: Config, caller: Caller, name: string): Promise<string | undefined> {
    if (!config.private) return undefined
    try {
      return (await access.mayRead(caller, name)) ? undefined : unauthorised(name)
    } catch {
      return 'UnableToConnectToProject: Realtime was unable to connect to the project database'
    }
  }

  async function join(socket: WebSocket, key: string, { joinRef, topic, payload }: Frame): Promise<Joined> {
    const name = nameOf(topic)
    const before = find(socket, topic)
    if (before) drop(before)
    if ([...channels].filter((channel) => channel.socket === socket).length >= MAX_CHANNELS)
      return { ok: false, reason: 'ChannelRateLimitReached: Too many channels' }
    const token = typeof payload.access_token === 'string' ? payload.access_token : undefined
    const caller = identify(token, key)
    if (typeof caller === 'string') return { ok: false, reason: REASONS[caller] }
    const config: Config = object<Config>(payload.config)
    const refused = await admitted(config, caller, name)
    if (refused) return { ok: false, reason: refused }
    const broadcast = object<NonNullable<Config['broadcast']>>(config.broadcast)
    try {
      const channel: Channel = {
        socket,
        topic,
        name,
        joinRef,
        private: Boolean(config.private),
        self: Boolean(broadcast.self),
        ack: Boolean(broadcast.ack),
        caller,
        changes: subscriptions(config.postgres_changes),
      }
      if (channel.changes.length) await changes.sync()
      channels.add(channel)
      arm(channel)
      return { ok: true, channel }
    } catch (error) {
      return { ok: false, reason: error instanceof Error ? error.message : String(error) }
    }
  }

  /** What a hosted project says after it said yes. */
  function welcome(channel: Channel, payload: Frame['payload']): void {
    const config = object<Config>(payload.config)
    if (config.presence?.enabled) push(channel, 'presence_state', {})
    if (config.broadcast?.replication_ready)
      system(channel, 'ok', 'system', 'Replication connection established')
    if (channel.changes.length) system(channel, 'ok', 'postgres_changes', 'Subscribed to PostgreSQL')
  }

  /** A fresh token: the rights are asked for again, as hosted. */
  async function renew(channel: Channel, token: unknown, key: string): Promise<void> {
    if (typeof token !== 'string') return
    const caller = identify(token, key)
    if (typeof caller === 'string') return expel(channel, REASONS[caller])
    channel.caller = caller
    delete channel.maySend
    arm(channel)
    const refused = await admitted({ private: channel.private }, caller, channel.name)
    if (refused) expel(channel, refused)
  }

  /** To everybody in the topic, through the faults. `from` gets it only when it asked for its own. */
  function broadcast(
    name: string,
    isPrivate: boolean,
    body: { event: string; payload: unknown },
    from?: Channel,
  ): void {
    const { event, payload } = body
    const message = { type: 'broadcast', ...body }
    for (const channel of channels) {
      if (channel.name !== name || channel.private !== isPrivate) continue
      if (channel === from && !channel.self) continue
      for (const delay of faults.broadcast?.({ topic: name, event, payload }) ?? [0]) {
        const send = () => channels.has(channel) && push(channel, 'broadcast', message)
        if (delay > 0) setTimeout(send, delay).unref()
        else send()
      }
    }
  }

  async function mayBroadcast(channel: Channel): Promise<boolean> {
    if (!channel.private) return true
    channel.maySend ??= await access.maySend(channel.caller, channel.name)
    return channel.maySend
  }

  return {
    find,
    drop,
    join,
    welcome,
    renew,
    broadcast,
    mayBroadcast,
    /** The socket is gone. */
    leaveAll: (socket: WebSocket) => {
      for (const channel of [...channels]) if (channel.socket === socket) drop(channel)
    },
  }
}
