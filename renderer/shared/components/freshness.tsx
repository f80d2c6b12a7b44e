/** @file How fresh this screen is, always in sight: a dot with words, and the banner when the core is silent. Reads the client. */
import { age, clock, plural } from '../format.ts'
import { useClient, useClientState, useDocument, useNow } from '../hooks.ts'

const WORDS = {
  connecting: 'Connecting…',
  online: 'Online',
  stale: 'Not heard lately',
  offline: 'No connection',
  refused: 'Refused',
} as const

/** The dot with its text; beside it what still waits to be sent. */
export function Freshness() {
  const link = useClientState((state) => state.link)
  const unanswered = useClientState((state) => state.unanswered)
  const waiting = link !== 'online' && unanswered > 0
  return (
    <div className={`freshness ${link}`} role="status" aria-label="Connection">
      <span className="dot" aria-hidden="true" />
      <span>{WORDS[link]}</span>
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
  const core = useClientState((state) => state.core)
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
        ⚠ No contact with {core ?? 'the core'} since {clock(lastHeard + client.state.offset, timeZone)}
      </b>{' '}
      — {what} may be out of date
      <Silence lastHeard={lastHeard} />
    </div>
  )
}
