/** @file The ticket channels: one per distinct filter in use, each computed once for all screens that share it. */
import type { State } from '../../../shared/domain/apply.ts'
import { type TicketFilter, view } from '../../../shared/domain/view.ts'
import { type Channel, createChannel } from './channel.ts'

export interface Boards {
  channel(filter: TicketFilter): Channel
  /** Recomputes these orders on every board. */
  ordersChanged(ids: readonly string[]): void
  /** Recomputes everything, e.g. after the stations changed. */
  allChanged(): void
  /** How many screens follow a station's board. */
  watching(station: string): number
  /** Forgets boards nobody has followed for a while. Call it now and then. */
  sweep(): void
}

interface Board {
  filter: TicketFilter
  channel: Channel
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
export function createBoards(state: State, epoch: string): Boards {
  const boards = new Map<string, Board>()
  let created = 0

  function compute(filter: TicketFilter, id: string): string | null {
    const order = state.orders.get(id)
    const ticket = order ? view(state.documents, order, filter) : null
    return ticket ? JSON.stringify(ticket) : null
  }

  function refresh(board: Board, ids: Iterable<string>): void {
    board.channel.change([...ids].map((id) => [id, compute(board.filter, id)]))
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
        // A board that comes again starts counting anew: cursors of the one before must not look like its own.
        board = { filter, channel: createChannel(`${epoch}:${++created}`), idle: 0 }
        boards.set(key, board)
        refresh(board, state.orders.keys())
      }
      board.idle = 0
      return board.channel
    },
    ordersChanged(ids) {
      for (const board of boards.values()) refresh(board, ids)
    },
    allChanged() {
      for (const board of boards.values()) refresh(board, state.orders.keys())
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
