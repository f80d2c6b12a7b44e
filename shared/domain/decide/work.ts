/** @file Kitchen work that a command names: found, or why it cannot be done, and how the answer to a command says so. Pure. */
import { fail, type Outcome, ok } from '../errors.ts'
import { type Move, RANK, type TaskDef } from '../events.ts'
import type { ItemState, OrderState } from '../order.ts'
import { type LineWork, type TaskWork, workOf } from '../portions.ts'
import { allPresses } from '../presses.ts'
import { writesOn } from '../splits.ts'
import { itemStatus, release } from '../status.ts'
import { type Context, type Decision, decided, liveItem, recorder } from './context.ts'

export interface Id {
  id: string
}

/** Why something that was named was not done, or not all of it. */
export type LeftCode = 'held' | 'waiting' | 'voided' | 'changed' | 'gone'
/** What a command on a whole ticket left as it was: its screen had not shown how this stands now. */
export interface Left {
  item: string
  task?: string
  code: LeftCode
}
/** What became of what was named, and how much else is open there that was not. */
export type Done = { done: number; left: Left[]; unseen: number }

export interface Work {
  item: ItemState
  task: TaskDef
  line: LineWork
  now: TaskWork
}

export type Found = { ok: true; value: Work } | { ok: false; code: 'gone' | 'voided' }

/** The task and how it stands, also of a line that was voided; null when there is none. */
export function workThere(order: OrderState, id: string, taskId: string): Work | null {
  const item = order.items[id]
  const line = item && workOf(order, item)
  const task = item?.added?.tasks.find((candidate) => candidate.id === taskId)
  const now = line?.tasks.get(taskId)
  return item && line && task && now ? { item, task, line, now } : null
}

export function findWork(order: OrderState, id: string, taskId: string): Found {
  const work = workThere(order, id, taskId)
  if (!work) return { ok: false, code: 'gone' }
  return itemStatus(order, work.item) === 'voided' ? { ok: false, code: 'voided' } : { ok: true, value: work }
}

/** The named task, or why there is none, for a command about this one alone. */
export function namedWork(order: OrderState, args: { item: string; task: string }): Outcome<Work> {
  const item = liveItem(order, args.item)
  if (!item.ok) return item
  const found = findWork(order, args.item, args.task)
  return found.ok ? ok(found.value) : fail('unknownTask', {}, 'task')
}

/** Whether anybody ever said that something of this task is made; a recall, a change or an undo since does not unsay it. */
export function wasAnswered(item: ItemState, task: TaskDef, line: LineWork): boolean {
  const index = item.added?.tasks.findIndex(({ id }) => id === task.id) ?? -1
  if (line.facts.added.split?.made[index]?.took) return true
  return allPresses(item, task.id).some(
    ({ rank, n }) => rank >= RANK.ready || (rank > RANK.confirmed && n !== undefined),
  )
}

/** What no screen can have shown as to be made: a hold or a recall that came since refuses nothing. */
export function blocked(order: OrderState, { item, task, line, now }: Work): 'held' | 'waiting' | null {
  if (!release(order, item)) return 'held'
  if (!now.waiting) return null
  const earlier = (item.added?.tasks ?? []).filter((other) => other.step < task.step)
  return earlier.every((other) => wasAnswered(item, other, line)) ? null : 'waiting'
}

const dishOf = (item: ItemState | undefined) => item?.added?.line.name ?? null

/** The refusal when nothing that was named could be done. */
export function refusal(order: OrderState, { item, code }: Left): ReturnType<typeof fail> {
  const dish = dishOf(order.items[item])
  if (code === 'held') return fail('stillHeld', { dish }, 'item')
  if (code === 'waiting') return fail('notReady', { why: 'waits', dish }, 'task')
  if (code === 'voided') return fail('itemVoided', { dish: dish ?? '' }, 'item')
  return code === 'gone'
    ? fail('unknownItem', {}, 'item')
    : fail('notReady', { why: 'serve', dish }, `items.${item}`)
}

/** Writes the presses down, and says what became of the command. */
export function recorded(ctx: Context, command: Id, order: OrderState, moves: Move[], done: Done): Decision {
  const record = recorder(ctx, command, order)
  if (moves.length) record.add('tasks.moved', { moves })
  return decided(record, { ...done, deed: record.events[0]?.stamp ?? null })
}

/** Of what a screen says it saw, what there is to be seen on this line: a screen gone wrong cannot fill the log. */
export function sawOf({ facts, shown }: LineWork, saw: readonly string[]): string[] {
  if (!saw.length) return []
  const names = ['modifiers', 'note', 'allergies'] as const
  const writes = names.flatMap((name) => writesOn(facts, name).map(({ stamp }) => stamp))
  const known = new Set([...shown, ...writes])
  return [...new Set(saw)].filter((fact) => known.has(fact)).sort()
}
