/** @file The hub's own small pages: the list of screens, and plain messages. Pure. */
import { say } from '../../../shared/domain/messages/index.ts'
import { PAGES } from '../../../shared/domain/roles.ts'
import type { HubWords } from './parts.ts'

/** The windows, by folder name. */
export const SCREENS = [...PAGES, 'join'] as const
export type ScreenName = (typeof SCREENS)[number]

const escaped = (text: string) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)

/** A page that loads nothing but the hub's style sheet. */
function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><link rel="stylesheet" href="/hub.css"><main><h1>${escaped(title)}</h1>${body}</main></html>`
}

/** The list of screens of the hub called `name`. */
export function indexPage(words: HubWords, name: string): string {
  const link = (screen: ScreenName) =>
    `<a href="/${screen}/">${escaped(words.say(say('hub.screen', { screen })))}</a>`
  const links = SCREENS.map((screen) => `<li>${link(screen)}</li>`).join('')
  const certificate = `<a href="/ca.crt">${escaped(words.say(say('hub.certificate')))}</a>`
  return page(words.say(say('hub.title', { name })), `<ul>${links}</ul><p>${certificate}</p>`)
}

/** A page that says what is wrong and what to do. */
export function messagePage(words: HubWords, title: string, text: string): string {
  const home = escaped(words.say(say('hub.allScreens')))
  return page(title, `<p>${escaped(text)}</p><p><a href="/">${home}</a></p>`)
}

export const HUB_CSS = `:root{color-scheme:light dark;font:1.25rem/1.5 system-ui,sans-serif}
main{max-width:32rem;margin:10vh auto;padding:0 1rem}ul{list-style:none;padding:0}
li a{display:block;padding:.9rem 1.2rem;margin:.5rem 0;border:2px solid;border-radius:.6rem;text-decoration:none}
a{color:inherit}a:focus-visible{outline:4px solid Highlight}`
