/** @file The expo: every open ticket with every station's state, fired, handed out, brought back. Reads the client, sends commands. */

import { useCallback, useState } from 'react'
import { EXPO } from '../../shared/domain/routing.ts'
import type { TicketView } from '../../shared/domain/view.ts'
import { BoardGrid } from '../shared/board/board-grid.tsx'
import { useBoardSounds } from '../shared/board/board-sounds.ts'
import { Calls, Pager } from '../shared/board/pager.tsx'
import { RecallDrawer, useRecent } from '../shared/board/recall-drawer.tsx'
import { useStationName } from '../shared/board/station-names.ts'
import { Toasts } from '../shared/board/toasts.tsx'
import { useActions } from '../shared/board/use-actions.ts'
import { type BoardPages, useBoard } from '../shared/board/use-board.ts'
import { Banners } from '../shared/components/banners.tsx'
import { Clock } from '../shared/components/clock.tsx'
import { ParkedBanner } from '../shared/components/cloud-banner.tsx'
import { Freshness } from '../shared/components/freshness.tsx'
import { Sign } from '../shared/components/sign.tsx'
import { SoundButton } from '../shared/components/sound-button.tsx'
import { noun } from '../shared/format.ts'
import { useClientState, useStream } from '../shared/hooks.ts'
import { ExpoCard } from './expo-card.tsx'
import { expoHeight } from './measure.ts'
import { Unwatched } from './unwatched.tsx'
import './expo.css'

interface HeadProps {
  board: BoardPages
  recalling: boolean
  onRecall: () => void
}

function Head({ board, recalling, onRecall }: HeadProps) {
  const { loaded, entries } = board.live
  const ready = [...entries.values()].filter((ticket) => ticket.status === 'ready').length
  return (
    <header className="top">
      <h1>Expo</h1>
      <Freshness />
      {loaded && (
        <div className="counts">
          <b>{entries.size}</b> {noun(entries.size, 'ticket')}
          <span className="wide">
            {' '}
            · <b>{ready}</b> ready to serve
          </span>
        </div>
      )}
      <Calls board={board} />
      <Pager board={board} />
      <button type="button" className="button" aria-pressed={recalling} onClick={onRecall}>
        <Sign>↶</Sign>Recall
      </button>
      <SoundButton />
      <Clock />
    </header>
  )
}

export function ExpoApp() {
  const live = useStream('tickets', { scope: 'expo' })
  const link = useClientState((state) => state.link)
  const stationName = useStationName()
  const board = useBoard(live, expoHeight)
  const acting = useActions(EXPO)
  const [recalling, setRecalling] = useState(false)
  const recent = useRecent(null, recalling)
  const close = useCallback(() => setRecalling(false), [])
  useBoardSounds(live)
  const recall = (ticket: TicketView) => {
    acting.actions.recallTicket(ticket)
    recent.forget(ticket.id)
  }
  return (
    <div className="page board expo" data-link={link}>
      <Head board={board} recalling={recalling} onRecall={() => setRecalling(!recalling)} />
      <Banners board />
      <ParkedBanner />
      <Unwatched stationName={stationName} />
      <div className="board-body">
        <BoardGrid
          board={board}
          card={(ticket, position) => (
            <ExpoCard
              ticket={ticket}
              position={position}
              stationName={stationName}
              actions={acting.actions}
            />
          )}
        />
        {recalling && (
          <RecallDrawer title="Recently served" recent={recent} onRecall={recall} onClose={close} />
        )}
      </div>
      <Toasts acting={acting} />
    </div>
  )
}
