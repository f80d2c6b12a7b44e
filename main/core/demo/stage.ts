/** @file What everybody who plays in the demo evening shares: sending, waiting, remembering boards. Touches only what it is given. */
import type { ErrorCode } from '../../../shared/domain/errors.ts'
import type { TicketFilter, TicketView } from '../../../shared/domain/view.ts'
import { createRandom, type Random, seedOf } from './random.ts'
import type { DemoClient, DemoCommand, Timers } from './types.ts'

/** Refusals that come from two people doing things at once. After these a player looks again; after others they give up. */
const RACES: ReadonlySet<ErrorCode> = new Set([
  'itemVoided',
  'orderCancelled',
  'alreadyServed',
  'notReady',
  'stillHeld',
  'nothingToDo',
  'busy',
])

export interface Stage {
  /** Runs `run` after `ms` of the evening, unless it is over by then. */
  later(ms: number, run: () => void | Promise<void>): void
  /** Sends a command. 'refused' when it lost a race, 'hopeless' when trying again would not help. */
  act(command: DemoCommand, as: string): Promise<'ok' | 'refused' | 'hopeless'>
  /** Keeps a board up to date and tells of each change, after the board has it. */
  board(filter: TicketFilter, onChange: (order: string) => void): ReadonlyMap<string, TicketView>
  /** A generator that depends on the evening's seed and this text only, not on what else happened. */
  random(about: string): Random
}

export interface Tally {
  commands: number
  refused: Partial<Record<ErrorCode, number>>
}

export interface StageOptions {
  client: DemoClient
  timers: Timers
  speed: number
  seed: number
  /** Called after every change of any board and every answer. */
  onNews(): void
  /** Called with what a player threw: a bug or a lost core. */
  onError(error: unknown): void
}

export interface OpenStage extends Stage {
  readonly tally: Tally
  /** Tickets on all boards together. */
  size(): number
  /** Calls off everything that is still to come. */
  close(): void
}

/** Opens a stage on a client. */
export function openStage(options: StageOptions): OpenStage {
  const { client, timers, speed, seed, onNews, onError } = options
  const tally: Tally = { commands: 0, refused: {} }
  const boards: Map<string, TicketView>[] = []
  const undo = new Set<() => void>()
  let open = true

  const run = async (what: () => void | Promise<void>) => {
    try {
      if (open) await what()
      if (open) onNews()
    } catch (error) {
      onError(error)
    }
  }

  return {
    tally,
    size: () => boards.reduce((sum, board) => sum + board.size, 0),
    later(ms, what) {
      if (!open) return
      const cancel = timers.after(Math.max(0, ms) / speed, () => {
        undo.delete(cancel)
        void run(what)
      })
      undo.add(cancel)
    },
    async act(command, as) {
      if (!open) return 'hopeless'
      tally.commands += 1
      const outcome = await client.send(command, as)
      if (outcome.ok) return 'ok'
      const { code } = outcome.error
      tally.refused[code] = (tally.refused[code] ?? 0) + 1
      return RACES.has(code) ? 'refused' : 'hopeless'
    },
    board(filter, onChange) {
      const board = new Map<string, TicketView>()
      boards.push(board)
      const stop = client.watch(filter, (order, ticket) => {
        if (!open) return
        if (ticket) board.set(order, ticket)
        else board.delete(order)
        onChange(order)
        onNews()
      })
      undo.add(stop)
      return board
    },
    random: (about) => createRandom(seedOf(`${seed}:${about}`)),
    close() {
      open = false
      for (const cancel of undo) cancel()
      undo.clear()
    },
  }
}
