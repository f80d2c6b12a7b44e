/** @file What pages may do: nothing by default. The only file that decides about permissions, navigation and requests. */
import { app, type Session, shell, type WebContents } from 'electron'
import type { Log } from '../core/ports.ts'
import { type Asked, mayUse, type Pages } from './permissions.ts'
import { isHelpLink, isOurs, isPageOf, isTrouble } from './urls.ts'

export interface SecurityOptions {
  pages: Pages
  /** Addresses that are not loaded but do something, e.g. the button of a trouble page. */
  commands: ReadonlyMap<string, () => void>
  devtools: boolean
  log: Log
}

/** Applies the rules to every session and every page there will ever be. Called before the app is ready. */
export function secure(options: SecurityOptions): void {
  app.on('session-created', (session) => secureSession(session, options))
  app.on('web-contents-created', (_event, contents) => secureContents(contents, options))
}

/** Closes a session: no permission, no device, no download, no request that leaves the machine. */
function secureSession(session: Session, { pages, devtools, log }: SecurityOptions): void {
  session.setPermissionRequestHandler((contents, permission, callback, details) => {
    const asked: Asked = {
      permission,
      url: contents.getURL(),
      mainFrame: details.isMainFrame,
      media: 'mediaTypes' in details ? (details.mediaTypes ?? []) : [],
    }
    const granted = mayUse(asked, pages.recordOf(contents))
    if (!granted) log.warn('permission.refused', { permission, url: contents.getURL() })
    callback(granted)
  })
  session.setPermissionCheckHandler((contents, permission, _origin, details) => {
    if (!contents) return false
    // A check that names no device comes before a request that does, and that one decides.
    const media = [details.mediaType ?? 'audio']
    const url = contents.getURL()
    return mayUse({ permission, url, mainFrame: details.isMainFrame, media }, pages.recordOf(contents))
  })
  session.setDevicePermissionHandler(() => false)
  session.setSpellCheckerEnabled(false)
  session.on('will-download', (event) => event.preventDefault())
  session.webRequest.onBeforeRequest((details, callback) => {
    const cancel = !mayLoad(details.url, details.resourceType, devtools)
    if (cancel) log.warn('request.blocked', { url: details.url.slice(0, 200), type: details.resourceType })
    callback({ cancel })
  })
}

/** Our own files, and data a page made itself as long as it is no page. */
function mayLoad(url: string, type: string, devtools: boolean): boolean {
  if (isOurs(url)) return true
  if (devtools && url.startsWith('devtools://')) return true
  return type !== 'mainFrame' && type !== 'subFrame' && /^(data|blob):/.test(url)
}

/** Keeps one page where it is: on its own address, without pop-ups and without embedded pages. */
function secureContents(contents: WebContents, { pages, commands, log }: SecurityOptions): void {
  const stay = (event: { url: string; isMainFrame: boolean; preventDefault(): void }) => {
    const record = pages.recordOf(contents)
    if (event.isMainFrame && record && isPageOf(record.role, event.url)) return
    event.preventDefault()
    const command = event.isMainFrame && isTrouble(contents.getURL()) ? commands.get(event.url) : undefined
    if (command) command()
    else log.warn('navigation.blocked', { url: event.url.slice(0, 200), mainFrame: event.isMainFrame })
  }
  // Frames of all kinds, the main one included; `will-navigate` would see the main one only.
  contents.on('will-frame-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (isHelpLink(url)) void shell.openExternal(url)
    else log.warn('window-open.blocked', { url: url.slice(0, 200) })
    return { action: 'deny' }
  })
}
