/** @file Conflicts that foreign events settle, as rows of the audit trail. Pure. */
import { applyRead, type State } from '../../../shared/domain/apply.ts'
import type { Conflict } from '../../../shared/domain/conflict.ts'
import { type Place, tell } from '../../../shared/domain/conflict-words.ts'
import { conflictsOf } from '../../../shared/domain/conflicts.ts'
import type { PlateEvent, Read } from '../../../shared/domain/events.ts'
import type { AuditEntry } from '../ports.ts'

/** What a batch has told of its conflicts. */
export interface Merges {
  /** Ids of the events whose conflicts were told; the same event may be in two pages of a batch. */
  events: Set<string>
  rows: number
  /** Stands for all beyond the first few. */
  rest: AuditEntry | null
}

export function createMerges(): Merges {
  return { events: new Set(), rows: 0, rest: null }
}

/** After an evening apart thousands may meet: a person reads some, and the orders show the others. */
const MOST_ROWS = 20
const MOST_TEXT = 1_000

/**
 * The row of a conflict. `command` is the id of the event, so that the store leaves the row out when the log had the
 * event already.
 */
function rowOf(state: State, event: PlateEvent, conflict: Conflict, place: Place, at: number): AuditEntry {
  const { kind, fact, known, news, won } = conflict
  const { order, staff, device, command } = event
  return {
    at,
    command: event.id,
    name: 'merge',
    order,
    number: (order && state.orders.get(order)?.opened?.number) || null,
    staff,
    device: { id: device, name: place.nameOf(device) },
    outcome: 'ok',
    message: tell(conflict, place).slice(0, MOST_TEXT),
    args: JSON.stringify({ kind, fact, won, known: known.stamp, news: news.stamp, command }),
  }
}

function addRow(batch: Merging, row: AuditEntry): void {
  const { merges, audit } = batch
  merges.rows++
  if (merges.rows <= MOST_ROWS) {
    audit.push(row)
    return
  }
  const more = merges.rows - MOST_ROWS
  const message = `And ${more} more of this kind. The orders show what counts.`
  merges.rest ??= { ...row, order: null, number: null, staff: null }
  Object.assign(merges.rest, { message, args: JSON.stringify({ more }) })
  if (more === 1) audit.push(merges.rest)
}

/** The part of a batch that merging works on. */
interface Merging {
  draft: State
  audit: AuditEntry[]
  merges: Merges
}

/** Merges an event another core decided into the draft; what it conflicts with is told once. */
export function merge(
  batch: Merging,
  read: Extract<Read, { as: 'event' }>,
  ctx: { now: number; nameOf(core: string): string },
): void {
  const { draft, merges } = batch
  const { event } = read
  const conflicts = conflictsOf(draft, event)
  if (conflicts.length && !merges.events.has(event.id)) {
    merges.events.add(event.id)
    const place = { nameOf: ctx.nameOf, zone: draft.documents.settings.body.timeZone }
    for (const conflict of conflicts) addRow(batch, rowOf(draft, event, conflict, place, ctx.now))
  }
  applyRead(draft, read)
}
