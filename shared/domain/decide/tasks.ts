/** @file Rules for kitchen work: start, bump, recall, serve, acknowledge. Pure. */
import type { State } from '../apply.ts'
import type { CommandArgs } from '../commands.ts'
import { fail, type Outcome, ok } from '../errors.ts'
import { type Move, RANK, type TaskDef } from '../events.ts'
import { existingItems, type ItemState, itemStatus, type OrderState, progress, release } from '../order.ts'
import { isStation, shownAt } from '../routing.ts'
import { isWaiting } from '../view.ts'
import { type Context, type Decision, decided, liveItem, liveOrder, recorder } from './context.ts'

interface Id {
  id: string
}
interface Work {
  order: OrderState
  item: ItemState
  task: TaskDef
}

function findTask(state: State, args: { order: string; item: string; task: string }): Outcome<Work> {
  const order = liveOrder(state, args.order)
  if (!order.ok) return order
  const item = liveItem(order.value, args.item)
  if (!item.ok) return item
  const task = item.value.added?.tasks.find((candidate) => candidate.id === args.task)
  if (!task) return fail('unknownTask', {}, 'task')
  return ok({ order: order.value, item: item.value, task })
}

/** Why a task cannot be worked on now, if so. */
function blocked({ order, item, task }: Work): ReturnType<typeof fail> | undefined {
  const dish = item.added?.line.name ?? null
  if (!release(order, item)) return fail('stillHeld', { dish }, 'item')
  if (isWaiting(item, task)) return fail('notReady', { why: 'waits', dish }, 'task')
  return undefined
}

function move(item: ItemState, task: TaskDef, rank: number): Move {
  return { item: item.id, task: task.id, cycle: progress(item, task.id).cycle, rank }
}

function moved(ctx: Context, command: Id, order: OrderState, moves: Move[]): Decision {
  const record = recorder(ctx, command, order)
  if (moves.length) record.add('tasks.moved', { moves })
  return decided(record)
}

function advance(
  state: State,
  command: Id,
  args: CommandArgs<'bumpTask'>,
  ctx: Context,
  rank: number,
): Decision {
  const work = findTask(state, args)
  if (!work.ok) return work
  const { order, item, task } = work.value
  // Two cooks may press at once: who comes second finds it done, which is what they wanted.
  if (progress(item, task.id).rank >= rank) return moved(ctx, command, order, [])
  return blocked(work.value) ?? moved(ctx, command, order, [move(item, task, rank)])
}

export function startTask(state: State, command: Id, args: CommandArgs<'startTask'>, ctx: Context): Decision {
  return advance(state, command, args, ctx, RANK.preparing)
}

export function bumpTask(state: State, command: Id, args: CommandArgs<'bumpTask'>, ctx: Context): Decision {
  return advance(state, command, args, ctx, RANK.ready)
}

/** All tasks of items that are neither voided nor, with `station`, shown elsewhere. */
function worksAt(state: State, order: OrderState, station?: string): Work[] {
  const stations = state.documents.stations.body
  return existingItems(order)
    .filter((item) => !item.voided)
    .flatMap((item) => (item.added?.tasks ?? []).map((task) => ({ order, item, task })))
    .filter(({ task }) => station === undefined || shownAt(stations, task) === station)
}

export function bumpTicket(
  state: State,
  command: Id,
  args: CommandArgs<'bumpTicket'>,
  ctx: Context,
): Decision {
  const order = liveOrder(state, args.order)
  if (!order.ok) return order
  if (!isStation(state.documents.stations.body, args.station)) {
    return fail('unknownStation', {}, 'station')
  }
  const works = worksAt(state, order.value, args.station)
  if (!works.length) return fail('nothingToDo', { why: 'station' }, 'station')
  const open = works.filter(({ item, task }) => progress(item, task.id).rank < RANK.ready)
  const doable = open.filter((work) => !blocked(work))
  const [obstacle] = open.flatMap((work) => blocked(work) ?? [])
  if (!doable.length && obstacle) return obstacle
  return moved(
    ctx,
    command,
    order.value,
    doable.map(({ item, task }) => move(item, task, RANK.ready)),
  )
}

function reopen(item: ItemState, task: TaskDef): Move {
  return { item: item.id, task: task.id, cycle: progress(item, task.id).cycle + 1, rank: RANK.confirmed }
}

export function recallTask(
  state: State,
  command: Id,
  args: CommandArgs<'recallTask'>,
  ctx: Context,
): Decision {
  const work = findTask(state, args)
  if (!work.ok) return work
  const { order, item, task } = work.value
  if (progress(item, task.id).rank === RANK.confirmed) {
    return fail('nothingToDo', { why: 'notStarted' }, 'task')
  }
  return moved(ctx, command, order, [reopen(item, task)])
}

export function recallTicket(
  state: State,
  command: Id,
  args: CommandArgs<'recallTicket'>,
  ctx: Context,
): Decision {
  const order = liveOrder(state, args.order)
  if (!order.ok) return order
  const done = worksAt(state, order.value, args.station).filter(
    ({ item, task }) => progress(item, task.id).rank >= RANK.ready,
  )
  if (!done.length) return fail('nothingToDo', { why: 'notBumped' }, 'order')
  return moved(
    ctx,
    command,
    order.value,
    done.map(({ item, task }) => reopen(item, task)),
  )
}

export function serve(state: State, command: Id, args: CommandArgs<'serve'>, ctx: Context): Decision {
  const order = liveOrder(state, args.order)
  if (!order.ok) return order
  const items: ItemState[] = []
  for (const id of args.items ?? []) {
    const item = liveItem(order.value, id)
    if (!item.ok) return item
    const status = itemStatus(order.value, item.value)
    if (status !== 'ready' && status !== 'served') {
      return fail('notReady', { why: 'serve', dish: item.value.added?.line.name ?? null }, `items.${id}`)
    }
    items.push(item.value)
  }
  const chosen = args.items === undefined ? existingItems(order.value).filter((item) => !item.voided) : items
  const ready = chosen.filter((item) => itemStatus(order.value, item) === 'ready')
  if (!ready.length && args.items === undefined) {
    return fail('nothingToDo', { why: 'noneReady' }, 'order')
  }
  const moves = ready.flatMap((item) =>
    (item.added?.tasks ?? [])
      .filter((task) => progress(item, task.id).rank < RANK.served)
      .map((task) => move(item, task, RANK.served)),
  )
  return moved(ctx, command, order.value, moves)
}

/** The stamps of everything a cook may be asked to acknowledge on an order. */
function noticesOf(order: OrderState): ReadonlySet<string> {
  const notices = Object.values(order.items).flatMap(({ fields, voided }) => [
    ...Object.values(fields).flatMap((field) => field.map((write) => write.stamp)),
    ...(voided ? [voided.stamp] : []),
  ])
  const missed = Object.values(order.unread ?? {}).map(({ stamp }) => stamp)
  return new Set([...notices, ...missed, ...(order.cancelled ? [order.cancelled.stamp] : [])])
}

export function acknowledge(
  state: State,
  command: Id,
  args: CommandArgs<'acknowledge'>,
  ctx: Context,
): Decision {
  const order = state.orders.get(args.order)
  if (!order?.opened) return fail('unknownOrder', {}, 'order')
  const record = recorder(ctx, command, order)
  // Only what is there to be seen is written down, so that a screen gone wrong cannot fill the order with garbage.
  const known = noticesOf(order)
  const news = [...new Set(args.seen)].filter(
    (stamp) => known.has(stamp) && !order.seen[args.station]?.[stamp],
  )
  if (news.length) record.add('changes.acknowledged', { station: args.station, seen: news })
  return decided(record)
}
