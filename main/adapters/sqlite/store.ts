/** @file The durable store over SQLite, as the core sees it: a thin caller of the thread that owns the file. Starts that thread. */
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { MessageChannel, Worker } from 'node:worker_threads'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import type { Clock, Log, Store } from '../../core/ports.ts'
import { StoreError } from './errors.ts'
import { createHost } from './host.ts'
import { allowParameters } from './reading.ts'
import { type Args, type Caller, createCaller, type Method, type StoreConfig, serve } from './rpc.ts'
import { workerUrl } from './threads.ts'

export interface SqliteStoreOptions {
  /** The database file; its folder is made when missing. */
  file: string
  /** Default: `backups` beside the file. */
  backupDir?: string
  /** Default: `journal` beside the file. */
  journalDir?: string
  /** Days that backups and journals are kept. Default 30. */
  keepDays?: number
  clock: Pick<Clock, 'now'>
  log: Log
  /** Another entry for the thread that owns the file. */
  worker?: URL
  /** Works on the caller's thread instead: for tools and tests, never where windows would freeze with the disk. */
  sameThread?: boolean
}

/** How often (ms) the thread is asked to do what is due: backup, pruning, statistics. */
const TICK_MS = 15 * 60_000
/** How long (ms) after opening it is asked for the first time: restaurants open their screens first. */
const FIRST_TICK_MS = 5_000

const CLOSED = new StoreError('storeBroken', say('store.closed'))

interface Thread {
  caller: Caller
  stop(): Promise<void>
}

function configOf(options: SqliteStoreOptions): StoreConfig {
  const folder = path.dirname(options.file)
  return {
    file: options.file,
    backupDir: options.backupDir ?? path.join(folder, 'backups'),
    journalDir: options.journalDir ?? path.join(folder, 'journal'),
    keepDays: options.keepDays ?? 30,
    newDevice: randomUUID(),
  }
}

function here(options: SqliteStoreOptions): Thread {
  const { port1, port2 } = new MessageChannel()
  serve(port2, createHost(configOf(options), options.log))
  const caller = createCaller(port1, options.log)
  return {
    caller,
    stop: async () => {
      port1.close()
      caller.fail(CLOSED)
    },
  }
}

function inWorker(options: SqliteStoreOptions): Thread {
  const worker = new Worker(options.worker ?? workerUrl(), { workerData: { config: configOf(options) } })
  const caller = createCaller(worker, options.log)
  let stopping = false
  const died = (why: string | number, says: Message) => {
    if (stopping) return
    options.log.error('store.worker.died', { why })
    caller.fail(new StoreError('storeBroken', says))
  }
  worker.on('error', (thrown) => {
    const error = thrown instanceof Error ? thrown.message : String(thrown)
    died(error, say('store.threadFailed', { error }))
  })
  worker.on('exit', (exit) => died(exit, say('store.threadEnded', { exit })))
  return {
    caller,
    stop: async () => {
      stopping = true
      await worker.terminate()
      caller.fail(CLOSED)
    },
  }
}

/**
 * The store. Nothing is touched before `open`. Calls reject with a {@link StoreError} when the owning thread has died;
 * `commit` reports what the disk refuses as a value.
 */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  allowParameters()
  let thread: Thread | undefined
  let timers: NodeJS.Timeout[] = []
  let closing = false

  function call<M extends Method>(method: M, ...args: Args<M>) {
    if (!thread) return Promise.reject(new StoreError('storeBroken', say('store.notOpen')))
    return thread.caller.call(method, options.clock.now(), args)
  }
  async function stop(): Promise<void> {
    for (const timer of timers.splice(0)) clearTimeout(timer)
    const stopped = thread
    thread = undefined
    await stopped?.stop()
  }
  function tick(): void {
    call('tick').catch(({ says }: StoreError) => {
      // Closing stops a backup that is being made; that is nothing to report.
      if (!closing) options.log.warn('store.tick.failed', { ...says })
    })
  }

  return {
    async open() {
      if (thread) throw new StoreError('storeInUse', say('store.alreadyOpen'))
      thread = options.sameThread ? here(options) : inWorker(options)
      try {
        const loaded = await call('open')
        closing = false
        timers = [setInterval(tick, TICK_MS).unref(), setTimeout(tick, FIRST_TICK_MS).unref()]
        return loaded
      } catch (error) {
        await stop()
        throw error
      }
    },
    commit: (batch) => call('commit', batch),
    orders: (ids) => call('orders', ids),
    closedOrders: (query) => call('closedOrders', query),
    ordersOfDay: (day) => call('ordersOfDay', day),
    eventsAfter: (seq, limit) => call('eventsAfter', seq, limit),
    audit: (query) => call('audit', query),
    devices: () => call('devices'),
    putDevice: (device) => call('putDevice', device),
    peers: () => call('peers'),
    putPeer: (peer) => call('putPeer', peer),
    dropPeer: (device) => call('dropPeer', device),
    setLetter: (letter) => call('setLetter', letter),
    setHome: (home) => call('setHome', home),
    eventsBySeq: (seqs) => call('eventsBySeq', seqs),
    parked: () => call('parked'),
    park: async (events) => (events.length ? call('park', events) : undefined),
    unpark: async (seqs) => (seqs.length ? call('unpark', seqs) : undefined),
    async setAside() {
      if (thread) throw new StoreError('storeInUse', say('store.alreadyOpen'))
      thread = options.sameThread ? here(options) : inWorker(options)
      try {
        return await call('setAside')
      } finally {
        await stop()
      }
    },
    retry: () => call('retry'),
    backup: () => call('backup'),
    health: () =>
      call('health').catch((error: StoreError) => ({
        ok: false,
        says: error.says,
        bytes: 0,
        freeBytes: 0,
        lastBackupAt: null,
      })),
    async close() {
      if (!thread) return
      closing = true
      try {
        await call('close')
      } finally {
        await stop()
      }
    },
  }
}
