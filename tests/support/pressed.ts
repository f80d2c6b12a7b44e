/** @file Commands on a ticket as a screen sends them that shows it: told by a state, by a client's board, or by what was ordered. */
import type { Client } from '../../shared/client/client.ts'
import type { State } from '../../shared/domain/apply.ts'
import type { CommandInput } from '../../shared/domain/commands.ts'
import { EXPO } from '../../shared/domain/routing.ts'
import { type Answer, answersFor, type Handed, handedFor, recallsFor } from '../../shared/domain/shown.ts'
import { boardOf, type TicketFilter, type TicketView, ticketOf } from '../../shared/domain/view.ts'

type Known = Pick<State, 'documents' | 'orders'>

const PASS = boardOf(undefined)
const boardAt = (station: string) => (station === EXPO ? PASS : boardOf(station))

function ticketIn({ documents, orders }: Known, order: string, filter: TicketFilter): TicketView | null {
  const found = orders.get(order)
  return found ? ticketOf(documents, found, filter) : null
}

/** For a ticket on which there is nothing to press: no core has such a line. */
export const nobodys = (item: string) => ({ item, n: 1 })
export const nobodysTask = (item: string) => ({ ...nobodys(item), task: 'none' })

const or = <T>(found: T[], other: T): T[] => (found.length ? found : [other])

const bumping = (ticket: TicketView | null, order: string, station: string): CommandInput<'bumpTicket'> => ({
  order,
  station,
  tasks: or(ticket ? answersFor(ticket) : [], nobodysTask(order)),
})

const handing = (ticket: TicketView | null, order: string): CommandInput<'serve'> => ({
  order,
  items: or(ticket ? handedFor(ticket) : [], nobodys(order)),
})

/** `bumpTicket` of a screen of this station that shows the order as it stands in `state`. */
export const bumpOf = (state: Known, order: string, station: string) =>
  bumping(ticketIn(state, order, boardAt(station)), order, station)

/** `serve` of all that is ready, of a screen that shows the order as it stands in `state`. */
export const serveOf = (state: Known, order: string) => handing(ticketIn(state, order, PASS), order)

/** `recallTicket` of a screen of this station, or of the pass, that shows the order as it stands in `state`. */
export function recallOf(state: Known, order: string, station?: string): CommandInput<'recallTicket'> {
  const ticket = ticketIn(state, order, boardOf(station))
  return { order, tasks: or(ticket ? recallsFor(ticket, station !== undefined) : [], nobodysTask(order)) }
}

/** A line as it was placed. */
interface Ordered {
  id: string
  quantity: number
}

/** The answers to lines that nobody has changed since they were ordered, each with this task of its route. */
export const madeOf = (lines: readonly Ordered[], index = 0): Answer[] =>
  lines.map(({ id, quantity }) => ({ item: id, task: `${id}:${index}`, n: quantity }))

/** All of these lines, that nobody has changed since they were ordered, for `serve`. */
export const handedOf = (lines: readonly Ordered[]): Handed[] =>
  lines.map(({ id, quantity }) => ({ item: id, n: quantity }))

/** The ticket as this client's board shows it now; null when it is not on it. */
async function ticketOn(client: Client, order: string, filter: TicketFilter): Promise<TicketView | null> {
  const board = client.subscribe('tickets', filter)
  await new Promise<void>((resolve) => {
    const look = () => {
      if (board.loaded || board.ended) resolve()
    }
    board.onChange(look)
    look()
  })
  board.close()
  return board.entries.get(order) ?? null
}

/** Bumps what the board of this station shows of an order. */
export async function pressBump(client: Client, order: string, station: string) {
  return client.send('bumpTicket', bumping(await ticketOn(client, order, boardAt(station)), order, station))
}

/** Hands over what the pass shows as ready of an order. */
export async function pressServe(client: Client, order: string) {
  return client.send('serve', handing(await ticketOn(client, order, PASS), order))
}

/** Recalls an order from the list of what this station has bumped lately. */
export async function pressRecall(client: Client, order: string, station: string) {
  const recent = await client.call('recentTickets', { station })
  const row = recent.ok ? recent.value.find(({ ticket }) => ticket.id === order) : undefined
  const tasks = or(row ? recallsFor(row.ticket, true) : [], nobodysTask(order))
  return client.send('recallTicket', { order, tasks })
}
