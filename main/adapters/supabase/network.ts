/** @file What it means that a request never got an answer. Pure. */
import type { CloudFailure } from '../../core/ports.ts'

/** Node hides the reason one level deep, and behind a list when it tried several addresses. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const cause = error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined)
  if (cause !== undefined) return codeOf(cause)
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|ERR_TLS/
/** No name, no route, no packet back: the way there is missing. */
const NO_WAY = /^(ENET|EHOST|EADDRNOTAVAIL|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)/

/** Why there was no speaking to the host; undefined when there was. */
function words(code: string, host: string): string | undefined {
  if (CERTIFICATE.test(code))
    return `The certificate of ${host} is not trusted. Check this PC's date and time, and whether something on the network inspects connections.`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `${host} was not found. Check the internet connection and the address.`
  if (NO_WAY.test(code)) return `${host} cannot be reached. Check the internet connection.`
  if (code === 'ECONNREFUSED')
    return `${host} takes no connections at the moment. Check the address; if it is right, wait.`
  return undefined
}

/** A sentence for a request to `host` that failed with `error`; the system's code is for the log. */
export function networkFailure(error: unknown, host: string): CloudFailure {
  if (error instanceof Error && error.name === 'TimeoutError')
    return {
      code: 'away',
      message: `${host} took too long to answer. Plate tries again by itself.`,
      late: true,
    }
  const code = codeOf(error)
  const unreached = words(code, host)
  // Somebody answered, and hung up: the server, or the network on the way. A short answer may get through before that.
  const message = unreached ?? `The connection to ${host} breaks off. Plate tries again by itself.`
  return { code: 'away', message, ...(!unreached && { late: true }), ...(code && { detail: code }) }
}
