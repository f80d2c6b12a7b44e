/** @file Rules for recalls. Pure. */
import type { State } from '../apply.ts'
import type { CommandArgs } from '../commands.ts'
import { fail } from '../errors.ts'
import { type Move, RANK } from '../events.ts'
import type { OrderState } from '../order.ts'
import { cycleOf } from '../presses.ts'
import { itemStatus } from '../status.ts'
import { type Context, type Decision, liveOrder } from './context.ts'
import {
  type Id,
  type Left,
  namedWork,
  recorded,
  refusal,
  sawOf,
  type Work,
  wasAnswered,
  workThere,
} from './work.ts'

type Recall = CommandArgs<'recallTicket'>['tasks'][number]

/** Nothing is to be brought back of what is recalled already and was not begun again, in this step or a later one. */
function isBegun({ item, task, line }: Work): boolean {
  const steps = (item.added?.tasks ?? []).filter(({ id, step }) => id === task.id || step > task.step)
  return steps.some(({ id }) => {
    const now = line.tasks.get(id)
    return now && (now.started || now.made > 0 || now.served > 0 || now.otherwise > 0)
  })
}

/** Whether some of what was made may stand on a line that was split off: it is meant too by whoever did not know of that. */
const wentAlong = ({ item, task, line }: Work, { saw }: Recall): boolean =>
  line.facts.parts.some(({ stamp }) => !saw.includes(stamp)) && wasAnswered(item, task, line)

/** The recall of a task, and for readers that know no portions of the later steps that work on its dish. */
function recallMoves({ item, task, line }: Work, { n, saw }: Recall): Move[] {
  const later = (item.added?.tasks ?? []).filter(
    (other) => other.step > task.step && wasAnswered(item, other, line),
  )
  return [task, ...later].map(({ id }) => ({
    item: item.id,
    task: id,
    cycle: cycleOf(item, id) + 1,
    rank: RANK.confirmed,
    n,
    saw: sawOf(line, saw),
  }))
}

function recallAll(order: OrderState, tasks: readonly Recall[], command: Id, ctx: Context): Decision {
  const left: Left[] = []
  const moves = new Map<string, Move>()
  let done = 0
  for (const recall of tasks) {
    const { item, task, n } = recall
    const work = workThere(order, item, task)
    const voided = work !== null && itemStatus(order, work.item) === 'voided'
    if (!work || voided) left.push({ item, task, code: work ? 'voided' : 'gone' })
    if (work && (wentAlong(work, recall) || (!voided && isBegun(work)))) {
      done++
      for (const move of recallMoves(work, recall)) {
        const known = moves.get(move.task)
        if (!known || (known.n ?? 0) < n) moves.set(move.task, move)
      }
    }
  }
  const [first] = left
  if (!done) return first ? refusal(order, first) : fail('nothingToDo', { why: 'notStarted' }, 'task')
  return recorded(ctx, command, order, [...moves.values()], { done, left, unseen: 0 })
}

export function recallTask(
  state: State,
  command: Id,
  args: CommandArgs<'recallTask'>,
  ctx: Context,
): Decision {
  const order = liveOrder(state, args.order)
  if (!order.ok) return order
  const named = namedWork(order.value, args)
  if (!named.ok && !workThere(order.value, args.item, args.task)) return named
  return recallAll(order.value, [args], command, ctx)
}

export function recallTicket(
  state: State,
  command: Id,
  args: CommandArgs<'recallTicket'>,
  ctx: Context,
): Decision {
  const order = liveOrder(state, args.order)
  return order.ok ? recallAll(order.value, args.tasks, command, ctx) : order
}
