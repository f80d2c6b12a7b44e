/** @file When a ticket was painted: watches kitchen boards in Chromium for benchmarks. Opens pages. */
import type { Browser, Page } from 'playwright'

/** A hub's address, and the key that lets this machine's browsers in. */
export interface Door {
  url: string
  key: string
}

/** Notes, in the page, when each ticket card was first painted: the frame after the one it was put in. */
function watchPaint(): void {
  const painted: Record<string, number> = {}
  Object.assign(window, { painted })
  const note = (node: Node) => {
    if (!(node instanceof Element)) return
    const cards = [
      ...(node.matches('[data-ticket]') ? [node] : []),
      ...node.querySelectorAll('[data-ticket]'),
    ]
    for (const card of cards) {
      const id = card.getAttribute('data-ticket') ?? ''
      if (painted[id]) continue
      painted[id] = -1
      requestAnimationFrame(() => {
        const channel = new MessageChannel()
        channel.port1.onmessage = () => {
          painted[id] = performance.timeOrigin + performance.now()
        }
        channel.port2.postMessage(null)
      })
    }
  }
  new MutationObserver((records) => {
    for (const record of records) for (const node of record.addedNodes) note(node)
  }).observe(document, { childList: true, subtree: true })
}

/** Opens `screen` of a hub in a window of its own: pages that share one are in each other's background, and those are not painted. */
export async function openWatched(browser: Browser, { url, key }: Door, screen: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } })
  await context.addInitScript(watchPaint)
  const page = await context.newPage()
  await page.goto(`${url.replace(/\/$/, '')}/open?key=${key}&to=${encodeURIComponent(screen)}`)
  return page
}

/** When (ms since the epoch, with fractions) the order's ticket was painted. Rejects after 15 s. */
export const paintedAt = (page: Page, order: string) =>
  page
    .waitForFunction(
      (id) => {
        const at = (window as unknown as { painted: Record<string, number> }).painted[id]
        return at && at > 0 ? at : null
      },
      order,
      { timeout: 15_000 },
    )
    .then((handle) => handle.jsonValue() as Promise<number>)

/** Now, on the clock of {@link paintedAt}. */
export const now = () => performance.timeOrigin + performance.now()
