/** @file Test helpers: Chromium as the tests and benchmarks start it. */
import { existsSync } from 'node:fs'
import { type Browser, chromium, type LaunchOptions } from 'playwright'

const CANDIDATES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

/** Launch options: the system's Chromium where Playwright's own is not installed; no sandbox for root, quiet on the network. */
export function chromiumOptions(args: string[] = []): LaunchOptions {
  const executablePath = CANDIDATES.find((file) => file && existsSync(file))
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return {
    ...(executablePath ? { executablePath } : {}),
    args: [...root, '--disable-background-networking', '--disable-component-update', ...args],
  }
}

/** Starts a headless Chromium. */
export const launchChromium = (args: string[] = []): Promise<Browser> =>
  chromium.launch(chromiumOptions(args))
