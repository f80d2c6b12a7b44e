/** @file The top of a kitchen board: whose it is, how fresh, how much, which page, and the way to everything else. Draws only. */

import { Calls, Pager } from '../shared/board/pager.tsx'
import type { BoardPages } from '../shared/board/use-board.ts'
import { Clock } from '../shared/components/clock.tsx'
import { Freshness } from '../shared/components/freshness.tsx'
import { Sign } from '../shared/components/sign.tsx'
import { SoundButton } from '../shared/components/sound-button.tsx'
import { noun } from '../shared/format.ts'
import { totals } from './totals.ts'
import type { Drawer, StationInfo } from './types.ts'

interface HeadProps {
  station: StationInfo
  board: BoardPages
  drawer: Drawer
  onDrawer: (drawer: Drawer) => void
}

function Counts({ board: { live } }: { board: BoardPages }) {
  if (!live.loaded) return null
  const tickets = live.entries.size
  const items = totals(live.entries.values()).reduce((sum, { count }) => sum + count, 0)
  return (
    <div className="counts">
      <b>{tickets}</b> {noun(tickets, 'ticket')}
      <span className="wide">
        {' '}
        · <b>{items}</b> {noun(items, 'item')} to make
      </span>
    </div>
  )
}

export function BoardHead({ station, board, drawer, onDrawer }: HeadProps) {
  const toggle = (which: Drawer) => onDrawer(drawer === which ? 'none' : which)
  return (
    <header className="top">
      <h1>{station.name}</h1>
      <Freshness />
      <Counts board={board} />
      <Calls board={board} />
      <Pager board={board} />
      <button
        type="button"
        className="button"
        aria-pressed={drawer === 'allDay'}
        onClick={() => toggle('allDay')}
      >
        <Sign>Σ</Sign>All day
      </button>
      <button
        type="button"
        className="button"
        aria-pressed={drawer === 'recall'}
        onClick={() => toggle('recall')}
      >
        <Sign>↶</Sign>Recall
      </button>
      <SoundButton />
      <Clock />
    </header>
  )
}
