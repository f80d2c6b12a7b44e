/** @file Many people at work in a process of their own, for benchmarks: each a real client on a real socket. Talks to its parent over IPC. */
import type { Client } from '../../../shared/client/client.ts'
import type { Outcome } from '../../../shared/domain/errors.ts'
import { answersFor, handedFor } from '../../../shared/domain/shown.ts'
import { line, online, PINS, testClient } from '../../support/core.ts'
import { socketPort } from '../../support/hub.ts'
import { type Door, now } from './paint.ts'

export interface UsersStart {
  doors: Door[]
  /** People at each hub, in these shares. */
  servers: number
  cooks: number
  managers: number
  seconds: number
}

/** What the parent gets at the end. Times in ms. */
export interface UsersResult {
  queries: Record<string, number[]>
  commands: Record<string, number[]>
  realtime: number[]
  calls: number
  errors: Record<string, number>
  connected: number
}

const STATIONS = ['grill', 'fryer', 'cold', 'saute', 'pizza', 'oven', 'dessert', 'bar']
const DISHES = ['wings', 'soup', 'burrata', 'tiramisu', 'margherita', 'lemonade', 'fries', 'onion-rings']
/** A restaurant takes an order so often (ms) in a rush: 720 an hour. */
const ORDER_EVERY_MS = 5_000
/** A server looks at an order, a manager at reports, so often (ms). */
const LOOK_EVERY_MS = 20_000
const REPORT_EVERY_MS = 10_000
/** Two people doing the same at once is life, no error. */
const EXPECTED = new Set(['nothingToDo', 'notReady', 'alreadyServed', 'orderCancelled'])

const result: UsersResult = { queries: {}, commands: {}, realtime: [], calls: 0, errors: {}, connected: 0 }
let measuring = false
let running = true

async function timed<T>(
  kind: 'queries' | 'commands',
  name: string,
  call: () => Promise<Outcome<T>>,
): Promise<T | null> {
  const started = performance.now()
  const outcome = await call()
  if (measuring) {
    result.calls++
    result[kind][name] ??= []
    result[kind][name].push(performance.now() - started)
    if (!outcome.ok && !EXPECTED.has(outcome.error.code))
      result.errors[`${name}:${outcome.error.code}`] =
        (result.errors[`${name}:${outcome.error.code}`] ?? 0) + 1
  }
  return outcome.ok ? outcome.value : null
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Does `work` every `everyMs`, from a random moment on. */
async function regularly(everyMs: number, work: () => Promise<unknown>): Promise<void> {
  await pause(Math.random() * everyMs)
  while (running) {
    const next = performance.now() + everyMs
    await work()
    await pause(Math.max(0, next - performance.now()))
  }
}

async function connect(
  door: Door,
  kind: 'console' | 'kitchen' | 'manager',
  pin: string | null,
): Promise<Client> {
  const { origin } = new URL(door.url)
  const client = testClient(
    () => socketPort(`${origin.replace(/^http/, 'ws')}/ws`, { cookie: `plate_local=${door.key}`, origin }),
    kind,
  )
  await online(client)
  if (pin) await client.call('signIn', { pin })
  for (const stream of ['documents', 'status', 'stock'] as const) client.subscribe(stream, {})
  result.connected++
  return client
}

/** Orders a restaurant has placed, newest last: what its servers look at. */
type Placed = string[]

async function server(door: Door, placed: Placed, share: number): Promise<void> {
  const client = await connect(door, 'console', PINS.server)
  const orders = client.subscribe('tickets', { scope: 'open' })
  const place = async () => {
    const order = client.newId()
    const first = Math.floor(Math.random() * DISHES.length)
    const items = [0, 3].map((add) => line(client, DISHES[(first + add) % DISHES.length] ?? 'soup'))
    const answer = await timed('commands', 'placeOrder', () =>
      client.send('placeOrder', { order, type: 'takeaway', note: String(now()), items }),
    )
    if (answer) placed.push(order)
    const old = placed.length > 40 ? placed.shift() : undefined
    const ticket = old && orders.entries.get(old)
    const ready = ticket ? handedFor(ticket) : []
    if (old && ready.length)
      await timed('commands', 'serve', () => client.send('serve', { order: old, items: ready }))
  }
  const look = async () => {
    const order = placed[Math.floor(Math.random() * placed.length)]
    if (order) await timed('queries', 'order', () => client.call('order', { order }))
  }
  await Promise.all([regularly(ORDER_EVERY_MS * share, place), regularly(LOOK_EVERY_MS, look)])
}

async function cook(door: Door, station: string): Promise<void> {
  const client = await connect(door, 'kitchen', null)
  const board = client.subscribe('tickets', { scope: 'station', station })
  board.onChange((changes) => {
    const at = now()
    for (const [order, ticket] of changes.entered) {
      const sent = Number(ticket.note)
      if (measuring && sent > 0 && at - sent < 60_000) result.realtime.push(at - sent)
      // As long as it takes to fry something, more or less; a colleague may be faster.
      setTimeout(
        () => {
          const now = running ? board.entries.get(order) : undefined
          const tasks = now ? answersFor(now) : []
          if (tasks.length)
            void timed('commands', 'bumpTicket', () => client.send('bumpTicket', { order, station, tasks }))
        },
        8_000 + Math.random() * 20_000,
      )
    }
  })
  await regularly(LOOK_EVERY_MS, () =>
    timed('queries', 'recentTickets', () => client.call('recentTickets', { station, limit: 20 })),
  )
}

async function manager(door: Door): Promise<void> {
  const client = await connect(door, 'manager', PINS.manager)
  client.subscribe('tickets', { scope: 'open' })
  await regularly(REPORT_EVERY_MS, async () => {
    await timed('queries', 'ticketTimes', () => client.call('ticketTimes', {}))
    await timed('queries', 'audit', () => client.call('audit', { limit: 50 }))
  })
}

process.on('message', (start: UsersStart | 'measure' | 'finish') => {
  if (start === 'measure') {
    measuring = true
    return
  }
  if (start === 'finish') {
    measuring = false
    running = false
    process.send?.(result)
    setTimeout(() => process.exit(0), 500)
    return
  }
  for (const door of start.doors) {
    const placed: Placed = []
    for (let one = 0; one < start.servers; one++) void server(door, placed, start.servers)
    for (let one = 0; one < start.cooks; one++) void cook(door, STATIONS[one % STATIONS.length] ?? 'grill')
    for (let one = 0; one < start.managers; one++) void manager(door)
  }
  const all = start.doors.length * (start.servers + start.cooks + start.managers)
  const ready = setInterval(() => {
    if (result.connected < all) return
    clearInterval(ready)
    process.send?.('ready')
  }, 200)
})
