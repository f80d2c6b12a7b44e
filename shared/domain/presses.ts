/** @file Presses on a task: who started, made, served or recalled how much of it, and which of these knew of which. Pure. */
import { RANK, type TaskDef } from './events.ts'
import type { ItemState, Press } from './order.ts'
import type { Stamp } from './stamp.ts'

/** A press with what its key says. */
export interface Pressed extends Press {
  cycle: number
  rank: number
}

/** A recall: `n` portions are to be made again. */
export interface Recall {
  stamp: Stamp
  cycle: number
  n: number
  /** Pressed on this very task, not on an earlier step. */
  own: boolean
  saw: readonly Stamp[] | undefined
}

const pressedOf = (key: string, press: Press): Pressed => {
  const [cycle = 0, rank = 0] = key.split(':', 2).map(Number)
  return { ...press, cycle, rank }
}

/** All presses there ever were on a task, also those taken back. */
export function allPresses(item: ItemState, task: string): Pressed[] {
  return Object.entries(item.tasks[task] ?? {}).map(([key, press]) => pressedOf(key, press))
}

/** The presses on a task but those that were taken back. */
export function pressesOn(item: ItemState, task: string): Pressed[] {
  const presses = allPresses(item, task)
  const { undone } = item
  return undone ? presses.filter(({ stamp }) => !undone[stamp]) : presses
}

const isRecall = ({ rank, cycle }: Pressed) => rank === RANK.confirmed && cycle > 0

/** How often a task has been recalled, as readers count that know no portions. */
export function cycleOf(item: ItemState, task: string): number {
  return Math.max(0, ...pressesOn(item, task).map(({ cycle }) => cycle))
}

/**
 * The recalls that count for a task: its own, and those of an earlier step, whose dish it has to work on again. Recalls
 * that say no portions take back all, and of their own task alone, as they did when they were pressed.
 */
export function recallsOf(item: ItemState, task: TaskDef): Recall[] {
  const found = new Map<Stamp, Recall>()
  for (const other of item.added?.tasks ?? []) {
    const own = other.id === task.id
    if (!own && other.step >= task.step) continue
    for (const press of pressesOn(item, other.id)) {
      const { stamp, cycle, n, saw } = press
      if (!isRecall(press) || (!own && n === undefined)) continue
      const known = found.get(stamp)
      if (known?.own && !own) continue
      found.set(stamp, { stamp, cycle, n: n ?? Number.POSITIVE_INFINITY, own, saw })
    }
  }
  return [...found.values()]
}

/** What a press, or the writing of a field, knew of. */
interface Knower {
  stamp: Stamp
  saw?: readonly Stamp[] | undefined
}

/** Whether it knew of the fact with this stamp. Before presses named what they saw, all that is older counted as known. */
export function knows({ stamp, saw }: Knower, fact: Stamp): boolean {
  return saw ? saw.includes(fact) : fact < stamp
}

/** Whether a press knew of a recall. One that names nothing belongs to the round that its cycle says. */
export function knowsRecall(press: Pressed, recall: Recall): boolean {
  return press.saw || !recall.own ? knows(press, recall.stamp) : recall.cycle <= press.cycle
}
