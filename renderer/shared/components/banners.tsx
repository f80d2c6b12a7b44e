/** @file The banners every page carries: lost contact, other sites, training, alarms of the core. Reads the client. */
import { useStatus } from '../hooks.ts'
import { useWords } from '../words.ts'
import { CloudBanner, ParkedBanner } from './cloud-banner.tsx'
import { ContactBanner } from './freshness.tsx'

const MARK = { warning: 'Warning', alarm: 'Alarm' } as const

/** The core lists these for its log and for the manager; on screens the cloud has its own words for them. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set(['cloud:access', 'cloud:parked'])

function Alarms() {
  const alarms = (useStatus('alarms') ?? []).filter(({ id }) => !TOLD_ELSEWHERE.has(id))
  const words = useWords()
  return alarms.map(({ id, level, says }) => (
    <div key={id} className={`banner ${level}`} role="alert">
      <b>⚠ {MARK[level]}:</b> {words.say(says)}
    </div>
  ))
}

interface BannersProps {
  /** What may be out of date on this page. */
  what?: string
  /** A board tells of other sites in its header only: a banner would move the tickets. */
  board?: boolean
}

/** All banners of a page. */
export function Banners({ what = 'tickets', board = false }: BannersProps) {
  const training = useStatus('core')?.training === true
  return (
    <div className="banners">
      <ContactBanner what={what} />
      {!board && <CloudBanner />}
      {!board && <ParkedBanner />}
      {training && (
        <div className="banner training" role="status">
          <b>TRAINING</b> — these screens show orders of a demo evening. They are not real.
        </div>
      )}
      <Alarms />
    </div>
  )
}
