/** @file Conflicts that foreign events settle, as rows of the audit trail. Pure. */
import { applyRead, type State } from '../../../shared/domain/apply.ts'
import type { Conflict } from '../../../shared/domain/conflict.ts'
import { tell } from '../../../shared/domain/conflict-deeds.ts'
import { conflictsOf } from '../../../shared/domain/conflicts.ts'
import type { PlateEvent, Read } from '../../../shared/domain/events.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message, Param, Params } from '../../../shared/domain/messages/message.ts'
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
/** Characters of one text in a row: events may bring longer ones than anybody reads. */
const MOST_TEXT = 100

function shortParam(param: Param): Param {
  if (typeof param === 'string') return param.slice(0, MOST_TEXT)
  if (Array.isArray(param)) return param.map(shortParam)
  return typeof param === 'object' && param !== null ? short(param as Message) : param
}

/** The message with its texts cut: a row has a bounded number of them, so it is bounded itself. */
function short({ code, params }: Message): Message {
  if (!params) return { code }
  const cut = Object.entries(params).map(([name, param]) => [name, shortParam(param)])
  return { code, params: Object.fromEntries(cut) as Params }
}

type NameOf = (core: string) => string

/**
 * The row of a conflict. `command` is the id of the event, so that the store leaves the row out when the log had the
 * event already.
 */
function rowOf(state: State, event: PlateEvent, conflict: Conflict, nameOf: NameOf, at: number): AuditEntry {
  const { kind, known, news, won } = conflict
  const fact = shortParam(conflict.fact)
  const { order, staff, device, command } = event
  return {
    at,
    command: event.id,
    name: 'merge',
    order,
    number: (order && state.orders.get(order)?.opened?.number) || null,
    staff,
    device: { id: device, name: nameOf(device) },
    outcome: 'ok',
    says: short(tell(conflict, nameOf)),
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
  const says = say('audit.moreMerges', { count: more })
  merges.rest ??= { ...row, order: null, number: null, staff: null }
  Object.assign(merges.rest, { says, args: JSON.stringify({ more }) })
  if (more === 1) audit.push(merges.rest)
}

/** The part of a batch that merging works on. */
interface Merging {
  draft: State
  audit: AuditEntry[]
  merges: Merges
}

type Understood = Extract<Read, { as: 'event' }>

/** Merges an event another core decided into the draft; what it conflicts with is told once. */
export function merge(batch: Merging, read: Understood, ctx: { now: number; nameOf: NameOf }): void {
  const { draft, merges } = batch
  const { event } = read
  const conflicts = conflictsOf(draft, event)
  if (conflicts.length && !merges.events.has(event.id)) {
    merges.events.add(event.id)
    for (const conflict of conflicts) addRow(batch, rowOf(draft, event, conflict, ctx.nameOf, ctx.now))
  }
  applyRead(draft, read)
}
