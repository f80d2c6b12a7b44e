/** @file What every HTTP request passes before its route: who, how many, which name, how often; then security headers. */
import type { MiddlewareHandler } from 'hono'
import { failure } from '../../../shared/domain/errors.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { refusal } from './answers.ts'
import { clientOf } from './client.ts'
import type { HubContext, HubEnv } from './context.ts'
import { allowedOrigin, knownHost } from './guard.ts'
import { securityHeaders } from './headers.ts'

/** Monitoring must still see a hub that is full. */
const ALWAYS = new Set(['/api/health', '/metrics'])

/** Refuses what must not reach a route. */
export function entryChecks(hub: HubContext): MiddlewareHandler<HubEnv> {
  return async (context, next) => {
    const { incoming } = context.env
    const client = clientOf(incoming, hub.trustedProxies)
    context.set('client', client)
    const host = incoming.headers.host
    if (!knownHost(host, hub.hosts())) {
      context.header('connection', 'close')
      return context.text(hub.words.say(say('hub.notCalled', { host: host ?? '' })), 421)
    }
    for (const [name, value] of Object.entries(securityHeaders(host as string, client.secure)))
      context.header(name, value)
    if (hub.crowded() && !ALWAYS.has(context.req.path)) {
      context.header('connection', 'close')
      context.header('retry-after', '10')
      return refusal(hub, context, failure('tooManyScreens', { most: hub.maxConnections }))
    }
    if (!(await hub.gate.allows('http', client))) {
      context.header('retry-after', '60')
      return refusal(hub, context, failure('tooManyRequests', { why: 'minute' }))
    }
    return next()
  }
}

/** Refuses API calls from other sites' pages; those of allowed origins may read the answers. */
export function originCheck(hub: HubContext): MiddlewareHandler<HubEnv> {
  return async (context, next) => {
    const { headers } = context.env.incoming
    if (!allowedOrigin(headers, context.get('client').secure, hub.allowedOrigins))
      return refusal(hub, context, failure('notAllowed', { why: 'otherSite' }))
    const { origin } = headers
    if (origin !== undefined && hub.allowedOrigins.includes(origin)) {
      context.header('access-control-allow-origin', origin)
      context.header('access-control-allow-headers', 'content-type')
      context.header('vary', 'origin')
      if (context.req.method === 'OPTIONS') return context.body(null, 204)
    }
    return next()
  }
}
