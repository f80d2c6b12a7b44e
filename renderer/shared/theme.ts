/** @file Light or dark: the system's wish, or `?theme=` for a screen that hangs in glare or gloom. Touches the document's root. */

/** Applies `?theme=light|dark`; without it the system decides. */
export function applyTheme(search: string, root: HTMLElement = document.documentElement): void {
  const wish = new URLSearchParams(search).get('theme')
  if (wish === 'light' || wish === 'dark') root.dataset.theme = wish
}
