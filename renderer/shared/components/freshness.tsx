/** @file How fresh this screen is, always in sight: a sign with words, and the banner when the core is silent. Reads the client. */
import type { CloudStatus } from '../../../shared/contract/contract.ts'
import { cloudWords, LONG_SENDING, momentsFrom } from '../cloud-words.ts'
import { age, clock, plural } from '../format.ts'
import { useClient, useClientState, useDocument, useNow, useStatus } from '../hooks.ts'
import { useWords } from '../words.ts'
import { CloudIcon } from './cloud-icon.tsx'

const WORDS = {
  connecting: 'Connecting…',
  online: 'Online',
  stale: 'Not heard lately',
  offline: 'No connection',
  refused: 'Refused',
} as const

/** The chip while the core is heard but the other sites are not as they should be. */
function CloudFreshness({ cloud }: { cloud: CloudStatus }) {
  const { timeZone } = useDocument('settings').body
  const when = momentsFrom(useNow(60_000), timeZone)
  const { short, more, title, text, warn } = cloudWords(cloud, when, useWords())
  const away = cloud.state === 'away' || cloud.state === 'refused'
  return (
    <div
      className={`freshness cloud${warn ? ' warn' : ''}`}
      role="status"
      aria-label="Connection"
      title={`${title} ${text}`}
    >
      <CloudIcon away={away} />
      <span className="words">
        <span>{short}</span>
        {more && <span className="more"> {more}</span>}
      </span>
    </div>
  )
}

/** All is well with the cloud, told quietly. */
function CloudLive({ cloud }: { cloud: CloudStatus }) {
  return (
    <span className="cloud-live" title={`Connected to ${cloud.name}: changes of other sites arrive at once.`}>
      <CloudIcon />
      <span className="only-read">Other sites: live</span>
    </span>
  )
}

/** Other sites know everything from here at once, and this screen from them. */
const isQuiet = ({ state, parked, outbox }: CloudStatus) =>
  state === 'live' && parked === 0 && outbox < LONG_SENDING

/** The weakest link between this screen and the other sites, in words; beside it what still waits to be sent. */
export function Freshness() {
  const cloud = useStatus('cloud')
  const link = useClientState((state) => state.link)
  const unanswered = useClientState((state) => state.unanswered)
  const waiting = link !== 'online' && unanswered > 0
  if (link === 'online' && cloud && !isQuiet(cloud)) return <CloudFreshness cloud={cloud} />
  return (
    <div className={`freshness ${link}`} role="status" aria-label="Connection">
      <span className="dot" aria-hidden="true" />
      <span>{WORDS[link]}</span>
      {link === 'online' && cloud && <CloudLive cloud={cloud} />}
      {waiting && <span className="unsent">{plural(unanswered, 'action')} not sent yet</span>}
    </div>
  )
}

function Silence({ lastHeard }: { lastHeard: number }) {
  const now = useNow()
  const { offset } = useClient().state
  return <> ({age(now - lastHeard - offset)} ago)</>
}

/** The degraded banner: since when there is no contact, by the core's clock. Nothing while all is well. */
export function ContactBanner({ what = 'tickets' }: { what?: string }) {
  const link = useClientState((state) => state.link)
  const core = useStatus('core')?.name
  const lastHeard = useClientState((state) => (state.link === 'online' ? null : state.lastHeard))
  const { timeZone } = useDocument('settings').body
  const client = useClient()
  if (link !== 'stale' && link !== 'offline') return null
  if (lastHeard === null) {
    return (
      <div className="banner alarm" role="alert">
        <b>⚠ No connection to the core yet.</b> Trying again by itself. Check that the Plate PC is on.
      </div>
    )
  }
  return (
    <div className="banner alarm" role="alert">
      <b>
        ⚠ No contact with {core ?? 'the Plate PC'} since {clock(lastHeard + client.state.offset, timeZone)}
      </b>{' '}
      — {what} may be out of date
      <Silence lastHeard={lastHeard} />
    </div>
  )
}
