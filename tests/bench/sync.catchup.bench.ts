/** @file Benchmark: a PC that was away for 10,000 events: how long until it is current, and what that takes of memory. */
import { readFileSync } from 'node:fs'
import { openBackend } from '../supabase/lib/backend.ts'
import { line, online, PINS, tempDir, testClient } from '../support/core.ts'
import { socketPort } from '../support/hub.ts'
import { handedOf, madeOf } from '../support/pressed.ts'
import { openPcs } from './lib/pcs.ts'
import { progress, report, round } from './lib/report.ts'

/** `--events=N` for a quick look. */
const EVENTS = Number(process.argv.find((arg) => arg.startsWith('--events='))?.slice(9) ?? 10_000)

const backend = await openBackend()
const project = { url: backend.url, key: backend.publishableKey }
const restaurant = await backend.restaurant()
const [here, away] = [tempDir(), tempDir()]

/** The most memory a process ever had, in MB (Linux). */
const peakMb = (pid: number) =>
  round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)

const first = openPcs()
const code = await backend.deviceCode(restaurant)
const door = await first.start({ dir: here.dir, name: 'Here', project, code, hub: true })
if (!door) throw new Error('no hub')
const second = openPcs()
await second.start({ dir: away.dir, name: 'Away', project, code: await backend.deviceCode(restaurant) })
await second.current()
await second.stop()

const { origin } = new URL(door.url)
const client = testClient(
  () => socketPort(`${origin.replace(/^http/, 'ws')}/ws`, { cookie: `plate_local=${door.key}`, origin }),
  'expo',
)
await online(client)
await client.call('signIn', { pin: PINS.manager })
// Four lines and the order itself: 5 events; half of them are cooked and served meanwhile: 2 more.
let events = 0
async function one(turn: number): Promise<void> {
  const order = client.newId()
  const items = ['wings', 'fries', 'onion-rings', 'fries'].map((dish) => line(client, dish))
  const placed = await client.send('placeOrder', { order, type: 'takeaway', items })
  if (!placed.ok) throw new Error(JSON.stringify(placed.error))
  events += 5
  if (turn % 2) return
  await client.send('bumpTicket', { order, station: 'fryer', tasks: madeOf(items) })
  await client.send('serve', { order, items: handedOf(items) })
  events += 2
}
const began = performance.now()
for (let turn = 0; events < EVENTS; turn += 16)
  await Promise.all(Array.from({ length: 16 }, (_, add) => one(turn + add)))
const placedMs = performance.now() - began
await first.current()
const sentMs = performance.now() - began
progress(`${events} events taken in ${Math.round(placedMs)} ms, in the cloud after ${Math.round(sentMs)} ms`)

const third = openPcs()
const started = performance.now()
await third.start({ dir: away.dir, name: 'Away', project })
const openMs = performance.now() - started
await third.current()
const currentMs = performance.now() - started
const peak = peakMb(third.pid)
const { residentMb } = await third.figures()
client.close()
for (const pcs of [first, third]) await pcs.stop()
await backend.close()
for (const folder of [here, away]) folder.remove()
report('sync.catchup', {
  events,
  startMs: round(openMs),
  currentMs: round(currentMs),
  eventsPerSecond: round((events / (currentMs - openMs)) * 1000),
  peakMb: peak,
  residentMb,
  uploadEventsPerSecond: round((events / sentMs) * 1000),
})
