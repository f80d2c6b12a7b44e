/** @file The banners about other sites: what is not known here, and what waits for a person. Reads the client. */
import { cloudWords, momentsFrom, refusedThings } from '../cloud-words.ts'
import { noun } from '../format.ts'
import { useClientState, useDocument, useNow, useStatus } from '../hooks.ts'
import { useWords } from '../words.ts'
import { CloudIcon } from './cloud-icon.tsx'

/** Shorter trouble stays in the header: a banner that comes and goes would move the page under a finger. */
const PATIENCE_MS = 10_000

/** Says since when other sites are not heard, and what that means. Nothing while no more than seconds are missing. */
export function CloudBanner() {
  const cloud = useStatus('cloud')
  const online = useClientState((state) => state.link === 'online')
  const { timeZone } = useDocument('settings').body
  const now = useNow()
  const words = useWords()
  // Without the core nothing is known about the cloud, and its own banner says so.
  if (!cloud || !online || now - cloud.since < PATIENCE_MS) return null
  if (cloud.state === 'live' || cloud.state === 'polling') return null
  // What was not taken has a banner of its own.
  const shared = { ...cloud, parked: 0, parkedOrders: 0 }
  const { title, text } = cloudWords(shared, momentsFrom(now, timeZone), words)
  const away = cloud.state === 'away' || cloud.state === 'refused'
  return (
    <div className={`banner cloud ${cloud.state}`} role="status" aria-label="Other sites">
      <CloudIcon away={away} />
      <span>
        <b>{title}</b> {text}
      </span>
    </div>
  )
}

/** What the cloud did not take: a manager decides. */
export function ParkedBanner() {
  const cloud = useStatus('cloud')
  if (!cloud || cloud.parked === 0) return null
  return (
    <div className="banner warning" role="alert">
      <b>
        ⚠ {refusedThings(cloud)} {noun(cloud.parked, 'is', 'are')} not shared
      </b>{' '}
      with the other sites: the cloud did not take {noun(cloud.parked, 'it', 'them')}. See Manager → Cloud.
    </div>
  )
}
