/** @file What people know parked orders by: where they went, how they stand, what was ordered. */
import type { ParkedLane, ParkedTicket } from '../../../shared/contract/contract.ts'
import type { State } from '../../../shared/domain/apply.ts'
import { currentFields, existingItems, type OrderState } from '../../../shared/domain/order.ts'
import { currentLine } from '../../../shared/domain/portions.ts'
import { orderStatus } from '../../../shared/domain/status.ts'
import type { Store } from '../ports.ts'

function dishesOf(order: OrderState): string[] {
  return existingItems(order).flatMap((item) => {
    const line = item.voided ? undefined : currentLine(order, item)
    return line ? [`${line.quantity}× ${line.name}`] : []
  })
}

/** An order as a person remembers it; undefined while it is not known who opened it. */
export function parkedTicket(order: OrderState): ParkedTicket | undefined {
  const { opened } = order
  if (!opened) return undefined
  return {
    type: opened.type,
    table: currentFields(order)?.table?.name ?? null,
    status: orderStatus(order),
    openedAt: opened.at,
    dishes: dishesOf(order),
  }
}

/** These lanes with their orders' tickets, also of orders that have left memory. */
export async function withTickets(
  lanes: readonly ParkedLane[],
  state: State,
  store: Pick<Store, 'orders'>,
): Promise<ParkedLane[]> {
  const gone = lanes.flatMap(({ order }) => (order !== null && !state.orders.has(order) ? [order] : []))
  const stored = new Map(
    (gone.length ? await store.orders(gone) : []).map((row) => [row.state.id, row.state]),
  )
  return lanes.map((lane) => {
    const order = lane.order === null ? undefined : (state.orders.get(lane.order) ?? stored.get(lane.order))
    const ticket = order && parkedTicket(order)
    return ticket ? { ...lane, ticket } : lane
  })
}
