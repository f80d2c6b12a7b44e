/** @file Expected failures as HTTP answers. Pure. */
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ErrorCode, Failure } from '../../../shared/domain/errors.ts'
import type { HubContext, HubEnv } from './context.ts'
import { messagePage } from './pages.ts'

const STATUS: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  invalid: 400,
  tooLarge: 413,
  notAllowed: 403,
  notPaired: 401,
  wrongCode: 403,
  revoked: 403,
  lockedOut: 429,
  tooManyRequests: 429,
  tooManyScreens: 503,
  unknownMethod: 404,
  stopping: 503,
  busy: 503,
  storeFull: 503,
  storeReadOnly: 503,
  storeBroken: 503,
}

const statusOf = ({ code }: Failure): ContentfulStatusCode => STATUS[code] ?? 500

/** `{error: {code, params}}` with the status that fits. */
export function refuse(context: Context<HubEnv>, error: Failure): Response {
  return context.json({ error }, statusOf(error))
}

/** A refusal in the form the sender reads: JSON for programs, a page for people. */
export function refusal(hub: HubContext, context: Context<HubEnv>, error: Failure): Response {
  if (context.req.path.startsWith('/api/')) return refuse(context, error)
  return context.html(messagePage(hub.words, 'Plate', hub.words.failure(error)), statusOf(error))
}
