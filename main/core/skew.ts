/** @file This PC's clock beside another one: a warning while they differ by too much. */
import type { Alarms } from './alarms.ts'

export interface SkewWords {
  /** ms that are tolerated. */
  over: number
  /** What this PC is called: the warning is also read on tablets. */
  whose: string
  /** Whose clock it is compared with, e.g. `the cloud's`. */
  than: string
  remedy: string
}

/** Raises the alarm `id` when this PC's clock is `aheadMs` (negative: behind) beyond what is tolerated, else clears it. */
export function warnOfSkew(
  alarms: Alarms,
  id: string,
  aheadMs: number,
  { whose, over, than, remedy }: SkewWords,
): void {
  if (Math.abs(aheadMs) <= over) {
    alarms.clear(id)
    return
  }
  const minutes = Math.round(Math.abs(aheadMs) / 60_000)
  const side = aheadMs > 0 ? 'ahead of' : 'behind'
  alarms.raise(id, 'warning', `The clock of ${whose} is ${minutes} min ${side} ${than}. ${remedy}`)
}
