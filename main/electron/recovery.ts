/** @file Brings a window back whose page died or hangs. Uses electron by type only; timers of Node. */
import type { BrowserWindow } from 'electron'
import type { Clock, Log } from '../core/ports.ts'
import { CrashHistory } from './crashes.ts'
import { troublePage, troublePages } from './trouble.ts'
import { pageUrl, troublePath, troubleUrl } from './urls.ts'
import type { WindowRecord } from './window-file.ts'

/** A page that does not answer for this long after Chromium noticed is ended, and so loaded again. */
const HANG_MS = 5_000

/** Watches one window until it closes. */
export function keepAlive(window: BrowserWindow, record: WindowRecord, clock: Clock, log: Log): void {
  const contents = window.webContents
  const crashes = new CrashHistory()
  let pending: NodeJS.Timeout | undefined
  let hang: NodeJS.Timeout | undefined
  const what = { window: record.id, role: record.role }

  const load = (url: string) => {
    if (!window.isDestroyed())
      contents
        .loadURL(url)
        .catch((error) => log.warn('page.not-loaded', { ...what, url, error: String(error) }))
  }

  const giveUp = () => {
    troublePages.set(troublePath(record.id), stoppedPage(pageUrl(record)))
    load(troubleUrl(record.id))
  }

  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    clearTimeout(hang)
    const next = crashes.crashed(clock.monotonic())
    log.error('page.crashed', { ...what, reason, exitCode, ...next })
    clearTimeout(pending)
    if (next.reload) pending = setTimeout(() => load(pageUrl(record)), next.afterMs)
    else giveUp()
  })
  contents.on('did-fail-load', (_event, code, description, url, isMainFrame) => {
    log.error('page.failed', { ...what, code, description, url })
    if (isMainFrame && !url.startsWith(troubleUrl(''))) giveUp()
  })
  contents.on('preload-error', (_event, _path, error) =>
    log.error('preload.failed', { ...what, error: String(error) }),
  )
  window.on('unresponsive', () => {
    log.error('page.hangs', what)
    clearTimeout(hang)
    hang = setTimeout(() => contents.forcefullyCrashRenderer(), HANG_MS)
  })
  window.on('responsive', () => clearTimeout(hang))
  window.once('closed', () => {
    clearTimeout(pending)
    clearTimeout(hang)
  })
}

function stoppedPage(href: string): string {
  return troublePage({
    title: 'This screen stopped working',
    message:
      'It was started again several times and stopped each time. Orders are safe, and other screens go on.',
    steps: [
      'Press Reload.',
      'If it stops again, quit Plate and start it anew.',
      'If that does not help, send the newest file of the logs folder to whoever looks after this computer.',
    ],
    button: { label: 'Reload', href },
  })
}
