/** @file The hub's two cookies. Pure. */

/** Token of a paired screen. */
export const DEVICE_COOKIE = 'plate_device'
/** Key of a browser on the hub's own machine. */
export const LOCAL_COOKIE = 'plate_local'

const YEAR_S = 31_536_000

/** The value of a cookie in a Cookie header. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, ...value] = part.split('=')
    if (key?.trim() === name) return value.join('=').trim()
  }
  return undefined
}

/** A Set-Cookie header: out of reach of scripts and of other sites, for a year. `value` is base64url or similar. */
export function setCookie(name: string, value: string, secure: boolean): string {
  const base = `${name}=${value}; Path=/; Max-Age=${YEAR_S}; HttpOnly; SameSite=Strict`
  return secure ? `${base}; Secure` : base
}
