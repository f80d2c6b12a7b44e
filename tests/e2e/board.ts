/** @file A kitchen board as a cook reads it who turns all its pages. Drives the page only. */
import type { Page } from '@playwright/test'

/** Runs in the page: one turn of it is cheap there, and a board may have a dozen pages. */
async function turnAndRead(): Promise<string[]> {
  const one = (selector: string) => document.querySelector(selector) as HTMLElement
  const button = (name: string) => one(`nav.pager button[aria-label="${name}"]`) as HTMLButtonElement
  const where = () => one('.page-count').textContent
  const turn = async (name: string): Promise<boolean> => {
    if (button(name).disabled) return false
    const before = where()
    await new Promise<void>((resolve) => {
      const observer = new MutationObserver(() => {
        if (where() === before) return
        observer.disconnect()
        resolve()
      })
      observer.observe(document.body, { childList: true, subtree: true, characterData: true })
      button(name).click()
    })
    return true
  }
  /** Without age and place on the page, which every screen has its own of. */
  const read = (card: Element) =>
    [...card.querySelectorAll<HTMLElement>('.number, .ticket-place, [data-item]')]
      .map((part) => [part.dataset.state, part.textContent].filter(Boolean).join(' '))
      .join(' · ')
  const tickets: string[] = []
  while (await turn('Previous page'));
  do for (const card of document.querySelectorAll('article[data-ticket]')) tickets.push(read(card))
  while (await turn('Next page'))
  return tickets.sort()
}

/**
 * Every ticket of a board with the state of its items, page by page, in a settled order. On which page a ticket stands is
 * each screen's own affair: its height and the order of arrival decide, so only whole boards can be compared. A ticket that
 * moves meanwhile, when gaps close, may be missed or read twice: ask again until it is what it should be.
 */
export const wholeBoard = (page: Page): Promise<string[]> => page.evaluate(turnAndRead)
