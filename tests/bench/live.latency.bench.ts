/** @file Benchmark: from a command at a console to the ticket painted on a kitchen board in Chromium, through the hub. */
import type { Page } from 'playwright'
import type { Client } from '../../shared/client/client.ts'
import { launchChromium } from '../support/browser.ts'
import { line, online, PINS, tempDir } from '../support/core.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { handedOf, madeOf } from '../support/pressed.ts'
import { now, openWatched, paintedAt } from './lib/paint.ts'
import { percentiles, progress, quantile, report, round } from './lib/report.ts'

/** `--orders=N` for a quick look. */
const ORDERS = Number(process.argv.find((arg) => arg.startsWith('--orders='))?.slice(9) ?? 500)
const OPEN = 60
/** Of the open tickets, those on the measured station: they fit on its first page, where a cook looks. */
const ON_STATION = 2
/** An order every so often (ms): a bumped ticket's place stays empty for a moment, and the page must not fill with gaps. */
const EVERY_MS = 350
/** What hangs in a kitchen: three stations, the pass, and the console's own view. */
const SCREENS = [
  '/kitchen/?station=fryer',
  '/kitchen/?station=saute',
  '/kitchen/?station=cold',
  '/expo/',
  '/console/',
]
const MEASURED = 0

interface Placed {
  order: string
  items: ReturnType<typeof line>[]
}

async function place(client: Client, dishes: string[]): Promise<Placed> {
  const order = client.newId()
  const items = dishes.map((dish) => line(client, dish, { quantity: 2 }))
  const placed = await client.send('placeOrder', { order, type: 'takeaway', items })
  if (!placed.ok) throw new Error(JSON.stringify(placed.error))
  return { order, items }
}

async function openScreens(hub: TestHub) {
  const browser = await launchChromium()
  const pages: Page[] = []
  for (const screen of SCREENS) pages.push(await openWatched(browser, hub, screen))
  return { browser, pages }
}

/** Sums of the core's own stages, from the lines it logs. */
function stages(output: string): Record<string, number[]> {
  const found: Record<string, number[]> = {}
  for (const text of output.split('\n')) {
    if (!text.includes('"ORDER_EVENT"') || !text.includes('"placeOrder"')) continue
    const event = JSON.parse(text) as Record<string, number>
    for (const name of ['queueMs', 'loadMs', 'decideMs', 'commitMs', 'publishMs', 'totalMs']) {
      found[name] ??= []
      found[name].push(event[name] ?? 0)
    }
  }
  return found
}

const folder = tempDir()
const hub = await startHub({ dir: folder.dir })
const client = hub.client('console')
await online(client)
await client.call('signIn', { pin: PINS.host })
const kitchen = hub.client('expo')
await online(kitchen)
const FRYER = ['wings', 'soup']
const open: Placed[] = []
for (let turn = ON_STATION; turn < OPEN; turn++) await place(client, ['soup', 'burrata', 'tiramisu'])
for (let turn = 0; turn < ON_STATION; turn++) open.push(await place(client, FRYER))
const { browser, pages } = await openScreens(hub)
const [page] = pages.slice(MEASURED)
if (!page) throw new Error('no screen to measure')
for (const { order } of open) await page.waitForSelector(`[data-ticket="${order}"]`, { state: 'attached' })
progress(`${OPEN} tickets on ${SCREENS.length} screens`)

const latencies: number[] = []
for (let turn = 0; turn < ORDERS; turn++) {
  const old = open.shift()
  if (old) {
    const { order, items } = old
    const [wings, soup] = madeOf(items)
    if (!wings || !soup) throw new Error('an order without its dishes')
    await kitchen.send('bumpTicket', { order, station: 'fryer', tasks: [wings] })
    await kitchen.send('bumpTicket', { order, station: 'saute', tasks: [soup] })
    await kitchen.send('serve', { order, items: handedOf(items) })
  }
  await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
  const started = now()
  const placed = await place(client, FRYER)
  open.push(placed)
  latencies.push((await paintedAt(page, placed.order)) - started)
  if (turn % 50 === 49) progress(`${turn + 1} orders, p95 ${quantile(latencies, 0.95)} ms`)
}
await browser.close()
client.close()
kitchen.close()
await hub.stop()
folder.remove()
const core = stages(hub.output())
const p50 = quantile(latencies, 0.5)
report('live.latency', {
  ...percentiles(latencies),
  orders: ORDERS,
  screens: SCREENS.length,
  openTickets: OPEN,
  ...Object.fromEntries(
    Object.entries(core).map(([name, values]) => [`core_${name}_p50`, quantile(values, 0.5)]),
  ),
  restMs_p50: round(p50 - quantile(core.totalMs ?? [], 0.5)),
})
