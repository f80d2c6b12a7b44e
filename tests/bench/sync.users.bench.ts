/** @file Benchmark: 1,000 people at work at once in 20 restaurants, each with a core that is connected to the cloud. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { openBackend } from '../supabase/lib/backend.ts'
import { tempDir } from '../support/core.ts'
import type { Door } from './lib/paint.ts'
import { openPcs } from './lib/pcs.ts'
import { percentiles, progress, quantile, report, residentMb, round } from './lib/report.ts'
import type { UsersResult, UsersStart } from './lib/users.ts'

const option = (name: string, otherwise: number) =>
  Number(process.argv.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise)
const SECONDS = option('seconds', 300)
const RESTAURANTS = option('restaurants', 20)
/** People at each restaurant: 50. */
const SHARES = { servers: 30, cooks: 16, managers: 4 }
const PEOPLE = SHARES.servers + SHARES.cooks + SHARES.managers
const WARM_UP_MS = 10_000

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const backend = await openBackend()
const project = { url: backend.url, key: backend.publishableKey }
const pcs = openPcs()
const doors: Door[] = []
const folders = []
for (let one = 0; one < RESTAURANTS; one++) {
  const restaurant = await backend.restaurant(`Restaurant ${one}`)
  const folder = tempDir()
  folders.push(folder)
  const code = await backend.deviceCode(restaurant)
  const door = await pcs.start({ dir: folder.dir, name: `Core ${one}`, project, code, hub: true })
  if (door) doors.push(door)
}
await pcs.current()
const before = residentMb(pcs.pid)
progress(`${RESTAURANTS} restaurants are live, their cores take ${before} MB`)

const users = fork(path.join(import.meta.dirname, 'lib/users.ts'), { stdio: 'inherit' })
users.send({ doors, ...SHARES, seconds: SECONDS } satisfies UsersStart)
await once(users, 'message')
const connected = residentMb(pcs.pid)
progress(`${doors.length * PEOPLE} people are connected, the cores take ${connected} MB`)
await pause(WARM_UP_MS)
await pcs.figures()
const cpu = process.cpuUsage()
users.send('measure')
const started = performance.now()
while (performance.now() - started < SECONDS * 1_000) {
  await pause(Math.min(30_000, SECONDS * 1_000))
  progress(`${Math.round((performance.now() - started) / 1_000)} s, ${residentMb(pcs.pid)} MB`)
}
const elapsed = performance.now() - started
const { cpuMs, loopP99Ms } = await pcs.figures()
const own = process.cpuUsage(cpu)
const after = residentMb(pcs.pid)
users.send('finish')
const [result] = (await once(users, 'message')) as [UsersResult]
await pcs.current()
const [sent] = await backend.sql<{ n: string }>('select count(*) as n from order_events')
await pcs.stop()
await backend.close()
for (const folder of folders) folder.remove()

const all = (groups: Record<string, number[]>) => Object.values(groups).flat()
const p95s = (groups: Record<string, number[]>) =>
  Object.fromEntries(Object.entries(groups).map(([name, times]) => [`${name}_p95`, quantile(times, 0.95)]))
const errors = Object.values(result.errors).reduce((sum, count) => sum + count, 0)
for (const [name, count] of Object.entries(result.errors)) progress(`${name}: ${count}`)
report('sync.users', {
  people: doors.length * PEOPLE,
  restaurants: RESTAURANTS,
  seconds: Math.round(elapsed / 1_000),
  calls: result.calls,
  callsPerSecond: round(result.calls / (elapsed / 1_000)),
  ...Object.fromEntries(
    Object.entries(percentiles(all(result.queries))).map(([name, value]) => [`query_${name}`, value]),
  ),
  ...p95s(result.queries),
  ...Object.fromEntries(
    Object.entries(percentiles(all(result.commands))).map(([name, value]) => [`command_${name}`, value]),
  ),
  ...p95s(result.commands),
  ...Object.fromEntries(
    Object.entries(percentiles(result.realtime)).map(([name, value]) => [`realtime_${name}`, value]),
  ),
  deliveries: result.realtime.length,
  errorShare: round(errors / Math.max(1, result.calls)),
  errors,
  coresCpuShare: round(cpuMs / elapsed),
  backendCpuShare: round((own.user + own.system) / 1_000 / elapsed),
  coresLoopP99Ms: loopP99Ms,
  memoryPer100UsersMb: round((after - before) / ((doors.length * PEOPLE) / 100)),
  memoryWithCoresPer100UsersMb: round(after / ((doors.length * PEOPLE) / 100)),
  coresMb: after,
  eventsInCloud: Number(sent?.n),
})
