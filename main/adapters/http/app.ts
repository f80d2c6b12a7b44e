/** @file The hub's web application: checks, then routes. Holds no socket. */
import { Hono } from 'hono'
import { failure } from '../../../shared/domain/errors.ts'
import { refuse } from './answers.ts'
import { entryChecks, originCheck } from './checks.ts'
import type { HubApp, HubContext, HubEnv } from './context.ts'
import { addPageRoutes } from './page-routes.ts'
import { addPairRoutes } from './pair-routes.ts'
import { addWatchRoutes } from './watch-routes.ts'

/** Builds the application. Unexpected errors are logged and answered without detail. */
export function createApp(hub: HubContext): HubApp {
  const app: HubApp = new Hono<HubEnv>()
  app.use(entryChecks(hub))
  app.use('/api/*', originCheck(hub))
  addPairRoutes(app, hub)
  addWatchRoutes(app, hub)
  app.all('/api/*', (context) => refuse(context, failure('unknownMethod', { why: 'call' })))
  addPageRoutes(app, hub)
  app.onError((error, context) => {
    hub.log.error('hub.requestFailed', { path: context.req.path, error })
    return refuse(context, failure('internal', {}))
  })
  return app
}
