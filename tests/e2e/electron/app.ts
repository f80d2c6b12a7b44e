/** @file Starts the built app for a test and finds its windows by role. Makes and removes a data folder of its own. */
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { _electron, type ElectronApplication, expect, type Page, test as plain } from '@playwright/test'

const ROOT = path.resolve(import.meta.dirname, '../../..')

/** Chromium refuses its sandbox to root, which test machines often are. */
const SANDBOX = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []

/** A running Plate. */
export interface PlateApp {
  readonly app: ElectronApplication
  readonly data: string
  /** The page of a window, as soon as there is one: `kitchen`, `kitchen:grill`, `console` … */
  page(window: string): Promise<Page>
  /** Everything written to the log so far. */
  log(): Promise<string>
  /** Waits until the log has a line that matches. */
  logged(pattern: RegExp): Promise<void>
  /** Ends the app as a shutdown would, and waits until it is gone. */
  close(): Promise<void>
}

export interface LaunchOptions {
  /** Windows to open; what opens by itself when absent. */
  windows?: readonly string[]
  /** An existing data folder, e.g. of an app that was closed before. */
  data?: string
  args?: readonly string[]
}

/** Like `expect.poll`, which would look only once a second after a while. */
export const poll = <T>(look: () => T | Promise<T>) => expect.poll(look, { intervals: [50] })

/** The command line of the app on a data folder, without the program. */
export function argumentsFor(data: string, { windows = [], args = [] }: LaunchOptions = {}): string[] {
  const wanted = windows.map((window) => `--window=${window}`)
  return ['.', `--user-data-dir=${data}`, ...SANDBOX, ...wanted, ...args]
}

/** Starts the app. Whoever calls this closes it; the `plate` fixture does both. */
export async function launch(data: string, options: LaunchOptions = {}): Promise<PlateApp> {
  const app = await _electron.launch({ args: argumentsFor(data, options), cwd: ROOT })
  const log = async () => {
    const folder = path.join(data, 'logs')
    const files = await readdir(folder).catch(() => [])
    return (await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')))).join('')
  }
  return {
    app,
    data,
    log,
    page: (window) => pageOf(app, window),
    logged: async (pattern) => {
      await poll(log).toMatch(pattern)
    },
    close: () => app.close(),
  }
}

/** Runs another start of Plate on a data folder to its end and answers its exit code. */
export function startAgain(data: string, ...args: string[]): Promise<number | null> {
  const electron = createRequire(import.meta.url)('electron') as string
  const child = spawn(electron, argumentsFor(data, { args }), { cwd: ROOT, stdio: 'ignore' })
  return new Promise((resolve) => child.once('exit', resolve))
}

/** Whether a page's address is that of a window written as `role` or `role:station`. */
function isPage(url: string, window: string): boolean {
  const [role, station] = window.split(':')
  if (!url.startsWith(`plate://app/${role}/`)) return false
  return station === undefined || new URL(url).searchParams.get('station') === station
}

/** Windows open empty and go to their page at once: each is watched until one of them is there. */
async function pageOf(app: ElectronApplication, window: string): Promise<Page> {
  const page = await new Promise<Page>((resolve, reject) => {
    const look = (found: Page) => {
      if (isPage(found.url(), window)) end(() => resolve(found))
      else found.once('framenavigated', () => look(found))
    }
    const hangs = () => reject(new Error(`no ${window} window: ${app.windows().map((each) => each.url())}`))
    const timer = setTimeout(() => end(hangs), 60_000)
    const end = (then: () => void) => {
      clearTimeout(timer)
      app.off('window', look)
      then()
    }
    app.on('window', look)
    app.windows().forEach(look)
  })
  await page.waitForLoadState('domcontentloaded')
  return page
}

/** A fresh data folder, gone after the test. */
export const test = plain.extend<{
  data: string
  /** Starts the app on `data`; what is still running after the test is closed. */
  start: (options?: LaunchOptions) => Promise<PlateApp>
}>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture uses from this pattern
  data: async ({}, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'plate-e2e-'))
    await use(folder)
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  },
  start: async ({ data }, use) => {
    const running: PlateApp[] = []
    await use(async (options = {}) => {
      const plate = await launch(options.data ?? data, options)
      running.push(plate)
      return plate
    })
    // Closing what a test closed already does nothing.
    for (const plate of running) await plate.close()
  },
})

export { expect } from '@playwright/test'
