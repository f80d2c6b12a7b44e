/** @file `npm start`: the app in Electron, or the hub with a browser where Electron cannot run. Runs programs. */
import './lib/node-version.ts'
import { buildIfStale } from './lib/build-if-stale.ts'
import { electronRuntime, hasDisplay, isRoot } from './lib/electron-runtime.ts'
import { become } from './lib/run.ts'

const args = process.argv.slice(2)
buildIfStale()

// The display is asked for first: without one there is no point in fetching 100 MB.
const runtime = hasDisplay() ? electronRuntime() : ({ ok: false, why: 'there is no display' } as const)
if (runtime.ok) {
  // Chromium refuses its sandbox to root, which containers and test machines often are.
  const sandbox = process.platform === 'linux' && isRoot() ? ['--no-sandbox'] : []
  become(runtime.file, [...sandbox, '.', ...args])
} else {
  console.log(`Electron cannot run here (${runtime.why}): starting the hub, which opens in your browser.`)
  // Here a person reads the terminal: addresses, and only what is wrong.
  process.env.PLATE_LOG_LEVEL ??= 'warn'
  become(process.execPath, ['out/main/hub.js', '--open', ...args])
}
