/** @file Benchmark: from a command on one PC to the ticket painted on another PC's board, through the cloud; by broadcast and by postgres_changes. */
import type { Page } from 'playwright'
import { openBackend } from '../supabase/lib/backend.ts'
import { launchChromium } from '../support/browser.ts'
import { line, online, PINS, tempDir, testClient } from '../support/core.ts'
import { socketPort } from '../support/hub.ts'
import { handedOf, madeOf } from '../support/pressed.ts'
import { type Door, now, openWatched, paintedAt } from './lib/paint.ts'
import { openPcs, type PcProcess } from './lib/pcs.ts'
import { percentiles, progress, report } from './lib/report.ts'

/** `--orders=N` for a quick look. */
const ORDERS = Number(process.argv.find((arg) => arg.startsWith('--orders='))?.slice(9) ?? 200)
const EVERY_MS = 250
const OPEN = 2

type Live = 'broadcast' | 'changes'
const backend = await openBackend()
await backend.sql(
  `do $$ begin
     if not exists (select from pg_publication_tables where pubname = 'supabase_realtime' and tablename = 'order_events')
     then alter publication supabase_realtime add table order_events; end if;
   end $$`,
)
// The local backend reads whole rows for it; Plate grants devices the columns they need.
await backend.sql('grant select on order_events to authenticated')
await backend.restart()
const project = { url: backend.url, key: backend.publishableKey }
const folders: { remove(): void }[] = []

const connect = ({ url, key }: Door) => {
  const { origin } = new URL(url)
  return socketPort(`${origin.replace(/^http/, 'ws')}/ws`, { cookie: `plate_local=${key}`, origin })
}

async function startOn(pcs: PcProcess, restaurant: string, name: string, live: Live, hub: boolean) {
  const folder = tempDir()
  folders.push(folder)
  const code = await backend.deviceCode(restaurant, name)
  return pcs.start({ dir: folder.dir, name, project, code, live, hub })
}

async function orders(from: Door, page: Page): Promise<number[]> {
  const client = testClient(() => connect(from), 'expo')
  await online(client)
  await client.call('signIn', { pin: PINS.manager })
  const open: { order: string; items: ReturnType<typeof line>[] }[] = []
  const latencies: number[] = []
  // The first ones wake everything up.
  for (let turn = -10; turn < ORDERS; turn++) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
    const order = client.newId()
    const items = [line(client, 'wings'), line(client, 'fries')]
    const started = now()
    const placed = await client.send('placeOrder', { order, type: 'takeaway', items })
    if (!placed.ok) throw new Error(JSON.stringify(placed.error))
    const painted = await paintedAt(page, order)
    if (turn >= 0) latencies.push(painted - started)
    open.push({ order, items })
    const old = open.length > OPEN ? open.shift() : undefined
    if (old) {
      await client.send('bumpTicket', { order: old.order, station: 'fryer', tasks: madeOf(old.items) })
      await client.send('serve', { order: old.order, items: handedOf(old.items) })
    }
  }
  client.close()
  return latencies
}

/** `devices` PCs beside the one that takes the orders; the painted one and the others in processes of their own. */
async function measure(devices: number, live: Live): Promise<number[]> {
  const restaurant = await backend.restaurant(`${devices} devices by ${live}`)
  const [taking, painting, others] = [openPcs(), openPcs(), openPcs()]
  const from = await startOn(taking, restaurant, 'Console', live, true)
  const to = await startOn(painting, restaurant, 'Kitchen', live, true)
  for (let more = 1; more < devices; more++) await startOn(others, restaurant, `PC ${more}`, live, false)
  if (!from || !to) throw new Error('no hub to open screens at')
  for (const pcs of [taking, painting, others]) await pcs.current()
  const browser = await launchChromium()
  const page = await openWatched(browser, to, '/kitchen/?station=fryer')
  await page.waitForSelector('text=Fryer')
  const latencies = await orders(from, page)
  await browser.close()
  for (const pcs of [taking, painting, others]) await pcs.stop()
  progress(`${devices} devices by ${live}: ${JSON.stringify(percentiles(latencies))}`)
  return latencies
}

const figures: Record<string, number> = {}
for (const devices of [1, 10]) {
  for (const live of ['broadcast', 'changes'] as const) {
    const found = percentiles(await measure(devices, live))
    for (const [name, value] of Object.entries(found)) figures[`${live}_${devices}_${name}`] = value
  }
}
await backend.close()
for (const folder of folders) folder.remove()
report('sync.latency', { orders: ORDERS, ...figures })
