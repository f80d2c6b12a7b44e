/** @file The demo's cooks: fast and slow hands at a station that start, bump, recall and acknowledge. Acts through the stage only. */
import { EXPO } from '../../../shared/domain/routing.ts'
import { answerFor, isOpen, startFor } from '../../../shared/domain/shown.ts'
import type { ItemView, TaskView, TicketFilter, TicketView } from '../../../shared/domain/view.ts'
import type { Stage } from './stage.ts'

const SECOND = 1000
/** How often something is bumped that was not done yet. */
const SLIPS = 0.015

export interface StationPlan {
  id: string
  /** About how long (ms) a cook takes for one task here. */
  pace: number
  /** Who cooks here; each hand belongs to one of them. */
  cooks: readonly string[]
  hands: number
}

interface Job {
  ticket: TicketView
  item: ItemView
  task: TaskView
}

const URGENCY = { vip: 0, rush: 0, normal: 1 } as const

/** Tasks that can be worked on now, the most urgent first. */
export function doable(tickets: Iterable<TicketView>): Job[] {
  const jobs = [...tickets]
    .filter((ticket) => ticket.status !== 'cancelled')
    .flatMap((ticket) =>
      ticket.items
        .filter((item) => !item.voided && item.status !== 'held')
        .flatMap((item) => item.tasks.map((task) => ({ ticket, item, task }))),
    )
    .filter(({ task }) => task.here && !task.waiting)
    .filter(({ task }) => isOpen(task))
  return jobs.sort(
    (a, b) =>
      URGENCY[a.ticket.priority] - URGENCY[b.ticket.priority] ||
      (a.ticket.since ?? 0) - (b.ticket.since ?? 0) ||
      (a.task.id < b.task.id ? -1 : 1),
  )
}

/** Puts cooks at a station (or the expo at the pass, for what no station shows). */
export function openKitchen(stage: Stage, station: StationPlan): void {
  const filter: TicketFilter =
    station.id === EXPO ? { scope: 'expo' } : { scope: 'station', station: station.id }
  const free = Array.from({ length: station.hands }, (_, index) => index)
  const taken = new Set<string>()
  const seen = new Set<string>()

  const cookOf = (hand: number) => station.cooks[hand % station.cooks.length] ?? ''

  const work = async ({ ticket, item, task }: Job, hand: number) => {
    const as = cookOf(hand)
    // A recalled task takes its chances anew: else the same slip would be made for ever.
    const random = stage.random(`${task.id}:${task.at ?? item.shown?.at(-1) ?? 0}`)
    const order = ticket.id
    const args = { order, item: item.id, task: task.id }
    // Every other hand belongs to a beginner.
    const pace = station.pace * (hand % 2 ? 1.3 : 0.8) * (0.6 + random.next() * 0.8)
    const done = (again: boolean) => {
      free.push(hand)
      if (again) taken.delete(task.id)
      assign()
    }
    const start = { name: 'startTask', args: { order, ...startFor(item, task) } } as const
    const started = task.status === 'preparing' ? 'ok' : await stage.act(start, as)
    if (started !== 'ok') return done(started === 'refused')
    stage.later(pace, async () => {
      const now = board.get(order)?.items.find(({ id }) => id === item.id) ?? item
      const bumped = await stage.act({ name: 'bumpTask', args: { order, ...answerFor(now, task) } }, as)
      done(bumped !== 'hopeless')
      if (bumped === 'ok' && random.chance(SLIPS)) {
        const recall = { name: 'recallTask', args: { ...args, n: now.quantity } } as const
        stage.later(20 * SECOND, async () => void (await stage.act(recall, as)))
      }
    })
  }

  const assign = () => {
    if (!free.length) return
    for (const job of doable(board.values())) {
      if (taken.has(job.task.id)) continue
      const hand = free.shift()
      if (hand === undefined) return
      taken.add(job.task.id)
      const { id } = job.task
      stage.later(stage.random(`look:${id}`).int(2, 20) * SECOND, () => work(job, hand))
    }
  }

  const look = (ticket: TicketView) => {
    const news = [...ticket.pending, ...ticket.items.flatMap((item) => item.pending)].filter(
      (stamp) => !seen.has(stamp),
    )
    if (!news.length) return
    for (const stamp of news) seen.add(stamp)
    const args = { order: ticket.id, station: station.id, seen: news }
    const wait = stage.random(`ack:${news[0]}`).int(3, 20) * SECOND
    stage.later(wait, async () => void (await stage.act({ name: 'acknowledge', args }, cookOf(0))))
  }

  const board = stage.board(filter, (order) => {
    const ticket = board.get(order)
    if (ticket) look(ticket)
    assign()
  })
}
