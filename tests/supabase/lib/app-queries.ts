/** @file Every query of the app on a restaurant of 200,000 orders, at the app's own page and batch sizes. Pure. */
import { HISTORY_ORDERS } from '../../../main/core/cloud/history.ts'
import { ARCHIVE_ORDERS, PAGE } from '../../../main/core/cloud/inbound.ts'
import { CLAIM } from '../../../main/core/cloud/intake.ts'
import { MAX_BATCH } from '../../../main/core/cloud/lanes.ts'
import type { Role } from './backend.ts'
import { Site } from './projection-events.ts'
import { ORDERS } from './projection-history.ts'

/** Who asks, what for, and the text. */
export type AppQuery = [who: Role | 'device', what: string, text: string]

export const HEAD = ORDERS * 2
/** Requests of the last minutes that wait, and those of them that wait for this device's word. */
export const WAITING = 300
export const TAKEN = 40

const OPEN = `status = any ('{confirmed,preparing,ready}')`
const here = (restaurant: string) => `restaurant_id = '${restaurant}'`

/** The text of a query for the restaurant's open orders. */
export const openOrders = (restaurant: string) => `select * from orders where ${here(restaurant)} and ${OPEN}`

/** The text of a query for the dishes in hand. */
export const inHand = (restaurant: string) =>
  `select * from order_items where ${here(restaurant)} and status = 'preparing'`

/** Makes {@link WAITING} requests wait, {@link TAKEN} of them for `device`. */
export const letWait = (restaurant: string, device: string) =>
  `update order_intake set status = 'pending', decided_at = null, created_at = now() - interval '5 minutes' + n * interval '1 second',
    claimed_by = case when n <= ${TAKEN} then '${device}'::uuid end, claimed_at = case when n <= ${TAKEN} then now() + interval '10 minutes' end
  from generate_series(1, ${WAITING}) n where ${here(restaurant)} and id = lpad(to_hex(n), 32, '0')::uuid`

/** A PC's batch of `count` events: orders that are there go on, each another one. */
const batch = (
  count: number,
) => `(select jsonb_build_object('core', 'core', 'events', jsonb_agg(jsonb_build_object('id', gen_random_uuid(), 'v', 1,
  'kind', 'tasks.moved', 'order', 'order-' || ${ORDERS} - n, 'at', 1, 'stamp', '000000000000001-000000-d', 'device', 'd', 'staff', null, 'command', 'c',
  'data', jsonb_build_object('moves', '[]'::jsonb)))) from generate_series(1, ${count}) n)`

/** A full batch as a kitchen makes it. */
function kitchenBatch(): string {
  const site = new Site(9)
  while (site.log.length < MAX_BATCH) site.serve(site.place())
  const events = site.log.slice(0, MAX_BATCH)
  return `'${JSON.stringify({ core: 'core', events }).replaceAll("'", "''")}'::jsonb`
}

const deviceQueries = (restaurant: string): AppQuery[] => [
  ['device', 'the newest page of the log', `select pull_events(${HEAD - PAGE}, ${PAGE}, 'x')`],
  [
    'device',
    'what follows an event',
    `select pull_events(${HEAD - PAGE}, ${PAGE}, 'x', (select id from order_events where ${here(restaurant)} and seq = ${HEAD - PAGE}))`,
  ],
  ['device', 'a page in the middle of the log', `select pull_events(${HEAD / 2}, ${PAGE}, 'x')`],
  [
    'device',
    'the log, read as a table',
    `select * from order_events where ${here(restaurant)} and seq > ${HEAD - PAGE} order by seq limit ${PAGE}`,
  ],
  [
    'device',
    'events of one order',
    `select * from order_events where ${here(restaurant)} and order_id = 'order-77' order by seq`,
  ],
  ['device', 'appending what one command makes', `select append_events(${batch(5)})`],
  [
    'device',
    'the head, by reporting',
    `select report_device('{"core": "core", "version": "1", "cursor": 5, "event": "x", "outbox": 0, "parked": 0}')`,
  ],
  [
    'device',
    'archived orders',
    `select archived_events(array(select 'archived-' || n from generate_series(1, ${ARCHIVE_ORDERS}) n))`,
  ],
  [
    'device',
    'history in the middle of the archive',
    `select archived_after(${ORDERS / 20}, ${HEAD}, ${HISTORY_ORDERS})`,
  ],
  ['device', 'claiming intake', `select claim_intake(${CLAIM})`],
  [
    'device',
    'refusing intake',
    `select refuse_intake(lpad(to_hex(${TAKEN}), 32, '0')::uuid, 'soldOut', 'The fries are sold out.')`,
  ],
  ['device', 'the devices', `select * from devices where ${here(restaurant)}`],
]

const peopleQueries = (restaurant: string): AppQuery[] => [
  [
    'host',
    'asking for an order',
    `select place_order(jsonb_build_object('id', gen_random_uuid(), 'type', 'takeaway', 'items', '[{"menuItem": "burger", "quantity": 1}]'::jsonb))`,
  ],
  ['host', 'what became of an order', `select order_status(lpad(to_hex(4711), 32, '0')::uuid)`],
  [
    'host',
    'requests of the day',
    `select * from order_intake where ${here(restaurant)} and status = 'pending' order by created_at limit 50`,
  ],
  ['manager', 'the audit log', `select * from audit_log where ${here(restaurant)} order by id desc limit 50`],
  [
    'server',
    "a server's own orders",
    `select * from orders where ${here(restaurant)} and server_id = 'server-7' order by opened_at desc limit 100`,
  ],
]

const queriesOf = (role: Role, restaurant: string): AppQuery[] => [
  [role, 'open orders', `${openOrders(restaurant)} order by opened_at`],
  [
    role,
    'orders of a day',
    `select * from orders where ${here(restaurant)} and day = '2026-03-02' order by opened_at limit 500`,
  ],
  [role, 'one order', `select * from orders where ${here(restaurant)} and id = 'order-${ORDERS - 13}'`],
  [
    role,
    'items of an order',
    `select * from order_items where ${here(restaurant)} and order_id = 'order-${ORDERS - 13}' order by position`,
  ],
  [role, 'items in hand', `${inHand(restaurant)} limit 100`],
  [
    role,
    'items in several states',
    `select * from order_items where ${here(restaurant)} and status = any ('{confirmed,ready}') limit 100`,
  ],
  [
    role,
    'open orders with their items',
    `select o.*, (select jsonb_agg(i) from order_items i where i.restaurant_id = o.restaurant_id and i.order_id = o.id)
      from orders o where o.${here(restaurant)} and o.${OPEN} order by o.opened_at limit 200`,
  ],
]

/** What the app reads and writes, an order or a page at a time. */
export const appQueries = (restaurant: string): AppQuery[] => [
  ...deviceQueries(restaurant),
  ...peopleQueries(restaurant),
  ...(['manager', 'host', 'admin', 'expo', 'cook', 'server'] as const).flatMap((role) =>
    queriesOf(role, restaurant),
  ),
]

/** Full batches of events, as a PC pushes them after a cut: each writes hundreds of rows with their indexes and read models. */
export const fullBatches = (): AppQuery[] => [
  [
    'device',
    `${MAX_BATCH} events of as many orders of the history`,
    `select append_events(${batch(MAX_BATCH)})`,
  ],
  [
    'device',
    `${MAX_BATCH} events of new orders, from placed to served`,
    `select append_events(${kitchenBatch()})`,
  ],
]
