/** @file A connection that is gone although nobody ended it: screens are told until a person connects or disconnects this PC. */
import type { CloudStatus } from '../../../shared/contract/contract.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import type { CloudBase } from './context.ts'
import { createStatusBoard } from './status.ts'

export interface Lost {
  status(): CloudStatus
  /** The log grew by these events, counted by source: they are not sent either. */
  logGrew(news: ReadonlyMap<string | null, number>): void
  close(): void
}

export interface LostOptions extends CloudBase {
  show(status: CloudStatus | null): void
}

/** Raises the alarm; `unsent` changes wait. */
export function createLost(options: LostOptions, name: string, unsent: number): Lost {
  let outbox = unsent
  const needing = (status: CloudStatus): CloudStatus => ({ ...status, needs: 'link' })
  const board = createStatusBoard({
    ...options,
    facts: () => ({
      name,
      locked: null,
      troubles: [{ code: 'signedOut', says: say('cloud.linkLost', { restaurant: name }) }],
      live: false,
      currentAt: null,
      confirmed: false,
      behind: 0,
      outbox,
      parked: [],
    }),
    show: (status) => options.show(status && needing(status)),
  })
  board.publish()
  return {
    status: () => needing(board.now()),
    logGrew(news) {
      for (const count of news.values()) outbox += count
      board.changed()
    },
    close: board.close,
  }
}
