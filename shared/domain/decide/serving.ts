/** @file Rules for handing over and for acknowledging. Pure. */
import type { State } from '../apply.ts'
import type { CommandArgs } from '../commands.ts'
import { fail } from '../errors.ts'
import { type Move, RANK } from '../events.ts'
import { existingItems, type ItemState, type OrderState } from '../order.ts'
import { workOf } from '../portions.ts'
import { cycleOf } from '../presses.ts'
import { itemStatus } from '../status.ts'
import { type Context, type Decision, decided, liveOrder, recorder } from './context.ts'
import { type Id, type Left, type LeftCode, recorded, refusal, sawOf, wasAnswered } from './work.ts'

type Handed = CommandArgs<'serve'>['items'][number]

/** Why an item cannot be handed over now, or null. */
function notToServe(order: OrderState, item: ItemState | undefined): LeftCode | null {
  if (!item?.added) return 'gone'
  const status = itemStatus(order, item)
  if (status === 'voided' || status === 'held') return status
  if (status === 'ready' || status === 'served') return null
  const line = workOf(order, item)
  const wasReady = line && item.added.tasks.every((task) => wasAnswered(item, task, line))
  return wasReady ? 'changed' : 'waiting'
}

const servedMoves = (order: OrderState, item: ItemState, { n, saw }: Handed): Move[] => {
  const line = workOf(order, item)
  return (item.added?.tasks ?? []).map(({ id }) => ({
    item: item.id,
    task: id,
    cycle: cycleOf(item, id),
    rank: RANK.served,
    n,
    saw: line ? sawOf(line, saw) : [],
  }))
}

export function serve(state: State, command: Id, args: CommandArgs<'serve'>, ctx: Context): Decision {
  const order = liveOrder(state, args.order)
  if (!order.ok) return order
  const left: Left[] = []
  const moves: Move[] = []
  let done = 0
  for (const handed of args.items) {
    const item = order.value.items[handed.item]
    const code = notToServe(order.value, item)
    if (code) left.push({ item: handed.item, code })
    else if (item && itemStatus(order.value, item) === 'ready') {
      done++
      moves.push(...servedMoves(order.value, item, handed))
    }
  }
  const [first] = left
  if (first && left.length === args.items.length) {
    return first.code === 'waiting'
      ? refusal(order.value, { ...first, code: 'changed' })
      : refusal(order.value, first)
  }
  const named = new Set(args.items.map(({ item }) => item))
  const unseen = existingItems(order.value).filter(
    (item) => !named.has(item.id) && itemStatus(order.value, item) === 'ready',
  ).length
  return recorded(ctx, command, order.value, moves, { done, left, unseen })
}

/** The stamps of everything a cook may be asked to acknowledge on an order. */
function noticesOf(order: OrderState): ReadonlySet<string> {
  const notices = Object.values(order.items).flatMap(({ fields, voided, added, fired }) => [
    ...Object.values(fields).flatMap((field) => field.map((write) => write.stamp)),
    ...[voided, added, fired].flatMap((mark) => mark?.stamp ?? []),
  ])
  const whole = Object.values(order.fields).flatMap((field) => field.map(({ stamp }) => stamp))
  const missed = Object.values(order.unread ?? {}).map(({ stamp }) => stamp)
  return new Set([...notices, ...whole, ...missed, ...(order.cancelled ? [order.cancelled.stamp] : [])])
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
