/** @file Finds a Chromium for the tests, installing one if it may. Reads the disk, may run Playwright's installer or apt. */
import { existsSync } from 'node:fs'
import { chromium } from 'playwright'
import { isRoot } from './electron-runtime.ts'
import { onPath, run, runBin } from './run.ts'
import { stop } from './say.ts'

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

function find(): string | undefined {
  const named = process.env.CHROMIUM_PATH
  if (named) return existsSync(named) ? named : stop(`CHROMIUM_PATH names ${named}, which does not exist.`)
  const candidates = [chromium.executablePath(), ...PROGRAMS.map((name) => `/usr/bin/${name}`)]
  return candidates.find((file) => existsSync(file)) ?? PROGRAMS.map(onPath).find(Boolean)
}

/** Playwright does not look for the system's Chromium by itself, so the tests are told where it is. */
export function ensureChromium(): string {
  const present = find()
  if (present) return present

  console.log('No Chromium found, installing one (once) …')
  // A test machine without Playwright's download host still has its distribution's packages.
  const withDeps = isRoot() && process.platform === 'linux' ? ['--with-deps'] : []
  runBin('@playwright/test', ['install', ...withDeps, 'chromium'], { timeout: 180_000 })
  const downloaded = find()
  if (downloaded) return downloaded

  if (isRoot() && onPath('apt-get')) {
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    run('apt-get', ['update', '-qq'], { env })
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env })
  }
  const command = onPath('apt-get')
    ? 'sudo apt-get install -y --no-install-recommends chromium'
    : 'npx playwright install chromium'
  return find() ?? stop(`The tests need a Chromium. Type:  ${command}`)
}
