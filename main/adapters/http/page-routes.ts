/** @file Routes of pages and files: the list of screens, the windows, the local sign-in, the certificate. */
import type { Context } from 'hono'
import type { HubApp, HubContext, HubEnv } from './context.ts'
import { LOCAL_COOKIE, setCookie } from './cookies.ts'
import { sameSecret } from './keep.ts'
import { HUB_CSS, indexPage, messagePage, SCREENS } from './pages.ts'

/** Where the local sign-in may lead: a window of this hub, query and fragment kept; undefined for anything else. */
function screenPath(to: string): string | undefined {
  const url = URL.parse(to, 'http://hub')
  if (url?.host !== 'hub' || !to.startsWith('/')) return undefined
  const known = url.pathname === '/' || Object.keys(SCREENS).some((name) => url.pathname === `/${name}/`)
  return known ? url.pathname + url.search + url.hash : undefined
}

/** Signs this machine's own browser in with the local key. The key in the address is useless elsewhere: only loopback is let in. */
function open(hub: HubContext, context: Context<HubEnv>): Response {
  const { local, secure } = context.get('client')
  const to = screenPath(context.req.query('to') ?? '/')
  if (!local || !sameSecret(context.req.query('key'), hub.key)) {
    const message =
      'This link works only on the computer that runs the hub, with the key the hub shows at its start.'
    return context.html(messagePage('Not signed in', message), 403)
  }
  if (!to) return context.html(messagePage('No such screen', 'The link leads to no screen of this hub.'), 400)
  context.header('set-cookie', setCookie(LOCAL_COOKIE, hub.key, secure))
  context.header('cache-control', 'no-store')
  return context.redirect(to)
}

/** Adds the page routes. The files of the windows come last: they answer for every other path. */
export function addPageRoutes(app: HubApp, hub: HubContext): void {
  app.get('/', (context) => context.html(indexPage(hub.name), 200, { 'cache-control': 'no-cache' }))
  app.get('/hub.css', (context) => context.body(HUB_CSS, 200, { 'content-type': 'text/css; charset=utf-8' }))
  app.get('/open', (context) => open(hub, context))
  app.get('/ca.crt', (context) => {
    const found = hub.identification()
    if (!found) return context.text('This hub has no certificate yet: switch the local network on.', 404)
    return context.body(found.ca, 200, {
      'content-type': 'application/x-x509-ca-cert',
      'content-disposition': 'attachment; filename="plate-ca.crt"',
    })
  })
  for (const name of Object.keys(SCREENS))
    app.get(`/${name}`, (context) => context.redirect(`/${name}/${new URL(context.req.url).search}`))
  app.get('*', async (context) => {
    const file = await hub.files(new URL(context.req.url).pathname)
    if (file) return context.body(file.body, 200, file.headers)
    // Every browser asks for it; a missing one would be an error in each screen's console.
    if (context.req.path === '/favicon.ico') return context.body(null, 204)
    return context.html(messagePage('Nothing here', 'This address leads to no screen of this hub.'), 404)
  })
}
