/** @file This PC's clock beside another one: a warning while they differ by too much. */
import { say } from '../../shared/domain/messages/index.ts'
import type { Alarms } from './alarms.ts'

export interface Skew {
  /** ms that are tolerated. */
  over: number
  /** What this PC is called: the warning is also read on tablets. */
  whose: string
  /** The PC whose clock it is compared with; null: the cloud's. */
  than: string | null
}

/** Raises the alarm `id` when this PC's clock is `aheadMs` (negative: behind) beyond what is tolerated, else clears it. */
export function warnOfSkew(
  alarms: Alarms,
  id: string,
  aheadMs: number,
  { whose: pc, over, than: other }: Skew,
): void {
  if (Math.abs(aheadMs) <= over) {
    alarms.clear(id)
    return
  }
  const minutes = Math.round(Math.abs(aheadMs) / 60_000)
  const ahead = aheadMs > 0
  const says =
    other === null
      ? say(ahead ? 'alarms.clockAheadOfCloud' : 'alarms.clockBehindCloud', { pc, minutes })
      : say(ahead ? 'alarms.clockAheadOfPc' : 'alarms.clockBehindPc', { pc, minutes, other })
  alarms.raise(id, 'warning', says)
}
