/** @file Routes of pages and files: the list of screens, the windows, the local sign-in, the certificate. */
import type { Context } from 'hono'
import { say } from '../../../shared/domain/messages/index.ts'
import type { HubApp, HubContext, HubEnv } from './context.ts'
import { LOCAL_COOKIE, setCookie } from './cookies.ts'
import { sameSecret } from './keep.ts'
import { HUB_CSS, indexPage, messagePage, SCREENS } from './pages.ts'

/** Where the local sign-in may lead: a window of this hub, query and fragment kept; undefined for anything else. */
function screenPath(to: string): string | undefined {
  const url = URL.parse(to, 'http://hub')
  if (url?.host !== 'hub' || !to.startsWith('/')) return undefined
  const known = url.pathname === '/' || SCREENS.some((name) => url.pathname === `/${name}/`)
  return known ? url.pathname + url.search + url.hash : undefined
}

/** Signs this machine's own browser in with the local key. The key in the address is useless elsewhere: only loopback is let in. */
function open(hub: HubContext, context: Context<HubEnv>): Response {
  const { words } = hub
  const { local, secure } = context.get('client')
  const to = screenPath(context.req.query('to') ?? '/')
  if (!local || !sameSecret(context.req.query('key'), hub.key)) {
    const page = messagePage(words, words.say(say('hub.notSignedIn')), words.say(say('hub.ownLink')))
    return context.html(page, 403)
  }
  if (!to) {
    const page = messagePage(words, words.say(say('hub.noScreen')), words.say(say('hub.linkNowhere')))
    return context.html(page, 400)
  }
  context.header('set-cookie', setCookie(LOCAL_COOKIE, hub.key, secure))
  context.header('cache-control', 'no-store')
  return context.redirect(to)
}

/** Adds the page routes. The files of the windows come last: they answer for every other path. */
export function addPageRoutes(app: HubApp, hub: HubContext): void {
  app.get('/', (context) =>
    context.html(indexPage(hub.words, hub.name), 200, { 'cache-control': 'no-cache' }),
  )
  app.get('/hub.css', (context) => context.body(HUB_CSS, 200, { 'content-type': 'text/css; charset=utf-8' }))
  app.get('/open', (context) => open(hub, context))
  app.get('/ca.crt', (context) => {
    const found = hub.identification()
    if (!found) return context.text(hub.words.say(say('hub.noCertificate')), 404)
    return context.body(found.ca, 200, {
      'content-type': 'application/x-x509-ca-cert',
      'content-disposition': 'attachment; filename="plate-ca.crt"',
    })
  })
  for (const name of SCREENS)
    app.get(`/${name}`, (context) => context.redirect(`/${name}/${new URL(context.req.url).search}`))
  app.get('*', async (context) => {
    const file = await hub.files(new URL(context.req.url).pathname)
    if (file) return context.body(file.body, 200, file.headers)
    // Every browser asks for it; a missing one would be an error in each screen's console.
    if (context.req.path === '/favicon.ico') return context.body(null, 204)
    const { words } = hub
    const page = messagePage(words, words.say(say('hub.nothingHere')), words.say(say('hub.addressNowhere')))
    return context.html(page, 404)
  })
}
