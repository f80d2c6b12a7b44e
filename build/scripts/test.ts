/** @file `npm test`: every test there is, one closing count. Builds out/, runs vitest and Playwright, writes test-results/. */
import './lib/node-version.ts'
import { rmSync } from 'node:fs'
import { buildIfStale } from './lib/build-if-stale.ts'
import { ensureChromium } from './lib/chromium.ts'
import { electronRuntime, hasDisplay } from './lib/electron-runtime.ts'
import { inRoot, runBin } from './lib/run.ts'
import { heading, seconds, stop } from './lib/say.ts'
import { add, NONE, playwrightTally, type Tally, vitestTally } from './lib/tally.ts'

const own = new Set(['--long', '--coverage'])
const args = process.argv.slice(2)
// What is left narrows the vitest run (a file, a name); the end-to-end tests then stay out.
const narrowed = args.filter((arg) => !own.has(arg))
const coverage = !narrowed.length && (args.includes('--coverage') || process.env.CI === 'true')
const env = { CHROMIUM_PATH: ensureChromium(), ...(args.includes('--long') ? { PLATE_LONG: '1' } : {}) }

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

function vitest(): { code: number; tally: Tally } {
  const report = 'test-results/vitest.json'
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const code = runBin('vitest', ['run', ...reporters, ...(coverage ? ['--coverage'] : []), ...narrowed], {
    env,
  })
  return { code, tally: vitestTally(inRoot(report), code) }
}

function playwright(project: string): { code: number; tally: Tally } {
  const report = `test-results/playwright-${project}.json`
  const code = runBin('@playwright/test', ['test', `--project=${project}`, '--pass-with-no-tests'], {
    env: { ...env, PLATE_REPORT: report },
  })
  return { code, tally: playwrightTally(inRoot(report), code) }
}

/** Why the windows cannot be tested here, or nothing. */
function electronMissing(): string | undefined {
  if (!hasDisplay()) return 'there is no display (on Linux: xvfb-run npm test)'
  const runtime = electronRuntime()
  return runtime.ok ? undefined : runtime.why
}

part('vitest', vitest)
let skippedPart: string | undefined
if (!narrowed.length) {
  part('end to end: browser', () => playwright('browser'))
  const missing = electronMissing()
  if (!missing) part('end to end: electron', () => playwright('electron'))
  else if (process.env.PLATE_REQUIRE_ELECTRON === '1') stop(`The Electron tests must run, but ${missing}.`)
  else skippedPart = missing
}

console.log(`\n${times.join('\n')}`)
if (skippedPart) console.log(`\n!!! SKIPPED: every test of the Electron windows, because ${skippedPart}.\n`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(failed || total.failed ? 1 : 0)
