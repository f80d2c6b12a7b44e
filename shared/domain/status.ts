/** @file Statuses of items and orders, and what released a line to the kitchen: derived from the merged facts. Pure. */
import { RANK } from './events.ts'
import {
  existingItems,
  type ItemState,
  type ItemStatus,
  type Mark,
  type OrderState,
  type OrderStatus,
} from './order.ts'
import { currentLine, type LineWork, workOf } from './portions.ts'

/** The first press on any task of a line. */
function firstPress(item: ItemState): Mark | undefined {
  let found: Mark | undefined
  for (const presses of Object.values(item.tasks)) {
    for (const [key, press] of Object.entries(presses)) {
      const pressed = key.split(':', 2)[1] !== String(RANK.confirmed)
      if (pressed && !item.undone?.[press.stamp] && (!found || press.stamp < found.stamp)) found = press
    }
  }
  return found
}

/**
 * What released a held item to the kitchen, or undefined while it is held. An item never held was released when added; one
 * that somebody has begun is released, whatever was said of its course since.
 */
export function release(order: OrderState, item: ItemState): Mark | undefined {
  const { added } = item
  if (!added) return undefined
  if (!added.held) return added
  return item.fired ?? firedWithCourse(order, item) ?? firstPress(item)
}

function firedWithCourse(order: OrderState, item: ItemState): Mark | undefined {
  const course = currentLine(order, item)?.course
  const fired = course ? order.fired[course.id] : undefined
  // A line added and held after its course went out waits for its own fire, which restarts nobody else's timer.
  return fired?.find((mark) => mark.stamp > (item.added?.stamp ?? ''))
}

/** The item's status, derived from its tasks. A line of which all was split off is as good as voided: nothing of it is wanted. */
export function itemStatus(order: OrderState, item: ItemState): ItemStatus {
  const work = workOf(order, item)
  if (item.voided || !work || work.wanted === 0) return 'voided'
  if (work.served >= work.wanted) return 'served'
  if (!release(order, item)) return 'held'
  return workStatus(work)
}

function workStatus({ tasks }: LineWork): ItemStatus {
  const all = [...tasks.values()]
  if (all.every(({ toMake }) => toMake === 0)) return 'ready'
  return all.some(({ started, toMake }) => started || toMake === 0) ? 'preparing' : 'confirmed'
}

/** The order's status, derived from its items. Held items keep a served order open; what is not whole is never done. */
export function orderStatus(order: OrderState): OrderStatus {
  const status = knownStatus(order)
  return order.unread && (status === 'ready' || status === 'served') ? 'preparing' : status
}

/** The status as far as this version can read the order. */
export function knownStatus(order: OrderState): OrderStatus {
  if (order.cancelled) return 'cancelled'
  const items = existingItems(order)
  const statuses = items.map((item) => itemStatus(order, item)).filter((status) => status !== 'voided')
  if (statuses.length === 0) return order.opened && items.length > 0 ? 'cancelled' : 'confirmed'
  if (statuses.every((status) => status === 'served')) return 'served'
  if (statuses.every((status) => status === 'ready' || status === 'served')) return 'ready'
  return statuses.some((status) => status === 'preparing' || status === 'ready' || status === 'served')
    ? 'preparing'
    : 'confirmed'
}
