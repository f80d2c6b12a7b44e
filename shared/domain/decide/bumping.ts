/** @file Rules for starting and bumping. Pure. */
import type { State } from '../apply.ts'
import type { CommandArgs } from '../commands.ts'
import { type Move, RANK } from '../events.ts'
import { existingItems, type OrderState } from '../order.ts'
import { taskOf } from '../portions.ts'
import { cycleOf } from '../presses.ts'
import { shownAt } from '../routing.ts'
import { itemStatus } from '../status.ts'
import { type Context, type Decision, liveOrder } from './context.ts'
import {
  blocked,
  type Done,
  findWork,
  type Id,
  type Left,
  type LeftCode,
  namedWork,
  recorded,
  refusal,
  sawOf,
  type Work,
} from './work.ts'

export function startTask(state: State, command: Id, args: CommandArgs<'startTask'>, ctx: Context): Decision {
  const order = liveOrder(state, args.order)
  if (!order.ok) return order
  const work = namedWork(order.value, args)
  if (!work.ok) return work
  const { item, task, line, now } = work.value
  // Two cooks may press at once: who comes second finds it begun, which is what they wanted.
  if (now.started || now.toMake === 0) return recorded(ctx, command, order.value, [], NOTHING_DONE)
  const code = blocked(order.value, work.value)
  if (code) return refusal(order.value, { item: item.id, code })
  const move = {
    item: item.id,
    task: task.id,
    cycle: cycleOf(item, task.id),
    rank: RANK.preparing,
    saw: sawOf(line, args.saw),
  }
  return recorded(ctx, command, order.value, [move], { done: 1, left: [], unseen: 0 })
}

const NOTHING_DONE: Done = { done: 0, left: [], unseen: 0 }

type Answer = CommandArgs<'bumpTicket'>['tasks'][number]

/** Whether this answer adds nothing: as much is made, and nothing that it did not see has changed what is wanted. */
function isAnswered({ line, now }: Work, { n, saw }: Answer): boolean {
  return now.made >= n && line.shown.every((fact) => saw.includes(fact))
}

/** Older readers know no portions: to them a line is ready when all of it is. */
function answerMove({ item, task, line }: Work, { n, saw }: Answer): Move {
  const rank = n >= line.wanted ? RANK.ready : RANK.preparing
  return { item: item.id, task: task.id, cycle: cycleOf(item, task.id), rank, n, saw }
}

interface Bumped {
  moves: Move[]
  done: number
  left: Left[]
}

/** Records every answer that can be meant, and says which lines are still open although they were named. */
function answersTo(order: OrderState, tasks: readonly Answer[]): Bumped {
  const bumped: Bumped = { moves: [], done: 0, left: [] }
  for (const { saw, ...named } of tasks) {
    const ids = { item: named.item, task: named.task }
    const found = findWork(order, named.item, named.task)
    const code = found.ok ? blocked(order, found.value) : found.code
    if (!found.ok || code) {
      bumped.left.push({ ...ids, code: code as LeftCode })
      continue
    }
    const answer = { ...named, saw: sawOf(found.value.line, saw) }
    if (found.value.now.toMake > 0) bumped.done++
    if (isAnswered(found.value, answer)) continue
    bumped.moves.push(answerMove(found.value, answer))
    const { line } = found.value
    // It was really made so, and is wanted otherwise, or more of it is.
    const news = line.shown.some((fact) => !answer.saw.includes(fact)) || answer.n < line.wanted
    if (news && found.value.now.toMake > 0) bumped.left.push({ ...ids, code: 'changed' })
  }
  return bumped
}

export function bumpTask(state: State, command: Id, args: CommandArgs<'bumpTask'>, ctx: Context): Decision {
  const order = liveOrder(state, args.order)
  if (!order.ok) return order
  const work = namedWork(order.value, args)
  if (!work.ok) return work
  const { order: _, ...answer } = args
  return bumpAll(order.value, [answer], command, ctx)
}

function bumpAll(
  order: OrderState,
  tasks: readonly Answer[],
  command: Id,
  ctx: Context,
  unseen = 0,
): Decision {
  const { moves, done, left } = answersTo(order, tasks)
  const [first] = left
  if (first && !moves.length && left.length === tasks.length) return refusal(order, first)
  return recorded(ctx, command, order, moves, { done, left, unseen })
}

/** The tasks that are open and can be done at a station now. */
function openAt(state: State, order: OrderState, station: string): { item: string; task: string }[] {
  const stations = state.documents.stations.body
  return existingItems(order).flatMap((item) => {
    const status = itemStatus(order, item)
    if (status === 'voided' || status === 'held' || status === 'served') return []
    return (item.added?.tasks ?? [])
      .filter((task) => shownAt(stations, task) === station)
      .filter((task) => {
        const now = taskOf(order, item, task.id)
        return now && now.toMake > 0 && !now.waiting
      })
      .map((task) => ({ item: item.id, task: task.id }))
  })
}

export function bumpTicket(
  state: State,
  command: Id,
  args: CommandArgs<'bumpTicket'>,
  ctx: Context,
): Decision {
  const order = liveOrder(state, args.order)
  if (!order.ok) return order
  // A station may have been taken off the list since the press: what was named was made all the same.
  const named = new Set(args.tasks.map(({ task }) => task))
  const unseen = openAt(state, order.value, args.station).filter(({ task }) => !named.has(task)).length
  return bumpAll(order.value, args.tasks, command, ctx, unseen)
}
