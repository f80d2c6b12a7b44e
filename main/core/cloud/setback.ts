/** @file The cloud was put back to an earlier day: noticed once, and kept over restarts until this core leaves. Writes the link. */
import { say } from '../../../shared/domain/messages/index.ts'
import type { Log } from '../ports.ts'
import type { Trouble } from './failures.ts'
import type { Links } from './link.ts'

export interface Setback {
  /** What screens are told; null while the cloud has what this core took from it. Nothing is exchanged otherwise. */
  readonly trouble: Trouble | null
  /** The cloud's log has not got the event at this core's cursor. */
  seen(where: { cursor: number; head: number }): void
  /** What was asked before comes too late to say anything about the next connection. */
  close(): void
}

const PUT_BACK: Trouble = { code: 'refused', says: say('cloud.putBack') }

/** Knows what was noticed before. */
export function createSetback(links: Links, log: Log): Setback {
  // Not over when the log has grown past our cursor again: what it counts up to there never came here.
  let trouble = links.get()?.reset ? PUT_BACK : null
  let closed = false
  return {
    get trouble() {
      return trouble
    },
    seen(where) {
      if (closed || trouble) return
      trouble = PUT_BACK
      log.error('CLOUD_PUT_BACK', where)
      void links.update({ reset: true })
    },
    close() {
      closed = true
    },
  }
}
