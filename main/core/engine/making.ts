/** @file Makes one batch: decides its jobs on a draft and puts together what the store has to write. Changes nothing but drafts. */
import type { State } from '../../../shared/domain/apply.ts'
import type { Outcome } from '../../../shared/domain/errors.ts'
import type { OrderState } from '../../../shared/domain/order.ts'
import { type StampClock, stampTime } from '../../../shared/domain/stamp.ts'
import { isClosed } from '../../../shared/domain/view.ts'
import type { AuditEntry, CommitBatch, Log, LogCursor, OrderRow } from '../ports.ts'
import type { CoreClock } from '../time.ts'
import {
  addCommand,
  addForeign,
  type Batch,
  type BatchContext,
  type CommandOutcome,
  createBatch,
  type Submitted,
} from './batch.ts'
import { createBorne } from './numbers.ts'
import { changesOf, type DraftChanges, draftOf } from './overlay.ts'

export interface CommandJob {
  kind: 'command'
  submitted: Submitted
  queuedAt: number
  settle(outcome: CommandOutcome): void
}
/** What may come with the events of another log. */
export interface Extras {
  /** Lines of the audit trail. */
  audit?: readonly AuditEntry[]
  /** Id of the last event, the one at the cursor; null when it is not known. */
  last?: string | null
  /** How far other logs were taken in with this. */
  along?: readonly LogCursor[]
}
export interface IngestJob extends Extras {
  kind: 'ingest'
  log: string
  events: readonly unknown[]
  upTo: number
  settle(outcome: Outcome<{ taken: number }>): void
}
export type Job = CommandJob | IngestJob

export interface MakerOptions {
  clock: CoreClock
  stamps: StampClock
  log: Log
  /** This core's id. */
  device: string
  uuid(at: number): string
  /** What a PC (its core id) is called. */
  nameOf(core: string): string
  /** When orders that are still in memory were closed, ms UTC. */
  closedAt: Map<string, number>
  /** Called with how far (ms) a foreign device's clock runs ahead beyond what is tolerated; 0: it does not. */
  clockAhead(device: string, ms: number): void
}

/** What a batch is made on: the committed state, or the draft of the batch whose commit is under way. */
export interface Ground {
  state: State
  counters: ReadonlyMap<string, number>
}

/** A batch that is decided but not yet durable. */
export interface Made {
  batch: Batch
  commit: CommitBatch
  changes: DraftChanges
  counters: Map<string, number>
  taken: Map<IngestJob, number>
}

export interface Maker {
  make(jobs: readonly Job[], ground: Ground, letter: string): Made
}

/** Creates the maker; `cursors` says how far each peer's log has been taken in. */
export function createMaker(options: MakerOptions, cursors: ReadonlyMap<string, LogCursor>): Maker {
  const { clock, log } = options
  const borne = createBorne()

  function make(jobs: readonly Job[], ground: Ground, letter: string): Made {
    const now = clock.now()
    const { state } = ground
    const draft = draftOf(state)
    const batch = createBatch(draft)
    const counters = new Map(ground.counters)
    const { device, stamps, nameOf } = options
    const uuid = () => options.uuid(now)
    const ctx: BatchContext = { now, device, letter, stamps, nameOf, counters, uuid, borne }
    const taken = new Map<IngestJob, number>()
    for (const job of jobs) {
      if (job.kind === 'command') addCommand(batch, job.submitted, ctx)
      else take(batch, job, ctx, taken)
    }
    const changes = changesOf(state, draft)
    const commit: CommitBatch = {
      fresh: changes.orders.filter((id) => !state.orders.has(id)),
      entries: batch.entries,
      ...(batch.garbage.length && { garbage: batch.garbage }),
      orders: rowsOf(state, draft, changes, now),
      documents: changes.documents,
      stock: changes.stock.map((menuItem) => ({
        menuItem,
        ...(draft.stock.get(menuItem) ?? { out: false, stamp: '' }),
      })),
      receipts: batch.results.map((result) => result.receipt),
      audit: batch.audit,
      cursors: cursorsAfter(jobs),
      counters: [...counters]
        .filter(([day, next]) => ground.counters.get(day) !== next)
        .map(([day, next]) => ({ day, next })),
      stamp: stamps.next(now),
    }
    return { batch, commit, changes, counters, taken }
  }

  function take(batch: Batch, job: IngestJob, ctx: BatchContext, taken: Map<IngestJob, number>): void {
    const { refused, ahead } = addForeign(batch, job.events, job.log, ctx)
    batch.audit.push(...(job.audit ?? []))
    taken.set(job, job.events.length - refused)
    if (refused) log.warn('EVENTS_UNREADABLE', { source: job.log, kept: refused })
    for (const [device, ms] of ahead) options.clockAhead(device, ms)
  }

  /** Where each log is taken in to after these jobs; never less than before, whatever order its pages came in. */
  function cursorsAfter(jobs: readonly Job[]): CommitBatch['cursors'] {
    const next = new Map<string, LogCursor>()
    for (const job of jobs) {
      if (job.kind !== 'ingest') continue
      const { log: peer, upTo: seq, last, along = [] } = job
      for (const cursor of [{ peer, seq, ...(last && { event: last }) }, ...along]) {
        const known = next.get(cursor.peer) ?? cursors.get(cursor.peer)
        next.set(cursor.peer, known && known.seq >= cursor.seq ? known : cursor)
      }
    }
    return [...next.values()]
  }

  function rowsOf(state: State, draft: State, changes: DraftChanges, now: number): OrderRow[] {
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

  return { make }
}
