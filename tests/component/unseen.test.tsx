/** @file What a press on a board leaves alone: lines that came or changed as the finger fell. And the way back. */
import { expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { answersFor } from '../../shared/domain/shown.ts'
import { ticketOf } from '../../shared/domain/view.ts'
import { pass } from './clock.ts'
import { lineOf, placeOrder } from './fake-core.ts'
import { bump, core, firstItem, names, open, shown, ticket } from './kitchen-board.tsx'

const add = (order: string, more: Record<string, unknown> = {}) =>
  core.act('addItems', { order, items: [lineOf('ribeye', more)] })
const change = (order: string, fields: Record<string, unknown>) =>
  core.act('changeItem', { order, item: firstItem(order).id, ...fields })
const toast = (text: string) => page.getByRole('alert').filter({ hasText: text })
/** The finger comes down on the button as it stands, without waiting for anything. */
const tap = async (number: number) => {
  bump(number)
    .element()
    .dispatchEvent(new MouseEvent('click', { bubbles: true }))
  await pass(0)
}
/** What has just been sent is drawn, and no time goes by. */
const drawn = async (text: string) => {
  await vi.waitFor(() => expect(ticket(1).element().textContent).toContain(text), { interval: 0 })
}
const bumpElsewhere = (order: string) => {
  const found = core.state.orders.get(order)
  const view = found && ticketOf(core.state.documents, found, { scope: 'station', station: 'grill' })
  core.act('bumpTicket', { order, station: 'grill', tasks: view ? answersFor(view) : [] })
}

test('a dish added as the cook presses BUMP stays, and the board says so', async () => {
  const order = placeOrder(core, ['ribeye'])
  await open()
  await shown(1)
  add(order, { note: 'for the boss' })
  await drawn('for the boss')
  await tap(1)
  await expect.element(toast('1: 1 new line stays')).toBeVisible()
  await pass(2_000)
  await expect.element(bump(1)).toBeVisible()
  await bump(1).click()
  await expect.element(ticket(1)).not.toBeInTheDocument()
  expect(names()).toEqual(['bumpTicket', 'bumpTicket'])
})

test('a ticket of which all has just changed is to be looked at first', async () => {
  const order = placeOrder(core, ['ribeye'])
  await open()
  await shown(1)
  change(order, { note: 'NUT ALLERGY' })
  await drawn('NUT ALLERGY')
  await tap(1)
  await expect.element(toast('1 has just changed: look, then bump')).toBeVisible()
  expect(names()).toEqual([])
  await pass(300)
  await bump(1).click()
  await expect.element(ticket(1).getByText('✓ Bumped')).toBeVisible()
})

test('more of a dish that was bumped: it is back with what is made of it and what is not, and in all day', async () => {
  const order = placeOrder(core, ['ribeye'])
  await open()
  await shown(1)
  bumpElsewhere(order)
  await expect.element(ticket(1)).not.toBeInTheDocument()
  change(order, { quantity: 3 })
  await expect.element(ticket(1)).toMatchTextContent('1 of 3 made')
  await page.getByRole('button', { name: 'All day' }).click()
  await expect.element(page.getByRole('dialog', { name: 'All day' }).getByText('2').first()).toBeVisible()
})

test('a dish that was bumped and is wanted otherwise says what was made before', async () => {
  const order = placeOrder(core, ['ribeye'])
  await open()
  await shown(1)
  bumpElsewhere(order)
  await expect.element(ticket(1)).not.toBeInTheDocument()
  change(order, { note: 'no salt', allergies: ['nuts'] })
  await expect.element(ticket(1)).toMatchTextContent('1 made before the change')
  await expect.element(ticket(1)).toMatchTextContent('ALLERGY')
  await expect.element(ticket(1)).toMatchTextContent('nuts')
  await expect.element(bump(1)).toBeVisible()
})

test('undo takes the bump back, and the ticket is as old as it was', async () => {
  core.shift(-8 * 60_000)
  placeOrder(core, ['ribeye'])
  core.shift(8 * 60_000)
  await open()
  await expect.element(ticket(1)).toMatchTextContent('8:0')
  await bump(1).click()
  await expect.element(ticket(1)).not.toBeInTheDocument()
  await page.getByRole('status', { name: 'Undo' }).getByRole('button', { name: 'Undo' }).click()
  await expect.element(ticket(1)).toMatchTextContent('8:0')
  expect(names()).toEqual(['bumpTicket', 'undo'])
})

test('a bump that somebody else made at the same moment is not ours to take back', async () => {
  const order = placeOrder(core, ['ribeye'])
  await open()
  await shown(1)
  core.hold()
  await bump(1).click()
  bumpElsewhere(order)
  core.release()
  await expect.element(ticket(1)).not.toBeInTheDocument()
  await page.getByRole('button', { name: 'Undo' }).click()
  await pass(100)
  expect(names()).toEqual(['bumpTicket'])
  expect(ticket(1).query()).toBeNull()
})

test('a line that came to a ticket is marked and heard, again and again, until it is touched', async () => {
  const order = placeOrder(core, ['ribeye'])
  const { sounds } = await open()
  await shown(1)
  core.shift(60_000)
  add(order, { note: 'for the boss' })
  await expect.element(ticket(1)).toMatchTextContent('+ ADDED')
  expect(sounds.played.at(-1)).toBe('change')
  const before = sounds.played.length
  await pass(10_100)
  expect(sounds.played.length).toBeGreaterThan(before)
  await ticket(1).getByRole('button', { name: 'Seen' }).click()
  await expect.element(ticket(1)).not.toMatchTextContent('ADDED')
})

test('what is changed about the whole order stands on the ticket, before and now, with the gravest sound', async () => {
  const order = placeOrder(core, ['ribeye'])
  const { sounds } = await open()
  await shown(1)
  core.act('changeOrder', { order, note: 'SEVERE NUT ALLERGY', table: 't2', priority: 'rush' })
  for (const text of ['CHANGED', 'SEVERE NUT ALLERGY', 'Table T1', 'T2', 'RUSH'])
    await expect.element(ticket(1)).toMatchTextContent(text)
  expect(sounds.played.at(-1)).toBe('void')
  await ticket(1).getByRole('button', { name: 'Seen' }).click()
  await expect.element(ticket(1)).not.toMatchTextContent('CHANGED')
  await expect.element(ticket(1)).toMatchTextContent('SEVERE NUT ALLERGY')
})
