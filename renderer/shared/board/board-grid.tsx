/** @file The page of tickets in sight, or why there is none. Draws only. */
import type { ReactNode } from 'react'
import type { TicketView } from '../../../shared/domain/view.ts'
import { EmptyBoard } from '../components/empty-board.tsx'
import { plural } from '../format.ts'
import type { Grid } from './measure.ts'
import type { Placed } from './slots.ts'
import type { BoardPages } from './use-board.ts'
import './board.css'

/** Draws a ticket; `position` is its number on the page. */
type Card = (ticket: TicketView, position: number) => ReactNode

function Cell({ placed, grid, children }: { placed: Placed; grid: Grid; children: ReactNode }) {
  const { slot, column, row } = placed
  const tall = slot.span === 2 || grid.rows === 1
  return (
    <div
      className="cell"
      data-gap={slot.gap ? '' : undefined}
      style={{ gridColumn: column, gridRow: tall ? `1 / span ${grid.rows}` : row }}
    >
      {children}
    </div>
  )
}

/** A page never turns by itself, so one whose last ticket left stays, and says where the work is. */
function EmptyPage({ count, onPage }: { count: number; onPage: (page: number) => void }) {
  return (
    <div className="empty">
      <p>Nothing left on this page</p>
      <button type="button" className="button big primary" onClick={() => onPage(0)}>
        Page 1 · {plural(count, 'open ticket')}
      </button>
    </div>
  )
}

export function BoardGrid({ board, card }: { board: BoardPages; card: Card }) {
  const { box, grid, live, pages, page, turn } = board
  const placed = pages[page] ?? []
  const count = live.entries.size
  return (
    <main className="board-main">
      <div
        className="grid"
        ref={box}
        style={{
          gridTemplateColumns: `repeat(${grid.columns}, minmax(0, 1fr))`,
          gridTemplateRows: `repeat(${grid.rows}, minmax(0, 1fr))`,
        }}
      >
        {placed.map((each, index) => {
          const ticket = live.entries.get(each.slot.id)
          return (
            <Cell key={each.slot.id} placed={each} grid={grid}>
              {ticket && card(ticket, index + 1)}
            </Cell>
          )
        })}
      </div>
      {count === 0 && <EmptyBoard live={live} />}
      {count > 0 && placed.length === 0 && <EmptyPage count={count} onPage={turn} />}
    </main>
  )
}
