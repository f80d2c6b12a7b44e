/** @file What stands where no ticket does: "none" only when that is known to be true now. Reads the client. */
import { useClientState } from '../hooks.ts'

export function EmptyBoard({ loaded, none = 'No open tickets' }: { loaded: boolean; none?: string }) {
  const link = useClientState((state) => state.link)
  if (link === 'offline' || link === 'stale') {
    return (
      <div className="empty">
        <p>No connection</p>
        <p className="small">There may be tickets this screen does not know of.</p>
      </div>
    )
  }
  if (!loaded || link !== 'online') return <div className="empty">Connecting…</div>
  return <div className="empty quiet">{none}</div>
}
