/** @file Serves the contract over one Port: hello, calls, streams; every frame validated, every right checked here. */
import {
  actions,
  CONTRACT_VERSION,
  commonVersion,
  queries,
  type StreamName,
  streams as streamContracts,
} from '../../../shared/contract/contract.ts'
import type { Port } from '../../../shared/contract/port.ts'
import {
  type ClientFrame,
  clientFrame,
  MAX_FRAME_BYTES,
  type ServerFrame,
} from '../../../shared/contract/wire.ts'
import { type CommandName, commandSchemas } from '../../../shared/domain/commands.ts'
import { type Failure, fail, failure, type Outcome, ok } from '../../../shared/domain/errors.ts'
import { issueOf } from '../../../shared/domain/issues.ts'
import { uuidSchema } from '../../../shared/domain/keys.ts'
import { mayAsk, type ReadName } from '../../../shared/domain/rights.ts'
import { SCREEN_KINDS } from '../../../shared/domain/roles.ts'
import type { TicketFilter } from '../../../shared/domain/view.ts'
import type { DeviceIdentity } from '../api.ts'
import { storeTrouble } from '../store-trouble.ts'
import type { Channel, Follower } from '../streams/channel.ts'
import { actorOf, viewerOf } from './actor.ts'
import type { Guest, ServeContext } from './context.ts'
import { runMethod } from './methods.ts'
import { completed } from './older.ts'

/** One connection, from the core's side. */
export interface Connection {
  readonly identity: DeviceIdentity
  /** Null until the hello was accepted. */
  readonly guest: Guest | null
  /** Sends an already encoded frame, e.g. the beat. */
  send(frame: string): void
  /** Ends the streams that whoever is at this screen now may not follow. */
  checkRights(): void
  /** Tells the screen why, then closes the port. */
  bye(why: Failure): void
}

type Hello = Extract<ClientFrame, { t: 'hello' }>
type Call = Extract<ClientFrame, { t: 'call' }>
type Sub = Extract<ClientFrame, { t: 'sub' }>
interface Follow {
  frame: Sub
  follower: Follower
  read: ReadName
  args: unknown
}

/** A screen that has not said hello by then (ms) is not a screen. */
const HELLO_MS = 10_000
/** From this contract on a snapshot may come in pages. */
const PAGED_SINCE = 4
/** From this contract on a screen asks again by itself, at the next sign-in, for what ended. */
const ASKS_AGAIN_SINCE = 4
/** Subscriptions one screen may hold; the busiest needs six. */
const MAX_SUBS = 32
/** Calls one screen may have unanswered; more is a flood. */
const MAX_CALLS = 64

/** Serves `port` until it closes; `closed` is called once then. */
export function serve(
  ctx: ServeContext,
  port: Port,
  identity: DeviceIdentity,
  closed: () => void,
): Connection {
  let guest: Guest | null = null
  let calls = 0
  let ended = false
  const follows = new Map<number, Follow>()
  /** What ended for want of a person. */
  const forLater = new Map<number, Sub>()
  const patience = setTimeout(() => bye(failure('invalid', { why: 'noHello' })), HELLO_MS)

  const send = (frame: ServerFrame) => port.send(JSON.stringify(frame))

  function end(): void {
    if (ended) return
    ended = true
    clearTimeout(patience)
    for (const { follower } of follows.values()) follower.stop()
    follows.clear()
    closed()
  }

  function bye(why: Failure): void {
    send({ t: 'bye', e: why })
    port.close()
    end()
  }

  function receive(text: string): void {
    if (ended) return
    const frame = read(text)
    if (!frame) {
      ctx.metrics.count('frames_refused')
      ctx.log.warn('FRAME_REFUSED', { device: identity.id, bytes: text.length })
      bye(failure('invalid', { why: 'notUnderstood' }))
    } else if (frame.t === 'hello') hello(frame)
    else if (!guest) bye(failure('invalid', { why: 'helloFirst' }))
    else handle(frame, guest)
  }

  function hello(frame: Hello): void {
    const version = commonVersion(frame)
    if (version === null) {
      const why = frame.v > CONTRACT_VERSION ? 'newer' : 'older'
      bye(failure('versionMismatch', { why, theirs: frame.v, ours: CONTRACT_VERSION }))
      return
    }
    // A window or browser of this machine may be any screen, but never a peer: peers read and write raw events.
    const kinds: readonly string[] = identity.kind === 'local' ? LOCAL_KINDS : [identity.kind]
    if (guest || !kinds.includes(frame.kind)) {
      bye(failure('notAllowed', { why: 'kind', paired: identity.kind, wanted: frame.kind }))
      return
    }
    clearTimeout(patience)
    const station = identity.station ?? frame.station
    guest = { identity, version, kind: frame.kind, station, app: frame.app, session: frame.session }
    const person = ctx.sessions.person(identity.id, frame.session)
    if (!person) guest.session = null
    const { id, name } = identity
    const device = { id, name, kind: frame.kind, station }
    const now = ctx.now()
    send({
      t: 'welcome',
      v: version,
      core: ctx.core,
      now,
      device,
      person,
      roles: [...actorOf(ctx, guest).roles],
    })
    ctx.devices.seen(id, frame.app)
    ctx.log.info('SCREEN_CONNECTED', {
      device: id,
      kind: frame.kind,
      station,
      app: frame.app,
      skewMs: frame.clock - now,
    })
  }

  function handle(frame: Exclude<ClientFrame, Hello>, visitor: Guest): void {
    switch (frame.t) {
      case 'call':
        void answer(frame, visitor)
        break
      case 'sub':
        follow(frame, visitor)
        break
      case 'credit':
        follows.get(frame.i)?.follower.credit(frame.n)
        break
      case 'unsub':
        unfollow(frame.i)
        break
      case 'ping':
        send({ t: 'pong', c: frame.c, now: ctx.now() })
    }
  }

  async function answer(frame: Call, visitor: Guest): Promise<void> {
    if (calls >= MAX_CALLS) {
      send({ t: 'reply', i: frame.i, ok: false, e: BUSY })
      return
    }
    calls++
    const outcome = await run(frame, visitor).catch((error: unknown): Outcome<never> => {
      const trouble = storeTrouble(error)
      if (trouble) return fail(trouble.code, { message: trouble.says })
      ctx.log.error('METHOD_BUG', { method: frame.m, error: String(error), stack: (error as Error).stack })
      return fail('internal')
    })
    calls--
    if (ended) return
    send(
      outcome.ok
        ? { t: 'reply', i: frame.i, ok: true, v: outcome.value }
        : { t: 'reply', i: frame.i, ok: false, e: outcome.error },
    )
    if (frame.m === 'signIn' && outcome.ok) followAgain(visitor)
  }

  async function run(frame: Call, visitor: Guest): Promise<Outcome<unknown>> {
    if (Object.hasOwn(commandSchemas, frame.m)) {
      const id = uuidSchema.safeParse(frame.id)
      if (!id.success) return fail('invalid', { why: 'commandId' }, 'id')
      const name = frame.m as CommandName
      const args = completed(ctx.state, visitor.version, name, frame.a)
      return ctx.engine.submit({ id: id.data, name, args, actor: actorOf(ctx, visitor) })
    }
    const method = methodOf(frame.m)
    if (!method) return fail('unknownMethod', { why: 'method', name: frame.m })
    const args = method.args.safeParse(frame.a)
    if (!args.success) return { ok: false, error: issueOf(args.error) }
    return refusal(visitor, method.read, args.data) ?? runMethod(ctx, visitor, frame.m, args.data)
  }

  /** Why whoever is at this screen may not ask this; null: they may. */
  function refusal(visitor: Guest, read: ReadName | null, args: unknown): ReturnType<typeof fail> | null {
    const viewer = viewerOf(ctx, visitor)
    if (mayAsk(viewer, read, args)) return null
    // A session that has ended, or whose person is gone, is as good as none. Nobody signs in at another PC's connection.
    return viewer.person === null && viewer.screen !== 'peer'
      ? fail('signInNeeded')
      : fail('notAllowed', { why: 'role' })
  }

  function unfollow(i: number): void {
    forLater.delete(i)
    follows.get(i)?.follower.stop()
    follows.delete(i)
  }

  function checkRights(): void {
    for (const [i, { read, args, frame }] of follows) {
      const denied = guest && refusal(guest, read, args)
      if (!guest || !denied) continue
      unfollow(i)
      refused(frame, guest, denied.error)
    }
  }

  /** Ends a stream. Of a screen that does not ask again itself it is kept for the next sign-in. */
  function refused(frame: Sub, visitor: Guest, e: Failure): void {
    send({ t: 'end', i: frame.i, e })
    if (visitor.version < ASKS_AGAIN_SINCE && e.code === 'signInNeeded' && forLater.size < MAX_SUBS)
      forLater.set(frame.i, { t: 'sub', i: frame.i, s: frame.s, a: frame.a })
  }

  function followAgain(visitor: Guest): void {
    const waiting = [...forLater.values()]
    forLater.clear()
    for (const frame of waiting) follow(frame, visitor)
  }

  function follow(frame: Sub, visitor: Guest): void {
    const asked = askedFor(frame, visitor)
    if (!asked.ok) {
      refused(frame, visitor, asked.error)
      return
    }
    unfollow(frame.i)
    const { channel, read, args } = asked.value
    const following = { since: frame.since, paged: visitor.version >= PAGED_SINCE }
    const follower = channel.follow(frame.i, (text) => port.send(text), following)
    follows.set(frame.i, { follower, read, args, frame })
  }

  function askedFor(
    frame: Sub,
    visitor: Guest,
  ): Outcome<Pick<Follow, 'read' | 'args'> & { channel: Channel }> {
    const name = frame.s as StreamName
    if (!Object.hasOwn(streamContracts, name)) return fail('unknownMethod', { why: 'stream', name: frame.s })
    if (follows.size >= MAX_SUBS && !follows.has(frame.i)) {
      return fail('tooManyRequests', { why: 'streams' })
    }
    const { read, args: shape } = streamContracts[name]
    const args = shape.safeParse(frame.a)
    if (!args.success) return { ok: false, error: issueOf(args.error) }
    const refused = refusal(visitor, read, args.data)
    return refused ?? ok({ channel: channelOf(ctx, name, args.data), read, args: args.data })
  }

  port.onMessage(receive)
  port.onClose(end)
  return {
    identity,
    get guest() {
      return guest
    },
    send: (frame) => port.send(frame),
    checkRights,
    bye,
  }
}

const LOCAL_KINDS = SCREEN_KINDS.filter((kind) => kind !== 'peer')

const BUSY = failure('tooManyRequests', { why: 'calls' })

function read(text: string): ClientFrame | null {
  // Characters, not bytes: the transport counts bytes; this holds for those that do not.
  if (text.length > MAX_FRAME_BYTES) return null
  try {
    const parsed = clientFrame.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

function methodOf(
  name: string,
): (typeof queries)[keyof typeof queries] | (typeof actions)[keyof typeof actions] | null {
  if (Object.hasOwn(queries, name)) return queries[name as keyof typeof queries]
  if (Object.hasOwn(actions, name)) return actions[name as keyof typeof actions]
  return null
}

function channelOf(ctx: ServeContext, stream: StreamName, args: unknown): Channel {
  const { boards, documents, stock, status, log } = ctx.streams
  if (stream === 'tickets') return boards.channel(args as TicketFilter)
  return { documents, stock, status, log }[stream]
}
