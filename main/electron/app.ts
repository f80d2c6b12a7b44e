/** @file The running Plate: core, hub, windows, menu and their ways of ending, put together. Uses electron. */
import { readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { app, dialog, Menu, protocol, safeStorage, screen, shell } from 'electron'
import type { HubServer } from '../adapters/http/index.ts'
import type { PrometheusMetrics } from '../adapters/metrics/index.ts'
import { createSecrets } from '../adapters/secrets/secrets.ts'
import { createSqliteStore } from '../adapters/sqlite/store.ts'
import { createSupabaseCloud } from '../adapters/supabase/index.ts'
import { createPeerDialer } from '../adapters/ws/index.ts'
import type { Core } from '../core/api.ts'
import { startCore } from '../core/core.ts'
import type { Clock, Log, Store } from '../core/ports.ts'
import { saysOf } from '../core/says.ts'
import type { Arguments, WindowChoice } from './arguments.ts'
import { Connections } from './connections.ts'
import { Ending } from './ending.ts'
import { createAppHub } from './hub.ts'
import { endWithPage, listen } from './ipc.ts'
import { guardBoard } from './keyboard.ts'
import { followStations, type Station } from './loopback.ts'
import { menuTemplate } from './menu.ts'
import { DisplayWake, onWake } from './power.ts'
import { pageHandler } from './protocol.ts'
import { keepAlive } from './recovery.ts'
import { showStartTrouble } from './start-trouble.ts'
import { isBoard, titleOf } from './titles.ts'
import { troublePages } from './trouble.ts'
import { SCHEME } from './urls.ts'
import { createKeychainVault } from './vault.ts'
import { type WindowRecord, windowFile } from './window-file.ts'
import { displays, type OpenWindow, Windows } from './windows.ts'
import { words } from './words.ts'

/** How long (ms) opening windows may wait to hear which stations there are. */
const STATIONS_MS = 2_000

export interface PlateOptions {
  asked: Arguments
  clock: Clock
  log: Log
  logs: string
  metrics: PrometheusMetrics
}

/** Plate from "Electron is ready" to its end. */
export class Plate {
  readonly #options: PlateOptions
  readonly #data = app.getPath('userData')
  readonly #wake = new DisplayWake()
  readonly #dialer = createPeerDialer()
  #stations: Station[] = []
  #windows: Windows | undefined
  #ending: Ending | undefined
  #store: Store | undefined
  #hub: HubServer | undefined
  #core: Core | undefined

  constructor(options: PlateOptions) {
    this.#options = options
  }

  /** The window a page belongs to, if it is one of ours. */
  recordOf(contents: { id: number }): WindowRecord | undefined {
    return this.#windows?.recordOf(contents)
  }

  /** Starts everything. What cannot start says so in a window. */
  async start(): Promise<void> {
    const { log, logs } = this.#options
    protocol.handle(SCHEME, pageHandler(path.join(app.getAppPath(), 'out/renderer'), troublePages))
    Menu.setApplicationMenu(null)
    try {
      await this.#startCore()
      await this.#openWindows()
    } catch (error) {
      log.error('app.not-started', { error })
      await this.#core?.stop().catch((stopping) => log.error('app.stop-failed', { error: stopping }))
      showStartTrouble(words.say(saysOf(error)), logs)
    }
  }

  /** Another start of Plate on the same data: shows what it asked for, here. */
  second(asked: Arguments): void {
    if (asked.quit) app.quit()
    else if (asked.windows.length) for (const choice of asked.windows) this.#windows?.focusOrOpen(choice)
    else this.#windows?.focusFirst()
  }

  async #startCore(): Promise<void> {
    const { asked, clock, log, metrics } = this.#options
    const name = os.hostname()
    const store = createSqliteStore({ file: path.join(this.#data, 'plate.db'), clock, log })
    const vault = createKeychainVault(path.join(this.#data, 'vault.json'), log, safeStorage)
    const renderer = path.join(app.getAppPath(), 'out/renderer')
    const hub = createAppHub({ data: this.#data, renderer, name, port: asked.tlsPort, clock, log, metrics })
    const core = await startCore({
      store,
      clock,
      log,
      metrics,
      name,
      secrets: createSecrets(),
      version: app.getVersion(),
      lan: hub.lan,
      dialer: this.#dialer,
      cloud: createSupabaseCloud({ vault, log, clock }),
      vault,
      restart: () => this.#ending?.restart(),
    })
    this.#store = store
    this.#hub = hub
    this.#core = core
    const restaurant = readFileSync(path.join(app.getAppPath(), 'resources/demo-restaurant.json'), 'utf8')
    const seeded = await core.seed(JSON.parse(restaurant) as Record<string, unknown>)
    if (!seeded.ok) log.error('app.not-seeded', { failure: seeded.error })
    if (asked.demo !== undefined) core.train(asked.demo)
    await hub.listen(core).catch((error) => {
      log.error('hub.not-started', { error })
      core.alarms.raise('hub', 'warning', saysOf(error))
    })
  }

  async #openWindows(): Promise<void> {
    const { asked, log, metrics } = this.#options
    const core = this.#core
    if (!core) return
    const connections = new Connections({
      recordOf: (contents) => this.recordOf(contents),
      serve: (port, record) =>
        core.serve(port, {
          id: record.id,
          name: titleOf(record),
          kind: record.role,
          station: record.station,
        }),
      log,
      metrics,
    })
    listen(connections)
    const windows = new Windows({
      file: windowFile(path.join(this.#data, 'windows.json'), log),
      log,
      preload: path.join(app.getAppPath(), 'out/preload/index.cjs'),
      kiosk: asked.kiosk,
      devtools: asked.devtools,
      isStation: (id) => this.#stations.some((station) => station.id === id),
      opened: (open) => this.#opened(open, connections),
      changed: () => this.#changed(),
    })
    this.#windows = windows
    this.#ending = this.#prepareEnding(core, windows)
    onWake(log, () => {
      connections.endAll()
      void this.#hub?.refresh()
      core.woke()
    })
    await this.#firstStations(core)
    const remembered = asked.windows.length ? [] : windows.remembered()
    for (const record of remembered) windows.reopen(record)
    if (!remembered.length) for (const choice of this.#choices()) windows.open(choice)
  }

  /** What opens when nothing is remembered: a console to take orders at and a board to see them on. */
  #choices(): WindowChoice[] {
    const first = this.#stations[0]?.id ?? null
    const { windows } = this.#options.asked
    if (windows.length) {
      return windows.map(({ role, station }) => ({
        role,
        station: role === 'kitchen' ? (station ?? first) : null,
      }))
    }
    const board: WindowChoice[] = first ? [{ role: 'kitchen', station: first }] : []
    return [...board, { role: 'console', station: null }]
  }

  #opened({ record, window }: OpenWindow, connections: Connections): void {
    const { clock, log, asked } = this.#options
    keepAlive(window, record, clock, log)
    endWithPage(window, connections)
    if (isBoard(record.role)) guardBoard(window, asked.kiosk, () => this.#ending?.running !== false)
    this.#ending?.guard(window, () => this.#windows?.list().length === 1)
  }

  #prepareEnding(core: Core, windows: Windows): Ending {
    return new Ending({
      core,
      log: this.#options.log,
      ending: () => windows.ending(),
      stop: async () => {
        await core.stop()
        await this.#hub?.stop()
        this.#dialer.stop()
      },
    })
  }

  /** Follows the stations; resolves as soon as they are known, so that "the first station" means something. */
  #firstStations(core: Core): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(resolve, STATIONS_MS)
      followStations(core, app.getVersion(), (stations) => {
        this.#stations = stations
        this.#changed()
        resolve()
      })
    })
  }

  #changed(): void {
    const open = this.#windows?.list() ?? []
    this.#wake.update(open.map(({ record }) => record.role))
    if (this.#ending?.running === false) return
    const labels = new Map(screen.getAllDisplays().map(({ id, label }) => [id, label]))
    const template = menuTemplate(
      {
        stations: this.#stations,
        windows: open.map(({ record, window }) => ({ record, fullscreen: window.isFullScreen() })),
        displays: displays().map(({ id }, at) => ({
          id,
          label: `Display ${at + 1} ${labels.get(id) ?? ''}`.trim(),
        })),
        lan: this.#hub?.lan.state().on,
      },
      {
        open: (choice) => this.#windows?.open(choice),
        setDisplay: (id, display) => this.#windows?.setDisplay(id, display),
        setFullscreen: (id, on) => this.#windows?.setFullscreen(id, on),
        setLan: (on) => void this.#setLan(on),
        backup: () => void this.#backup(),
        showData: () => shell.showItemInFolder(path.join(this.#data, 'plate.db')),
        showLogs: () => void shell.openPath(this.#options.logs),
        quit: () => void this.#ending?.quit(),
      },
    )
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  }

  async #setLan(on: boolean): Promise<void> {
    await this.#tell('Sharing on the local network', async () => {
      const state = await this.#hub?.lan.set(on)
      return state?.on ? `Other devices can connect at ${state.addresses.join(' or ')}.` : undefined
    })
    this.#changed()
  }

  async #backup(): Promise<void> {
    await this.#tell('Backup', async () => {
      const made = await this.#store?.backup()
      return made && `Saved ${Math.ceil(made.bytes / 1024)} kB to ${made.file}.`
    })
  }

  /** Does something a person asked for in the menu and says how it went. */
  async #tell(title: string, work: () => Promise<string | undefined>): Promise<void> {
    try {
      const message = await work()
      if (message) await dialog.showMessageBox({ type: 'info', title, message })
    } catch (error) {
      this.#options.log.error('menu.failed', { title, error })
      await dialog.showMessageBox({ type: 'error', title, message: words.say(saysOf(error)) })
    }
  }
}
