/** @file What it means that a request never got an answer. Pure. */
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import type { CloudFailure } from '../../core/ports.ts'

/** Node hides the reason one level deep, and behind a list when it tried several addresses. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const cause = error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined)
  if (cause !== undefined) return codeOf(cause)
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

const NEXT = say('cloud.triesAgain')
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|ERR_TLS/
/** No name, no route, no packet back: the way there is missing. */
const NO_WAY = /^(ENET|EHOST|EADDRNOTAVAIL|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)/

/** Why there was no speaking to the host; undefined when there was. */
function obstacle(code: string, host: string): Message | undefined {
  if (CERTIFICATE.test(code)) return say('cloud.certificate', { host })
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return say('cloud.hostNotFound', { host })
  if (NO_WAY.test(code)) return say('cloud.unreachable', { host })
  if (code === 'ECONNREFUSED') return say('cloud.noConnections', { host })
  return undefined
}

/** What to say of a request to `host` that failed with `error`; the system's code is for the log. */
export function networkFailure(error: unknown, host: string): CloudFailure {
  if (error instanceof Error && error.name === 'TimeoutError')
    return { code: 'away', says: say('cloud.tooSlow', { host, next: NEXT }), late: true }
  const code = codeOf(error)
  const unreached = obstacle(code, host)
  // Somebody answered, and hung up: the server, or the network on the way. A short answer may get through before that.
  const says = unreached ?? say('cloud.breaksOff', { host, next: NEXT })
  return { code: 'away', says, ...(!unreached && { late: true }), ...(code && { detail: code }) }
}
