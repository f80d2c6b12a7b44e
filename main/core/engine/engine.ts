/** @file The engine: the one serial queue through which everything enters the log. The only writer of orders. */
import type { State } from '../../../shared/domain/apply.ts'
import { fail, type Outcome } from '../../../shared/domain/errors.ts'
import type { OrderState } from '../../../shared/domain/order.ts'
import { type StampClock, stampTime } from '../../../shared/domain/stamp.ts'
import { isClosed } from '../../../shared/domain/view.ts'
import type { CommitBatch, CommitResult, Log, Metrics, OrderRow, Receipt, Store } from '../ports.ts'
import type { CoreClock } from '../time.ts'
import {
  addCommand,
  addForeign,
  type Batch,
  type BatchContext,
  type CommandOutcome,
  createBatch,
  ordersNamed,
  type Submitted,
} from './batch.ts'
import { adopt, changesOf, type DraftChanges, draftOf } from './overlay.ts'

export interface EngineOptions {
  store: Store
  state: State
  clock: CoreClock
  /** Monotonic ms, for stage timings. */
  tick(): number
  stamps: StampClock
  log: Log
  metrics: Metrics
  device: string
  letter: string
  uuid(at: number): string
  counters: Map<string, number>
  closedAt: Map<string, number>
  head: number
  /** Called after each durable batch, in commit order. */
  publish(changes: DraftChanges, head: number): void
  /** Called when the store's ability to take orders changes; null: all is well. */
  trouble(error: { code: string; message: string } | null): void
  /** Called with how far (ms) a foreign device's clock runs ahead beyond what is tolerated; 0: it does not. */
  clockAhead(source: string, ms: number): void
}

export interface Engine {
  /** Runs a command once, however often it is submitted. Resolves after its events are durable and published. */
  submit(command: Submitted): Promise<CommandOutcome>
  /** Takes in events of core `log`, up to its sequence number `upTo`, with that cursor in the same transaction. */
  ingest(log: string, events: readonly unknown[], upTo: number): Promise<Outcome<{ taken: number }>>
  /** How far the log of core `log` was taken in. */
  cursor(log: string): number
  head(): number
  /** What stands before ticket numbers given here. */
  letter(): string
  setLetter(letter: string): void
  /** Lets go of orders that closed before `before` (ms UTC), as soon as no batch is under way. */
  evict(before: number): void
  /** Refuses what comes from now on and resolves when the queue is empty. */
  drain(): Promise<void>
}

interface CommandJob {
  kind: 'command'
  submitted: Submitted
  queuedAt: number
  settle(outcome: CommandOutcome): void
}
interface IngestJob {
  kind: 'ingest'
  log: string
  events: readonly unknown[]
  upTo: number
  settle(outcome: Outcome<{ taken: number }>): void
}
type Job = CommandJob | IngestJob

type StoreTrouble = Extract<CommitResult, { error: unknown }>['error']

const INTERNAL = fail('internal', 'Plate could not do this because of a fault of its own. Try again.')

/** What a store that rejects means to those who wait. */
function troubleOf(error: unknown): StoreTrouble {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  return {
    code: code === 'storeFull' || code === 'storeReadOnly' ? code : 'storeBroken',
    message: typeof message === 'string' ? message : 'The database does not answer. Restart Plate.',
  }
}

/** Most jobs in one transaction: enough to share one fsync, few enough that nobody waits long for it. */
const MAX_BATCH = 128
/** Receipts kept in memory; older ones are known to the store. */
const MAX_RECEIPTS = 5_000

/** Creates the engine on a loaded state. */
export function createEngine(options: EngineOptions, cursors: Map<string, number>): Engine {
  const { store, state, clock, metrics, log } = options
  const queue: Job[] = []
  const receipts = new Map<string, Receipt>()
  const underWay = new Map<string, Promise<CommandOutcome>>()
  let { head, letter } = options
  let running: Promise<void> | null = null
  let stopping = false
  let troubled = false
  let evictBefore = 0

  function remember(receipt: Receipt): void {
    receipts.set(receipt.command, receipt)
    if (receipts.size <= MAX_RECEIPTS) return
    const [oldest] = receipts.keys()
    if (oldest !== undefined) receipts.delete(oldest)
  }

  function enqueue(job: Job): void {
    queue.push(job)
    running ??= run()
  }

  async function run(): Promise<void> {
    while (queue.length) {
      // The first turn waits for the event loop to bring what arrived together, so that it commits together.
      await Promise.resolve()
      const jobs = queue.splice(0, MAX_BATCH)
      // Only between batches: an order that a batch works on must not leave memory under it.
      sweep()
      await attempt(jobs)
    }
    sweep()
    // In the same turn as the last look at the queue: a job that comes later must find nobody running.
    running = null
  }

  async function attempt(jobs: Job[]): Promise<void> {
    try {
      await process(jobs)
    } catch (error) {
      log.error('ENGINE_BUG', { error: String(error), stack: (error as Error).stack, jobs: jobs.length })
      const [only, ...others] = jobs
      if (!others.length) only?.settle(INTERNAL)
      // One of them is poison: each by itself, so that the others are done. What was committed answers by its receipt.
      else for (const job of jobs) await attempt([job])
    }
  }

  async function process(jobs: Job[]): Promise<void> {
    const started = options.tick()
    const unread = await loadOrders(jobs)
    if (unread) {
      refuse(jobs, unread)
      return
    }
    const loaded = options.tick()
    let left = jobs
    for (;;) {
      const made = make(left)
      const decided = options.tick()
      const result = await commit(made.commit)
      const committed = options.tick()
      if (result.ok) {
        finish(left, made, result.seqs)
        timings(left, { started, loaded, decided, committed })
        return
      }
      if ('error' in result) {
        refuse(left, result.error)
        return
      }
      if ('existing' in result) {
        if (!result.existing.length) throw new Error('the store refuses new orders without saying which')
        remind(result.existing)
        continue
      }
      const others = answerKnown(left, result.known)
      if (!others.length) return
      if (others.length === left.length) throw new Error('the store knows answers to nothing that was asked')
      left = others
    }
  }

  /** A store whose thread has died rejects: to those who wait that is one more way of not being saved. */
  function commit(batch: CommitBatch): Promise<CommitResult> {
    return store.commit(batch).catch((error: unknown) => ({ ok: false, error: troubleOf(error) }))
  }

  /** Brings the orders that the jobs name into memory, but for those they place. Returns why it could not, if so. */
  async function loadOrders(jobs: Job[]): Promise<StoreTrouble | null> {
    const commands = jobs.flatMap((job) => (job.kind === 'command' ? [job.submitted] : []))
    const foreign = jobs.flatMap((job) => (job.kind === 'ingest' ? job.events : []))
    const missing = [...ordersNamed(commands, foreign)].filter((id) => !state.orders.has(id))
    if (!missing.length) return null
    try {
      remind(await store.orders(missing))
      return null
    } catch (error) {
      return troubleOf(error)
    }
  }

  function remind(rows: readonly OrderRow[]): void {
    for (const row of rows) {
      state.orders.set(row.state.id, row.state)
      if (row.closedAt !== null) options.closedAt.set(row.state.id, row.closedAt)
    }
  }

  function sweep(): void {
    for (const [id, closed] of options.closedAt) {
      if (closed >= evictBefore) continue
      options.closedAt.delete(id)
      state.orders.delete(id)
    }
  }

  interface Made {
    batch: Batch
    commit: CommitBatch
    changes: DraftChanges
    counters: Map<string, number>
    taken: Map<IngestJob, number>
  }

  function make(jobs: Job[]): Made {
    const now = clock.now()
    const draft = draftOf(state)
    const batch = createBatch(draft)
    const counters = new Map(options.counters)
    const { device, stamps } = options
    const ctx: BatchContext = { now, device, letter, stamps, counters, uuid: () => options.uuid(now) }
    const taken = new Map<IngestJob, number>()
    for (const job of jobs) {
      if (job.kind === 'command') addCommand(batch, job.submitted, ctx)
      else take(batch, job, ctx, taken)
    }
    const changes = changesOf(state, draft)
    const commit: CommitBatch = {
      fresh: changes.orders.filter((id) => !state.orders.has(id)),
      entries: batch.entries,
      orders: rowsOf(draft, changes, now),
      documents: changes.documents,
      stock: changes.stock.map((menuItem) => ({
        menuItem,
        ...(draft.stock.get(menuItem) ?? { out: false, stamp: '' }),
      })),
      receipts: batch.results.map((result) => result.receipt),
      audit: batch.audit,
      cursors: cursorsAfter(jobs),
      counters: [...counters]
        .filter(([day, next]) => options.counters.get(day) !== next)
        .map(([day, next]) => ({ day, next })),
      stamp: stamps.next(now),
    }
    return { batch, commit, changes, counters, taken }
  }

  function take(batch: Batch, job: IngestJob, ctx: BatchContext, taken: Map<IngestJob, number>): void {
    const { refused, ahead } = addForeign(batch, job.events, job.log, ctx)
    taken.set(job, job.events.length - refused)
    if (refused) log.error('EVENTS_UNREADABLE', { source: job.log, refused })
    if (job.events.length) options.clockAhead(job.log, ahead)
  }

  /** Where each log is taken in to after these jobs; never less than before, whatever order its pages came in. */
  function cursorsAfter(jobs: Job[]): CommitBatch['cursors'] {
    const next = new Map<string, number>()
    for (const job of jobs) {
      if (job.kind !== 'ingest') continue
      next.set(job.log, Math.max(job.upTo, next.get(job.log) ?? cursors.get(job.log) ?? 0))
    }
    return [...next].map(([peer, seq]) => ({ peer, seq }))
  }

  function rowsOf(draft: State, changes: DraftChanges, now: number): OrderRow[] {
    const rows = changes.orders.map((id) => rowOf(draft, draft.orders.get(id) as OrderState, now))
    if (!changes.documents.stations) return rows
    // Stations decide where work shows: without this an order that is on a board again would still count as closed.
    const others = [...state.orders.values()]
      .filter((order) => !changes.orders.includes(order.id))
      .map((order) => rowOf(draft, order, now))
      .filter((row) => row.open === options.closedAt.has(row.state.id))
    return [...rows, ...others]
  }

  function rowOf(draft: State, order: OrderState, now: number): OrderRow {
    const open = !isClosed(draft.documents, order)
    if (open) return { state: order, open, closedAt: null }
    // By its last event, so that history coming from a peer does not count as closed just now and fill the memory.
    const closedAt = options.closedAt.get(order.id) ?? Math.min(now, stampTime(order.top))
    return { state: order, open, closedAt }
  }

  function finish(jobs: Job[], made: Made, seqs: (number | null)[]): void {
    adopt(state, made.batch.draft)
    for (const [day, next] of made.counters) options.counters.set(day, next)
    for (const row of made.commit.orders) {
      if (row.closedAt === null) options.closedAt.delete(row.state.id)
      else options.closedAt.set(row.state.id, row.closedAt)
    }
    for (const { peer, seq } of made.commit.cursors) cursors.set(peer, seq)
    for (const result of made.batch.results) remember(result.receipt)
    head = seqs.reduce<number>((most, seq) => Math.max(most, seq ?? 0), head)
    settleTrouble(null)
    options.publish(made.changes, head)
    const outcomes = new Map(made.batch.results.map((result) => [result.submitted.id, result.outcome]))
    for (const job of jobs) {
      if (job.kind === 'ingest') job.settle({ ok: true, value: { taken: made.taken.get(job) ?? 0 } })
      else job.settle(outcomes.get(job.submitted.id) ?? INTERNAL)
    }
  }

  function refuse(jobs: Job[], error: StoreTrouble): void {
    settleTrouble(error)
    for (const job of jobs) job.settle(fail(error.code, error.message))
  }

  function settleTrouble(error: { code: string; message: string } | null): void {
    if (error) log.error('STORE_REFUSED', error)
    if (error || troubled) options.trouble(error)
    troubled = error !== null
  }

  /** Commands the store has answered before this memory began: gives the first answer again, and returns the others. */
  function answerKnown(jobs: Job[], known: readonly Receipt[]): Job[] {
    const answers = new Map(known.map((receipt) => [receipt.command, receipt]))
    return jobs.filter((job) => {
      const receipt = job.kind === 'command' ? answers.get(job.submitted.id) : undefined
      if (!receipt) return true
      remember(receipt)
      job.settle(receipt.outcome as CommandOutcome & { ok: false })
      return false
    })
  }

  interface Times {
    started: number
    loaded: number
    decided: number
    committed: number
  }

  function timings(jobs: Job[], times: Times): void {
    const published = options.tick()
    const round = (ms: number) => Math.round(ms * 1000) / 1000
    for (const job of jobs) {
      if (job.kind !== 'command') continue
      const total = published - job.queuedAt
      metrics.observe('command_ms', total, { command: job.submitted.name })
      log.info('ORDER_EVENT', {
        command: job.submitted.id,
        name: job.submitted.name,
        device: job.submitted.actor.device.id,
        queueMs: round(times.started - job.queuedAt),
        loadMs: round(times.loaded - times.started),
        decideMs: round(times.decided - times.loaded),
        commitMs: round(times.committed - times.decided),
        publishMs: round(published - times.committed),
        totalMs: round(total),
        batch: jobs.length,
      })
    }
    metrics.observe('commit_ms', times.committed - times.decided)
  }

  return {
    submit(submitted) {
      const receipt = receipts.get(submitted.id)
      if (receipt) return Promise.resolve(receipt.outcome as CommandOutcome)
      const present = underWay.get(submitted.id)
      if (present) return present
      if (stopping) return Promise.resolve(fail('stopping', 'Plate is closing. Try again when it is back.'))
      const answer = new Promise<CommandOutcome>((settle) => {
        enqueue({ kind: 'command', submitted, queuedAt: options.tick(), settle })
      }).finally(() => underWay.delete(submitted.id))
      underWay.set(submitted.id, answer)
      return answer
    },
    ingest(source, events, upTo) {
      if (stopping) return Promise.resolve(fail('stopping', 'Plate is closing. Try again when it is back.'))
      return new Promise((settle) => enqueue({ kind: 'ingest', log: source, events, upTo, settle }))
    },
    cursor: (source) => cursors.get(source) ?? 0,
    head: () => head,
    letter: () => letter,
    setLetter(next) {
      letter = next
    },
    evict(before) {
      evictBefore = before
      if (!running) sweep()
    },
    async drain() {
      stopping = true
      while (running) await running
    },
  }
}
