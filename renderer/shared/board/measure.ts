/** @file How many columns and rows fit, and how tall a ticket will be: estimates, so that places are known before drawing. Pure. */
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

function itemHeight(item: ItemView): number {
  const extras =
    item.modifiers.length + (item.note ? 1 : 0) + (item.allergies.length ? 1.4 : 0) + (item.change ? 1 : 0)
  return Math.max(ROW, 34 + extras * EXTRA + 12)
}

/** About how tall (px) a ticket is when nothing of it is hidden. */
export function ticketHeight(ticket: TicketView): number {
  const courses = new Set(ticket.items.map((item) => item.course?.id)).size
  const items = ticket.items.reduce((sum, item) => sum + itemHeight(item), 0)
  return FRAME + items + (courses > 1 ? courses * COURSE : 0) + (ticket.note ? 34 : 0)
}
