/** @file Fills a database with years of closed orders and one evening's open tickets, quickly, for measuring. Writes the file it is given. */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { setJournaled, setMeta } from '../../main/adapters/sqlite/meta.ts'
import { insertEvent, putOrder } from '../../main/adapters/sqlite/rows.ts'
import { migrate } from '../../main/adapters/sqlite/schema/index.ts'
import { createSql, type Sql } from '../../main/adapters/sqlite/sql.ts'
import { mergeOrder } from '../../shared/domain/apply.ts'
import type { PlateEvent } from '../../shared/domain/events.ts'
import type { OrderState } from '../../shared/domain/order.ts'
import { makeStamp } from '../../shared/domain/stamp.ts'

export interface FixtureOptions {
  /** The database to make; must not exist. */
  file: string
  /** Closed orders, spread over the days before `now`. Default 200,000. */
  closed?: number
  /** Open tickets of the last hour. Default 60. */
  open?: number
  /** ms UTC. */
  now: number
  /** Stations that open tickets are spread over. Default grill, fry, cold. */
  stations?: readonly string[]
}

const DEVICE = '00000000-0000-4000-8000-00000000be7c'
const LINES = 3
const ORDERS_PER_DAY = 500
const DAY_MS = 86_400_000
const STATIONS = ['grill', 'fry', 'cold'] as const

/** A UUID that says what it is of, so that fixtures are the same every time. */
function uuid(kind: number, order: number, part = 0): string {
  const tail = order.toString(16).padStart(12, '0')
  return `${kind.toString(16).padStart(8, '0')}-${part.toString(16).padStart(4, '0')}-7000-8000-${tail}`
}

function opened(n: number, at: number): PlateEvent {
  const table = { id: `t${n % 40}`, name: `Table ${n % 40}` }
  const data = { number: String(1 + (n % ORDERS_PER_DAY)), day: new Date(at).toISOString().slice(0, 10) }
  const rest = { type: 'dineIn', table, covers: 2, server: null, note: '', priority: 'normal' } as const
  return { ...base(n, at, 0), kind: 'order.opened', data: { ...data, ...rest } }
}

function base(n: number, at: number, part: number) {
  const stamp = makeStamp(at, part, DEVICE)
  const ids = { id: uuid(1, n, part), order: uuid(2, n), command: uuid(3, n, part) }
  return { ...ids, v: 1, at, stamp, device: DEVICE, staff: { id: 'nina', name: 'Nina' } }
}

function added(n: number, at: number, part: number, stations: readonly string[]): PlateEvent {
  const item = uuid(4, n, part)
  const line = {
    menuItem: `dish-${(n + part) % 80}`,
    name: `Dish ${(n + part) % 80}`,
    price: 1250,
    quantity: 1 + (part % 2),
    modifiers: part === 1 ? [{ id: 'rare', name: 'Rare', price: 0 }] : [],
    seat: part,
    course: { id: 'main', name: 'Main', order: 2 },
    note: '',
    allergens: ['milk' as const],
    allergies: [],
  }
  const tasks = [{ id: `${item}-1`, station: stations[(n + part) % stations.length] ?? 'grill', step: 1 }]
  return { ...base(n, at, part), kind: 'item.added', data: { item, line, tasks, held: false } }
}

/** All of an order's work reaches a rank at once. */
function moved(n: number, at: number, part: number, rank: number): PlateEvent {
  const moves = Array.from({ length: LINES }, (_, index) => {
    const item = uuid(4, n, index + 1)
    return { item, task: `${item}-1`, cycle: 0, rank }
  })
  return { ...base(n, at, part), kind: 'tasks.moved', data: { moves } }
}

/** What happened to order `n`: placed at `at`, and served within half an hour when it is `closed`. */
export function fixtureEvents(
  n: number,
  at: number,
  closed: boolean,
  stations: readonly string[] = STATIONS,
) {
  const lines = Array.from({ length: LINES }, (_, index) => added(n, at, index + 1, stations))
  const work = closed ? [moved(n, at + 600_000, LINES + 1, 2), moved(n, at + 900_000, LINES + 2, 3)] : []
  return [opened(n, at), ...lines, ...work]
}

function write(sql: Sql, events: PlateEvent[], closedAt: number | null): void {
  let state: OrderState | undefined
  for (const event of events) {
    insertEvent(sql, { event, applied: true, source: null })
    state = mergeOrder(state, event)
  }
  if (state) putOrder(sql, { state, open: closedAt === null, closedAt })
}

/**
 * Makes a database as years of use leave it, stopped cleanly. About half a minute for 200,000 closed orders: nothing is synced
 * until the end. Stamps are those of another device, so a core that opens it goes on from `now`.
 */
export function fillStore(options: FixtureOptions): { orders: number; events: number; bytes: number } {
  const { file, now, closed = 200_000, open = 60, stations = STATIONS } = options
  mkdirSync(path.dirname(file), { recursive: true })
  const db = new Database(file)
  db.pragma('journal_mode = OFF')
  db.pragma('synchronous = OFF')
  db.pragma('cache_size = -256000')
  migrate(db)
  const sql = createSql(db)
  // The last closed order ended two hours ago: the screens' first hour starts with the open tickets alone.
  const end = now - 2 * 3_600_000
  const step = DAY_MS / ORDERS_PER_DAY
  sql.atomic(() => {
    for (let n = 0; n < closed; n++) {
      const at = Math.floor(end - (closed - n) * step)
      write(sql, fixtureEvents(n, at, true, stations), at + 900_000)
    }
    for (let n = closed; n < closed + open; n++) {
      write(
        sql,
        fixtureEvents(n, Math.floor(now - ((closed + open - n) * 3_600_000) / open), false, stations),
        null,
      )
    }
    setMeta(sql, 'device', DEVICE)
    setMeta(sql, 'stamp', makeStamp(now, 0, DEVICE))
    setMeta(sql, 'clean', '1')
    setJournaled(sql, DEVICE, 0)
  })
  const { events } = sql.get<{ events: number }>('SELECT count(*) AS events FROM events') ?? { events: 0 }
  const bytes = (db.pragma('page_count', { simple: true }) as number) * 4096
  db.close()
  return { orders: closed + open, events, bytes }
}
