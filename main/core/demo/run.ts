/** @file Plays a planned evening: guests, servers, cooks and the expo, all through ordinary commands. Touches only what it is given. */
import type { DocumentBodies } from '../../../shared/domain/documents.ts'
import { EXPO } from '../../../shared/domain/routing.ts'
import type { Clock } from '../ports.ts'
import { openKitchen } from './kitchen.ts'
import { people } from './plan.ts'
import { openFloor, openPass } from './service.ts'
import { openStage } from './stage.ts'
import type { DemoClient, EveningPlan, EveningReport, Step, Timers } from './types.ts'

const DEFAULT_EATS = 12 * 60_000

export interface RunOptions {
  plan: EveningPlan
  documents: Pick<DocumentBodies, 'stations' | 'staff'>
  client: DemoClient
  clock: Pick<Clock, 'now'>
  timers: Timers
  /** How many times faster than real; 1 is a real evening. */
  speed?: number
  /** Ends the evening where it is. */
  signal?: AbortSignal
  /** How many dishes are worked on at once at each station. */
  hands?: number
}

/**
 * Plays the evening and reports when every order of it has left all boards, or when `signal` stops it.
 * @throws whatever `client.send` rejects with: refusals are values, so that is a lost core or a bug.
 */
export function runEvening(options: RunOptions): Promise<EveningReport> {
  const { plan, documents, client, clock, timers, speed = 1, signal, hands = 4 } = options
  const { promise, resolve, reject } = Promise.withResolvers<EveningReport>()
  const started = clock.now()
  const parties = new Map(plan.parties.map((party) => [party.order, party]))
  const steps = [...plan.stock, ...plan.parties.flatMap((party) => party.steps)].sort((a, b) => a.at - b.at)
  const report: EveningReport = { placed: 0, closed: 0, covers: 0, peak: 0, commands: 0, refused: {} }
  const gone = new Set<string>()
  let left = steps.length

  const finish = () => {
    stage.close()
    signal?.removeEventListener('abort', finish)
    resolve({ ...report, ...stage.tally, closed: gone.size })
  }
  const stage = openStage({
    client,
    timers,
    speed,
    seed: plan.seed,
    onNews: () => {
      if (left === 0 && stage.size() === 0) finish()
    },
    onError: (error) => {
      stage.close()
      reject(error)
    },
  })

  const play = async ({ command, as }: Step) => {
    const result = await stage.act(command, as)
    left -= 1
    if (command.name !== 'placeOrder' || result !== 'ok') return
    report.placed += 1
    report.covers += command.args.covers ?? 0
  }

  const known = new Set<string>()
  const floor = openFloor(stage, (order) => {
    const party = parties.get(order)
    return {
      server: party?.server ?? people(documents.staff, 'server')[0] ?? '',
      eats: party?.eats ?? DEFAULT_EATS,
    }
  })
  // A second look at the same board, for the figures.
  stage.board({ scope: 'open' }, (order) => {
    report.peak = Math.max(report.peak, floor.size)
    if (floor.has(order)) known.add(order)
    else if (known.has(order) && parties.has(order)) gone.add(order)
  })
  openPass(stage, people(documents.staff, 'expo', 'server'))
  const cooks = people(documents.staff, 'cook', 'expo')
  for (const station of documents.stations.stations) {
    openKitchen(stage, { id: station.id, pace: station.warnAfter * 500, cooks, hands })
  }
  openKitchen(stage, { id: EXPO, pace: 60_000, cooks: people(documents.staff, 'expo'), hands })

  for (const step of steps) {
    const elapsed = (clock.now() - started) * speed
    stage.later(step.at - elapsed, () => play(step))
  }
  if (signal?.aborted) finish()
  else signal?.addEventListener('abort', finish, { once: true })
  return promise
}
