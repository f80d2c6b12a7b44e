/** @file This PC's clock beside another one: a warning while they differ by too much. */
import type { Message } from '../../shared/domain/messages/message.ts'
import type { Alarms } from './alarms.ts'

export interface Skew {
  /** ms that are tolerated. */
  over: number
  /** The warning, read also on tablets: which PC's clock, beside whose, and what to do. */
  says(side: 'Ahead' | 'Behind', minutes: number): Message
}

/** Raises the alarm `id` when this PC's clock is `aheadMs` (negative: behind) beyond what is tolerated, else clears it. */
export function warnOfSkew(alarms: Alarms, id: string, aheadMs: number, { over, says }: Skew): void {
  if (Math.abs(aheadMs) <= over) {
    alarms.clear(id)
    return
  }
  const minutes = Math.round(Math.abs(aheadMs) / 60_000)
  alarms.raise(id, 'warning', says(aheadMs > 0 ? 'Ahead' : 'Behind', minutes))
}
