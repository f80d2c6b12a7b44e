/** @file What the rights matrix asks for: every table with its keys, every function of the API with arguments that would work. Data only. */
import type { Place } from './matrix-world.ts'

export interface TablePart {
  /** The column with the restaurant. */
  place: string
  /** Columns that tell rows apart. */
  key: string[]
  /** SQL for the user id of the person a row `t` belongs to. */
  owner?: string
  /** SQL for whether a row `t` has reached the kitchen. */
  kitchen?: string
}

const own = (...key: string[]): TablePart => ({ place: 'restaurant_id', key: ['restaurant_id', ...key] })
const serverOf = (server: string) =>
  `select p.user_id from public.profiles p where p.restaurant_id = t.restaurant_id and p.staff_id = ${server}`
const serverOfItem = `(select o.server_id from public.orders o where o.restaurant_id = t.restaurant_id and o.id = t.order_id)`

/** Keys begin with the restaurant: both restaurants know the same ids. */
export const TABLES: Record<string, TablePart> = {
  restaurants: { place: 'id', key: ['id'] },
  profiles: { ...own('user_id'), owner: 't.user_id' },
  devices: own('id'),
  device_codes: own('expires_at'),
  audit_log: own('id'),
  order_events: own('seq'),
  order_archive: own('order_id'),
  orders: { ...own('id'), owner: serverOf('t.server_id'), kitchen: 't.in_kitchen' },
  order_items: { ...own('order_id', 'id'), owner: serverOf(serverOfItem), kitchen: 't.released' },
  stations: own('id'),
  tables: own('id'),
  seats: own('table_id', 'seat'),
  menu_categories: own('id'),
  menu_items: own('id'),
  menu_modifiers: own('group_id', 'id'),
  stock: own('menu_item'),
  order_intake: { ...own('id'), owner: 't.created_by' },
  transcription_usage: own('id'),
}

/** Arguments as somebody of this restaurant who may would give them. */
export const CALLS: Record<string, (place: Place) => Record<string, unknown>> = {
  check_project: () => ({}),
  claim_device: () => ({ p_code: 'AAAAA-AAAAA', p_core: 'core' }),
  append_events: () => ({ p_batch: { core: 'core', events: [] } }),
  pull_events: () => ({ p_after: 0, p_limit: 10, p_core: 'core' }),
  archived_events: () => ({ p_orders: ['old'] }),
  archived_after: () => ({ p_after: 0, p_until: 10, p_limit: 10 }),
  report_device: () => ({ p_report: { core: 'core', version: '1', cursor: 0, outbox: 0, parked: 0 } }),
  claim_intake: () => ({ p_limit: 1 }),
  refuse_intake: () => ({ p_id: crypto.randomUUID(), p_code: 'x', p_message: 'x' }),
  create_restaurant: () => ({ p_name: 'New' }),
  my_restaurants: () => ({}),
  create_device_code: ({ restaurant }) => ({ p_restaurant: restaurant }),
  revoke_device: ({ spareDevice }) => ({ p_device: spareDevice }),
  readmit_device: ({ spareDevice }) => ({ p_device: spareDevice }),
  set_person: ({ restaurant, colleague }) => ({
    p_restaurant: restaurant,
    p_email: colleague.email,
    p_role: 'host',
  }),
  remove_person: ({ restaurant, colleague }) => ({ p_restaurant: restaurant, p_user: colleague.id }),
  place_order: ({ restaurant }) => ({
    p_order: { restaurant, type: 'takeaway', items: [{ menuItem: 'soup', quantity: 1 }] },
  }),
  order_status: ({ asked }) => ({ p_id: asked }),
}
