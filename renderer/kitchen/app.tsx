/** @file The kitchen page: a station's board, or the choice of a station. Reads the client. */
import { useClientState, useDocument } from '../shared/hooks.ts'
import { Board } from './board.tsx'
import { type LegendName, legendOf } from './legends.ts'
import { StationPicker } from './station-picker.tsx'
import './kitchen.css'

interface KitchenAppProps {
  /** From the address; null when it names none. */
  station: string | null
  legend?: LegendName
  /** Opens a station's board. */
  go?: (href: string) => void
}

export function KitchenApp({ station: asked, legend = legendOf(location.search), go }: KitchenAppProps) {
  // A tablet that was paired for a station needs no address that names it, and shows no other while that one is there.
  const paired = useClientState((state) => state.device?.station ?? null)
  const { body, loaded } = useDocument('stations')
  const bound = !loaded || body.stations.some(({ id }) => id === paired) ? paired : null
  const station = bound ?? asked ?? paired
  const found = body.stations.find((candidate) => candidate.id === station)
  if (station !== null && !loaded) return <Board station={UNKNOWN(station)} legend={legend} />
  if (found) return <Board key={found.id} station={found} legend={legend} />
  return <StationPicker wanted={station} stations={body.stations} loaded={loaded} {...(go ? { go } : {})} />
}

/** The station before its document came: the board may show its tickets (and its connection) at once. */
const UNKNOWN = (id: string) => ({ id, name: id, warnAfter: 300, lateAfter: 480 })
