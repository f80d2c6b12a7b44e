/** @file Portions: how many of a line are wanted, made, served and still to make, derived from the merged facts. Pure. */

import { type Counted, countTask, shownFacts, type TaskCount } from './counts.ts'
import type { Line, TaskDef } from './events.ts'
import { type ItemState, last, type Mark, type OrderState } from './order.ts'
import { type LineFacts, linesOf, plainLine, writesOn } from './splits.ts'
import type { Stamp } from './stamp.ts'
import { shownWrites, wordingOf } from './wording.ts'

/** A task of a line, as it stands. */
export interface TaskWork {
  /** Portions made as the line is worded now; more than are wanted when some are too many. */
  made: number
  served: number
  /** Portions still to make; none: it is ready. */
  toMake: number
  /** Nothing can be made before an earlier step has made more. */
  waiting: boolean
  /** Portions that were made as the line was worded before. */
  otherwise: number
  /** What began it, since the last recall; undefined when nobody has. */
  started: Mark | undefined
  /** What made it ready, and what handed it out; undefined while it is not. */
  ready: Mark | undefined
  handedOut: Mark | undefined
}

/** A line, as it stands. */
export interface LineWork {
  facts: LineFacts
  /** Portions on this line: what was ordered, with every change, without what was split off. */
  wanted: number
  /** Portions that the guest has. */
  served: number
  tasks: ReadonlyMap<string, TaskWork>
  /** What a press names as seen: the changes that stand, and the recalls and splits so far. */
  shown: readonly Stamp[]
}

const alone = new WeakMap<ItemState, LineWork>()
const together = new WeakMap<OrderState, ReadonlyMap<string, LineWork>>()

/**
 * How the work on a line stands; undefined while only later news of it has arrived. States are never changed in place, so
 * it is worked out once for each.
 */
export function workOf(order: OrderState, item: ItemState): LineWork | undefined {
  if (!item.added) return undefined
  if (order.splits) return allWork(order).get(item.id)
  const known = alone.get(item)
  if (known) return known
  const work = lineWork(plainLine(item, item.added))
  alone.set(item, work)
  return work
}

/** How a task of a line stands. */
export function taskOf(order: OrderState, item: ItemState, task: string): TaskWork | undefined {
  return workOf(order, item)?.tasks.get(task)
}

function allWork(order: OrderState): ReadonlyMap<string, LineWork> {
  const known = together.get(order)
  if (known) return known
  const work = new Map([...linesOf(order)].map(([id, line]) => [id, lineWork(line)]))
  together.set(order, work)
  return work
}

/** The line as it stands now: what was ordered, with every later change and without what was split off. */
export function currentLine(order: OrderState, item: ItemState): Line | undefined {
  const work = workOf(order, item)
  if (!work) return undefined
  const { facts } = work
  const { line } = facts.added
  const course = writesOn(facts, 'course')
  const { seat } = item.fields
  const { modifiers, note, allergies } = wordingOf(facts)
  return {
    ...line,
    quantity: work.wanted,
    modifiers: [...modifiers],
    note,
    seat: seat?.length ? (last(seat) ?? null) : line.seat,
    course: course.length ? (last(course) ?? null) : line.course,
    allergies: [...allergies],
  }
}

function lineWork(facts: LineFacts): LineWork {
  const { wanted, added } = facts
  const counts = added.tasks.map((task, index) => countTask(facts, task, index))
  const served = Math.min(...counts.map((count) => count.served))
  const tasks = new Map(
    added.tasks.map((task, index) => [task.id, taskWork(task, counts, index, { wanted, served })]),
  )
  return { facts, wanted, served, tasks, shown: [...shownWrites(facts), ...shownFacts(facts)] }
}

function taskWork(
  task: TaskDef,
  counts: readonly TaskCount[],
  index: number,
  { wanted, served }: { wanted: number; served: number },
): TaskWork {
  const count = counts[index] as TaskCount
  const { made, otherwise, answers, serves } = count
  const toMake = Math.max(0, wanted - Math.max(made, served))
  const started = count.started ?? (made > 0 ? firstWith(answers, 1) : undefined)
  const earlier = counts.filter((other) => other.step < task.step)
  // So many portions has the slowest earlier step let go.
  const passed = Math.min(...earlier.map((other) => Math.max(other.made, served)))
  return {
    made,
    served: count.served,
    toMake,
    waiting: toMake > 0 && !started && passed <= made,
    otherwise,
    started,
    ready: toMake === 0 ? (firstWith(answers, wanted) ?? firstWith(serves, wanted)) : undefined,
    handedOut: count.served >= wanted ? firstWith(serves, wanted) : undefined,
  }
}

/** The first of these that stands for so many portions. */
function firstWith(counted: readonly Counted[], portions: number): Mark | undefined {
  const enough = counted.filter(({ value }) => value >= portions)
  return enough.reduce<Counted | undefined>((a, b) => (a && a.stamp <= b.stamp ? a : b), undefined)
}
