/** @file The ticket channels: one per distinct filter in use, each computed once for all screens that share it. */
import type { State } from '../../../shared/domain/apply.ts'
import { type TicketFilter, view } from '../../../shared/domain/view.ts'
import { type Channel, createChannel } from './channel.ts'
import { createPass, type Pass } from './pass.ts'
import type { Turns } from './turns.ts'

export interface Boards {
  channel(filter: TicketFilter): Channel
  /** Recomputes these orders on every board, at once. */
  ordersChanged(ids: readonly string[]): void
  /** Recomputes everything, a slice at a time, e.g. after the stations changed. */
  allChanged(): void
  /** How many screens follow a station's board. */
  watching(station: string): number
  /** Forgets boards nobody has followed for a while. Call it now and then. */
  sweep(): void
}

interface Board {
  filter: TicketFilter
  channel: Channel
  /** Computes all of it. */
  pass: Pass
  /** Sweeps it has been through without followers. */
  idle: number
}

/** Sweeps (about 2 s each) after which a board without followers is dropped; until then a reload resumes it. */
const IDLE_SWEEPS = 60

/** Boards kept without followers at most: who asks for ever new stations must not fill the memory. */
export const MAX_IDLE_BOARDS = 64

const keyOf = (filter: TicketFilter) =>
  filter.scope === 'station' ? `station:${filter.station}` : filter.scope

/** Creates the boards over a state. */
export function createBoards(state: State, epoch: string, turns: Turns): Boards {
  const boards = new Map<string, Board>()
  let created = 0

  function compute(filter: TicketFilter, id: string): string | null {
    const order = state.orders.get(id)
    const ticket = order ? view(state.documents, order, filter) : null
    return ticket ? JSON.stringify(ticket) : null
  }

  function refresh({ filter, channel }: Pick<Board, 'filter' | 'channel'>, ids: readonly string[]): void {
    channel.change(ids.map((id) => [id, compute(filter, id)]))
  }

  function create(filter: TicketFilter): Board {
    // A board that comes again starts counting anew: cursors of the one before must not look like its own.
    const channel = createChannel({ epoch: `${epoch}:${++created}`, turns, filling: true })
    const pass = createPass(state, turns, (ids) => refresh({ filter, channel }, ids), channel.filled)
    pass.restart()
    return { filter, channel, pass, idle: 0 }
  }

  function dropIdle(): void {
    const idle = [...boards].filter(([, board]) => board.channel.followers === 0)
    for (const [key] of idle.slice(0, Math.max(0, idle.length - MAX_IDLE_BOARDS + 1))) boards.delete(key)
  }

  return {
    channel(filter) {
      const key = keyOf(filter)
      let board = boards.get(key)
      if (!board) {
        dropIdle()
        board = create(filter)
        boards.set(key, board)
      }
      board.idle = 0
      return board.channel
    },
    ordersChanged(ids) {
      for (const board of boards.values()) refresh(board, ids)
    },
    allChanged() {
      for (const board of boards.values()) board.pass.restart()
    },
    watching: (station) => boards.get(`station:${station}`)?.channel.followers ?? 0,
    sweep() {
      for (const [key, board] of boards) {
        board.idle = board.channel.followers ? 0 : board.idle + 1
        if (board.idle > IDLE_SWEEPS) boards.delete(key)
      }
    },
  }
}
