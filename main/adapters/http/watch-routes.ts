/** @file Routes for whoever watches over the hub: health and metrics, without secrets. */
import type { CloudStatus } from '../../../shared/contract/contract.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import type { HubApp, HubContext } from './context.ts'
import { sameSecret } from './keep.ts'

/** Adds `/api/health` (200, or 503 when the core cannot take orders) and `/metrics` (this machine or a bearer token). */
export function addWatchRoutes(app: HubApp, hub: HubContext): void {
  app.get('/api/health', async (context) => {
    context.header('cache-control', 'no-store')
    const health = await hub.core.health().catch((error: unknown) => {
      hub.log.error('hub.healthFailed', { error })
      return undefined
    })
    if (!health) return context.json({ ok: false, store: { ok: false, says: say('hub.storeSilent') } }, 503)
    const { cloud, peers, ok, store, screens, openTickets, uptimeMs, version } = health
    const shown = { ok, store, screens, openTickets, peers, cloud: anonymous(cloud), uptimeMs, version }
    return context.json(shown, ok ? 200 : 503)
  })
  app.get('/metrics', async (context) => {
    const given = context.req.header('authorization')?.replace(/^Bearer /, '')
    const bearer = hub.metricsToken !== undefined && sameSecret(given, hub.metricsToken)
    if (!bearer && !context.get('client').local)
      return context.text(hub.words.say(say('hub.metricsRefused')), 403)
    return context.body(await hub.metrics.text(), 200, { 'content-type': hub.metrics.contentType })
  })
}

/** Everybody on the network may ask: the restaurant's name stays out, and what it says, which may name a person. */
function anonymous(cloud: CloudStatus | null): Omit<CloudStatus, 'name' | 'says'> | null {
  if (!cloud) return null
  const { name: _name, says: _says, ...rest } = cloud
  return rest
}
