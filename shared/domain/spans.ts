/** @file Spans of work: from when a station could begin something until it was done, round by round and step by step. Pure. */
import type { TaskDef } from './events.ts'
import { existingItems, type ItemState, type OrderState } from './order.ts'
import { taskOf, workOf } from './portions.ts'
import { pressesOn } from './presses.ts'
import type { Stamp } from './stamp.ts'
import { itemStatus, release } from './status.ts'

/** ms UTC; `to` is infinite while it is not done. */
export interface Span {
  from: number
  to: number
}

interface Moment {
  stamp: Stamp
  at: number
}

/** The item as it was when the fact with this stamp came, or nothing of it yet. */
function itemAt(item: ItemState, stamp: Stamp): ItemState {
  const until = <F extends { stamp: Stamp }>(fact: F | undefined) =>
    fact && fact.stamp <= stamp ? fact : undefined
  const fields = Object.entries(item.fields).map(([name, writes]) => [
    name,
    writes.filter((write: Moment) => write.stamp <= stamp),
  ])
  const tasks = Object.entries(item.tasks).map(([task, presses]) => [
    task,
    Object.fromEntries(Object.entries(presses).filter(([, press]) => press.stamp <= stamp)),
  ])
  const { added, fired, voided, ...rest } = item
  return {
    ...rest,
    ...(until(added) && { added }),
    ...(until(fired) && { fired }),
    fields: Object.fromEntries(fields),
    tasks: Object.fromEntries(tasks),
  } as ItemState
}

function orderAt(order: OrderState, stamp: Stamp): OrderState {
  const items = Object.entries(order.items).map(([id, item]) => [id, itemAt(item, stamp)])
  const fired = Object.entries(order.fired).map(([course, marks]) => [
    course,
    marks.filter((mark) => mark.stamp <= stamp),
  ])
  return { ...order, items: Object.fromEntries(items), fired: Object.fromEntries(fired) }
}

/** What may have opened or finished work on a line, in the order of its stamps. */
function momentsOf(order: OrderState, item: ItemState): Moment[] {
  const course = Object.values(order.fired).flat()
  const writes = Object.values(item.fields).flat() as Moment[]
  const presses = (item.added?.tasks ?? []).flatMap((task) => pressesOn(item, task.id))
  const parts = Object.values(order.items).flatMap(({ added }) => (added?.split ? [added] : []))
  const all: Moment[] = [item.added, item.fired, ...course, ...writes, ...presses, ...parts].filter(
    (fact) => !!fact,
  )
  return [...new Map(all.map((moment) => [moment.stamp, moment])).values()].sort((a, b) =>
    a.stamp < b.stamp ? -1 : 1,
  )
}

/** Since when the dish of a line is in the kitchen: a line that was split off has the age of the one it came from. */
function releasedAt(order: OrderState, item: ItemState): number | undefined {
  const parent = workOf(order, item)?.facts.parent
  const own = release(order, item)?.at
  const before = parent && own !== undefined ? releasedAt(order, parent.item) : undefined
  return before ?? own
}

/** Whether nothing ever opened this line's work again: then it has one round. */
function isPlain(order: OrderState, item: ItemState): boolean {
  const recalled = Object.values(item.tasks).some((presses) =>
    Object.keys(presses).some((key) => !key.startsWith('0:')),
  )
  return !recalled && !order.splits && Object.keys(item.fields).length === 0
}

/** When a task could first begin: once the line is in the kitchen and its earlier steps are done. */
function firstBegin(order: OrderState, item: ItemState, task: TaskDef): number | undefined {
  const released = releasedAt(order, item)
  if (released === undefined) return undefined
  const earlier = (item.added?.tasks ?? []).filter((other) => other.step < task.step)
  const done = earlier.map((other) => taskOf(order, item, other.id)?.ready?.at ?? Number.POSITIVE_INFINITY)
  return Math.max(released, ...done)
}

function plainSpan(order: OrderState, item: ItemState, task: TaskDef): Span[] {
  const from = firstBegin(order, item, task)
  if (from === undefined || from === Number.POSITIVE_INFINITY) return []
  const done = taskOf(order, item, task.id)?.ready?.at ?? Number.POSITIVE_INFINITY
  // PCs whose clocks differ may have finished it before it came to them.
  return [{ from, to: Math.max(from, done) }]
}

function replayedSpans(order: OrderState, item: ItemState, task: TaskDef): Span[] {
  const spans: Span[] = []
  let open: number | null = null
  for (const { stamp, at } of momentsOf(order, item)) {
    const then = orderAt(order, stamp)
    const line = then.items[item.id]
    const work = line && taskOf(then, line, task.id)
    const released = line && releasedAt(then, line)
    const isOpen = work !== undefined && released !== undefined && work.toMake > 0 && !work.waiting
    if (isOpen) open ??= spans.length === 0 && !hasSteps(item, task) ? released : at
    else if (open !== null) {
      spans.push({ from: open, to: Math.max(open, at) })
      open = null
    }
  }
  return open === null ? spans : [...spans, { from: open, to: Number.POSITIVE_INFINITY }]
}

const hasSteps = (item: ItemState, task: TaskDef): boolean =>
  (item.added?.tasks ?? []).some((other) => other.step < task.step)

/** The rounds of one task: each from when it could begin until it was done. Of what was voided there are none. */
export function spansOf(order: OrderState, item: ItemState, task: TaskDef): Span[] {
  if (itemStatus(order, item) === 'voided') return []
  return isPlain(order, item) ? plainSpan(order, item, task) : replayedSpans(order, item, task)
}

/** Spans that touch are one: dishes of one ticket that were on the board together. */
function together(spans: readonly Span[]): Span[] {
  const merged: Span[] = []
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else merged.push({ ...span })
  }
  return merged
}

/**
 * The finished rounds of an order, by who shows its tasks (`stationOf`). A station's ticket time is one per round and step:
 * drinks ordered an hour after the first ones are a round of their own, and so is what was recalled; the oven's time begins
 * when the dish comes to the oven.
 */
export function roundsOf(order: OrderState, stationOf: (task: TaskDef) => string): Map<string, Span[]> {
  const byWork = new Map<string, { station: string; spans: Span[] }>()
  for (const item of existingItems(order)) {
    for (const task of item.added?.tasks ?? []) {
      const station = stationOf(task)
      const work = byWork.get(`${station} ${task.step}`) ?? { station, spans: [] }
      work.spans.push(...spansOf(order, item, task))
      byWork.set(`${station} ${task.step}`, work)
    }
  }
  const rounds = new Map<string, Span[]>()
  for (const { station, spans } of byWork.values()) {
    const done = together(spans).filter(({ to }) => to !== Number.POSITIVE_INFINITY)
    if (done.length) rounds.set(station, [...(rounds.get(station) ?? []), ...done])
  }
  return rounds
}
