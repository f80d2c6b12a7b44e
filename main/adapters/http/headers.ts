/** @file Security headers of every answer. Pure. */

const PERMISSIONS = [
  'microphone=(self)',
  'autoplay=(self)',
  'fullscreen=(self)',
  'screen-wake-lock=(self)',
  ...['camera', 'geolocation', 'payment', 'usb', 'serial', 'midi', 'display-capture'].map(
    (name) => `${name}=()`,
  ),
].join(', ')

/**
 * What pages may load and do. `host` is the checked Host header: older Safari does not count ws: of the same origin as
 * 'self'.
 */
export function contentSecurityPolicy(host: string, secure: boolean): string {
  return [
    "default-src 'self'",
    `connect-src 'self' ${secure ? 'wss' : 'ws'}://${host}`,
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "font-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Headers for an answer to a request that came to `host`. */
export function securityHeaders(host: string, secure: boolean): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(host, secure),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'permissions-policy': PERMISSIONS,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  }
}
