/** @file What people type is read to its end on every screen: words without spaces, other directions, lines. */
import { expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { ExpoApp } from '../../renderer/expo/app.tsx'
import { KitchenApp } from '../../renderer/kitchen/app.tsx'
import { button, core, open } from './console-page.tsx'
import { placeOrder } from './fake-core.ts'
import { show } from './show.tsx'

/** Its end is what counts. */
const LONG = `${'x'.repeat(48)}GLUTEN.ALLERGY`
/** Texts with the long word of which a part lies outside a box that hides it. */
function cutOff(root: Element): string[] {
  const found: string[] = []
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.textContent?.includes('GLUTEN')) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const text = range.getBoundingClientRect()
    for (let box = node.parentElement; box && root.contains(box); box = box.parentElement) {
      const { left, right } = box.getBoundingClientRect()
      const hides = getComputedStyle(box).overflowX !== 'visible'
      if (hides && (text.right > right + 1 || text.left < left - 1))
        found.push(`${node.parentElement?.className} in ${box.className}`)
    }
  }
  return found
}

function longOrder(): string {
  const menu = core.state.documents.menu.body
  core.setDocument('menu', {
    ...menu,
    items: menu.items.map((dish) => (dish.id === 'ribeye' ? { ...dish, name: `Steak ${LONG}` } : dish)),
  })
  return placeOrder(core, [['ribeye', { note: LONG }]], { note: LONG })
}

test.each([
  [1920, 1080],
  [1366, 768],
  [1280, 800],
])('on boards of %i × %i', async (width, height) => {
  await page.viewport(width, height)
  const order = longOrder()
  await show(core, 'kitchen', <KitchenApp station="grill" legend="D" />)
  const ticket = page.getByRole('article', { name: 'Ticket 1' })
  await expect.element(ticket).toMatchTextContent(LONG)
  expect(cutOff(ticket.element())).toEqual([])
  core.act('cancelOrder', { order, reason: LONG })
  await expect.element(ticket).toMatchTextContent('CANCELLED')
  expect(cutOff(ticket.element())).toEqual([])
})

test.each([
  [1920, 1080],
  [1366, 900],
])(
  'an allergy below a long note is in sight where there is room for it, on boards of %i × %i',
  async (width, height) => {
    await page.viewport(width, height)
    for (const note of [LONG, 'no salt\nno pepper\nno oil', '不要辣不要辣不要辣不要辣不要辣不要辣'])
      placeOrder(core, [['ribeye', { note, seat: 3, allergies: ['nuts', 'gluten'] }]], { note })
    await show(core, 'kitchen', <KitchenApp station="grill" legend="D" />)
    for (const number of [1, 2, 3]) {
      const ticket = page.getByRole('article', { name: `Ticket ${number}` })
      await expect.element(ticket).toMatchTextContent('ALLERGY')
      const bottom = (of: string) => ticket.element().querySelector(of)?.getBoundingClientRect().bottom
      expect(bottom('.allergy')).toBeLessThanOrEqual(bottom('.more-list') ?? 0)
    }
  },
)

test('at the expo and the console', async () => {
  await page.viewport(1366, 768)
  longOrder()
  const { screen } = await show(core, 'expo', <ExpoApp />)
  const card = page.getByRole('article', { name: /1/ })
  await expect.element(card).toMatchTextContent(LONG)
  expect(cutOff(card.element())).toEqual([])
  await screen.unmount()
  await open()
  await button('Open orders').click()
  await page.getByText('#1').click()
  const shown = page.getByRole('article', { name: 'Order 1' })
  await expect.element(shown).toMatchTextContent(LONG)
  expect(cutOff(document.body)).toEqual([])
})

test('text of another direction keeps its quotes, and lines stay lines', async () => {
  await page.viewport(1366, 768)
  placeOrder(core, ['ribeye'], { note: 'בלי בצל\nwindow' })
  await show(core, 'kitchen', <KitchenApp station="grill" legend="D" />)
  const note = page.getByText(/בלי בצל/)
  await expect.element(note).toBeVisible()
  const range = document.createRange()
  const text = note.element().firstChild
  if (!text) throw new Error('no text')
  const at = (index: number) => {
    range.setStart(text, index)
    range.setEnd(text, index + 1)
    return range.getBoundingClientRect()
  }
  const opening = note.element().textContent?.indexOf('“') ?? 0
  expect(at(opening).left).toBeGreaterThan(at(opening + 1).left)
  expect(at(note.element().textContent?.indexOf('w') ?? 0).top).toBeGreaterThan(at(opening).top)
})
