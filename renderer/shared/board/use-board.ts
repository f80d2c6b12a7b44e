/** @file A board's pages: which tickets stand where, and which page is in sight. Reads the element's size. */
import { type RefObject, useMemo, useState } from 'react'
import type { TicketView } from '../../../shared/domain/view.ts'
import type { Live } from '../shared-streams.ts'
import { type Grid, gridFor } from './measure.ts'
import { type Placed, paginate } from './slots.ts'
import { useSize } from './use-size.ts'
import { useSlots } from './use-slots.ts'

export interface BoardPages {
  box: RefObject<HTMLDivElement | null>
  grid: Grid
  live: Live<'tickets'>
  pages: Placed[][]
  /** The page in sight. It changes only when a person turns it. */
  page: number
  turn(page: number): void
  /** At least one; counts the page in sight even when its last ticket has left. */
  count: number
}

export function useBoard(live: Live<'tickets'>, heightOf: (ticket: TicketView) => number): BoardPages {
  const [box, size] = useSize()
  const grid = useMemo(() => gridFor(size.width, size.height), [size.width, size.height])
  const slots = useSlots(live.entries, grid, heightOf)
  const pages = useMemo(() => paginate(slots, grid.columns, grid.rows), [slots, grid.columns, grid.rows])
  const [page, turn] = useState(0)
  return { box, grid, live, pages, page, turn, count: Math.max(pages.length, page + 1) }
}
