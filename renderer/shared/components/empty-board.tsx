/** @file What stands where no ticket does: "none" only when that is known to be true now. Reads the client. */
import type { Failure } from '../../../shared/domain/errors.ts'
import { momentsFrom } from '../cloud-words.ts'
import { useClientState, useDocument, useNow, useStatus } from '../hooks.ts'
import { useWords } from '../words.ts'

/** Orders of other sites may be under way that nobody here knows of. */
function OtherSites() {
  const cloud = useStatus('cloud')
  const { timeZone } = useDocument('settings').body
  const when = momentsFrom(useNow(60_000), timeZone)
  if (!cloud || cloud.state === 'live' || cloud.state === 'polling') return null
  return (
    <p className="small">
      {cloud.currentAt === null
        ? 'Orders from other sites are not known yet.'
        : `Orders from other sites are as of ${when(cloud.currentAt)}.`}
    </p>
  )
}

interface EmptyProps {
  /** The collection that is empty. */
  live: { loaded: boolean; ended: Failure | null }
  none?: string
}

export function EmptyBoard({ live: { loaded, ended }, none = 'No open tickets' }: EmptyProps) {
  const words = useWords()
  const link = useClientState((state) => state.link)
  if (link === 'offline' || link === 'stale') {
    return (
      <div className="empty">
        <p>No connection</p>
        <p className="small">There may be tickets this screen does not know of.</p>
      </div>
    )
  }
  if (ended) return <div className="empty">{words.failure(ended)}</div>
  if (!loaded || link !== 'online') return <div className="empty">Connecting…</div>
  return (
    <div className="empty quiet">
      <p>{none}</p>
      <OtherSites />
    </div>
  )
}
