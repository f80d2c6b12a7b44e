/** @file The plain pages people see when something is broken: what happened and what to do. Text in, HTML out; keeps the pages that are shown. */

/** Trouble pages by path, for the page handler; filled in when there is trouble. */
export const troublePages = new Map<string, string>()

export interface Trouble {
  title: string
  /** What happened, in a sentence or two. */
  message: string
  /** What to do about it, one step each. */
  steps: readonly string[]
  /** A button, as a plain link: such a page has no script. */
  button?: { label: string; href: string }
}

const STYLE = `
  body { margin: 0; min-height: 100vh; display: grid; place-content: center; background: #14171a; color: #f4f4f2;
    font: 22px/1.5 system-ui, sans-serif }
  main { max-width: 46rem; padding: 2rem }
  h1 { font-size: 2.2rem; line-height: 1.2; border-left: 0.5rem solid #ffb000; padding-left: 1rem }
  a { display: inline-block; margin-top: 1rem; padding: 1rem 2rem; min-height: 44px; box-sizing: border-box;
    border-radius: 0.5rem; background: #ffb000; color: #14171a; font-weight: 700; text-decoration: none }
  a:focus { outline: 4px solid #fff }
`

/** Renders a trouble page. Everything given is text, never markup. */
export function troublePage({ title, message, steps, button }: Trouble): string {
  const list = steps.map((step) => `<li>${escaped(step)}</li>`).join('')
  const link = button ? `<a href="${escaped(button.href)}" autofocus>${escaped(button.label)}</a>` : ''
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<style>${STYLE}</style></head><body><main role="alert"><h1>${escaped(title)}</h1>
<p>${escaped(message)}</p><ul>${list}</ul>${link}</main></body></html>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
}
