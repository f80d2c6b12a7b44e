/** @file The banners every page carries: lost contact, training, alarms of the core. Reads the client. */
import { useStatus } from '../hooks.ts'
import { ContactBanner } from './freshness.tsx'

const MARK = { warning: 'Warning', alarm: 'Alarm' } as const

function Alarms() {
  const alarms = useStatus('alarms') ?? []
  return alarms.map(({ id, level, message }) => (
    <div key={id} className={`banner ${level}`} role="alert">
      <b>⚠ {MARK[level]}:</b> {message}
    </div>
  ))
}

/** All banners of a page; `what` names what may be out of date on it. */
export function Banners({ what = 'tickets' }: { what?: string }) {
  const training = useStatus('core')?.training === true
  return (
    <div className="banners">
      <ContactBanner what={what} />
      {training && (
        <div className="banner training" role="status">
          <b>TRAINING</b> — a demo evening is being played. These are not real orders.
        </div>
      )}
      <Alarms />
    </div>
  )
}
