/** @file Plays training evenings on a running core, one after the other, as its staff would: through commands and boards. */
import type { ServerFrame } from '../../../shared/contract/wire.ts'
import type { State } from '../../../shared/domain/apply.ts'
import type { TicketFilter, TicketView } from '../../../shared/domain/view.ts'
import type { Engine } from '../engine/engine.ts'
import type { Clock, Log } from '../ports.ts'
import type { Boards } from '../streams/boards.ts'
import { planEvening } from './plan.ts'
import { runEvening } from './run.ts'
import type { DemoClient } from './types.ts'

export interface PlayOptions {
  engine: Engine
  state: State
  boards: Boards
  clock: Pick<Clock, 'now'>
  log: Log
  uuid(): string
  /** How many times faster than real. */
  speed: number
}

const DEVICE = { id: 'training', name: 'Training evening' }

/** Follows a board like a screen does, but in the core itself. */
function watch(
  boards: Boards,
  filter: TicketFilter,
  onTicket: (order: string, ticket: TicketView | null) => void,
) {
  const follower = boards.channel(filter).follow(1, (text) => {
    const frame = JSON.parse(text) as ServerFrame
    // Told later, so that a reaction to this news never runs inside the commit that brought it.
    queueMicrotask(() => {
      follower.credit(1)
      if (frame.t === 'snap') for (const [id, ticket] of frame.items) onTicket(id, ticket as TicketView)
      if (frame.t !== 'batch') return
      for (const [id, ticket] of [...frame.in, ...frame.put]) onTicket(id, ticket as TicketView)
      for (const id of frame.out) onTicket(id, null)
    })
  })
  return () => follower.stop()
}

function clientOn(options: PlayOptions): DemoClient {
  const { engine, state, boards, uuid } = options
  return {
    send(command, as) {
      const member = state.documents.staff.body.members.find((candidate) => candidate.id === as)
      const staff = member ? { id: member.id, name: member.name } : null
      const actor = { device: DEVICE, staff, roles: member ? [member.role] : [], training: true as const }
      return engine.submit({ id: uuid(), name: command.name, args: command.args, actor })
    },
    watch: (filter, onTicket) => watch(boards, filter, onTicket),
  }
}

/** Starts playing; the returned function ends it. */
export function playEvenings(options: PlayOptions): () => void {
  const { state, clock, log, speed } = options
  const ended = new AbortController()
  const bodies = {
    menu: state.documents.menu.body,
    floor: state.documents.floor.body,
    stations: state.documents.stations.body,
    staff: state.documents.staff.body,
  }
  const timers = {
    after(ms: number, run: () => void) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  }
  async function play(): Promise<void> {
    for (let seed = 1; !ended.signal.aborted; seed++) {
      const start = clock.now()
      const plan = planEvening({ documents: bodies, seed, start })
      const report = await runEvening({
        plan,
        documents: bodies,
        client: clientOn(options),
        clock,
        timers,
        speed,
        signal: ended.signal,
      })
      log.info('TRAINING_EVENING', { ...report, seed })
    }
  }
  play().catch((error: unknown) => log.error('TRAINING_STOPPED', { error: String(error) }))
  return () => ended.abort()
}
