/** @file The hub's web application: checks, then routes. Holds no socket. */
import { Hono } from 'hono'
import { failure } from './answers.ts'
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
  app.all('/api/*', (context) =>
    context.json({ error: { code: 'unknownMethod', message: 'No such call.' } }, 404),
  )
  addPageRoutes(app, hub)
  app.onError((error, context) => {
    hub.log.error('hub.requestFailed', { path: context.req.path, error })
    return failure(context, { code: 'internal', message: 'The hub made a mistake. Its log says more.' })
  })
  return app
}
