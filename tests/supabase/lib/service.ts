/** @file Test helpers: what people do at a PC during service, through the contract like any screen. */
import type { Client } from '../../../shared/client/client.ts'
import { answersFor, handedFor } from '../../../shared/domain/shown.ts'
import type { TicketView } from '../../../shared/domain/view.ts'
import { line } from '../../support/core.ts'
import type { Site } from './site.ts'

const DISHES = ['fries', 'soup', 'espresso', 'tiramisu', 'arrabbiata', 'margherita', 'wings']

/** Places one order of `lines` dishes; answers its id once it is acknowledged. */
export async function place(
  { client }: { client: Client },
  { dish, lines = 2 }: { dish?: string; lines?: number } = {},
): Promise<string> {
  const order = client.newId()
  const first = Math.floor(Math.random() * DISHES.length)
  const items = Array.from({ length: lines }, (_, add) =>
    line(client, dish ?? DISHES[(first + add) % DISHES.length] ?? 'soup'),
  )
  const answer = await client.send('placeOrder', { order, type: 'takeaway', items })
  if (!answer.ok) throw new Error(JSON.stringify(answer.error))
  return order
}

/** Places `count` orders, `parallel` at a time. */
export async function placeMany(
  site: Pick<Site, 'client'>,
  count: number,
  { parallel = 16, lines = 2 }: { parallel?: number; lines?: number } = {},
): Promise<string[]> {
  const orders: string[] = []
  let left = count
  const one = async () => {
    while (left-- > 0) orders.push(await place(site, { lines }))
  }
  await Promise.all(Array.from({ length: Math.min(parallel, count) }, one))
  return orders
}

/** The ticket as this PC's console sees it now, open or closed. */
export async function ticket({ client }: { client: Client }, order: string): Promise<TicketView> {
  const found = await client.call('order', { order })
  if (!found.ok) throw new Error(JSON.stringify(found.error))
  return found.value
}

/** Bumps everything on a ticket, station by station, as far as it goes. */
export async function cook(site: Site, order: string): Promise<void> {
  const seen = await ticket(site, order)
  const stations = new Set(seen.items.flatMap((item) => item.tasks.map((task) => task.station)))
  for (const station of stations) await bump(site, order, station)
}

/** Bumps what the ticket shows as open at a station. */
async function bump(site: Site, order: string, station: string): Promise<void> {
  const seen = await ticket(site, order)
  const items = seen.items.map((item) => ({
    ...item,
    tasks: item.tasks.filter((task) => task.station === station),
  }))
  const tasks = answersFor({ ...seen, items })
  if (tasks.length) await site.client.send('bumpTicket', { order, station, tasks })
}

/** Hands over what the ticket shows as ready. */
export async function handOut({ client }: { client: Client }, order: string) {
  return client.send('serve', { order, items: handedFor(await ticket({ client }, order)) })
}

/** The manager's audit log on this PC. */
export async function auditOf({ client }: { client: Client }, order?: string) {
  const rows = await client.call('audit', { limit: 500, ...(order === undefined ? {} : { order }) })
  if (!rows.ok) throw new Error(JSON.stringify(rows.error))
  return rows.value
}
