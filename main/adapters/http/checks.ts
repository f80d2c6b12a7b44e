/** @file What every HTTP request passes before its route: who, how many, which name, how often; then security headers. */
import type { MiddlewareHandler } from 'hono'
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
      return context.text(
        `This hub is not called ${JSON.stringify(host ?? '')}. Add it with --host-name.`,
        421,
      )
    }
    for (const [name, value] of Object.entries(securityHeaders(host as string, client.secure)))
      context.header(name, value)
    if (hub.crowded() && !ALWAYS.has(context.req.path)) {
      context.header('connection', 'close')
      context.header('retry-after', '10')
      const message = `This hub already serves ${hub.maxConnections} connections, which is its limit. Close a screen, or raise MAX_CONCURRENT_CONNECTIONS.`
      return refusal(context, 503, { code: 'tooManyScreens', message })
    }
    if (!(await hub.gate.allows('http', client))) {
      context.header('retry-after', '60')
      return refusal(context, 429, { code: 'tooManyRequests', message: 'Too many requests. Wait a minute.' })
    }
    return next()
  }
}

/** Refuses API calls from other sites' pages; those of allowed origins may read the answers. */
export function originCheck(hub: HubContext): MiddlewareHandler<HubEnv> {
  return async (context, next) => {
    const { headers } = context.env.incoming
    if (!allowedOrigin(headers, context.get('client').secure, hub.allowedOrigins))
      return refusal(context, 403, {
        code: 'notAllowed',
        message: 'Pages of other sites may not use this hub.',
      })
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
