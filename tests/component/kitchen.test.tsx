/** @file The kitchen board keeps the promises a screen makes: it never lies, and nothing moves under a finger. */
import { describe, expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { KitchenApp } from '../../renderer/kitchen/app.tsx'
import { Board } from '../../renderer/kitchen/board.tsx'
import { say } from '../../shared/domain/messages/index.ts'
import { bumpOf } from '../support/pressed.ts'
import { pass } from './clock.ts'
import { placeOrder } from './fake-core.ts'
import { bounds, bump, core, names, open, shown, ticket } from './kitchen-board.tsx'
import { fakeSounds, show } from './show.tsx'

describe('freshness', () => {
  test('"No open tickets" is said only when it is known', async () => {
    core.cut()
    await open()
    await expect.element(page.getByText('No connection', { exact: true }).first()).toBeVisible()
    expect(page.getByText('No open tickets').query()).toBeNull()
    core.cut(true)
    await pass(6_000)
    await expect.element(page.getByText('No open tickets')).toBeVisible()
    await expect.element(page.getByRole('status', { name: 'Connection' })).toMatchTextContent('Online')
  })

  test('while nothing was heard it says that it is connecting', async () => {
    core.silence(true)
    await open()
    await expect.element(page.getByText('Connecting…').first()).toBeVisible()
    expect(page.getByText('No open tickets').query()).toBeNull()
  })

  test('a silent core makes the board visibly stale, and says since when', async () => {
    placeOrder(core, ['ribeye'])
    await open()
    await shown(1)
    core.silence(true)
    await pass(8_000)
    await expect.element(page.getByText(/No contact with Kitchen PC since \d\d:\d\d:\d\d/)).toBeVisible()
    await expect.element(page.getByText(/tickets may be out of date/)).toBeVisible()
    const grid = document.querySelector('.grid')
    expect(getComputedStyle(grid as Element).filter).toContain('saturate')
    await shown(1)
  })

  test('a lost connection is told, actions wait, and all is well again after', async () => {
    placeOrder(core, ['ribeye'])
    await open()
    await shown(1)
    core.cut()
    await expect.element(page.getByRole('status', { name: 'Connection' })).toMatchTextContent('No connection')
    await bump(1).click()
    await expect.element(page.getByText('1 action not sent yet')).toBeVisible()
    core.cut(true)
    await pass(6_000)
    await expect.element(page.getByText('No open tickets')).toBeVisible()
    expect(names()).toEqual(['bumpTicket'])
  })

  test('training and alarms are on the board', async () => {
    core.setStatus({
      core: { name: 'Kitchen PC', version: '1', training: true, startedAt: 0 },
      alarms: [{ id: 'a', level: 'alarm', says: say('store.full', { folder: '/plate' }), since: 0 }],
    })
    await open()
    await expect.element(page.getByText('TRAINING')).toBeVisible()
    await expect.element(page.getByText(/Free some space on the disk that holds \/plate/)).toBeVisible()
  })
})

test('a tablet paired for a station opens its board without being asked', async () => {
  core.paired.station = 'grill'
  placeOrder(core, ['ribeye'])
  await show(core, 'kitchen', <KitchenApp station={null} legend="D" />, fakeSounds())
  await expect.element(ticket(1)).toBeVisible()
})

test('a tablet paired for a station shows no other, unless that station is gone', async () => {
  core.paired.station = 'grill'
  placeOrder(core, ['ribeye'])
  const { screen } = await show(core, 'kitchen', <KitchenApp station="fryer" legend="D" />, fakeSounds())
  await expect.element(ticket(1)).toBeVisible()
  await screen.unmount()
  core.paired.station = 'gone'
  placeOrder(core, ['fries'])
  await show(core, 'kitchen', <KitchenApp station="fryer" legend="D" />, fakeSounds())
  await expect.element(ticket(2)).toBeVisible()
})

test('a board that is not for this screen says so instead of “no tickets”', async () => {
  await show(
    core,
    'console',
    <Board station={{ id: 'grill', name: 'Grill', warnAfter: 1, lateAfter: 2 }} legend="D" />,
  )
  await expect.element(page.getByText('Sign in with your PIN first.')).toBeVisible()
})

test('in a rush, on a small screen, calls never cover the number of tickets', async () => {
  await page.viewport(1280, 800)
  placeOrder(core, ['ribeye'])
  await open('D', fakeSounds('locked'))
  await shown(1)
  for (let index = 0; index < 27; index++)
    placeOrder(core, ['ribeye'], index > 20 ? { priority: 'rush' } : {})
  const calls = page.getByRole('button', { name: /· p\. \d/ })
  await expect.element(calls.first()).toBeVisible()
  core.cut()
  await pass(20_000)
  const counts = page
    .getByText(/28 tickets/)
    .element()
    .getBoundingClientRect()
  const rush = calls.first().element().getBoundingClientRect()
  expect(calls.first().element().textContent).toContain('rush')
  expect(rush.left).toBeGreaterThanOrEqual(counts.right)
  for (const call of calls.elements()) {
    const { top, left } = call.getBoundingClientRect()
    if (top < 80) expect(left).toBeGreaterThanOrEqual(counts.right)
  }
})

describe('places', () => {
  test('arrivals stand at the end and change neither page, selection nor places', async () => {
    for (let index = 0; index < 9; index++) placeOrder(core, ['ribeye'])
    await open()
    await shown(1)
    await ticket(2).click({ position: { x: 30, y: 20 } })
    const before = [bounds(1), bounds(2)]
    for (let index = 0; index < 30; index++) placeOrder(core, ['ribeye'])
    await expect.element(page.getByRole('navigation', { name: 'Pages' })).toMatchTextContent('1/5')
    expect([bounds(1), bounds(2)]).toEqual(before)
    await page.getByRole('button', { name: 'Next page' }).click()
    await shown(9)
    await page.getByRole('button', { name: 'Previous page' }).click()
    await expect.element(ticket(2)).toHaveAttribute('data-selected', 'true')
    await expect.element(page.getByRole('button', { name: /\d+ new · p\. 3/ })).toBeVisible()
  })

  test('a bumped ticket leaves a gap until nobody has touched the screen for a while', async () => {
    for (let index = 0; index < 3; index++) placeOrder(core, ['ribeye'])
    await open()
    await shown(3)
    const before = bounds(3)
    await bump(1).click()
    await expect.element(ticket(1)).not.toBeInTheDocument()
    await pass(1_000)
    expect(bounds(3)).toBe(before)
    window.dispatchEvent(new PointerEvent('pointermove', { bubbles: true }))
    await pass(1_000)
    expect(bounds(3)).toBe(before)
    await pass(1_600)
    expect(bounds(3)).not.toBe(before)
  })

  test('in a rush, when something arrives all the time, gaps close all the same', async () => {
    for (let index = 0; index < 3; index++) placeOrder(core, ['ribeye'])
    const [first] = core.state.orders.keys()
    await open()
    await shown(3)
    const before = bounds(3)
    core.act('bumpTicket', bumpOf(core.state, first ?? '', 'grill'))
    await expect.element(ticket(1)).not.toBeInTheDocument()
    for (let arrival = 0; arrival < 4; arrival++) {
      placeOrder(core, ['ribeye'])
      await pass(500)
    }
    expect(bounds(3)).not.toBe(before)
  })

  test('nothing moves while a finger rests on the screen', async () => {
    for (let index = 0; index < 3; index++) placeOrder(core, ['ribeye'])
    const ids = [...core.state.orders.keys()]
    await open()
    await shown(3)
    const before = bounds(3)
    window.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))
    core.act('bumpTicket', bumpOf(core.state, ids[0] ?? '', 'grill'))
    await pass(10_000)
    expect(bounds(3)).toBe(before)
    window.dispatchEvent(new PointerEvent('pointercancel', { bubbles: true }))
    await pass(4_000)
    expect(bounds(3)).not.toBe(before)
  })

  test('a page that was emptied stays, and says where the work is', async () => {
    for (let index = 0; index < 9; index++) placeOrder(core, ['ribeye'])
    await open()
    await shown(1)
    await page.getByRole('button', { name: 'Next page' }).click()
    await bump(9).click()
    await pass(5_000)
    await expect.element(page.getByText('Nothing left on this page')).toBeVisible()
    await page.getByRole('button', { name: /Page 1/ }).click()
    await shown(1)
  })
})

describe('station', () => {
  test('without a station the screen asks which', async () => {
    const go = vi.fn()
    await show(core, 'kitchen', <KitchenApp station={null} go={go} />)
    await page.getByRole('button', { name: 'Grill' }).click()
    expect(go).toHaveBeenCalledWith(expect.stringContaining('station=grill'))
  })

  test('a station that is gone is said to be gone', async () => {
    await show(core, 'kitchen', <KitchenApp station="wok" />)
    await expect.element(page.getByText(/There is no station “wok”/)).toBeVisible()
  })

  test('a restaurant without stations says what to do', async () => {
    core.setDocument('stations', { stations: [] })
    await show(core, 'kitchen', <KitchenApp station={null} />)
    await expect.element(page.getByText(/No stations are set up yet/)).toBeVisible()
  })
})

test('a long ticket says how much is below its edge and goes there', async () => {
  placeOrder(
    core,
    Array.from({ length: 14 }, () => 'ribeye'),
  )
  await open()
  const more = page.getByRole('button', { name: /\d+ more ↓/ })
  await expect.element(more).toBeVisible()
  const before = more.element().textContent
  await more.click()
  await expect.poll(() => more.query()?.textContent).not.toBe(before)
})

test('touch targets are big enough for wet hands', async () => {
  placeOrder(core, ['ribeye'])
  await open()
  await shown(1)
  const small = [...document.querySelectorAll('.board button')].filter(
    (button) => button.getBoundingClientRect().height < 64,
  )
  expect(small.map((button) => button.textContent)).toEqual([])
  const line = document.querySelector('.item-name') as Element
  expect(Number.parseFloat(getComputedStyle(line).fontSize)).toBeGreaterThanOrEqual(20)
})
