/** @file The expo: every station's state, orphans with an alarm, firing, serving, recalling, stations nobody watches. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { ExpoApp } from '../../renderer/expo/app.tsx'
import { failure } from '../../shared/domain/errors.ts'
import { say } from '../../shared/domain/messages/index.ts'
import { bumpOf } from '../support/pressed.ts'
import { pass, stopTime } from './clock.ts'
import { createFakeCore, type FakeCore, placeOrder } from './fake-core.ts'
import { closeAll, show } from './show.tsx'

let core: FakeCore

beforeEach(async () => {
  stopTime()
  await page.viewport(1920, 1080)
  core = createFakeCore()
})
afterEach(() => {
  closeAll(core)
  vi.useRealTimers()
})

const ticket = (number: number) => page.getByRole('article', { name: `Ticket ${number}`, exact: true })
const open = () => show(core, 'expo', <ExpoApp />)
const names = () => core.log.map((command) => command.name)

test('each item says where it stands at each of its stations', async () => {
  const order = placeOrder(core, ['margherita'])
  await open()
  await expect.element(ticket(1)).toMatchTextContent('Pizza prep … to do')
  core.act('bumpTicket', bumpOf(core.state, order, 'pizza'))
  await expect.element(ticket(1)).toMatchTextContent('Pizza prep ✓ ready')
  await expect.element(ticket(1)).toMatchTextContent('Pizza oven … to do')
})

test('what is ready is served, one or all, and a complete ticket says so', async () => {
  const order = placeOrder(core, ['bruschetta', 'burrata', 'ribeye'])
  await open()
  await expect.element(page.getByRole('button', { name: 'Serve 1', exact: true })).toBeDisabled()
  core.act('bumpTicket', bumpOf(core.state, order, 'cold'))
  await page.getByRole('button', { name: 'Serve Bruschetta' }).click()
  await expect.poll(() => names()).toEqual(['serve'])
  core.act('bumpTicket', bumpOf(core.state, order, 'grill'))
  await expect.element(ticket(1)).toMatchTextContent('ALL READY')
  await page.getByRole('button', { name: 'Serve 1', exact: true }).click()
  await expect.element(ticket(1)).not.toBeInTheDocument()
  await page.getByRole('button', { name: 'Recall' }).click()
  await page.getByRole('button', { name: 'Recall 1', exact: true }).click()
  await expect.element(ticket(1)).toBeVisible()
  await page.getByRole('button', { name: 'Close' }).click()
})

test('held courses are fired from the pass', async () => {
  placeOrder(core, [['ribeye', { hold: true }]])
  await open()
  await expect.element(ticket(1)).toMatchTextContent('HELD')
  await page.getByRole('button', { name: 'Fire Mains' }).click()
  await expect.element(ticket(1)).toMatchTextContent('Grill … to do')
})

test('work that no screen shows is alarmed and can be bumped here, alone or with its ticket', async () => {
  placeOrder(core, ['ribeye', 'bruschetta'])
  const { stations } = core.state.documents.stations.body
  core.setDocument('stations', { stations: stations.filter(({ id }) => id !== 'grill' && id !== 'cold') })
  await open()
  await expect.element(ticket(1)).toMatchTextContent('No screen')
  await page.getByRole('button', { name: 'Bump Bruschetta' }).click()
  await page.getByRole('button', { name: 'Bump 1', exact: true }).click()
  await expect.element(ticket(1)).toMatchTextContent('ALL READY')
  await pass(0)
  expect(names()).toEqual(['bumpTask', 'bumpTicket'])
})

test('a station nobody watches is named', async () => {
  core.setStatus({ unwatched: [{ station: 'grill', tickets: 3 }] })
  await open()
  await expect.element(page.getByText(/No screen is showing/)).toBeVisible()
  await expect.element(page.getByText(/Grill \(3 tickets\)/)).toBeVisible()
})

test('a refusal is shown on its ticket; a cancellation is seen', async () => {
  const order = placeOrder(core, ['bruschetta'], { note: 'Window seat' })
  core.act('bumpTicket', bumpOf(core.state, order, 'cold'))
  await open()
  core.refuseNext(failure('storeFull', { message: say('store.full', { folder: '/plate' }) }))
  await page.getByRole('button', { name: 'Serve 1', exact: true }).click()
  await expect.element(ticket(1).getByRole('alert')).toMatchTextContent('The disk takes no more data')
  core.act('cancelOrder', { order, reason: 'guest left' })
  await expect.element(ticket(1)).toMatchTextContent('CANCELLED guest left')
  await page.getByRole('button', { name: 'Seen' }).click()
  await expect.element(ticket(1)).not.toBeInTheDocument()
})
