/** @file Addresses of our pages, and which addresses are ours. Pure: every check of an address is made here. */
import type { WindowRole } from './arguments.ts'

export const SCHEME = 'plate'
const HOST = 'app'
export const ORIGIN = `${SCHEME}://${HOST}`

/** Where people may be sent in their own browser. A placeholder until Plate has a help site: nothing links there yet. */
const LINK_HOSTS: readonly string[] = ['help.plate.example']

/** The address of a window's page. */
export function pageUrl({ role, station }: { role: WindowRole; station: string | null }): string {
  return `${ORIGIN}/${role}/${station === null ? '' : `?station=${encodeURIComponent(station)}`}`
}

/** The station a kitchen page's address names. */
export const stationOf = (url: string): string | null => parsed(url)?.searchParams.get('station') || null

/** The path of the plain page that says what went wrong, e.g. with a window. */
export const troublePath = (name: string): string => `/trouble/${name}`
export const troubleUrl = (name: string): string => ORIGIN + troublePath(name)

function parsed(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined
}

/** Whether an address is served by us. Compared by parts: `plate://app.evil/` and `plate://x@app/` only look like it. */
export function isOurs(url: string): boolean {
  const { protocol, host, username, password } = parsed(url) ?? {}
  return protocol === `${SCHEME}:` && host === HOST && !username && !password
}

/** Whether an address is one of the pages that say what went wrong. */
export const isTrouble = (url: string): boolean =>
  isOurs(url) && !!parsed(url)?.pathname.startsWith(troublePath(''))

/** Whether an address is the page of exactly this role, whatever it is asked to show. */
export function isPageOf(role: WindowRole, url: string): boolean {
  return isOurs(url) && parsed(url)?.pathname === `/${role}/`
}

/** Whether a link may be opened in the person's own browser. */
export function isHelpLink(url: string): boolean {
  const { protocol, host, username, password } = parsed(url) ?? {}
  return protocol === 'https:' && !!host && LINK_HOSTS.includes(host) && !username && !password
}
