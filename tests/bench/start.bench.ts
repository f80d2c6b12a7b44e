/** @file Benchmark: from process start to a board painted with 60 tickets over 200,000 orders of history, and the memory that takes. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { _electron, type Browser, type Page } from 'playwright'
import { electronRuntime } from '../../build/scripts/lib/electron-runtime.ts'
import { launchChromium } from '../support/browser.ts'
import { tempDir } from '../support/core.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { percentiles, progress, report, residentMb } from './lib/report.ts'
import { fillStore } from './store-fixture.ts'

const HISTORY = 200_000
const OPEN = 60
const ROUNDS = 7
const STATION = 'grill'
const ROOT = path.resolve(import.meta.dirname, '../..')

const now = () => performance.timeOrigin + performance.now()

/** Resolves with the time at which the page has painted a board that counts all open tickets. */
function painted(page: Page): Promise<number> {
  return page
    .waitForFunction((count) => {
      const counted = document.querySelector('.counts')?.textContent?.includes(`${count} tickets`)
      if (!counted || !document.querySelector('article[data-ticket]')) return null
      return new Promise<number>((resolve) => {
        requestAnimationFrame(() => setTimeout(() => resolve(performance.timeOrigin + performance.now())))
      })
    }, OPEN)
    .then((handle) => handle.jsonValue() as Promise<number>)
}

async function hubOnce(
  browser: Browser,
  dir: string,
): Promise<{ ms: number; serving: number; memory: number }> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } })
  const page = await context.newPage()
  const started = now()
  const hub: TestHub = await startHub({ dir, built: true, env: { PLATE_LOG_LEVEL: 'warn' } })
  const serving = now() - started
  const to = encodeURIComponent(`/kitchen/?station=${STATION}`)
  await page.goto(`${hub.url.replace(/\/$/, '')}/open?key=${hub.key}&to=${to}`)
  const ms = (await painted(page)) - started
  const memory = residentMb(hub.pid)
  await context.close()
  await hub.stop()
  return { ms, serving, memory }
}

/** Only the real Electron tells anything about Electron's start. */
const realElectron = () =>
  !process.env.ELECTRON_OVERRIDE_DIST_PATH &&
  existsSync(path.join(ROOT, 'node_modules/electron/dist')) &&
  electronRuntime().ok

async function electronOnce(dir: string): Promise<{ ms: number; memory: number }> {
  const started = now()
  const app = await _electron.launch({
    args: ['.', `--user-data-dir=${dir}`, `--window=kitchen:${STATION}`],
    cwd: ROOT,
  })
  const page = await app.firstWindow()
  const ms = (await painted(page)) - started
  const memory = await app.evaluate(({ app: running }) =>
    running.getAppMetrics().reduce((sum, { memory: used }) => sum + used.workingSetSize / 1024, 0),
  )
  await app.close()
  return { ms, memory }
}

const folder = tempDir()
progress(`writing ${HISTORY} orders`)
await fillStore({
  file: path.join(folder.dir, 'plate.db'),
  now: Date.now(),
  closed: HISTORY,
  open: OPEN,
  stations: [STATION],
})
const browser = await launchChromium()
// The first start gathers statistics for the query planner and makes the daily backup; restarts are what a kitchen waits for.
const first = await hubOnce(browser, folder.dir)
progress(`first start ${Math.round(first.ms)} ms`)
const rounds: Awaited<ReturnType<typeof hubOnce>>[] = []
for (let turn = 0; turn < ROUNDS; turn++) rounds.push(await hubOnce(browser, folder.dir))
await browser.close()
report('start.cold', {
  host: 'hub',
  ...percentiles(rounds.map(({ ms }) => ms)),
  servingP50: percentiles(rounds.map(({ serving }) => serving)).p50,
  firstEverMs: Math.round(first.ms),
  openTickets: OPEN,
  history: HISTORY,
})
report('start.memory', {
  host: 'hub',
  mb: percentiles(rounds.map(({ memory }) => memory)).p50,
  openTickets: OPEN,
  history: HISTORY,
})
if (realElectron()) {
  const runs: Awaited<ReturnType<typeof electronOnce>>[] = []
  for (let turn = 0; turn < ROUNDS; turn++) runs.push(await electronOnce(folder.dir))
  report('start.cold', {
    host: 'electron',
    ...percentiles(runs.map(({ ms }) => ms)),
    openTickets: OPEN,
    history: HISTORY,
  })
  report('start.memory', { host: 'electron', mb: percentiles(runs.map(({ memory }) => memory)).p50 })
} else progress('Electron is not measured: the real one is not installed here')
folder.remove()
