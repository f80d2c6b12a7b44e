/** @file Benchmark: 1,000 WebSocket screens on one hub, steady and with connections that drop 2 s every 15 s. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Client } from '../../shared/client/client.ts'
import { line, online, PINS, tempDir } from '../support/core.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { handedOf, madeOf } from '../support/pressed.ts'
import { percentiles, progress, quantile, report, residentMb, round } from './lib/report.ts'
import type { ScreensResult } from './lib/screens.ts'

const SCREENS = 1_000
const PER_SECOND = 10
const SECONDS = 40
/** Orders that stay open, as on a busy evening. */
const OPEN = 60
const STATIONS = ['grill', 'fryer', 'cold', 'saute', 'pizza', 'oven', 'dessert', 'bar']
/** Each dish with the stations its ticket enters at once, in the order of its route. */
const DISHES: [string, string[]][] = [
  ['wings', ['fryer']],
  ['soup', ['saute']],
  ['salmon', ['grill']],
  ['burrata', ['cold']],
  ['tiramisu', ['dessert']],
  ['margherita', ['pizza', 'oven']],
  ['lemonade', ['bar']],
]

const SOUP: [string, string[]] = ['soup', ['saute']]

interface Dish {
  line: ReturnType<typeof line>
  route: string[]
}
interface Placed {
  order: string
  dishes: Dish[]
  stations: Set<string>
}

const now = () => performance.timeOrigin + performance.now()
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function place(client: Client, turn: number): Promise<Placed> {
  const picks = [0, 1].map((add) => DISHES[(turn + add * 3) % DISHES.length] ?? SOUP)
  const order = client.newId()
  const dishes = picks.map(([dish, route]) => ({
    line: line(client, dish, dish === 'salmon' ? { modifiers: ['side-mash'] } : {}),
    route,
  }))
  const items = dishes.map((dish) => dish.line)
  const answer = await client.send('placeOrder', { order, type: 'takeaway', note: String(now()), items })
  if (!answer.ok) throw new Error(JSON.stringify(answer.error))
  return { order, dishes, stations: new Set(picks.flatMap(([, stations]) => stations)) }
}

async function finish(client: Client, { order, dishes, stations }: Placed): Promise<void> {
  for (const station of stations) {
    const here = dishes.filter(({ route }) => route.includes(station))
    const tasks = here.flatMap((dish) => madeOf([dish.line], dish.route.indexOf(station)))
    await client.send('bumpTicket', { order, station, tasks })
  }
  await client.send('serve', { order, items: handedOf(dishes.map((dish) => dish.line)) })
}

async function evening(client: Client): Promise<Placed[]> {
  const placed: Placed[] = []
  const started = now()
  for (let turn = 0; turn < SECONDS * PER_SECOND; turn++) {
    await pause(Math.max(0, started + (turn * 1000) / PER_SECOND - now()))
    const order = place(client, turn).then((one) => placed.push(one))
    const old = placed[turn - OPEN]
    if (old) void finish(client, old)
    if (turn % 100 === 0) progress(`${turn} orders`)
    if (turn % 50 === 49) await order
  }
  await pause(4_000)
  return placed
}

async function openScreens(hub: TestHub, dropMs: number): Promise<ChildProcess> {
  const child = fork(path.join(import.meta.dirname, 'lib/screens.ts'), { stdio: 'inherit' })
  const url = hub.url.replace(/^http/, 'ws').replace(/\/$/, '')
  child.send({ url, key: hub.key, count: SCREENS, stations: STATIONS, dropMs, everyMs: 15_000 })
  await once(child, 'message')
  return child
}

function missing(result: ScreensResult, placed: readonly Placed[]): { expected: number; missed: number } {
  let expected = 0
  let missed = 0
  for (const { filter, orders } of result.seen) {
    const saw = new Set(orders)
    for (const { order, stations } of placed) {
      if (filter.scope === 'station' && !stations.has(filter.station)) continue
      expected++
      if (!saw.has(order)) missed++
    }
  }
  return { expected, missed }
}

async function measure(dropMs: number) {
  const folder = tempDir()
  const hub = await startHub({ dir: folder.dir, env: { PLATE_LOG_LEVEL: 'warn' } })
  const client = hub.client('expo')
  await online(client)
  await client.call('signIn', { pin: PINS.host })
  const before = residentMb(hub.pid)
  const child = await openScreens(hub, dropMs)
  const connected = residentMb(hub.pid)
  const placed = await evening(client)
  const after = residentMb(hub.pid)
  child.send('finish')
  const [result] = (await once(child, 'message')) as [ScreensResult]
  client.close()
  await hub.stop()
  folder.remove()
  const { expected, missed } = missing(result, placed)
  return { result, expected, missed, before, connected, after }
}

progress('steady')
const steady = await measure(0)
progress('with drops')
const drops = await measure(2_000)
report('hub.fanout', {
  screens: SCREENS,
  ordersPerSecond: PER_SECOND,
  ...percentiles(steady.result.latencies),
  deliveredShare: round(1 - steady.missed / steady.expected),
  deliveries: steady.expected,
  memoryPer100ScreensMb: round((steady.after - steady.before) / (SCREENS / 100)),
  memoryPer100ConnectedMb: round((steady.connected - steady.before) / (SCREENS / 100)),
  hubMb: steady.after,
  dropsP50: quantile(drops.result.latencies, 0.5),
  dropsP95: quantile(drops.result.latencies, 0.95),
  dropsReconnects: drops.result.reconnects,
  dropsDeliveredShare: round(1 - drops.missed / drops.expected),
  dropsDeliveries: drops.expected,
  dropsMissed: drops.missed,
})
