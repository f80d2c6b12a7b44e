/** @file What the server's read models must hold: the rows as the app's own rules see them, and the rows that are there. Test kit. */
import { isDeepStrictEqual } from 'node:util'
import type { State } from '../../../shared/domain/apply.ts'
import type { Allergen, Route } from '../../../shared/domain/documents.ts'
import { RANK, type TaskDef } from '../../../shared/domain/events.ts'
import {
  currentFields,
  existingItems,
  type ItemState,
  type OrderState,
  type Press,
} from '../../../shared/domain/order.ts'
import { simpleOf } from '../../../shared/domain/order-fields.ts'
import { currentLine, type TaskWork, taskOf } from '../../../shared/domain/portions.ts'
import { cycleOf } from '../../../shared/domain/presses.ts'
import { itemStatus, orderStatus, release } from '../../../shared/domain/status.ts'
import type { TestBackend } from './backend.ts'

/** Rows per table, each table in the order of its key; times in ms UTC. */
export type Rows = Record<Table, Record<string, unknown>[]>
export type Table = (typeof TABLES)[number]

const TABLES = [
  'orders',
  'order_items',
  'menu_categories',
  'menu_items',
  'menu_modifiers',
  'stations',
  'tables',
  'seats',
  'stock',
] as const

const KEYS: Record<Table, string> = {
  orders: 'id',
  order_items: 'order_id, id',
  menu_categories: 'id',
  menu_items: 'id',
  menu_modifiers: 'group_id, id',
  stations: 'id',
  tables: 'id',
  seats: 'table_id, seat',
  stock: 'menu_item',
}
const TIMES = ['opened_at', 'cancelled_at', 'released_at', 'added_at', 'voided_at', 'at']

/** An SQL expression for all rows of restaurant `id` (another expression) as one JSON object. */
export function rowsSql(id: string): string {
  const table = (name: Table) => `'${name}', coalesce((select jsonb_agg(to_jsonb(t)
    - 'restaurant_id' - 'updated_seq' - 'updated_at' - 'archived' - 'fields' order by ${KEYS[name]}) from public.${name} t where restaurant_id = ${id}), '[]')`
  return `jsonb_build_object(${TABLES.map(table).join(', ')})`
}

function row(from: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(from).map(([name, value]) => [
    name,
    TIMES.includes(name) && typeof value === 'string' ? Date.parse(value) : value,
  ])
  return Object.fromEntries(entries)
}

/** The answer to `rowsSql` with its times as numbers. */
export function rowsOf(answer: Rows): Rows {
  return Object.fromEntries(TABLES.map((name) => [name, answer[name].map(row)])) as Rows
}

/** The rows that are there now. Needs 'sql'. */
export async function storedRows(backend: TestBackend, restaurant: string): Promise<Rows> {
  const [answer] = await backend.sql<{ rows: Rows }>(`select ${rowsSql('$1')} as rows`, [restaurant])
  if (!answer) throw new Error('no answer')
  return rowsOf(answer.rows)
}

/** Without the time of the 86 list, which the app does not keep. */
export const comparable = (rows: Rows): Rows => ({
  ...rows,
  stock: rows.stock.map(({ at: _, ...rest }) => rest),
})

/** The first row that is not as this state wants it, in words; null when all are. */
export function wrongRow(stored: Rows, state: State): string | null {
  // As JSON has no members without a value.
  const wanted = JSON.parse(JSON.stringify(expectedRows(state))) as Rows
  const there = comparable(stored)
  for (const table of TABLES) {
    const [own, due] = [there[table], wanted[table]]
    const at = Array.from({ length: Math.max(own.length, due.length) }, (_, index) => index).find(
      (index) => !isDeepStrictEqual(own[index], due[index]),
    )
    if (at === undefined) continue
    const say = (found: unknown) => JSON.stringify(found) ?? 'nothing'
    return `${table} has ${own.length} rows instead of ${due.length}; row ${at} is ${say(own[at])} instead of ${say(due[at])}`
  }
  return null
}

function contains(line: {
  allergens: Allergen[]
  modifiers: { allergens?: Allergen[] | undefined }[]
}): string[] {
  const own = line.allergens as string[]
  const added = new Set(line.modifiers.flatMap((modifier) => modifier.allergens ?? []) as string[])
  return [...own, ...[...added].filter((name) => !own.includes(name)).sort()]
}

/** As `taskStatus` in view.ts, by its number. */
function rankOf({ handedOut, toMake, started }: TaskWork): number {
  if (handedOut) return 3
  if (toMake === 0) return 2
  return started ? 1 : 0
}

function taskRow(order: OrderState, item: ItemState, task: TaskDef): Record<string, unknown> {
  const work = taskOf(order, item, task.id)
  if (!work) throw new Error('not a task of this item')
  const { made, toMake } = work
  return { ...task, cycle: cycleOf(item, task.id), rank: rankOf(work), made, toMake }
}

function itemRow(order: OrderState, item: ItemState, index: number): Record<string, unknown> {
  const line = currentLine(order, item)
  const { added, voided } = item
  if (!line || !added) throw new Error('not an existing item')
  const released = release(order, item)
  return {
    order_id: order.id,
    id: item.id,
    position: index + 1,
    menu_item: line.menuItem,
    name: line.name,
    price: line.price + line.modifiers.reduce((sum, modifier) => sum + modifier.price, 0),
    quantity: line.quantity,
    modifiers: line.modifiers,
    seat: line.seat,
    course_id: line.course?.id ?? null,
    course_name: line.course?.name ?? null,
    note: line.note,
    allergens: contains(line),
    allergies: line.allergies,
    held: added.held,
    released: released !== undefined,
    released_at: released?.at ?? null,
    status: itemStatus(order, item),
    tasks: added.tasks.map((task) => taskRow(order, item, task)),
    added_at: added.at,
    voided_at: voided?.at ?? null,
    void_reason: voided?.reason ?? null,
    split_from: added.from ?? null,
  }
}

function orderRow(order: OrderState, items: Record<string, unknown>[]): Record<string, unknown> {
  const fields = currentFields(order)
  const { opened, cancelled } = order
  if (!fields || !opened) throw new Error('not an opened order')
  const counted = items.filter((item) => item.status !== 'voided') as { price: number; quantity: number }[]
  return {
    id: order.id,
    number: opened.number,
    day: opened.day,
    type: opened.type,
    table_id: fields.table?.id ?? null,
    table_name: fields.table?.name ?? null,
    server_id: fields.server?.id ?? null,
    server_name: fields.server?.name ?? null,
    // Each has a column of its name.
    ...simpleOf(fields),
    incomplete: order.unread !== undefined,
    status: orderStatus(order),
    opened_at: opened.at,
    cancelled_at: cancelled?.at ?? null,
    cancel_reason: cancelled?.reason ?? null,
    in_kitchen: items.some((item) => item.released),
    total: counted.reduce((sum, item) => sum + item.price * item.quantity, 0),
  }
}

function menuRows({
  documents,
  stock,
}: State): Pick<Rows, 'menu_categories' | 'menu_items' | 'menu_modifiers'> {
  const { courses, categories, items, modifierGroups } = documents.menu.body
  const course = (id: string | undefined) => ({
    course_id: id ?? null,
    course_name: courses.find((one) => one.id === id)?.name ?? null,
  })
  const route = (own: Route | undefined, of: Route | undefined) => ({ route: own ?? of ?? null })
  return {
    menu_categories: categories.map((one, index) => ({
      id: one.id,
      position: index + 1,
      name: one.name,
      ...course(one.course),
      ...route(one.route, undefined),
    })),
    menu_items: items.map((one, index) => {
      const category = categories.find(({ id }) => id === one.category)
      return {
        id: one.id,
        position: index + 1,
        name: one.name,
        category_id: one.category,
        price: one.price,
        ...course(one.course ?? category?.course),
        allergens: one.allergens,
        modifier_groups: one.modifierGroups,
        ...route(one.route, category?.route),
        out: stock.get(one.id)?.out ?? false,
      }
    }),
    menu_modifiers: modifierGroups.flatMap((group, groupIndex) =>
      group.options.map((option, index) => ({
        group_id: group.id,
        id: option.id,
        group_position: groupIndex + 1,
        position: index + 1,
        group_name: group.name,
        min: group.min,
        max: group.max,
        name: option.name,
        price: option.price,
        allergens: option.allergens ?? [],
      })),
    ),
  }
}

function floorRows({ documents }: State): Pick<Rows, 'tables' | 'seats' | 'stations'> {
  const { areas, tables } = documents.floor.body
  const { stations, defaultStation } = documents.stations.body
  return {
    tables: tables.map(({ area, ...table }, index) => ({
      ...table,
      position: index + 1,
      area_id: area,
      area_name: areas.find(({ id }) => id === area)?.name ?? null,
    })),
    seats: tables.flatMap(({ id, seats }) =>
      Array.from({ length: seats }, (_, index) => ({ table_id: id, seat: index + 1 })),
    ),
    stations: stations.map(({ warnAfter, lateAfter, ...station }, index) => ({
      ...station,
      position: index + 1,
      warn_after: warnAfter,
      late_after: lateAfter,
      is_default: station.id === defaultStation,
    })),
  }
}

const isRecall = (key: string) => key.split(':')[1] === String(RANK.confirmed)

/** Of two recalls the one that takes back less comes first; of two other presses the earlier. */
function byWeight([aKey, a]: [string, Press], [bKey, b]: [string, Press]): number {
  if (isRecall(aKey) !== isRecall(bKey)) return isRecall(aKey) ? -1 : 1
  if (!isRecall(aKey)) return a.stamp === b.stamp ? a.at - b.at : a.stamp < b.stamp ? -1 : 1
  const [less, more] = [a.n ?? Number.MAX_VALUE, b.n ?? Number.MAX_VALUE]
  return less - more || Number.parseInt(aKey, 10) - Number.parseInt(bKey, 10) || aKey.length - bKey.length
}

/** The item with its presses in an order that does not tell which of them was heard first: two may have one stamp. */
function settled(item: ItemState): ItemState {
  const tasks = Object.entries(item.tasks).map(([task, presses]) => {
    const sorted = Object.entries(presses).sort(byWeight)
    return { task, sorted, first: sorted.find(([key, { stamp }]) => !isRecall(key) && !item.undone?.[stamp]) }
  })
  tasks.sort((a, b) =>
    a.first && b.first ? byWeight(a.first, b.first) : Number(!a.first) - Number(!b.first),
  )
  return {
    ...item,
    tasks: Object.fromEntries(tasks.map(({ task, sorted }) => [task, Object.fromEntries(sorted)])),
  }
}

const settledOrder = (order: OrderState): OrderState => ({
  ...order,
  items: Object.fromEntries(Object.entries(order.items).map(([id, item]) => [id, settled(item)])),
})

/** The rows that this state amounts to, in the order of {@link rowsSql}. `stock.at` is left out: the app does not keep it. */
export function expectedRows(state: State): Rows {
  const orders = [...state.orders.values()].filter((order) => order.opened).map(settledOrder)
  const items = new Map(
    orders.map((order) => [order.id, existingItems(order).map((item, index) => itemRow(order, item, index))]),
  )
  const rows: Rows = {
    orders: orders.map((order) => orderRow(order, items.get(order.id) ?? [])),
    order_items: [...items.values()].flat(),
    ...menuRows(state),
    ...floorRows(state),
    stock: [...state.stock].map(([menu_item, { out, stamp }]) => ({ menu_item, out, stamp })),
  }
  for (const name of TABLES) rows[name].sort(byKey(KEYS[name].split(', ')))
  return rows
}

function byKey(columns: readonly string[]) {
  return (a: Record<string, unknown>, b: Record<string, unknown>): number => {
    for (const column of columns) {
      const [left, right] = [a[column] as string | number, b[column] as string | number]
      if (left !== right) return left < right ? -1 : 1
    }
    return 0
  }
}
