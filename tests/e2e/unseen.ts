/** @file The story of what a cook has not seen: a dish added under the finger, a slip, a change after ready, an allergy told late. Drives pages only. */
import { expect, type Locator, type Page } from '@playwright/test'
import { handOut, type Screens } from './story.ts'

const button = (page: Page | Locator, name: string | RegExp) =>
  page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name })
const ticket = (page: Page, number: string) =>
  page.getByRole('article', { name: `Ticket ${number}`, exact: true })
const item = (card: Page | Locator, name: string) => card.locator('[data-item]').filter({ hasText: name })

async function choose(page: Page, dish: RegExp): Promise<void> {
  await button(page.getByRole('navigation', { name: 'Categories' }), 'Sides').click()
  await button(page.getByRole('region', { name: 'Menu' }), dish)
    .first()
    .click()
}

/** Fries for a table; returns the ticket's number. */
async function orderFries(page: Page): Promise<string> {
  await button(page, 'Tables').click()
  await button(page, /^Table T6,/).click()
  await choose(page, /fries/i)
  await button(page.getByRole('region', { name: 'Order' }), 'Send').click()
  const heading = page.getByRole('heading', { name: /^#\w+ · Table T6/ })
  await heading.waitFor()
  return ((await heading.textContent()) ?? '').replace(/^#(\w+) .*$/s, '$1')
}

/** The cook's finger comes down on BUMP in the very moment in which a second line is drawn. */
const bumpAsItIsDrawn = (page: Page, number: string): Promise<void> =>
  page.evaluate(
    (name) =>
      new Promise<void>((resolve) => {
        const card = document.querySelector(`article[aria-label="${name}"]`) as HTMLElement
        const observer = new MutationObserver(() => {
          if (card.querySelectorAll('[data-item]').length < 2) return
          observer.disconnect()
          ;(card.querySelector('button.bump') as HTMLElement).click()
          resolve()
        })
        observer.observe(card, { childList: true, subtree: true })
      }),
    `Ticket ${number}`,
  )

async function addUnderTheFinger({ console, fryer, expo }: Screens, number: string): Promise<void> {
  await expect(item(ticket(fryer, number), 'ries')).toHaveAttribute('data-state', 'confirmed')
  const bumped = bumpAsItIsDrawn(fryer, number)
  await button(console, 'Add items').click()
  await choose(console, /onion rings/i)
  await button(console.getByRole('region', { name: 'Order' }), 'Send').click()
  await bumped
  await expect(fryer.getByText(`${number}: 1 new line stays`)).toBeVisible()
  await expect(item(ticket(fryer, number), 'nion rings')).toHaveAttribute('data-state', 'confirmed')
  await expect(item(ticket(fryer, number), 'ries')).toHaveAttribute('data-state', 'ready')
  await expect(item(console, 'ries')).toHaveAttribute('data-state', 'ready')
  await expect(item(console, 'nion rings')).toHaveAttribute('data-state', 'confirmed')
  await expect(ticket(expo, number)).not.toContainText('ALL READY')
}

async function slip({ console, fryer, expo }: Screens, number: string): Promise<void> {
  await item(ticket(fryer, number), 'nion rings').click()
  await expect(item(console, 'nion rings')).toHaveAttribute('data-state', 'preparing')
  await bumpAll(fryer, number)
  await expect(ticket(expo, number)).toContainText('ALL READY')
  await button(fryer.getByRole('status', { name: 'Undo' }), /Undo/).click()
  await expect(item(ticket(fryer, number), 'nion rings')).toHaveAttribute('data-state', 'preparing')
  await expect(ticket(expo, number)).not.toContainText('ALL READY')
  await expect(item(console, 'nion rings')).toHaveAttribute('data-state', 'preparing')
  await bumpAll(fryer, number)
}

async function changeWhatIsReady({ console, fryer, expo }: Screens, number: string): Promise<void> {
  await expect(ticket(expo, number)).toContainText('ALL READY')
  await item(console, 'ries').click()
  const dialog = console.getByRole('dialog')
  await dialog.getByLabel('Note for the kitchen').fill('NO SALT')
  await button(dialog, 'More quantity').click()
  await button(dialog, 'Save change').click()
  const fries = item(ticket(fryer, number), 'ries')
  await expect(fries).toContainText('CHANGED')
  await expect(fries).toContainText('NO SALT')
  await expect(fries).toContainText('1 made before the change')
  await expect(ticket(expo, number)).not.toContainText('ALL READY')
  await expect(button(ticket(expo, number), `Serve ${number}`), 'the rings, not the fries').toHaveText(
    'Serve 1',
  )
  await expect(item(console, 'ries')).toHaveAttribute('data-state', 'confirmed')
  await button(ticket(fryer, number), 'Seen').click()
  await expect(fries).not.toContainText('CHANGED')
  await expect(ticket(expo, number), 'seen is not made').not.toContainText('ALL READY')
  await bumpAll(fryer, number)
  await expect(ticket(expo, number)).toContainText('ALL READY')
}

/** Presses BUMP, and again while the board says that something has only just changed. */
async function bumpAll(page: Page, number: string): Promise<void> {
  const bump = button(ticket(page, number), `Bump ${number}`)
  await expect(async () => {
    if (await bump.isVisible()) await bump.click()
    await expect(ticket(page, number)).toHaveCount(0, { timeout: 2_000 })
  }).toPass()
}

async function recallOne({ fryer, expo, console }: Screens, number: string): Promise<void> {
  // A list that is open shows what had been bumped when it was opened.
  const list = fryer.getByRole('heading', { name: 'Recently bumped' })
  const toggle = button(fryer, /Recall$/).first()
  if (await list.isVisible()) await toggle.click()
  await toggle.click()
  await button(fryer, `Recall ${number}`).click()
  await expect(item(ticket(fryer, number), 'ries')).toHaveAttribute('data-state', 'confirmed')
  await expect(item(console, 'ries')).toHaveAttribute('data-state', 'confirmed')
  await bumpAll(fryer, number)
  await expect(ticket(expo, number)).toContainText('ALL READY')
}

async function tellAnAllergyLate({ console, fryer, expo }: Screens, number: string): Promise<void> {
  await handOut(expo, number)
  await expect(item(console, 'ries')).toHaveAttribute('data-state', 'served')
  await item(console, 'ries').click()
  const dialog = console.getByRole('dialog')
  await expect(button(dialog, 'More quantity'), 'the guest has it').toHaveCount(0)
  await button(dialog, 'nuts').click()
  await button(dialog, 'Save change').click()
  const fries = item(ticket(fryer, number), 'ries')
  await expect(fries).toContainText('ALLERGY')
  await expect(fries).toContainText('nuts')
  await button(ticket(fryer, number), 'Seen').click()
  await expect(ticket(fryer, number)).toHaveCount(0)
}

/** Plays it on screens that have nothing open and a person at the console. */
export async function playUnseen(screens: Screens): Promise<void> {
  const number = await orderFries(screens.console)
  await addUnderTheFinger(screens, number)
  await slip(screens, number)
  await changeWhatIsReady(screens, number)
  await recallOne(screens, number)
  await tellAnAllergyLate(screens, number)
}
