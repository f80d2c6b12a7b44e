/** @file All windows of this Plate: opens them where they belong, remembers where people put them. Uses electron. */
import { randomUUID } from 'node:crypto'
import { BrowserWindow, type Rectangle, screen } from 'electron'
import type { Log } from '../core/ports.ts'
import type { WindowChoice } from './arguments.ts'
import { type DisplayInfo, nearest, placeWindow } from './placement.ts'
import { webPreferences } from './preferences.ts'
import { firstDisplay, isBoard, titleOf } from './titles.ts'
import { isPageOf, pageUrl, stationOf } from './urls.ts'
import type { WindowFile, WindowRecord } from './window-file.ts'

/** How long (ms) a window must rest before its place is written down. */
const SETTLE_MS = 400

export interface OpenWindow {
  readonly record: WindowRecord
  readonly window: BrowserWindow
}

interface Entry extends OpenWindow {
  /** On another display than its own, until that returns. */
  away: boolean
  display: number
  /** We are moving it ourselves: not a place somebody chose. */
  moving: boolean
  settled: NodeJS.Timeout | undefined
}

export interface WindowsOptions {
  file: WindowFile
  log: Log
  preload: string
  kiosk: boolean
  devtools: boolean
  isStation(id: string): boolean
  /** A window is there, its page not loaded yet. */
  opened(open: OpenWindow): void
  /** Windows opened, closed, moved to another display or changed to full screen. */
  changed(): void
}

/** The windows, and what is remembered of closed ones. */
export class Windows {
  readonly #options: WindowsOptions
  readonly #entries = new Map<number, Entry>()
  #records: WindowRecord[]
  #keepOpen = false

  constructor(options: WindowsOptions) {
    this.#options = options
    this.#records = options.file.load()
    for (const event of ['display-added', 'display-removed', 'display-metrics-changed'] as const)
      screen.on(event as 'display-added', () => this.#settleAll())
  }

  /** Open windows, oldest first. */
  list(): OpenWindow[] {
    return [...this.#entries.values()]
  }

  /** Choices that were open when Plate last ended. */
  remembered(): WindowRecord[] {
    return this.#records.filter(({ open }) => open)
  }

  recordOf(contents: { id: number }): WindowRecord | undefined {
    return this.#entries.get(contents.id)?.record
  }

  /** Opens a window, in the place where one like it was closed. */
  open(choice: WindowChoice): OpenWindow {
    const free = this.#records.find((record) => isLike(record, choice) && !this.#isOpen(record))
    return this.#show(free ?? this.#newRecord(choice))
  }

  /** Brings the window of this role and station to the front, opening it if need be. */
  focusOrOpen(choice: WindowChoice): void {
    const open = this.list().find(({ record }) => isLike(record, choice))
    if (open) focus(open.window)
    else this.open(choice)
  }

  /** Opens a remembered window. */
  reopen(record: WindowRecord): void {
    if (!this.#isOpen(record)) this.#show(record)
  }

  focusFirst(): void {
    const [first] = this.list()
    if (first) focus(first.window)
  }

  /** From now on windows close because Plate ends: they open again next time. */
  ending(): void {
    this.#keepOpen = true
    this.#save()
  }

  /** Gives a window to a display, for good. */
  setDisplay(id: string, display: number): void {
    const entry = this.#entryOf(id)
    if (!entry) return
    entry.record.display = display
    entry.record.bounds = null
    this.#settle(entry, true)
    this.#save()
  }

  setFullscreen(id: string, on: boolean): void {
    this.#entryOf(id)?.window.setFullScreen(on)
  }

  #entryOf(id: string): Entry | undefined {
    return [...this.#entries.values()].find(({ record }) => record.id === id)
  }

  #isOpen(record: WindowRecord): boolean {
    return this.#entryOf(record.id) !== undefined
  }

  #newRecord({ role, station }: WindowChoice): WindowRecord {
    const taken = this.list().map(({ record }) => record)
    const all = displays()
    const record = {
      id: `${role}-${randomUUID().slice(0, 8)}`,
      role,
      station,
      display: firstDisplay(role, all, taken),
      bounds: null,
      // On a single display a full-screen board would hide everything else from somebody who is just starting.
      fullscreen: role === 'kitchen' && all.length > 1,
      open: true,
    }
    this.#records.push(record)
    return record
  }

  #show(record: WindowRecord): OpenWindow {
    const { log, preload, devtools, opened, changed } = this.#options
    const locked = this.#options.kiosk && isBoard(record.role)
    const placement = placeWindow({ ...record, fullscreen: record.fullscreen || locked }, displays())
    record.open = true
    const window = new BrowserWindow({
      ...placement.bounds,
      fullscreen: placement.fullscreen,
      kiosk: locked,
      title: titleOf(record),
      // Before the first paint a window is dark, like the boards: a white flash in a kitchen draws every eye.
      backgroundColor: '#14171a',
      webPreferences: webPreferences(preload, devtools),
    })
    if (isBoard(record.role)) window.removeMenu()
    const { away, display } = placement
    const entry: Entry = { record, window, away, display, moving: false, settled: undefined }
    this.#entries.set(window.webContents.id, entry)
    this.#watch(entry, window.webContents.id)
    log.info('window.opened', {
      window: record.id,
      role: record.role,
      station: record.station,
      display,
      away,
    })
    opened(entry)
    window.loadURL(pageUrl(record)).catch((error) => log.warn('page.not-loaded', { error: String(error) }))
    this.#save()
    changed()
    return entry
  }

  #watch(entry: Entry, id: number): void {
    const { window, record } = entry
    const later = () => {
      clearTimeout(entry.settled)
      entry.settled = setTimeout(() => this.#remember(entry), SETTLE_MS)
    }
    // `moved` and `resized` would be quieter, but do not exist on Linux.
    window.on('move', later)
    window.on('resize', later)
    window.on('enter-full-screen', later)
    window.on('leave-full-screen', later)
    window.on('page-title-updated', (event) => event.preventDefault())
    // Before the page can connect: its connection already belongs to the new station.
    window.webContents.on('did-start-navigation', ({ url, isMainFrame }) => {
      if (isMainFrame && record.role === 'kitchen' && isPageOf('kitchen', url))
        this.#adopt(entry, stationOf(url))
    })
    window.on('close', () => this.#remember(entry))
    window.once('closed', () => {
      clearTimeout(entry.settled)
      this.#entries.delete(id)
      if (!this.#keepOpen) record.open = false
      this.#save()
      this.#options.changed()
    })
  }

  /** A kitchen display was given another station on its own screen: it keeps that one. */
  #adopt({ record, window }: Entry, station: string | null): void {
    if (station === null || station === record.station || !this.#options.isStation(station)) return
    record.station = station
    window.setTitle(titleOf(record))
    this.#save()
    this.#options.changed()
  }

  /** Writes down where a window is, unless it is only a guest there. */
  #remember(entry: Entry): void {
    clearTimeout(entry.settled)
    const { record, window } = entry
    if (window.isDestroyed() || entry.moving || window.isMinimized()) return
    const home = displays().some(({ id }) => id === record.display)
    if (entry.away || (record.display !== null && !home)) return
    entry.display = nearest(window.getBounds(), displays()).id
    record.display = entry.display
    record.fullscreen = window.isFullScreen()
    if (!record.fullscreen) record.bounds = window.getNormalBounds()
    this.#save()
    this.#options.changed()
  }

  #settleAll(): void {
    for (const entry of this.#entries.values()) this.#settle(entry, false)
    this.#options.changed()
  }

  /** Moves a window whose display went away or came back, or that would be out of sight. */
  #settle(entry: Entry, force: boolean): void {
    const { record, window } = entry
    const fullscreen = window.isFullScreen()
    const next = placeWindow({ ...record, fullscreen }, displays())
    const same = next.display === entry.display && next.away === entry.away
    const inSight = fullscreen || !record.bounds || sameBounds(next.bounds, record.bounds)
    if (same && inSight && !force) return
    this.#options.log.info('window.moved', { window: record.id, display: next.display, away: next.away })
    entry.away = next.away
    entry.display = next.display
    move(entry, next.bounds, fullscreen)
  }

  #save(): void {
    this.#options.file.save(this.#records)
  }
}

/** Displays, the primary one first. */
export function displays(): DisplayInfo[] {
  const primary = screen.getPrimaryDisplay()
  return [primary, ...screen.getAllDisplays().filter(({ id }) => id !== primary.id)]
}

function isLike(record: WindowRecord, { role, station }: WindowChoice): boolean {
  return record.role === role && (record.station === station || (role === 'kitchen' && station === null))
}

const sameBounds = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b)

function focus(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** A full-screen window has to leave full screen to change its display, and leaving takes time on some systems. */
function move(entry: Entry, bounds: Rectangle, fullscreen: boolean): void {
  const { window } = entry
  if (!fullscreen) {
    window.setBounds(bounds)
    return
  }
  const kiosk = window.isKiosk()
  entry.moving = true
  window.once('leave-full-screen', () => {
    window.setBounds(bounds)
    window.once('enter-full-screen', () => {
      entry.moving = false
    })
    if (kiosk) window.setKiosk(true)
    else window.setFullScreen(true)
  })
  if (kiosk) window.setKiosk(false)
  else window.setFullScreen(false)
}
