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

const keyOf = (filter: TicketFilter) =>
  filter.scope === 'station' ? `station:${filter.station}` : filter.scope

/** Creates the boards over a state. */
export function createBoards(state: State, epoch: string): Boards {
  const boards = new Map<string, Board>()

  function compute(filter: TicketFilter, id: string): string | null {
    const order = state.orders.get(id)
    const ticket = order ? view(state.documents, order, filter) : null
    return ticket ? JSON.stringify(ticket) : null
  }

  function refresh(board: Board, ids: Iterable<string>): void {
    board.channel.change([...ids].map((id) => [id, compute(board.filter, id)]))
  }

  return {
    channel(filter) {
      const key = keyOf(filter)
      let board = boards.get(key)
      if (!board) {
        board = { filter, channel: createChannel(epoch), idle: 0 }
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
