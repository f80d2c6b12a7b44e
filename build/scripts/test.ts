/** @file `npm test` and its tiers: runs what was asked for and ends with one count. Builds out/, runs vitest and Playwright, writes test-results/. */
import './lib/node-version.ts'
import { rmSync } from 'node:fs'
import { buildIfStale } from './lib/build-if-stale.ts'
import { ensureChromium } from './lib/chromium.ts'
import { displayMissing, withDisplay } from './lib/display.ts'
import { electronRuntime, hasDisplay } from './lib/electron-runtime.ts'
import { binOf, COMPILED, inRoot, runBin, runNode } from './lib/run.ts'
import { heading, seconds } from './lib/say.ts'
import { add, NONE, playwrightTally, type Tally, vitestTally } from './lib/tally.ts'
import { planOf } from './lib/test-plan.ts'

const plan = planOf(process.argv.slice(2), process.env)
const env = {
  CHROMIUM_PATH: ensureChromium(),
  ...COMPILED,
  ...(plan.long ? { PLATE_LONG: '1' } : {}),
}

rmSync(inRoot('test-results'), { recursive: true, force: true })
buildIfStale()

let total: Tally = NONE
let failed = false
const times: string[] = []

/** Runs one part and adds what its report says; the exit code decides as well, for what no test reports. */
function part(name: string, work: () => { code: number; tally: Tally }): void {
  heading(name)
  const since = performance.now()
  const { code, tally } = work()
  total = add(total, tally)
  failed ||= code !== 0
  times.push(`${name}: ${seconds(since)}`)
}

function vitest(args: string[]): { code: number; tally: Tally } {
  const report = 'test-results/vitest.json'
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const code = runBin('vitest', ['run', ...reporters, ...(plan.coverage ? ['--coverage'] : []), ...args], {
    env,
  })
  return { code, tally: vitestTally(inRoot(report), code) }
}

function playwright(project: string, run: typeof runNode): { code: number; tally: Tally } {
  const report = `test-results/playwright-${project}.json`
  const command = [binOf('@playwright/test'), 'test', `--project=${project}`, '--pass-with-no-tests']
  const code = run(command, { env: { ...env, PLATE_REPORT: report } })
  return { code, tally: playwrightTally(inRoot(report), code) }
}

/** Why the windows cannot be tested here, or nothing. */
function electronMissing(): string | undefined {
  if (plan.electron === 'offer' && !hasDisplay()) return 'there is no display. Type:  npm run test:electron'
  const display = displayMissing()
  if (display) return display
  const runtime = electronRuntime()
  return runtime.ok ? undefined : runtime.why
}

/** Runs the tests of the windows. Where they cannot run it says why, at the end, and fails if they must. */
function electron(): string | undefined {
  const missing = electronMissing()
  if (!missing) part('end to end: electron', () => playwright('electron', withDisplay))
  else if (plan.electron === 'need') {
    failed = true
    total = add(total, { ...NONE, failed: 1 })
  }
  return missing
}

const { vitest: narrowing } = plan
if (narrowing) part('vitest', () => vitest(narrowing))
if (plan.browser) part('end to end: browser', () => playwright('browser', runNode))
const missing = plan.electron === 'no' ? undefined : electron()

console.log(`\n${times.join('\n')}`)
const verdict = plan.electron === 'need' ? 'FAILED' : 'SKIPPED'
if (missing) console.log(`\n!!! ${verdict}: every test of the Electron windows, because ${missing}\n`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(failed || total.failed ? 1 : 0)
