/** @file Benchmark: ten consoles join at once over 20,000 open orders while orders are placed, and the stations change under them. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Client } from '../../shared/client/client.ts'
import { line, online, PINS, streamed, tempDir, testClient } from '../support/core.ts'
import { socketPort } from '../support/hub.ts'
import type { ConsolesResult, ConsolesStart } from './lib/consoles.ts'
import type { Door } from './lib/paint.ts'
import { openPcs } from './lib/pcs.ts'
import { percentiles, progress, report, residentMb, round } from './lib/report.ts'
import { fillStore } from './store-fixture.ts'

const ORDERS = 20_000
const CONSOLES = 10
const EVERY_MS = 100

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

function connect({ url, key }: Door, kind: 'console' | 'manager'): Client {
  const { origin } = new URL(url)
  const ws = `${origin.replace(/^http/, 'ws')}/ws`
  return testClient(() => socketPort(ws, { cookie: `plate_local=${key}`, origin }), kind)
}

async function consoles(start: ConsolesStart): Promise<ChildProcess> {
  const child = fork(path.join(import.meta.dirname, 'lib/consoles.ts'), { stdio: 'inherit' })
  child.send(start)
  await once(child, 'message')
  return child
}

/** Places orders until `work` is done, and a moment longer; returns how long (ms) each took. */
async function placingDuring<T>(client: Client, work: Promise<T>): Promise<{ times: number[]; done: T }> {
  const times: number[] = []
  const waiting: Promise<void>[] = []
  let over = false
  const result = work.then(async (done) => {
    await pause(1_000)
    over = true
    return done
  })
  while (!over) {
    const started = performance.now()
    const items = [line(client, 'soup'), line(client, 'fries')]
    const placed = client.send('placeOrder', { order: client.newId(), type: 'takeaway', items })
    waiting.push(
      placed.then((answer) => {
        if (!answer.ok) throw new Error(JSON.stringify(answer.error))
        times.push(performance.now() - started)
      }),
    )
    await pause(EVERY_MS)
  }
  await Promise.all(waiting)
  return { times, done: await result }
}

const folder = tempDir()
progress(`writing ${ORDERS} open orders`)
fillStore({ file: path.join(folder.dir, 'plate.db'), now: Date.now(), closed: 0, open: ORDERS })
const pcs = openPcs()
const door = (await pcs.start({ dir: folder.dir, name: 'Core', hub: true })) as Door
const client = connect(door, 'console')
await online(client)
await client.call('signIn', { pin: PINS.server })

async function phase<T>(name: string, work: () => Promise<T>) {
  progress(name)
  const before = residentMb(pcs.pid)
  await pcs.figures()
  const { times, done } = await placingDuring(client, work())
  const { loopMaxMs, heldMaxMs } = await pcs.figures()
  const figures = Object.fromEntries(
    Object.entries({
      loopMaxMs,
      heldMaxMs,
      commandP95: percentiles(times).p95,
      commandMax: percentiles(times).max,
      memoryMb: round(residentMb(pcs.pid) - before),
    }).map(([figure, value]) => [`${name}_${figure}`, value]),
  )
  return { done, figures }
}

/** Ten consoles that were not there ask for all open orders in the same moment. */
async function joins(name: string) {
  const child = await consoles({ door, count: CONSOLES })
  const { done, figures } = await phase(name, async () => {
    child.send('join')
    const [result] = (await once(child, 'message')) as [ConsolesResult]
    return result
  })
  child.send('finish')
  await once(child, 'exit')
  const times = done.flatMap(({ ms }) => ms ?? [])
  return {
    ...figures,
    [`${name}_joined`]: times.length,
    [`${name}_joinedMs`]: Math.round(Math.max(0, ...times)),
    snapshotMb: round(Math.max(...done.map(({ bytes }) => bytes)) / 1e6),
  }
}

async function stationsChange(): Promise<void> {
  const manager = connect(door, 'manager')
  await online(manager)
  await manager.call('signIn', { pin: PINS.manager })
  const documents = manager.subscribe('documents', {})
  await streamed(documents, (entries) => entries.has('stations'))
  const stations = documents.entries.get('stations')
  const { version = 0, body } = stations ?? {}
  const answer = await manager.send('publishDocument', {
    name: 'stations',
    base: version,
    body: body as never,
  })
  if (!answer.ok) throw new Error(JSON.stringify(answer.error))
  manager.close()
}

const quiet = await phase('quiet', () => pause(3_000))
const first = await joins('first')
const again = await joins('again')
const stations = await phase('stations', stationsChange)
client.close()
await pcs.stop()
folder.remove()
report('streams.snapshot', {
  orders: ORDERS,
  consoles: CONSOLES,
  ...quiet.figures,
  ...first,
  ...again,
  ...stations.figures,
})
