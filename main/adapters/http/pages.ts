/** @file The hub's own small pages: the list of screens, and plain messages. Pure. */

/** The windows, by folder name; what people call them. */
export const SCREENS = {
  kitchen: 'Kitchen display',
  expo: 'Expo',
  console: 'Order console',
  manager: 'Manager',
  join: 'Join as a new screen',
} as const
export type ScreenName = keyof typeof SCREENS

const escaped = (text: string) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)

/** A page that loads nothing but the hub's style sheet. */
function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><link rel="stylesheet" href="/hub.css"><main><h1>${escaped(title)}</h1>${body}</main></html>`
}

/** The list of screens of the hub called `name`. */
export function indexPage(name: string): string {
  const links = Object.entries(SCREENS).map(([path, title]) => `<li><a href="/${path}/">${title}</a></li>`)
  return page(
    `Plate – ${name}`,
    `<ul>${links.join('')}</ul><p><a href="/ca.crt">Certificate of this hub</a></p>`,
  )
}

/** A page that says what is wrong and what to do. */
export function messagePage(title: string, message: string): string {
  return page(title, `<p>${escaped(message)}</p><p><a href="/">All screens</a></p>`)
}

export const HUB_CSS = `:root{color-scheme:light dark;font:1.25rem/1.5 system-ui,sans-serif}
main{max-width:32rem;margin:10vh auto;padding:0 1rem}ul{list-style:none;padding:0}
li a{display:block;padding:.9rem 1.2rem;margin:.5rem 0;border:2px solid;border-radius:.6rem;text-decoration:none}
a{color:inherit}a:focus-visible{outline:4px solid Highlight}`
