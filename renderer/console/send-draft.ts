/** @file Sends a draft so that every dish reaches the order once, also when nobody knows whether an earlier try arrived. Sends commands, asks the client. */
import type { Client } from '../../shared/client/client.ts'
import type { LineInput } from '../../shared/domain/commands.ts'
import { type Failure, type Outcome, ok } from '../../shared/domain/errors.ts'
import { simpleOf } from '../../shared/domain/order-fields.ts'
import type { TicketView } from '../../shared/domain/view.ts'
import type { Draft } from './drafts.ts'

/** What has become of a draft. `error`: why the rest was not taken. */
export interface Delivery {
  /** What is still to be sent, and how; null when all of it is in the order. */
  left: Draft | null
  /** The order that has the rest. */
  order: string
  error: Failure | null
}

type Asker = Pick<Client, 'send' | 'call' | 'newId'>

const over = ({ status }: TicketView) => status === 'served' || status === 'cancelled'

/** What the order has not of `line`: all of it, portions that were added since in a line of their own, or nothing. */
function missing(line: LineInput, ticket: TicketView, newId: () => string): LineInput[] {
  const there = ticket.items.find(({ id }) => id === line.id)
  if (!there) return [line]
  const quantity = line.quantity - there.quantity
  return quantity > 0 ? [{ ...line, id: newId(), quantity }] : []
}

/**
 * What is left of `draft` beside the order as it is now. An order that is over belongs to guests who have gone: what it
 * has not is a new one. Null stands for no such order.
 */
export function beside(draft: Draft, ticket: TicketView | null, newId: () => string): Draft | null {
  if (!ticket) return { ...draft, doubt: [] }
  const lines = draft.lines.flatMap((line) => missing(line, ticket, newId))
  if (lines.length === 0) return null
  const goesOn = draft.toAdd || !over(ticket)
  return goesOn
    ? { ...draft, lines, doubt: [], addTo: ticket.id }
    : { ...draft, lines, doubt: [], addTo: null, order: newId() }
}

/** The order as the core has it; null: it has none. */
async function present(client: Asker, order: string): Promise<Outcome<TicketView | null>> {
  const found = await client.call('order', { order })
  if (found.ok) return found
  return found.error.code === 'unknownOrder' ? ok(null) : found
}

function transmit(client: Asker, draft: Draft, items: LineInput[]): Promise<Outcome<unknown>> {
  const { order, type, table, addTo } = draft
  return addTo === null
    ? client.send('placeOrder', { order, type, table, ...simpleOf(draft), items })
    : client.send('addItems', { order: addTo, items })
}

/** The draft without the line that a refusal says is on the order already, e.g. voided there. */
function without(draft: Draft, { params, at }: Failure): Draft | null {
  const there = params?.why === 'lineThere' ? at?.slice('items.'.length) : undefined
  const lines = draft.lines.filter(({ id }) => id !== there)
  return there !== undefined && lines.length < draft.lines.length ? { ...draft, lines } : null
}

/**
 * Sends what is in doubt once more exactly as it was, then what was written since. `keep` is told before anything goes out.
 * A refusal never counts as success: what the order has is looked at, and what it has not is sent, or kept with the reason.
 */
export async function sendDraft(
  client: Asker,
  draft: Draft,
  keep: (draft: Draft) => void,
): Promise<Delivery> {
  const order = draft.addTo ?? draft.order
  const doubted = draft.lines.filter(({ id }) => draft.doubt.includes(id))
  const items = doubted.length ? doubted : draft.lines
  if (items.length === 0) return { left: null, order, error: null }
  const sent = new Set(items.map(({ id }) => id))
  keep({ ...draft, doubt: [...sent] })

  const outcome = await transmit(client, draft, items)
  const rest = draft.lines.filter(({ id }) => !sent.has(id))
  if (outcome.ok) {
    if (rest.length === 0) return { left: null, order, error: null }
    return sendDraft(client, { ...draft, lines: rest, doubt: [], addTo: order }, keep)
  }
  const found = await present(client, order)
  // Whether it is there cannot be asked now: it stays in doubt.
  if (!found.ok) return { left: { ...draft, doubt: [...sent] }, order, error: outcome.error }
  const left = beside(draft, found.value, client.newId)
  if (!left) return { left: null, order, error: null }
  const other = JSON.stringify([left.order, left.lines]) !== JSON.stringify([draft.order, draft.lines])
  const next = other ? left : without(left, outcome.error)
  if (!next) return { left, order, error: outcome.error }
  return sendDraft(client, next, keep)
}
