/** @file A station's board: tickets in stable places, pages, keys, drawers. Reads the client, sends commands. */
import { useCallback, useMemo, useState } from 'react'
import { Banners } from '../shared/components/banners.tsx'
import { UndoToast } from '../shared/components/toast.tsx'
import { useClient, useClientState, useDocument, useStream } from '../shared/hooks.ts'
import { useBoardSounds } from '../shared/repeat.ts'
import { useSize } from '../shared/use-size.ts'
import { type Actions, createActions, type Undo } from './actions.ts'
import { AllDay } from './all-day.tsx'
import { BoardGrid } from './board-grid.tsx'
import { BoardHead } from './board-head.tsx'
import type { LegendName } from './legends.ts'
import { gridFor } from './measure.ts'
import { RecallDrawer, useRecent } from './recall-drawer.tsx'
import { paginate } from './slots.ts'
import { useBoardKeys } from './use-board-keys.ts'
import { useBumpBar } from './use-bump-bar.ts'
import { useSlots } from './use-slots.ts'

export interface StationInfo {
  id: string
  name: string
  warnAfter: number
  lateAfter: number
}

const TROUBLE_MS = 8_000

/** The actions of this board, and what they want to say. */
function useActions(station: string): {
  actions: Actions
  undo: Undo | null
  trouble: string | null
  forget(): void
} {
  const client = useClient()
  const [undo, setUndo] = useState<Undo | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  const actions = useMemo(() => {
    const say = (message: string) => {
      setTrouble(message)
      setTimeout(() => setTrouble(null), TROUBLE_MS)
    }
    return createActions(client, station, { offerUndo: setUndo, trouble: say })
  }, [client, station])
  const forget = useCallback(() => setUndo(null), [])
  return { actions, undo, trouble, forget }
}

function useStationName(): (id: string) => string {
  const { stations } = useDocument('stations').body
  return useMemo(() => {
    const names = new Map(stations.map((station) => [station.id, station.name]))
    return (id: string) => names.get(id) ?? id
  }, [stations])
}

export type Drawer = 'none' | 'recall' | 'allDay'

export function Board({ station, legend }: { station: StationInfo; legend: LegendName }) {
  const live = useStream('tickets', { scope: 'station', station: station.id })
  const link = useClientState((state) => state.link)
  const stationName = useStationName()
  const [box, size] = useSize()
  const grid = useMemo(() => gridFor(size.width, size.height), [size.width, size.height])
  const slots = useSlots(live.entries, grid)
  const pages = useMemo(() => paginate(slots, grid.columns, grid.rows), [slots, grid.columns, grid.rows])
  const [page, setPage] = useState(0)
  const [drawer, setDrawer] = useState<Drawer>('none')
  const { actions, undo, trouble, forget } = useActions(station.id)
  const recent = useRecent(station.id, drawer === 'recall')
  const close = useCallback(() => setDrawer('none'), [])
  useBoardSounds(live)

  const recall = (order: string) => {
    actions.recallTicket(order)
    recent.forget(order)
  }
  const takeBack = () => {
    undo?.run()
    forget()
  }
  const keys = useBoardKeys({
    placed: pages[page] ?? [],
    pages: Math.max(pages.length, page + 1),
    page,
    setPage,
    tickets: live.entries,
    actions,
    drawer,
    setDrawer,
    recall: undo ? takeBack : null,
    recent: recent.rows ?? [],
    recallTicket: recall,
  })
  useBumpBar(legend, keys.act)

  return (
    <div className="page board" data-link={link}>
      <BoardHead
        station={station}
        live={live}
        slots={slots}
        pages={pages}
        page={page}
        onPage={setPage}
        drawer={drawer}
        onDrawer={setDrawer}
      />
      <Banners />
      <div className="board-body">
        <BoardGrid
          box={box}
          grid={grid}
          live={live}
          pages={pages}
          page={page}
          onPage={setPage}
          station={station}
          stationName={stationName}
          actions={actions}
          keys={keys}
        />
        {drawer === 'allDay' && <AllDay tickets={live.entries} onClose={close} />}
        {drawer === 'recall' && <RecallDrawer recent={recent} onRecall={recall} onClose={close} />}
      </div>
      <div className="toasts">
        {(trouble ?? keys.hint) && (
          <div className="toast" role="alert">
            {trouble ?? keys.hint}
          </div>
        )}
        {undo && <UndoToast id={undo.id} text={undo.text} onUndo={takeBack} onGone={forget} />}
      </div>
    </div>
  )
}
