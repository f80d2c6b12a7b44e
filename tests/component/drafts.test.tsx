/** @file Drafts: whatever becomes of an answer, a page or a second window, every dish reaches its order once. */
import { expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { reloadDrafts } from '../../renderer/console/drafts.ts'
import { failure } from '../../shared/domain/errors.ts'
import { pass } from './clock.ts'
import { button, core, open } from './console-page.tsx'

const cart = () => page.getByRole('region', { name: 'Order' })
const dish = (name: string) =>
  button(new RegExp(`^${name}`))
    .first()
    .click()

/** The page is closed, or the machine off, and opened again later. */
async function close({ screen, client }: Awaited<ReturnType<typeof open>>): Promise<void> {
  await screen.unmount()
  client.close()
  reloadDrafts()
}

/** Portions of each dish, by order, as the core has them. */
function portions(): Record<string, number>[] {
  return [...core.state.orders.values()].map((order) => {
    const all: Record<string, number> = {}
    for (const { added } of Object.values(order.items))
      if (added) all[added.line.menuItem] = (all[added.line.menuItem] ?? 0) + added.line.quantity
    return all
  })
}

/** Presses Send; it arrives, the answer does not, and the page is closed and opened again. */
async function sendUnheard(page: Awaited<ReturnType<typeof open>>): Promise<void> {
  const before = core.log.length
  core.silence(true)
  await button('Send').click()
  await expect.poll(() => core.log.length).toBe(before + 1)
  await close(page)
  core.silence(false)
  await open()
}

/** An order of bruschetta, begun with the button `where`, of which nobody knows whether it arrived. */
async function inDoubt(where: string): Promise<void> {
  const shown = await open()
  await button(where).click()
  await dish('Bruschetta')
  await sendUnheard(shown)
}

test('an order whose answer was lost is found again, and is offered as no new one', async () => {
  await inDoubt('Table T6, free')
  await button(/^Table T6/).click()
  await expect.element(page.getByRole('article', { name: 'Order 1' })).toBeVisible()
  await button('Tables').click()
  await expect.element(button('Table T6, 1 order')).toBeVisible()
  expect(portions()).toEqual([{ bruschetta: 1 }])
})

test('what is added before anybody knows reaches the order that is there, the same dish as well', async () => {
  await inDoubt('Takeaway')
  core.hold()
  await button('Takeaway').click()
  await dish('Bruschetta')
  await dish('Burrata')
  await expect.element(cart()).toMatchTextContent('sent?')
  await button('Send').click()
  core.release()
  await expect.element(page.getByRole('article', { name: 'Order 1' })).toMatchTextContent('Burrata')
  expect(portions()).toEqual([{ bruschetta: 2, burrata: 1 }])
})

test('what may have been sent is not changed until it is known', async () => {
  await inDoubt('Takeaway')
  core.hold()
  await button('Takeaway').click()
  await expect.element(cart().getByRole('button', { name: /Bruschetta/ })).toBeDisabled()
  await expect.element(page.getByLabelText('Order note')).toBeDisabled()
  await expect.element(button('Discard')).toBeDisabled()
  await expect.element(page.getByText(/Nobody knows yet whether this was sent/)).toBeVisible()
})

test('an order that never arrived is a draft as before', async () => {
  const shown = await open()
  await button('Takeaway').click()
  await dish('Bruschetta')
  core.cut()
  await button('Send').click()
  await expect.element(page.getByText(/the order is sent as soon as it is back/)).toBeVisible()
  await close(shown)
  core.cut(true)
  await open()
  await button('Takeaway').click()
  await expect.element(cart().getByRole('button', { name: /Bruschetta/ })).toBeEnabled()
  await dish('Bruschetta')
  await button('Send').click()
  await expect.element(page.getByRole('article', { name: 'Order 1' })).toBeVisible()
  expect(portions()).toEqual([{ bruschetta: 2 }])
})

test('what is tapped while there is no connection goes out as well', async () => {
  await open()
  await button('Takeaway').click()
  await dish('Bruschetta')
  core.cut()
  await button('Send').click()
  await expect.element(page.getByText(/the order is sent as soon as it is back/)).toBeVisible()
  await dish('Bruschetta')
  core.cut(true)
  await pass(6_000)
  // Its session ended with the connection.
  await expect.element(page.getByText('Enter your PIN')).toBeVisible()
  await userEvent.keyboard('1111{Enter}')
  await button('Takeaway').click()
  await button('Send').click()
  await expect.element(page.getByRole('article', { name: 'Order 1' })).toBeVisible()
  expect(portions()).toEqual([{ bruschetta: 2 }])
})

test('items added to an order whose answer was lost are there once, and those tapped since as well', async () => {
  const shown = await open()
  await button('Takeaway').click()
  await dish('Bruschetta')
  await button('Send').click()
  await button('Add items').click()
  await dish('Burrata')
  await sendUnheard(shown)
  core.hold()
  await button('Open orders').click()
  await page.getByText('#1').click()
  await button('Add items').click()
  await dish('Burrata')
  await button('Send').click()
  core.release()
  await expect.element(page.getByRole('article', { name: 'Order 1' })).toMatchTextContent('Burrata')
  expect(portions()).toEqual([{ bruschetta: 1, burrata: 2 }])
})

test('the next guests at a table get an order of their own', async () => {
  await inDoubt('Table T6, free')
  const [order] = core.state.orders.keys()
  core.act('cancelOrder', { order: order ?? '', reason: 'paid and gone' })
  core.hold()
  await button('Table T6, not sent').click()
  await dish('Burrata')
  await button('Send').click()
  core.release()
  await expect.element(page.getByRole('article', { name: 'Order 2' })).toMatchTextContent('Burrata')
  expect(portions()).toEqual([{ bruschetta: 1 }, { burrata: 1 }])
})

test('a dish that is tapped while the order is on its way is not lost with the draft', async () => {
  await open()
  await button('Takeaway').click()
  await dish('Bruschetta')
  core.hold()
  await button('Send').click()
  await expect.poll(() => core.held).toBe(1)
  await dish('Bruschetta')
  core.release()
  await expect.element(page.getByRole('heading', { name: 'Add to Takeaway' })).toBeVisible()
  await button('Send').click()
  await expect.element(page.getByRole('article', { name: 'Order 1' })).toBeVisible()
  expect(portions()).toEqual([{ bruschetta: 2 }])
})

test('whoever has gone on to another table when the answer comes stays there', async () => {
  await open()
  await button('Table T6, free').click()
  await dish('Bruschetta')
  core.hold()
  await button('Send').click()
  await button('Tables').click()
  await button('Table T1, free').click()
  await dish('Burrata')
  core.release()
  await expect.poll(() => localStorage.getItem('plate.draft:table:t6')).toBeNull()
  await expect.element(page.getByRole('heading', { name: /New order · Table T1/ })).toBeVisible()
})

test('a refusal counts for nothing but itself: what the order has not is kept, with the reason', async () => {
  await inDoubt('Takeaway')
  core.hold()
  await button('Takeaway').click()
  await dish('Burrata')
  await button('Send').click()
  core.setDocument('menu', { ...core.state.documents.menu.body, items: [] })
  core.release()
  await expect.element(page.getByRole('alert')).toBeVisible()
  await expect.element(page.getByRole('heading', { name: 'Add to Takeaway' })).toBeVisible()
  expect(portions()).toEqual([{ bruschetta: 1 }])
})

test('two windows write two drafts, and neither erases the other’s', async () => {
  await open()
  await button('Takeaway').click()
  await dish('Bruschetta')
  const name = Object.keys(localStorage).find((key) => key.startsWith('plate.draft:')) ?? ''
  const other = { ...JSON.parse(localStorage.getItem(name) ?? ''), type: 'delivery', order: core.newId() }
  localStorage.setItem('plate.draft:delivery', JSON.stringify(other))
  dispatchEvent(new StorageEvent('storage', { key: 'plate.draft:delivery' }))
  await dish('Burrata')
  await button('Delivery').click()
  await expect.element(cart()).toMatchTextContent('Bruschetta')
  expect(cart().getByText('Burrata').query()).toBeNull()
  await button('Takeaway').click()
  await expect.element(cart()).toMatchTextContent('Burrata')
})

test('a session that ended in between: the order goes out once somebody is signed in again', async () => {
  await open()
  await button('Takeaway').click()
  await dish('Bruschetta')
  core.refuseNext(failure('signInNeeded', {}))
  await button('Send').click()
  await expect.element(page.getByText('Enter your PIN')).toBeVisible()
  await userEvent.keyboard('1111{Enter}')
  await button('Takeaway').click()
  await button('Send').click()
  await expect.element(page.getByRole('article', { name: 'Order 1' })).toBeVisible()
  expect(portions()).toEqual([{ bruschetta: 1 }])
})
