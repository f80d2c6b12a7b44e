/** @file Which Host and Origin headers are let in. Pure. */
import type { IncomingHttpHeaders } from 'node:http'

/** The host name of a Host header, lower case, without port and brackets; undefined when it is malformed. */
export function hostName(header: string | undefined): string | undefined {
  if (!header || /[\s/@\\?#]/.test(header)) return undefined
  const name = URL.parse(`http://${header}`)?.hostname
  return name?.replace(/^\[|\]$/g, '').toLowerCase() || undefined
}

/**
 * Whether the browser was sent here under a name this hub knows. A page of a stranger can point its own name at this
 * machine (DNS rebinding) and would then count as same-origin; its name gives it away.
 */
export function knownHost(header: string | undefined, known: ReadonlySet<string>): boolean {
  const name = hostName(header)
  return name !== undefined && known.has(name)
}

/** Whether a page of this origin may talk to the hub. Programs that are no browsers send no Origin; they need a token anyway. */
export function allowedOrigin(
  headers: IncomingHttpHeaders,
  secure: boolean,
  allowed: readonly string[],
): boolean {
  if (headers.origin === undefined)
    return !['cross-site', 'same-site'].includes(String(headers['sec-fetch-site']))
  const own = URL.parse(`${secure ? 'https' : 'http'}://${headers.host}`)?.origin
  return headers.origin === own || allowed.includes(headers.origin)
}
