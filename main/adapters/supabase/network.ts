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

/** A sentence for a request to `host` that failed with `error`. */
export function networkFailure(error: unknown, host: string): CloudFailure {
  const code = codeOf(error)
  const name = error instanceof Error ? error.name : ''
  const message =
    name === 'TimeoutError'
      ? `${host} took too long to answer. Plate tries again by itself.`
      : CERTIFICATE.test(code)
        ? `The certificate of ${host} is not trusted (${code}). Check this PC's date and time, and whether something on the network inspects connections.`
        : code === 'ENOTFOUND' || code === 'EAI_AGAIN'
          ? `${host} was not found. Check the internet connection and the address.`
          : `${host} cannot be reached${code ? ` (${code})` : ''}. Check the internet connection.`
  return { code: 'away', message }
}
