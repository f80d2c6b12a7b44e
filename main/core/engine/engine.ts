/** @file The engine: the one serial queue through which everything enters the log. The only writer of orders. */
import type { State } from '../../../shared/domain/apply.ts'
import { type Failure, fail, type Outcome } from '../../../shared/domain/errors.ts'
import type {
  CommitBatch,
  CommitResult,
  LogCursor,
  Metrics,
  OrderRow,
  Receipt,
  Store,
  StoreTrouble,
} from '../ports.ts'
import { troubleOf } from '../store-trouble.ts'
import { type CommandOutcome, ordersNamed, type Submitted } from './batch.ts'
import { createMaker, type Extras, type Ground, type Job, type Made, type MakerOptions } from './making.ts'
import { noteNumber } from './numbers.ts'
import { adopt, type DraftChanges, rebase } from './overlay.ts'

export interface EngineOptions extends MakerOptions {
  store: Store
  state: State
  /** Monotonic ms, for stage timings. */
  tick(): number
  metrics: Metrics
  letter: string
  counters: Map<string, number>
  head: number
  /** Called after each durable batch, in commit order. `news`: how many events are new to the log, by their source. */
  publish(changes: DraftChanges, head: number, news: ReadonlyMap<string | null, number>): void
  /** Called after a batch that brought `count` events which this version cannot read: they are kept raw. */
  unread(count: number): void
  /** Called when the store's ability to take orders changes; null: all is well. */
  trouble(error: StoreTrouble | null): void
}

export interface Engine {
  /** Runs a command once, however often it is submitted. Resolves after its events are durable and published. */
  submit(command: Submitted): Promise<CommandOutcome>
  /**
   * Takes in events of core `log`, up to its sequence number `upTo`, with that cursor and what else is given in the same
   * transaction.
   */
  ingest(
    log: string,
    events: readonly unknown[],
    upTo: number,
    extras?: Extras,
  ): Promise<Outcome<{ taken: number }>>
  /** How far the log of core `log` was taken in. */
  cursor(log: string): number
  /** Id of that log's event at the cursor; null when it is not known. */
  eventAt(log: string): string | null
  head(): number
  /** What stands before ticket numbers given here. */
  letter(): string
  setLetter(letter: string): void
  /** Refuses every new command with this, until null is given. What comes from other cores is still taken in. */
  lock(refusal: Failure | null): void
  /** Lets go of orders that closed before `before` (ms UTC), as soon as no batch is under way. */
  evict(before: number): void
  /** Refuses what comes from now on and resolves when the queue is empty. */
  drain(): Promise<void>
}

const INTERNAL = fail('internal')
const CLOSING = fail('stopping', { why: 'closing' })

/** How many of a batch's events the log did not have yet, by their source. */
function newsOf({ entries }: CommitBatch, seqs: readonly (number | null)[]): Map<string | null, number> {
  const news = new Map<string | null, number>()
  for (const [index, { source }] of entries.entries()) {
    if (seqs[index] !== null) news.set(source, (news.get(source) ?? 0) + 1)
  }
  return news
}

/** How many things a batch brought that were kept raw. */
function rawIn({ entries, garbage = [] }: CommitBatch, seqs: readonly (number | null)[]): number {
  return entries.filter(({ applied }, index) => !applied && seqs[index] !== null).length + garbage.length
}

/** Most jobs in one transaction: enough to share one fsync, few enough that nobody waits long for it. */
const MAX_BATCH = 128
/** More jobs than this are worth two commits that overlap. */
const SPLIT_FROM = 8
/** Receipts kept in memory; older ones are known to the store. */
const MAX_RECEIPTS = 5_000

/** Creates the engine on a loaded state. */
export function createEngine(options: EngineOptions, cursors: Map<string, LogCursor>): Engine {
  const { store, state, metrics, log } = options
  const maker = createMaker(options, cursors)
  const queue: Job[] = []
  const receipts = new Map<string, Receipt>()
  const underWay = new Map<string, Promise<CommandOutcome>>()
  let { head, letter } = options
  let running: Promise<void> | null = null
  let stopping = false
  let troubled = false
  let evictBefore = 0
  let locked: { ok: false; error: Failure } | null = null

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

  /**
   * Batches in a pipeline: while one is being written, what waits is decided on top of it, and written as soon as the
   * first is durable. Answers and publishing stay in commit order, and nothing is told before its own commit.
   */
  async function run(): Promise<void> {
    let flight: Flight | null = null
    while (queue.length || flight) {
      if (flight) flight = await follow(flight)
      else {
        // The first turn waits for the event loop to bring what arrived together, so that it commits together.
        await Promise.resolve()
        flight = await begin()
      }
    }
    sweep()
    // In the same turn as the last look at the queue: a job that comes later must find nobody running.
    running = null
  }

  /** Starts with nothing under way. Returns what is being written, or null when it is all done already. */
  async function begin(): Promise<Flight | null> {
    // Only between batches: an order that a batch works on must not leave memory under it.
    sweep()
    // Of many waiting, half: the others are decided while these are written.
    const share = queue.length > SPLIT_FROM ? Math.ceil(queue.length / 2) : queue.length
    const jobs = queue.splice(0, Math.min(MAX_BATCH, share))
    const ground = { state, counters: options.counters }
    const made = jobs.every((job) => isSimple(job, state)) ? tryMake(jobs, ground) : null
    if (made) return launch(made)
    await attempt(jobs)
    return null
  }

  /** Decides what waits on top of `flight`, sees that land, and lets the next one go. */
  async function follow(flight: Flight): Promise<Flight | null> {
    await Promise.race([flight.landed, new Promise((resolve) => setImmediate(resolve))])
    const { draft } = flight.made.batch
    const simple = queue.findIndex((job) => !isSimple(job, draft))
    const jobs = queue.splice(0, Math.min(MAX_BATCH, simple < 0 ? queue.length : simple))
    const made = jobs.length ? tryMake(jobs, { state: draft, counters: flight.made.counters }) : null
    const asDecided = await land(flight)
    if (!jobs.length) return null
    if (asDecided && made) {
      rebase(made.made.batch.draft, state)
      return launch(made)
    }
    // What it stood on is not there: once more, on what is.
    await attempt(jobs)
    return null
  }

  /** Whether a job needs nothing but memory, and changes nothing that other batches are computed from. */
  function isSimple(job: Job, on: State): boolean {
    if (job.kind !== 'command' || job.submitted.name === 'publishDocument') return false
    return [...ordersNamed([job.submitted], [])].every((id) => on.orders.has(id))
  }

  interface Decided {
    jobs: Job[]
    made: Made
    started: number
    decided: number
  }
  interface Flight extends Decided {
    landed: Promise<{ result: CommitResult; committed: number }>
  }

  function tryMake(jobs: Job[], ground: Ground): Decided | null {
    const started = options.tick()
    try {
      return { jobs, made: maker.make(jobs, ground, letter), started, decided: options.tick() }
    } catch {
      // The careful way finds out which job it was.
      return null
    }
  }

  function launch(decided: Decided): Flight {
    const landed = commit(decided.made.commit).then((result) => ({ result, committed: options.tick() }))
    return { ...decided, landed }
  }

  /** Sees a batch through. Returns whether it was written as it was decided. */
  async function land({ jobs, made, started, decided, landed }: Flight): Promise<boolean> {
    const { result, committed } = await landed
    try {
      if (result.ok) {
        finish(jobs, made, result.seqs)
        timings(jobs, { started, loaded: started, decided, committed })
        return true
      }
      if ('error' in result) refuse(jobs, result.error)
      else await attempt(jobs)
    } catch (error) {
      log.error('ENGINE_BUG', { error: String(error), stack: (error as Error).stack, jobs: jobs.length })
      // What was committed answers by its receipt.
      await attempt(jobs)
    }
    return false
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
      const made = maker.make(left, { state, counters: options.counters }, letter)
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

  function rejected(error: unknown): StoreTrouble {
    log.error('STORE_REJECTED', { error: String(error) })
    return troubleOf(error)
  }

  /** A store whose thread has died rejects: to those who wait that is one more way of not being saved. */
  function commit(batch: CommitBatch): Promise<CommitResult> {
    return store.commit(batch).catch((error: unknown) => ({ ok: false, error: rejected(error) }))
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
      return rejected(error)
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

  function finish(jobs: Job[], made: Made, seqs: (number | null)[]): void {
    adopt(state, made.batch.draft)
    for (const [day, next] of made.counters)
      options.counters.set(day, Math.max(next, options.counters.get(day) ?? 0))
    for (const row of made.commit.orders) {
      if (row.closedAt === null) options.closedAt.delete(row.state.id)
      else options.closedAt.set(row.state.id, row.closedAt)
    }
    for (const cursor of made.commit.cursors) cursors.set(cursor.peer, cursor)
    for (const result of made.batch.results) remember(result.receipt)
    head = seqs.reduce<number>((most, seq) => Math.max(most, seq ?? 0), head)
    settleTrouble(null)
    options.publish(made.changes, head, newsOf(made.commit, seqs))
    const raw = rawIn(made.commit, seqs)
    if (raw) options.unread(raw)
    const outcomes = new Map(made.batch.results.map((result) => [result.submitted.id, result.outcome]))
    for (const job of jobs) {
      if (job.kind === 'ingest') job.settle({ ok: true, value: { taken: made.taken.get(job) ?? 0 } })
      else job.settle(outcomes.get(job.submitted.id) ?? INTERNAL)
    }
  }

  function refuse(jobs: Job[], error: StoreTrouble): void {
    settleTrouble(error)
    for (const job of jobs) job.settle(fail(error.code, { message: error.says }))
  }

  function settleTrouble(error: StoreTrouble | null): void {
    if (error) log.error('STORE_REFUSED', { ...error })
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
      if (stopping) return Promise.resolve(CLOSING)
      if (locked) return Promise.resolve(locked)
      const answer = new Promise<CommandOutcome>((settle) => {
        enqueue({ kind: 'command', submitted, queuedAt: options.tick(), settle })
      }).finally(() => underWay.delete(submitted.id))
      underWay.set(submitted.id, answer)
      return answer
    },
    ingest(source, events, upTo, extras = {}) {
      if (stopping) return Promise.resolve(CLOSING)
      return new Promise((settle) =>
        enqueue({ ...extras, kind: 'ingest', log: source, events, upTo, settle }),
      )
    },
    cursor: (source) => cursors.get(source)?.seq ?? 0,
    eventAt: (source) => cursors.get(source)?.event ?? null,
    head: () => head,
    letter: () => letter,
    setLetter(next) {
      letter = next
      // Another core may have had it before this one.
      for (const { opened } of state.orders.values())
        if (opened) noteNumber({ letter, counters: options.counters }, opened.day, opened.number)
    },
    lock(refusal) {
      locked = refusal && { ok: false, error: refusal }
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
