/** @file The kitchen board keeps the promises a screen makes: it never lies, nothing moves under a finger, all is acknowledged. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { KitchenApp } from '../../renderer/kitchen/app.tsx'
import { Board } from '../../renderer/kitchen/board.tsx'
import type { LegendName } from '../../renderer/kitchen/legends.ts'
import { failure } from '../../shared/domain/errors.ts'
import { say } from '../../shared/domain/messages/index.ts'
import { pass, stopTime } from './clock.ts'
import { createFakeCore, type FakeCore, placeOrder } from './fake-core.ts'
import { closeAll, fakeSounds, show } from './show.tsx'

let core: FakeCore

beforeEach(async () => {
  stopTime()
  await page.viewport(1366, 768)
  localStorage.clear()
  core = createFakeCore()
})
afterEach(() => {
  closeAll(core)
  vi.useRealTimers()
})

const open = (legend: LegendName = 'D', sounds = fakeSounds()) =>
  show(core, 'kitchen', <KitchenApp station="grill" legend={legend} />, sounds)

const ticket = (number: number) => page.getByRole('article', { name: `Ticket ${number}`, exact: true })
const bump = (number: number) => page.getByRole('button', { name: `Bump ${number}`, exact: true })
const bounds = (number: number) => JSON.stringify(ticket(number).element().getBoundingClientRect())
const names = () => core.log.map((command) => command.name)
const key = async (code: string, init: KeyboardEventInit = {}) => {
  window.dispatchEvent(new KeyboardEvent('keydown', { code, bubbles: true, cancelable: true, ...init }))
  window.dispatchEvent(new KeyboardEvent('keyup', { code, bubbles: true, ...init }))
  await pass(0)
}
const firstItem = (order: string) => {
  const item = Object.values(core.state.orders.get(order)?.items ?? {})[0]
  if (!item) throw new Error('no item')
  return item
}
const shown = async (number: number) => expect.element(ticket(number)).toBeVisible()

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
    core.act('bumpTicket', { order: first ?? '', station: 'grill' })
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
    core.act('bumpTicket', { order: ids[0] ?? '', station: 'grill' })
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

describe('cooking', () => {
  test('an item goes from to-do to cooking to ready and back by touch', async () => {
    const order = placeOrder(core, ['ribeye', 'lamb-chops'])
    await open()
    const item = ticket(1).getByRole('button', { name: /Ribeye/ })
    await item.click()
    await expect.element(item).toMatchTextContent('Cooking')
    await item.click()
    await expect.element(item).toMatchTextContent('Ready')
    await pass(2_000)
    await item.click()
    await pass(2_000)
    await expect.element(item).toHaveAttribute('data-state', 'confirmed')
    expect(names()).toEqual(['startTask', 'bumpTask', 'recallTask'])
    expect(core.log[0]?.args.order).toBe(order)
  })

  test('a bump is felt before the core answers, and can be undone', async () => {
    placeOrder(core, ['ribeye'])
    await open()
    await shown(1)
    core.hold()
    await bump(1).click()
    await expect.element(page.getByText('✓ Bumped')).toBeVisible()
    core.release()
    await expect.element(ticket(1)).not.toBeInTheDocument()
    await page.getByRole('status', { name: 'Undo' }).getByRole('button', { name: 'Undo' }).click()
    await shown(1)
    expect(names()).toEqual(['bumpTicket', 'recallTask'])
  })

  test('the undo is gone after five seconds', async () => {
    placeOrder(core, ['ribeye'])
    await open()
    await bump(1).click()
    await expect.element(page.getByRole('status', { name: 'Undo' })).toBeVisible()
    await pass(5_100)
    await expect.element(page.getByRole('status', { name: 'Undo' })).not.toBeInTheDocument()
  })

  test('a refusal is shown on its ticket, and the ticket is as before', async () => {
    placeOrder(core, ['ribeye'])
    await open()
    await shown(1)
    core.refuseNext(failure('storeFull', { message: say('store.full', { folder: '/plate' }) }))
    await bump(1).click()
    await expect.element(ticket(1).getByRole('alert')).toMatchTextContent('The disk takes no more data')
    await expect.element(bump(1)).toBeVisible()
    await pass(8_100)
    await expect.element(ticket(1).getByRole('alert')).not.toBeInTheDocument()
  })

  test('an undo that is refused says so', async () => {
    placeOrder(core, ['ribeye'])
    await open()
    await bump(1).click()
    await expect.element(ticket(1)).not.toBeInTheDocument()
    core.refuseNext(failure('nothingToDo', { why: 'notStarted' }))
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.element(page.getByText('This step has not been started yet.')).toBeVisible()
    await pass(8_100)
    await expect.element(page.getByText('This step has not been started yet.')).not.toBeInTheDocument()
  })

  test('held and waiting items are seen but inert, and say why', async () => {
    placeOrder(core, [['ribeye', { hold: true }], 'lamb-chops'])
    placeOrder(core, ['margherita'])
    const { screen } = await open()
    await expect.element(ticket(1).getByRole('button', { name: /HELD/ })).toBeDisabled()
    await screen.unmount()
    await show(core, 'kitchen', <KitchenApp station="oven" legend="D" />)
    await expect.element(ticket(2).getByRole('button', { name: /after Pizza prep/ })).toBeDisabled()
    expect(bump(2).query()).toBeNull()
  })

  test('lateness is told by colour, sign and time', async () => {
    core.shift(-16 * 60_000)
    placeOrder(core, ['ribeye'])
    core.shift(5 * 60_000)
    placeOrder(core, ['ribeye'])
    core.shift(11 * 60_000)
    placeOrder(core, ['ribeye'])
    await open()
    await expect.element(ticket(1)).toMatchTextContent('LATE')
    await expect.element(ticket(1)).toMatchTextContent('16:0')
    await expect.element(ticket(2)).toMatchTextContent('Slow')
    await expect.element(ticket(3)).not.toMatchTextContent('Slow')
  })

  test('a ticket says where it goes, how urgent it is, and what the guest must not eat', async () => {
    placeOrder(core, [['ribeye', { seat: 2, note: 'no salt', allergies: ['nuts'] }]], {
      priority: 'vip',
      note: 'Birthday',
      covers: 4,
    })
    await open()
    for (const text of ['VIP', 'Table T1', '4 guests', 'Birthday', 'Seat 2', 'no salt', 'ALLERGY', 'nuts'])
      await expect.element(ticket(1)).toMatchTextContent(text)
  })
})

describe('changes', () => {
  test('a change shows before and after until it is acknowledged, and is said again and again', async () => {
    const order = placeOrder(core, ['ribeye'])
    const { sounds } = await open()
    await shown(1)
    core.act('changeItem', {
      order,
      item: firstItem(order).id,
      quantity: 3,
      note: 'no salt',
      course: 'starters',
      modifiers: ['medium', 'side-mash'],
    })
    await expect.element(ticket(1)).toMatchTextContent('CHANGED')
    expect([...document.querySelectorAll('del')].map((each) => each.textContent)).toContain('1×')
    expect([...document.querySelectorAll('ins')].map((each) => each.textContent)).toContain('3×')
    expect(sounds.played).toEqual(['change'])
    await pass(20_500)
    expect(sounds.played).toEqual(['change', 'change', 'change'])
    await ticket(1).getByRole('button', { name: 'Seen' }).click()
    await expect.element(ticket(1)).not.toMatchTextContent('CHANGED')
    await pass(30_000)
    expect(sounds.played).toHaveLength(3)
    expect(names()).toEqual(['acknowledge'])
  })

  test('a void and a cancellation say why and stay until seen', async () => {
    const order = placeOrder(core, ['ribeye', 'lamb-chops'])
    const other = placeOrder(core, ['ribeye'])
    const { sounds } = await open()
    await shown(2)
    core.act('voidItem', { order, item: firstItem(order).id, reason: 'guest left' })
    await expect.element(ticket(1)).toMatchTextContent('VOID guest left')
    core.act('cancelOrder', { order: other, reason: 'double entry' })
    await expect.element(ticket(2)).toMatchTextContent('CANCELLED double entry')
    expect(sounds.played).toEqual(['void', 'void'])
    expect(bump(2).query()).toBeNull()
    await ticket(2).getByRole('button', { name: 'Seen' }).click()
    await expect.element(ticket(2)).not.toBeInTheDocument()
    await pass(10_000)
    expect(sounds.played.at(-1)).toBe('void')
  })

  test('new tickets chime once; those there at the start do not', async () => {
    placeOrder(core, ['ribeye'])
    const { sounds } = await open()
    await shown(1)
    expect(sounds.played).toEqual([])
    placeOrder(core, ['ribeye'])
    await shown(2)
    expect(sounds.played).toEqual(['new'])
    await pass(30_000)
    expect(sounds.played).toEqual(['new'])
  })

  test('sound that is locked says so until a tap, then tests itself', async () => {
    const sounds = fakeSounds('locked')
    sounds.enable = vi.fn(async () => {})
    await open('D', sounds)
    await expect.element(page.getByRole('button', { name: /Tap to enable sound/ })).toBeVisible()
    await page.getByRole('button', { name: /Tap to enable sound/ }).click()
    expect(sounds.enable).toHaveBeenCalled()
  })

  test('the self-test plays', async () => {
    const { sounds } = await open()
    await page.getByRole('button', { name: /Test sound/ }).click()
    expect(sounds.played).toEqual(['test'])
  })

  test('a machine without audio says so', async () => {
    await open('D', fakeSounds('missing'))
    await expect.element(page.getByText('No sound on this machine')).toBeVisible()
  })

  test('changes on another page are called out with a way there', async () => {
    for (let index = 0; index < 12; index++) placeOrder(core, ['ribeye'])
    await open()
    await shown(1)
    const last = [...core.state.orders.keys()].at(-1) ?? ''
    core.act('changeItem', { order: last, item: firstItem(last).id, quantity: 2 })
    await page.getByRole('button', { name: /1 change · p\. 2/ }).click()
    await shown(12)
  })
})

describe('recall and totals', () => {
  test('review looks and changes nothing; recall brings the ticket back', async () => {
    placeOrder(core, [['ribeye', { note: 'no salt' }]], { note: 'Birthday' })
    await open()
    await bump(1).click()
    await expect.element(ticket(1)).not.toBeInTheDocument()
    await page.getByRole('button', { name: 'Recall' }).click()
    await page.getByRole('button', { name: 'Review 1' }).click()
    await expect.element(page.getByText(/Birthday/)).toBeVisible()
    expect(names()).toEqual(['bumpTicket'])
    await page.getByRole('button', { name: 'Review 1' }).click()
    await page.getByRole('button', { name: 'Recall 1' }).click()
    await shown(1)
    expect(names()).toEqual(['bumpTicket', 'recallTicket'])
    await page.getByRole('button', { name: 'Close' }).click()
  })

  test('all-day counts what is still to be made, modifiers apart', async () => {
    placeOrder(core, [['ribeye', { quantity: 2 }]])
    placeOrder(core, [
      ['ribeye', { modifiers: ['medium', 'side-fries'] }],
      ['lamb-chops', { hold: true }],
    ])
    await open()
    await page.getByRole('button', { name: 'All day' }).click()
    const panel = page.getByRole('dialog', { name: 'All day' })
    await expect.element(panel).toMatchTextContent(/3.*Ribeye/)
    await expect.element(panel).toMatchTextContent(/2.*Rare/)
    await expect.element(panel).not.toMatchTextContent('Lamb')
    await userEvent.keyboard('{Escape}')
    await expect.element(panel).not.toBeInTheDocument()
  })

  test('all-day says when there is nothing', async () => {
    await open()
    await page.getByRole('button', { name: 'All day' }).click()
    await expect.element(page.getByText('Nothing to make.')).toBeVisible()
  })
})

describe('bump bar', () => {
  test('legend D: number selects, Ctrl alone bumps on release, minus takes it back', async () => {
    placeOrder(core, ['ribeye'])
    placeOrder(core, ['ribeye'])
    await open()
    await shown(2)
    await key('ControlLeft')
    await expect.element(page.getByText('Choose a ticket first: press its number')).toBeVisible()
    await pass(3_100)
    await key('Digit2')
    await expect.element(ticket(2)).toHaveAttribute('data-selected', 'true')
    await key('ControlLeft')
    await expect.element(ticket(2)).not.toBeInTheDocument()
    await key('NumpadSubtract')
    await shown(2)
    await key('Digit9')
    await expect.element(page.getByText('No ticket 9 on this page')).toBeVisible()
  })

  test('chords, auto-repeat, clicks with Ctrl and lost focus bump nothing', async () => {
    placeOrder(core, ['ribeye'])
    await open()
    await shown(1)
    await key('Digit1')
    const send = (type: string, code: string) => window.dispatchEvent(new KeyboardEvent(type, { code }))
    send('keydown', 'ControlLeft')
    send('keydown', 'ControlLeft')
    send('keydown', 'KeyR')
    send('keyup', 'KeyR')
    send('keyup', 'ControlLeft')
    send('keydown', 'ControlLeft')
    window.dispatchEvent(new PointerEvent('pointerdown'))
    send('keyup', 'ControlLeft')
    send('keydown', 'ControlLeft')
    window.dispatchEvent(new Event('blur'))
    send('keyup', 'ControlLeft')
    await pass(100)
    expect(names()).toEqual([])
  })

  test('items: down moves, Enter does the next step', async () => {
    placeOrder(core, ['ribeye', 'lamb-chops'])
    await open()
    await shown(1)
    await key('ArrowDown')
    await key('Enter')
    await key('Digit1')
    await key('Enter')
    await key('ArrowDown')
    await key('ArrowUp')
    await key('ArrowDown')
    await key('Enter')
    await expect.element(ticket(1).getByRole('button', { name: /Lamb/ })).toMatchTextContent('Cooking')
    expect(names()).toEqual(['startTask'])
  })

  test('a bump of a changed ticket acknowledges first', async () => {
    const order = placeOrder(core, ['ribeye'])
    await open()
    await shown(1)
    core.act('changeItem', { order, item: firstItem(order).id, quantity: 3 })
    await expect.element(ticket(1)).toMatchTextContent('CHANGED')
    await key('Digit1')
    await key('ControlLeft')
    await expect.element(ticket(1)).not.toMatchTextContent('CHANGED')
    expect(names()).toEqual(['acknowledge'])
  })

  test('pages, home, summary and the recall list by key', async () => {
    for (let index = 0; index < 9; index++) placeOrder(core, ['ribeye'])
    await open()
    await shown(1)
    await key('ArrowLeft')
    await shown(9)
    await key('PageUp')
    await shown(1)
    await key('PageDown')
    await key('ArrowRight')
    await shown(1)
    await key('Space')
    await expect.element(page.getByRole('dialog', { name: 'All day' })).toBeVisible()
    await key('Space')
    await bump(1).click()
    await expect.element(ticket(1)).not.toBeInTheDocument()
    await pass(6_000)
    await key('NumpadSubtract')
    await expect.element(page.getByRole('button', { name: 'Recall 1' })).toBeVisible()
    await key('Digit1')
    await expect.element(page.getByRole('button', { name: 'Recall 1' })).not.toBeInTheDocument()
    expect(names().at(-1)).toBe('recallTicket')
    await key('Digit5')
    await key('NumpadSubtract')
  })

  test('legend B counts from zero, legend C walks with left and right', async () => {
    for (let index = 0; index < 3; index++) placeOrder(core, ['ribeye'])
    const { screen } = await open('B')
    await shown(3)
    await key('Digit0')
    await expect.element(ticket(1)).toHaveAttribute('data-selected', 'true')
    await screen.unmount()
    await open('C')
    await shown(3)
    await key('ArrowDown')
    await expect.element(ticket(1)).toHaveAttribute('data-selected', 'true')
    await key('ArrowDown')
    await expect.element(ticket(2)).toHaveAttribute('data-selected', 'true')
    await key('NumpadSubtract')
    await expect.element(ticket(1)).toHaveAttribute('data-selected', 'true')
    await key('Space')
    await expect.element(ticket(1)).not.toBeInTheDocument()
  })

  test('a button reached with Tab is pressed by Enter, and the bar keeps out of it', async () => {
    placeOrder(core, ['ribeye'])
    await open()
    await shown(1)
    await userEvent.keyboard('{Tab}')
    bump(1).element().focus()
    await userEvent.keyboard('{Enter}')
    await expect.element(ticket(1)).not.toBeInTheDocument()
    expect(names()).toEqual(['bumpTicket'])
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
