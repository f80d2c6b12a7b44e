/** @file The messages between the main thread and the thread that owns the database. Types, and both ends of a call. */
import { availableParallelism } from 'node:os'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import type { CommitBatch, CommitResult, Log, Store } from '../../core/ports.ts'
import { StoreError, type StoreErrorCode } from './errors.ts'
import { type Packed, pack } from './packing.ts'

export interface StoreConfig {
  file: string
  backupDir: string
  journalDir: string
  /** How long backups and journals are kept. */
  keepDays: number
  /** The id this core takes when it needs a new one, the same however often opening is tried. */
  newDevice: string
}

/** The calls of {@link Store}, and a tick for what is due by the clock. Only the caller has a clock: each call carries it. */
export type Methods = Store & { tick(): Promise<void> }
export type Method = keyof Methods
export type Args<M extends Method> = Parameters<Methods[M]>
export type Answer<M extends Method> = Awaited<ReturnType<Methods[M]>>

/**
 * What the owning thread offers: every call with the caller's time (ms UTC) in front, and `afterReply`: what a call left
 * to do once its caller has the answer.
 */
export type Host = {
  [M in Method]: (now: number, ...args: Args<M>) => Answer<M> | Promise<Answer<M>>
} & { commitPacked(now: number, packed: Packed): CommitResult; afterReply(): void }

export interface Request {
  id: number
  method: Method
  /** The arguments as JSON: for a batch of orders that takes half the time of a structured clone, on both threads. */
  args: string
  /** Of a commit: the orders' states. Its `args` are the packed batch itself. */
  bodies?: string[]
  /** Somebody at a screen waits for it: both threads stay awake for a moment. What comes from other PCs can wait for a wake-up. */
  urgent?: boolean
  now: number
}

export type Reply =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; code: StoreErrorCode; says: Message }
  | { log: keyof Log; event: string; fields: Record<string, unknown> }

/** The part of a MessagePort both ends use. */
export interface Channel {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: unknown) => void): unknown
}

/** A log that writes at the other end of the channel. */
export function remoteLog(channel: Channel): Log {
  const at =
    (level: keyof Log) =>
    (event: string, fields: Record<string, unknown> = {}) =>
      channel.postMessage({ log: level, event, fields } satisfies Reply)
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function refusal(id: number, error: unknown): Reply {
  if (error instanceof StoreError) return { id, ok: false, code: error.code, says: error.says }
  return { id, ok: false, code: 'storeBroken', says: say('store.broken', { error: String(error) }) }
}

function answer(host: Host, request: Request): Reply | Promise<Reply> {
  const { id, method, args, now } = request
  try {
    const call = host[method] as (now: number, ...args: unknown[]) => unknown
    const { bodies } = request
    const value = bodies
      ? host.commitPacked(now, { text: args, bodies })
      : call(now, ...(JSON.parse(args) as unknown[]))
    if (!(value instanceof Promise)) return { id, ok: true, value }
    return value.then(
      (settled): Reply => ({ id, ok: true, value: settled }),
      (error: unknown) => refusal(id, error),
    )
  } catch (error) {
    return refusal(id, error)
  }
}

/**
 * How long (ms) the thread stays awake for another request. Waking a sleeping thread takes longer than a commit's own
 * work on small machines, and in a rush requests follow each other closely; in quiet this costs a millisecond a request.
 */
const LINGER_MS = 1
/** On a single core whoever stays awake keeps the other from working. */
const CORES = availableParallelism()

const isUrgent = (message: unknown) => (message as Request).urgent === true

/** Answers every request that comes over the channel. `poll` takes a waiting request, where the channel can be asked. */
export function serve(channel: Channel, host: Host, poll?: () => unknown): void {
  function handle(message: unknown): void {
    const reply = answer(host, message as Request)
    if (reply instanceof Promise) void reply.then((settled) => channel.postMessage(settled))
    else channel.postMessage(reply)
    host.afterReply()
  }
  function linger(next: () => unknown): void {
    let until = performance.now() + LINGER_MS
    while (performance.now() < until) {
      const message = next()
      if (message === undefined) continue
      handle(message)
      if (isUrgent(message)) until = performance.now() + LINGER_MS
    }
  }
  channel.on('message', (message) => {
    handle(message)
    if (poll && CORES > 1 && isUrgent(message)) linger(poll)
  })
}

/** How long (ms) the caller's loop stays awake for an answer: a commit takes less, unless the disk stalls. */
const AWAKE_MS = 2

function requestOf(id: number, method: Method, args: unknown[], now: number): Request {
  if (method !== 'commit') return { id, method, args: JSON.stringify(args), now }
  const batch = args[0] as CommitBatch
  const { text, bodies } = pack(batch)
  return { id, method, args: text, bodies, urgent: batch.receipts.length > 0, now }
}

/** The calling end. */
export interface Caller {
  call<M extends Method>(method: M, now: number, args: Args<M>): Promise<Answer<M>>
  /** Rejects everything that waits, and every later call, with `error`. */
  fail(error: StoreError): void
}

/** Calls a host over the channel; its log lines go to `log`. */
export function createCaller(channel: Channel, log: Log): Caller {
  const waiting = new Map<number, { resolve(value: never): void; reject(error: StoreError): void }>()
  let broken: StoreError | undefined
  let last = 0
  let awakeUntil = 0
  let awake = false

  /** Turns the event loop without sleeping until the answer is there, or for a moment at most; nothing else is held up. */
  function stayAwake(): void {
    awake = CORES > 1 && waiting.size > 0 && performance.now() < awakeUntil
    if (awake) setImmediate(stayAwake)
  }
  channel.on('message', (message) => {
    const reply = message as Reply
    if ('log' in reply) return log[reply.log](reply.event, reply.fields)
    const call = waiting.get(reply.id)
    waiting.delete(reply.id)
    if (reply.ok) call?.resolve(reply.value as never)
    else call?.reject(new StoreError(reply.code, reply.says))
  })
  return {
    call(method, now, args) {
      if (broken) return Promise.reject(broken)
      const id = ++last
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        const request = requestOf(id, method, args, now)
        channel.postMessage(request)
        if (!request.urgent) return
        awakeUntil = performance.now() + AWAKE_MS
        if (!awake) stayAwake()
      })
    },
    fail(error) {
      broken ??= error
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    },
  }
}
