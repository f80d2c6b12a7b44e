/** @file The console: signing in, writing an order that nothing can lose, following and changing it, with errors in place. */
import { describe, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { ConsoleApp } from '../../renderer/console/app.tsx'
import { reloadDrafts } from '../../renderer/console/drafts.ts'
import { failure } from '../../shared/domain/errors.ts'
import { INITIAL_FIELDS } from '../../shared/domain/order-fields.ts'
import { bumpOf } from '../support/pressed.ts'
import { pass } from './clock.ts'
import { button, core, open } from './console-page.tsx'
import { placeOrder } from './fake-core.ts'
import { show } from './show.tsx'

const names = () => core.log.map((command) => command.name)
const item = (order: string, index = 0) => {
  const found = Object.values(core.state.orders.get(order)?.items ?? {})[index]
  if (!found) throw new Error('no item')
  return found
}

describe('signing in', () => {
  test('the demo says its PINs; a wrong one is refused in place; the right one opens the floor', async () => {
    await show(core, 'console', <ConsoleApp />)
    await expect.element(page.getByLabelText('Demo PINs')).toMatchTextContent('1111')
    for (const digit of ['7', '7', '7', '7']) await button(digit).click()
    await button('Sign in').click()
    await expect.element(page.getByRole('alert')).toMatchTextContent('This PIN is not known')
    await userEvent.keyboard('12{Backspace}111{Enter}')
    await expect.element(button('Sign out Ana')).toBeVisible()
  })

  test('whoever walks away is signed out', async () => {
    await open()
    await pass(5 * 60_000 + 100)
    await expect.element(page.getByText('Enter your PIN')).toBeVisible()
  })

  test('whose session ends at the core is at the sign-in at once, and after it sees the orders again', async () => {
    const { client } = await open()
    placeOrder(core, ['bruschetta'])
    await expect.element(button('Table T1, 1 order')).toBeVisible()
    const orders = client.subscribe('tickets', { scope: 'open' })
    await expect.poll(() => orders.entries.size).toBe(1)
    core.endSessions()
    await expect.element(page.getByText('Enter your PIN')).toBeVisible()
    expect([orders.entries.size, orders.ended?.code]).toEqual([0, 'signInNeeded'])
    await userEvent.keyboard('1111{Enter}')
    await expect.element(button('Table T1, 1 order')).toBeVisible()
    await expect.poll(() => [orders.entries.size, orders.ended]).toEqual([1, null])
  })

  test('a cook finds the 86 list and no orders', async () => {
    await open('3333')
    await expect.element(page.getByRole('heading', { name: '86 list' })).toBeVisible()
    for (const name of ['Tables', 'Open orders', 'Takeaway']) expect(button(name).query()).toBeNull()
  })

  test('signing out locks the screen even without a connection', async () => {
    await open()
    core.cut()
    await button('Sign out Ana').click()
    await expect.element(page.getByText('Enter your PIN')).toBeVisible()
  })
})

describe('ordering', () => {
  test('from a free table to the kitchen and back with a number', async () => {
    await open()
    await button('Table T1, free').click()
    await button(/^Bruschetta/).click()
    await button(/^Bruschetta/).click()
    await button('More covers').click()
    await page.getByLabelText('Order note').fill('Birthday')
    await page.getByLabelText('Priority').selectOptions('rush')
    await expect.element(page.getByRole('region', { name: 'Order' })).toMatchTextContent('2×')
    await button('Send').click()
    await expect.element(page.getByRole('article', { name: 'Order 1' })).toBeVisible()
    expect(core.log[0]).toMatchObject({
      name: 'placeOrder',
      args: { table: 't1', covers: 3, priority: 'rush', note: 'Birthday', items: [{ quantity: 2 }] },
    })
    await button('Tables').click()
    await expect.element(button('Table T1, 1 order')).toBeVisible()
  })

  test('modifier limits hold: too few cannot be added, one of one is exchanged, a full group is closed', async () => {
    await open()
    await button('Takeaway').click()
    await button('Burgers & Grill').click()
    await button(/^Ribeye/).click()
    const dialog = page.getByRole('dialog', { name: /Ribeye/ })
    await expect.element(dialog.getByRole('button', { name: 'Add' })).toBeDisabled()
    await expect.element(dialog).toMatchTextContent('Choose 1 of “Doneness”')
    await dialog.getByRole('button', { name: 'Rare', exact: true }).click()
    await dialog.getByRole('button', { name: 'Medium', exact: true }).click()
    await expect
      .element(dialog.getByRole('button', { name: 'Rare', exact: true }))
      .toHaveAttribute('aria-pressed', 'false')
    await dialog.getByRole('button', { name: 'Fries' }).click()
    await dialog.getByRole('button', { name: /Pepper/ }).click()
    await dialog.getByRole('button', { name: /Béarnaise/ }).click()
    await expect.element(dialog.getByRole('button', { name: /Chimichurri/ })).toBeDisabled()
    await dialog.getByRole('button', { name: /Pepper/ }).click()
    await expect.element(dialog.getByRole('button', { name: /Chimichurri/ })).toBeEnabled()
    await dialog.getByLabelText('Note for the kitchen').fill('no salt')
    await dialog.getByRole('button', { name: 'nuts' }).click()
    await dialog.getByRole('checkbox').click()
    await dialog.getByLabelText('Course').selectOptions('starters')
    await dialog.getByRole('button', { name: 'Add' }).click()
    const cart = page.getByRole('region', { name: 'Order' })
    for (const text of ['Medium', 'Fries', 'no salt', 'ALLERGY', 'HOLD'])
      await expect.element(cart).toMatchTextContent(text)
    await button('Send').click()
    await expect.element(page.getByRole('article', { name: 'Order 1' })).toMatchTextContent('Held')
    expect(core.log[0]?.args).toMatchObject({
      type: 'takeaway',
      table: null,
      items: [{ hold: true, allergies: ['nuts'] }],
    })
  })

  test('a line can be changed and removed before it is sent; a draft can be discarded', async () => {
    await open()
    await button('Table T6, free').click()
    await button(/^Bruschetta/).click()
    const line = page.getByRole('region', { name: 'Order' }).getByRole('button', { name: /Bruschetta/ })
    await line.click()
    await page.getByLabelText('Seat').selectOptions('2')
    await button('More quantity').click()
    await button('Save').click()
    await expect.element(line).toMatchTextContent('seat 2')
    await line.click()
    await button('Remove').click()
    await expect.element(page.getByText('Choose from the menu.')).toBeVisible()
    await button(/^Burrata/).click()
    await button('Tables').click()
    await button('Table T6, not sent').click()
    await button('Discard').click()
    await expect.element(button('Table T6, free')).toBeVisible()
  })

  test('a draft survives a reload', async () => {
    const { screen } = await open()
    await button('Table T1, free').click()
    await button(/^Bruschetta/).click()
    await screen.unmount()
    reloadDrafts()
    await open()
    await button('Table T1, not sent').click()
    await expect.element(page.getByRole('region', { name: 'Order' })).toMatchTextContent('Bruschetta')
  })

  test('a draft that an older page kept has the fields that were added since', async () => {
    const line = {
      id: core.newId(),
      menuItem: 'bruschetta',
      quantity: 1,
      modifiers: [],
      note: '',
      allergies: [],
    }
    const older = { order: core.newId(), type: 'takeaway', table: null, addTo: null, lines: [line] }
    localStorage.setItem('plate.drafts', JSON.stringify({ takeaway: older }))
    reloadDrafts()
    await open()
    await button('Takeaway').click()
    await page.getByLabelText('Order note').fill('Ring twice')
    await button('Send').click()
    await expect.element(page.getByRole('article', { name: 'Order 1' })).toBeVisible()
    expect(core.log[0]?.args).toMatchObject({ ...INITIAL_FIELDS, note: 'Ring twice' })
  })

  test('a refusal is shown where it happened, and the draft is still there', async () => {
    await open()
    await button('Delivery').click()
    await button(/^Bruschetta/).click()
    core.refuseNext(failure('soldOut', { dish: 'Bruschetta' }))
    await button('Send').click()
    await expect.element(page.getByRole('alert')).toMatchTextContent('Bruschetta is 86')
    await expect.element(page.getByRole('region', { name: 'Order' })).toMatchTextContent('Bruschetta')
    core.refuseNext(failure('storeFull', { message: null }))
    await button('Send').click()
    await expect.element(page.getByRole('alert')).not.toMatchTextContent('Bruschetta is 86')
    await expect.element(page.getByRole('region', { name: 'Order' })).toMatchTextContent('Bruschetta')
  })

  test('without a connection the order waits, says so, and goes out once', async () => {
    await open()
    await button('Takeaway').click()
    await button(/^Bruschetta/).click()
    core.cut()
    await button('Send').click()
    await expect.element(page.getByText(/the order is sent as soon as it is back/)).toBeVisible()
    core.cut(true)
    await pass(6_000)
    await expect.poll(() => names()).toEqual(['placeOrder'])
  })

  test('a dish that ran out cannot be chosen; the 86 list is kept from here', async () => {
    await open()
    await button('86 list').click()
    await page.getByLabelText('Find a dish').fill('brusch')
    await button(/Bruschetta/).click()
    expect(names()).toEqual(['setStock'])
  })

  test('sold out is shown on the menu', async () => {
    core.act('setStock', { menuItem: 'bruschetta', out: true })
    await open()
    await button('Takeaway').click()
    await expect.element(button(/Bruschetta.*sold out/)).toBeDisabled()
  })
})

describe('an order under way', () => {
  async function openOrder(lines: Parameters<typeof placeOrder>[1]) {
    const order = placeOrder(core, lines)
    await open()
    await button('Open orders').click()
    await button(/#1/).click()
    await expect.element(page.getByRole('article', { name: 'Order 1' })).toBeVisible()
    return order
  }

  test('items follow the kitchen, ready ones are served, and it ends as served', async () => {
    const order = await openOrder(['bruschetta'])
    const line = page.getByRole('article', { name: 'Order 1' }).getByRole('button', { name: /Bruschetta/ })
    await expect.element(line).toMatchTextContent('In the kitchen')
    const it = item(order)
    core.act('startTask', { order, item: it.id, task: it.added?.tasks[0]?.id ?? '' })
    await expect.element(line).toMatchTextContent('Cooking')
    core.act('bumpTicket', bumpOf(core.state, order, 'cold'))
    await expect.element(line).toMatchTextContent('Ready')
    await button('Serve 1 ready').click()
    await expect.element(line).toMatchTextContent('Served')
  })

  test('courses are fired, the whole or one item', async () => {
    await openOrder([
      ['bruschetta', { hold: true }],
      ['margherita', { hold: true }],
    ])
    await button('Fire Starters').click()
    await button(/Margherita/).click()
    await button('Fire now').click()
    await expect.poll(() => names()).toEqual(['fireCourse', 'fireItems'])
  })

  test('an item is changed, split and voided with a reason', async () => {
    await openOrder([['ribeye', { quantity: 3 }]])
    await button(/Ribeye/).click()
    await expect.element(button('Save change')).toBeDisabled()
    await button('Less quantity').click()
    await page.getByLabelText('Note for the kitchen').fill('no salt')
    await page.getByLabelText('Course').selectOptions('starters')
    await button('Medium').click()
    await button('Save change').click()
    await expect.element(page.getByRole('article', { name: 'Order 1' })).toMatchTextContent('no salt')
    await button(/Ribeye/).click()
    await button('Split into two lines').click()
    await expect.poll(() => names()).toEqual(['changeItem', 'splitItem'])
    await button(/Ribeye/)
      .first()
      .click()
    await button('Void…').click()
    await expect.element(button('Void this item')).toBeDisabled()
    await button('Sold out').click()
    await button('Void this item').click()
    await expect.element(page.getByText(/Sold out/)).toBeVisible()
  })

  test('one ready item is served by itself', async () => {
    const order = await openOrder(['bruschetta', 'ribeye'])
    core.act('bumpTicket', bumpOf(core.state, order, 'cold'))
    await button(/Bruschetta/).click()
    await button('Serve').click()
    await expect.poll(() => names()).toEqual(['serve'])
  })

  test('it moves to another table, becomes urgent, gets more items, and is cancelled with a reason', async () => {
    const order = await openOrder(['bruschetta'])
    await page.getByLabelText('Table').selectOptions('t2')
    await expect.element(page.getByText('#1 · Table T2')).toBeVisible()
    await button('VIP').click()
    await expect.poll(() => names()).toEqual(['changeOrder', 'changeOrder'])
    await button('Add items').click()
    await button(/^Burrata/).click()
    await button('Send').click()
    await expect.element(page.getByRole('article', { name: 'Order 1' })).toMatchTextContent('Burrata')
    expect(core.log.at(-1)).toMatchObject({ name: 'addItems', args: { order } })
    await button('Cancel order').click()
    await page.getByLabelText('Reason').fill('left')
    core.refuseNext(failure('alreadyServed', { why: 'part' }))
    await button('Cancel the order').click()
    await expect.element(page.getByRole('alert')).toMatchTextContent('Part of this order was served.')
    await button('Cancel the order').click()
    await expect.element(page.getByRole('article', { name: 'Order 1' })).toMatchTextContent('CANCELLED left')
  })

  test('what was entered with it can be changed, and only what was changed is sent', async () => {
    const order = await openOrder(['bruschetta'])
    await button('Change order…').click()
    await expect.element(button('Save change')).toBeDisabled()
    await button('More covers').click()
    core.act('changeOrder', { order, priority: 'rush', note: 'Birthday' })
    await button('Save change').click()
    const shown = page.getByRole('article', { name: 'Order 1' })
    for (const text of ['1 guest', 'RUSH', 'Birthday']) await expect.element(shown).toMatchTextContent(text)
    expect(core.log).toEqual([{ name: 'changeOrder', args: { order, covers: 1 } }])
    expect(page.getByRole('dialog').query()).toBeNull()
  })

  test('a table with two orders lists them', async () => {
    placeOrder(core, ['bruschetta'])
    placeOrder(core, ['bruschetta'])
    await open()
    await button('Table T1, 2 orders').click()
    await expect.element(page.getByText('Orders of table T1')).toBeVisible()
    await button('New order').click()
    await expect.element(page.getByText(/New order · Table T1/)).toBeVisible()
    await button('Open orders').click()
    await expect.element(button(/#2/)).toBeVisible()
    await button('Tables').click()
    await button('Terrace').click()
    expect(button(/Table T1,/).query()).toBeNull()
  })
})
