/** @file The story of one order, told on whatever screens it is given: Electron windows or browser pages. Drives pages only. */
import { expect, type Locator, type Page } from '@playwright/test'

export interface Screens {
  console: Page
  grill: Page
  fryer: Page
  expo: Page
}

/** Types a PIN on the pad, as a person does. */
export async function signIn(page: Page, pin: string): Promise<void> {
  await page.getByRole('heading', { name: 'Enter your PIN' }).waitFor()
  await page.keyboard.type(pin)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Enter your PIN' }).waitFor({ state: 'detached' })
}

const button = (page: Page | Locator, name: string | RegExp) =>
  page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name })
const tickets = (page: Page) => page.locator('article[data-ticket]')
const ticket = (page: Page, number: string) =>
  page.getByRole('article', { name: `Ticket ${number}`, exact: true })
const item = (card: Page | Locator, name: string) => card.locator('[data-item]').filter({ hasText: name })

/** Writes an order for table T4: a burger for seat 1 with an allergy, fries and onion rings for seat 2. Returns its number. */
async function writeOrder(page: Page): Promise<string> {
  await button(page, /^Table T4,/).click()
  await button(page.getByRole('navigation', { name: 'Categories' }), 'Burgers & Grill').click()
  await button(page.getByRole('region', { name: 'Menu' }), /^Copper burger/i).click()
  const editor = page.getByRole('dialog')
  await expect(button(editor, 'Add'), 'doneness has to be chosen').toBeDisabled()
  await button(editor, /^Rare/).click()
  await button(editor, /bacon/i).click()
  await editor.getByLabel('Seat').selectOption('1')
  await button(editor, 'nuts').click()
  await editor.getByLabel('Note for the kitchen').fill('no onion 🧅 – بدون بصل')
  await button(editor, 'Add').click()
  await button(page.getByRole('navigation', { name: 'Categories' }), 'Sides').click()
  for (const dish of [/fries/i, /onion rings/i])
    await button(page.getByRole('region', { name: 'Menu' }), dish)
      .first()
      .click()
  const order = page.getByRole('region', { name: 'Order' })
  await expect(order.getByRole('listitem')).toHaveCount(3)
  await button(order, 'Send').click()
  const heading = page.getByRole('heading', { name: /^#\w+ · Table T4/ })
  await heading.waitFor()
  return ((await heading.textContent()) ?? '').replace(/^#(\w+) .*$/s, '$1')
}

async function seeEverywhere(screens: Screens, number: string): Promise<void> {
  const { grill, fryer, expo } = screens
  const burger = item(ticket(grill, number), 'burger')
  await expect(burger).toContainText('ALLERGY')
  await expect(burger).toContainText('nuts')
  await expect(burger).toContainText('Rare')
  await expect(burger).toContainText('Seat 1')
  await expect(burger).toContainText('no onion 🧅 – بدون بصل')
  await expect(ticket(grill, number).locator('[data-item]'), 'the grill sees its own work only').toHaveCount(
    1,
  )
  await expect(ticket(fryer, number).locator('[data-item]')).toHaveCount(3)
  await expect(ticket(expo, number).locator('[data-item]')).toHaveCount(3)
}

async function cookTheBurger({ console, grill }: Screens, number: string): Promise<void> {
  const burger = item(ticket(grill, number), 'burger')
  await burger.click()
  await expect(burger).toHaveAttribute('data-state', 'preparing')
  await expect(item(console, 'burger')).toHaveAttribute('data-state', 'preparing')
  await burger.click()
  await expect(ticket(grill, number), 'the grill is done with this ticket').toHaveCount(0)
}

async function voidTheRings({ console, fryer, expo }: Screens, number: string): Promise<void> {
  await item(console, 'nion rings').click()
  const dialog = console.getByRole('dialog')
  await button(dialog, 'Void…').click()
  await button(dialog, 'Guest changed their mind').click()
  await button(dialog, 'Void this item').click()
  const rings = item(ticket(fryer, number), 'nion rings')
  await expect(rings).toContainText('VOID')
  await expect(rings).toContainText('Guest changed their mind')
  await button(ticket(fryer, number), 'Seen').click()
  await expect(rings, 'acknowledged, so gone').toHaveCount(0)
  await expect(item(ticket(expo, number), 'nion rings')).toHaveCount(0)
}

/** Presses Serve, and again while the board says that a line has only just come: a test is quicker than any hand. */
export async function handOut(expo: Page, number: string): Promise<void> {
  const serve = button(ticket(expo, number), `Serve ${number}`)
  await expect(async () => {
    if (await serve.isEnabled()) await serve.click()
    await expect(ticket(expo, number)).toHaveCount(0, { timeout: 2_000 })
  }).toPass()
}

async function bumpRecallReviewServe({ console, fryer, expo }: Screens, number: string): Promise<void> {
  await button(ticket(fryer, number), `Bump ${number}`).click()
  await expect(ticket(fryer, number)).toHaveCount(0)
  await expect(ticket(expo, number)).toContainText('ALL READY')

  await button(fryer, /Recall/)
    .first()
    .click()
  await button(fryer, `Review ${number}`).click()
  await expect(fryer.locator('[data-recent]').first()).toContainText('fries')
  await expect(ticket(expo, number), 'a review changes nothing').toContainText('ALL READY')
  await button(fryer, `Recall ${number}`).click()
  await expect(ticket(fryer, number)).toHaveCount(1)
  await expect(ticket(expo, number)).not.toContainText('ALL READY')

  await button(ticket(fryer, number), `Bump ${number}`).click()
  await expect(ticket(expo, number)).toContainText('ALL READY')
  await handOut(expo, number)
  await expect(item(console, 'burger')).toHaveAttribute('data-state', 'served')
}

/** Plays the whole story; `seen` is called with the ticket's number once it stands on all screens. */
export async function playStory(screens: Screens, seen?: (number: string) => Promise<void>): Promise<string> {
  await signIn(screens.console, '1111')
  for (const board of [screens.grill, screens.fryer, screens.expo]) {
    await expect(board.getByText('No open tickets')).toBeVisible()
    await expect(tickets(board)).toHaveCount(0)
  }
  const number = await writeOrder(screens.console)
  await seeEverywhere(screens, number)
  await seen?.(number)
  await cookTheBurger(screens, number)
  await voidTheRings(screens, number)
  await bumpRecallReviewServe(screens, number)
  return number
}
