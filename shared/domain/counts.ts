/** @file Counts what the presses on a task come to: portions made and served, less what recalls and splits took. Pure. */
import { RANK, type TaskDef } from './events.ts'
import { last, type Mark } from './order.ts'
import { knows, knowsRecall, type Pressed, pressesOn, type Recall, recallsOf } from './presses.ts'
import { type LineFacts, type Part, writesOn } from './splits.ts'
import type { Stamp } from './stamp.ts'
import { fits, isReworded, wordingFor, wordingOf } from './wording.ts'

/** A press with the portions that it still stands for. */
export interface Counted extends Mark {
  value: number
}

export interface TaskCount {
  step: number
  made: number
  served: number
  /** Portions that answers to another wording stand for, beyond what is made. */
  otherwise: number
  answers: readonly Counted[]
  serves: readonly Counted[]
  started: Mark | undefined
}

/** What a line that was split off owes to facts of the other line that its split did not know. */
interface Late {
  /** So many of the portions that went along were not there. */
  lost: number
  /** The facts: a press that names them all counted for itself. */
  facts: readonly Stamp[]
}

const NOT_LATE: Late = { lost: 0, facts: [] }
type What = 'made' | 'served'

const most = (counted: readonly Counted[]) => counted.reduce((n, { value }) => Math.max(n, value), 0)
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)

const shareOf = ({ split }: Part, what: What, index: number) =>
  what === 'served' ? split.served : (split.made[index] ?? { had: 0, took: 0 })

/**
 * The count of one task. An answer says how many portions are made in all, so that two cooks who press it apart make no
 * more than one does: the greatest counts, each less the recalls and splits that it does not name.
 */
export function countTask(facts: LineFacts, task: TaskDef, index: number): TaskCount {
  const presses = pressesOn(facts.item, task.id)
  const recalls = recallsOf(facts.item, task)
  const answered = presses.filter(
    ({ rank, n }) => rank === RANK.ready || (rank === RANK.preparing && n !== undefined),
  )
  const now = wordingOf(facts)
  const reworded = isReworded(facts)
  const isAsNow = (press: { stamp: Stamp; saw?: readonly Stamp[] | undefined }) =>
    !reworded || fits(wordingFor(facts, press), now)

  const counter = createCounter(facts, recalls, index)
  const answers = [...answered, ...counter.brought('made')].map((press) => ({ press, fit: isAsNow(press) }))
  const value = (what: What) => (press: Pressed) => ({ ...press, value: counter.value(press, what) })
  const fitting = answers.filter(({ fit }) => fit).map(({ press }) => value('made')(press))
  const others = answers.filter(({ fit }) => !fit).map(({ press }) => value('made')(press))
  const serves = [...presses.filter(({ rank }) => rank === RANK.served), ...counter.brought('served')].map(
    value('served'),
  )
  const made = most(fitting)
  return {
    step: task.step,
    made,
    served: most(serves),
    otherwise: Math.max(0, most(others) - made),
    answers: fitting,
    serves,
    started: startOf(presses, recalls, others),
  }
}

/** The first start since the last recall. What was finished as the line was worded before was begun for that. */
function startOf(
  presses: readonly Pressed[],
  recalls: readonly Recall[],
  others: readonly Mark[],
): Mark | undefined {
  return presses
    .filter(
      ({ rank, n, stamp }) =>
        rank === RANK.preparing && n === undefined && others.every((done) => stamp > done.stamp),
    )
    .filter((press) => recalls.every((recall) => knowsRecall(press, recall)))
    .reduce<Mark | undefined>((a, b) => (a && a.stamp <= b.stamp ? a : b), undefined)
}

interface Counter {
  /** How many portions a press still stands for. */
  value(press: Pressed, what: What): number
  /** The portions that a split brought along, as the first press. */
  brought(what: What): Pressed[]
}

function createCounter(facts: LineFacts, recalls: readonly Recall[], index: number): Counter {
  const late = { made: lateOf(facts, 'made', index), served: lateOf(facts, 'served', index) }
  return {
    value(press, what) {
      const recalled = recalls.filter((recall) => !knowsRecall(press, recall)).map(({ n }) => n)
      const gone = facts.parts
        .filter(({ stamp }) => !knows(press, stamp))
        .map((part) => shareOf(part, what, index).took)
      const { lost, facts: news } = late[what]
      const owed = news.every((fact) => knows(press, fact)) ? 0 : lost
      return Math.max(0, (press.n ?? quantityAt(facts, press)) - sum(recalled) - sum(gone) - owed)
    },
    brought(what) {
      const { split, stamp, at, by } = facts.added
      if (!split) return []
      const { took } = shareOf({ id: '', stamp, split }, what, index)
      // It knows what its own line said, which is how the other was worded, and nothing that came after.
      const saw = (['modifiers', 'note', 'allergies'] as const).flatMap((name) =>
        writesOn(facts, name).flatMap((write) => (split.saw.includes(write.stamp) ? write.stamp : [])),
      )
      return [{ cycle: 0, rank: RANK.ready, stamp, at, by, n: took, saw }]
    },
  }
}

/** A press that says no portions meant all that were ordered then. */
function quantityAt({ item, added }: LineFacts, press: Pressed): number {
  const known = (item.fields.quantity ?? []).filter((write) => knows(press, write.stamp))
  return last(known) ?? added.split?.n ?? added.line.quantity
}

function lateOf(facts: LineFacts, what: What, index: number): Late {
  const { parent, added } = facts
  const task = parent?.added.tasks[index]
  if (!parent || !added.split || !task) return NOT_LATE
  const { saw } = added.split
  const { had, took } = shareOf({ id: '', stamp: added.stamp, split: added.split }, what, index)
  const others = parent.parts.filter(({ stamp }) => stamp < added.stamp && !saw.includes(stamp))
  // A recall by somebody who knew of the split is of what stayed.
  const recalls = recallsOf(parent.item, task).filter(
    (recall) => !saw.includes(recall.stamp) && !knows(recall, added.stamp),
  )
  const above = lateOf(parent, what, index)
  const unknown = above.facts.filter((fact) => !saw.includes(fact))
  const gone = sum(others.map((part) => shareOf(part, what, index).took))
  const back = sum(recalls.map(({ n }) => n)) + (unknown.length ? above.lost : 0)
  const left = Math.max(0, Math.min(took, had - gone) - back)
  return { lost: took - left, facts: [...others, ...recalls].map(({ stamp }) => stamp).concat(unknown) }
}

/** The recalls and splits that a press on this line names, those of the line it was split from included. */
export function shownFacts(facts: LineFacts): Stamp[] {
  const tasks = facts.added.tasks
  const own = tasks.flatMap((task) => recallsOf(facts.item, task)).filter(({ own }) => own)
  const late = tasks.flatMap((_, index) => [
    ...lateOf(facts, 'made', index).facts,
    ...lateOf(facts, 'served', index).facts,
  ])
  return [
    ...new Set([...own.map(({ stamp }) => stamp), ...facts.parts.map(({ stamp }) => stamp), ...late]),
  ].sort()
}
