/** @file How many columns and rows fit, and how tall a ticket will be: estimates, so that places are known before drawing. Pure. */
import type { Difference } from '../../../shared/domain/unseen.ts'
import type { ItemView, TicketView } from '../../../shared/domain/view.ts'

export interface Grid {
  columns: number
  rows: 1 | 2
  /** Height (px) of one cell. */
  cell: number
}

/** Narrower than this (px) a dish name at reading size breaks too often. */
const COLUMN = 320
const GAP = 10
/** Lower than this (px) a half column holds no ticket worth reading. */
const HALF = 280

/** The grid for a board of this size. */
export function gridFor(width: number, height: number): Grid {
  const columns = Math.max(1, Math.floor((width + GAP) / (COLUMN + GAP)))
  const rows = height >= 2 * HALF + GAP ? 2 : 1
  return { columns, rows, cell: (height - (rows - 1) * GAP) / rows }
}

const FRAME = 160
const ROW = 64
const EXTRA = 27
const COURSE = 32
/** The warning that this version cannot show all of a ticket. */
const INCOMPLETE = 124
/** Letters on a line of the narrowest column, capitals at that: an estimate that is too low hides an allergy below the edge. */
const LETTERS = 22
/** Han, Kana, Hangul: twice as wide. */
const WIDE = /[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\uff00-\uff60]/g

/** How many lines a text takes, about. */
function linesOf(text: string): number {
  if (!text) return 0
  return text
    .split('\n')
    .map((line) => Math.ceil((line.length + (line.match(WIDE)?.length ?? 0)) / LETTERS))
    .reduce((sum, lines) => sum + Math.max(1, lines), 0)
}

/** The label of a change, in lines: it has a frame. */
const LABEL = 1.3

/** Lines of what is shown as before → after. */
function changeLines({ modifiers = [[], []], note = ['', ''], course, allergies }: Difference): number {
  const [before, now] = modifiers
  const warned = allergies ? 1.4 * linesOf(`⚠ ALLERGY ${allergies[0].join(', ')}`) : 0
  return LABEL + before.length + now.length + linesOf(note[0]) + linesOf(note[1]) + (course ? 1 : 0) + warned
}

function itemHeight({
  name,
  seat,
  modifiers,
  note,
  allergies,
  change,
  voided,
  tasks,
  news,
}: ItemView): number {
  const quantities = change?.quantity ? `${change.quantity.join('× ')}× ` : ''
  const title = linesOf(quantities + (seat === null ? name : `${name}  Seat ${seat}`))
  const extras =
    modifiers.reduce((sum, modifier) => sum + linesOf(modifier.name), 0) +
    linesOf(note) +
    1.4 * linesOf(allergies.length ? `⚠ ALLERGY ${allergies.join(', ')}` : '') +
    (change ? changeLines(change) : 0) +
    (news ? LABEL : 0) +
    (tasks.some(({ made, otherwise }) => made || otherwise) ? 1 : 0) +
    linesOf(voided ? `✕ VOID ${voided.reason}` : '')
  return Math.max(ROW, 34 + (title - 1 + extras) * EXTRA + 12)
}

/** About how tall (px) a ticket is when nothing of it is hidden. */
export function ticketHeight(ticket: TicketView): number {
  const courses = new Set(ticket.items.map((item) => item.course?.id)).size
  const items = ticket.items.reduce((sum, item) => sum + itemHeight(item), 0)
  const said =
    linesOf(ticket.note) + linesOf(ticket.cancelled ? `✕ CANCELLED ${ticket.cancelled.reason}` : '')
  const { change } = ticket
  const changes = change
    ? 1 + (change.table ? 1 : 0) + (change.priority ? 1 : 0) + linesOf(change.note?.[0] ?? '')
    : 0
  const warning = ticket.incomplete ? INCOMPLETE : 0
  return FRAME + items + (courses > 1 ? courses * COURSE : 0) + (said + changes) * (EXTRA + 7) + warning
}
