/** @file The page of tickets in sight, or why there is none. Draws only. */
import type { RefObject } from 'react'
import type { TicketView } from '../../shared/domain/view.ts'
import { EmptyBoard } from '../shared/components/empty-board.tsx'
import { plural } from '../shared/format.ts'
import type { Live } from '../shared/shared-streams.ts'
import type { Actions } from './actions.ts'
import type { StationInfo } from './board.tsx'
import type { Grid } from './measure.ts'
import type { Placed } from './slots.ts'
import { TicketCard } from './ticket-card.tsx'
import type { BoardKeys } from './use-board-keys.ts'

interface GridProps {
  box: RefObject<HTMLDivElement | null>
  grid: Grid
  live: Live<'tickets'>
  pages: Placed[][]
  page: number
  onPage: (page: number) => void
  station: StationInfo
  stationName: (id: string) => string
  actions: Actions
  keys: BoardKeys
}

function Cell({
  placed,
  position,
  ticket,
  ...props
}: { placed: Placed; position: number; ticket: TicketView | undefined } & GridProps) {
  const { slot, column, row } = placed
  const tall = slot.span === 2 || props.grid.rows === 1
  const { keys, station } = props
  return (
    <div
      className="cell"
      data-gap={ticket ? undefined : ''}
      style={{ gridColumn: column, gridRow: tall ? `1 / span ${props.grid.rows}` : row }}
    >
      {ticket && (
        <TicketCard
          ticket={ticket}
          position={position}
          selected={keys.selected === ticket.id}
          cursor={keys.selected === ticket.id ? keys.cursor : null}
          limits={station}
          station={station.id}
          stationName={props.stationName}
          actions={props.actions}
          onSelect={keys.select}
        />
      )}
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

export function BoardGrid(props: GridProps) {
  const { box, grid, live, pages, page, onPage } = props
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
        {placed.map((each, index) => (
          <Cell
            key={each.slot.id}
            placed={each}
            position={index + 1}
            ticket={live.entries.get(each.slot.id)}
            {...props}
          />
        ))}
      </div>
      {count === 0 && <EmptyBoard loaded={live.loaded} />}
      {count > 0 && placed.length === 0 && <EmptyPage count={count} onPage={onPage} />}
    </main>
  )
}
