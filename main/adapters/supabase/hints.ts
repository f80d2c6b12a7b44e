/** @file Reads broadcasts into hints for the core. What it cannot read is left out. Pure, apart from whom it tells. */
import type { CloudListener, Log } from '../../core/ports.ts'
import { deviceHint, logHint } from './schemas.ts'

/** Tells `listener` what a broadcast means for `device`. */
export function tellHint(
  { event, payload }: { event: string; payload: unknown },
  device: string,
  listener: CloudListener,
  log: Log,
): void {
  if (event === 'intake') {
    listener.intake()
    return
  }
  const grown = event === 'log' ? logHint.safeParse(payload) : undefined
  if (grown?.success) {
    const { first, last, events } = grown.data
    // Events out of step with what the hint says of itself are worth nothing; that the log grew is.
    const inStep = events?.length === last - first + 1 && events.every(({ seq }, i) => seq === first + i)
    listener.grew({ first, last, events: inStep ? events : null })
    return
  }
  const rights = event === 'device' ? deviceHint.safeParse(payload) : undefined
  if (rights?.success) {
    if (rights.data.device === device) listener.rights()
    return
  }
  log.warn('cloud.hint-ignored', { hint: event.slice(0, 50) })
}
