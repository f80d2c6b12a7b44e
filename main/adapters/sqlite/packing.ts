/** @file A batch on its way to the store's thread: as text, so that what is only stored is printed once and never parsed. Pure. */
import type { CommitBatch, OrderRow } from '../../core/ports.ts'

/** An order's row; `body` is its state as JSON. */
export interface PackedOrder {
  id: string
  day: string | null
  number: string | null
  open: boolean
  closedAt: number | null
  body: string
}

/** A batch whose orders have their states elsewhere. */
export type PackedBatch = Omit<CommitBatch, 'orders'> & { orders: Omit<PackedOrder, 'body'>[] }

/** `text`: a {@link PackedBatch} as JSON, which is also what the journal keeps. `bodies`: the orders' states, one each. */
export interface Packed {
  text: string
  bodies: string[]
}

/** The row of an order. */
export function packOrder({ state, open, closedAt }: OrderRow): PackedOrder {
  const { id, opened } = state
  return {
    id,
    day: opened?.day ?? null,
    number: opened?.number ?? null,
    open,
    closedAt,
    body: JSON.stringify(state),
  }
}

export function pack(batch: CommitBatch): Packed {
  const bodies: string[] = []
  const orders = batch.orders.map((row) => {
    const { body, ...rest } = packOrder(row)
    bodies.push(body)
    return rest
  })
  return { text: JSON.stringify({ ...batch, orders } satisfies PackedBatch), bodies }
}
