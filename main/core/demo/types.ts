/** @file Shapes of the demo evening: its plan, and the narrow view of the world it is played in. Types only. */
import type { CommandInput, CommandName } from '../../../shared/domain/commands.ts'
import type { DocumentBodies } from '../../../shared/domain/documents.ts'
import type { ErrorCode, Outcome } from '../../../shared/domain/errors.ts'
import type { TicketFilter, TicketView } from '../../../shared/domain/view.ts'

/** What somebody wants to happen; the client gives it its id. */
export type DemoCommand = { [N in CommandName]: { name: N; args: CommandInput<N> } }[CommandName]

/** Something planned: `at` is ms after the evening's start, `as` the person doing it. */
export interface Step {
  at: number
  as: string
  command: DemoCommand
}

export interface Party {
  order: string
  covers: number
  /** The first step places the order; the others change it. */
  steps: Step[]
  /** How long (ms) they eat a course before the next one they hold is fired. */
  eats: number
  server: string
}

export interface EveningPlan {
  seed: number
  /** ms UTC. */
  start: number
  /** Guests seated, in all. */
  covers: number
  parties: Party[]
  /** What happens to the restaurant itself: dishes that run out and come back. */
  stock: Step[]
}

export interface EveningOptions {
  documents: Pick<DocumentBodies, 'menu' | 'floor' | 'stations' | 'staff'>
  seed: number
  /** ms UTC at which the doors open. */
  start: number
  /** Guests seated over the evening; the last party may exceed it a little. */
  covers?: number
  /** Orders to take away or to be delivered. */
  toGo?: number
  /** How long (ms) guests keep arriving. */
  duration?: number
}

/** The core as the demo sees it: the commands and boards that every screen uses. */
export interface DemoClient {
  send(command: DemoCommand, as: string): Promise<Outcome<unknown>>
  /** Tells of every ticket on the board now and of every change; null when it left. Returns how to stop. */
  watch(filter: TicketFilter, onTicket: (order: string, ticket: TicketView | null) => void): () => void
}

/** Runs `run` once after `ms` real milliseconds. Returns how to call it off. */
export interface Timers {
  after(ms: number, run: () => void): () => void
}

export interface EveningReport {
  placed: number
  /** Orders that left all boards: served or cancelled. */
  closed: number
  covers: number
  /** Most orders open at once. */
  peak: number
  commands: number
  /** How often each refusal came. Races (a bump on a dish just voided) are part of an evening. */
  refused: Partial<Record<ErrorCode, number>>
}
