/** @file A station's board: tickets in stable places, pages, keys, drawers. Reads the client, sends commands. */
import { useCallback, useState } from 'react'
import type { TicketView } from '../../shared/domain/view.ts'
import { BoardGrid } from '../shared/board/board-grid.tsx'
import { useBoardSounds } from '../shared/board/board-sounds.ts'
import { ticketHeight } from '../shared/board/measure.ts'
import { RecallDrawer, useRecent } from '../shared/board/recall-drawer.tsx'
import { useStationName } from '../shared/board/station-names.ts'
import { Toasts } from '../shared/board/toasts.tsx'
import { useActions } from '../shared/board/use-actions.ts'
import { useBoard } from '../shared/board/use-board.ts'
import { Banners } from '../shared/components/banners.tsx'
import { useClientState, useStream } from '../shared/hooks.ts'
import { AllDay } from './all-day.tsx'
import { BoardHead } from './board-head.tsx'
import type { LegendName } from './legends.ts'
import { TicketCard } from './ticket-card.tsx'
import type { Drawer, StationInfo } from './types.ts'
import { useBoardKeys } from './use-board-keys.ts'
import { useBumpBar } from './use-bump-bar.ts'

export function Board({ station, legend }: { station: StationInfo; legend: LegendName }) {
  const live = useStream('tickets', { scope: 'station', station: station.id })
  const link = useClientState((state) => state.link)
  const stationName = useStationName()
  const board = useBoard(live, ticketHeight)
  const [drawer, setDrawer] = useState<Drawer>('none')
  const acting = useActions(station.id)
  const { actions } = acting
  const recent = useRecent(station.id, drawer === 'recall')
  const close = useCallback(() => setDrawer('none'), [])
  useBoardSounds(live)

  const recall = (ticket: TicketView) => {
    actions.recallTicket(ticket)
    recent.forget(ticket.id)
  }
  const keys = useBoardKeys({ board, acting, drawer, setDrawer, recent: recent.rows ?? [], recall })
  useBumpBar(legend, keys.act)

  return (
    <div className="page board kitchen" data-link={link}>
      <BoardHead station={station} board={board} drawer={drawer} onDrawer={setDrawer} />
      <Banners board />
      <div className="board-body">
        <BoardGrid
          board={board}
          card={(ticket, position) => (
            <TicketCard
              ticket={ticket}
              position={position}
              selected={keys.selected === ticket.id}
              cursor={keys.selected === ticket.id ? keys.cursor : null}
              limits={station}
              stationName={stationName}
              actions={actions}
              onSelect={keys.select}
            />
          )}
        />
        {drawer === 'allDay' && <AllDay tickets={live.entries} onClose={close} />}
        {drawer === 'recall' && <RecallDrawer recent={recent} onRecall={recall} onClose={close} />}
      </div>
      <Toasts acting={acting} hint={keys.hint} />
    </div>
  )
}
