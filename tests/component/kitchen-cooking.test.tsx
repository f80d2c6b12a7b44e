/** @file Cooking at a board: from to-do to bumped and back, changes until they are seen, recalls and totals. */
import { describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { KitchenApp } from '../../renderer/kitchen/app.tsx'
import { failure } from '../../shared/domain/errors.ts'
import { say } from '../../shared/domain/messages/index.ts'
import { pass } from './clock.ts'
import { placeOrder } from './fake-core.ts'
import { bump, core, firstItem, names, open, shown, ticket } from './kitchen-board.tsx'
import { fakeSounds, show } from './show.tsx'

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
    expect(names()).toEqual(['bumpTicket', 'undo'])
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
    placeOrder(core, [['ribeye', { quantity: 4, note: 'no salt', allergies: ['nuts'] }]])
    await expect.element(panel).toMatchTextContent(/7.*Ribeye/)
    // Whoever cooks by totals must not overlook who may not eat what: those portions stand apart.
    await expect.element(panel).toMatchTextContent(/4Fries, Rare.*no salt.*ALLERGY.*nuts/i)
    await expect.element(panel).toMatchTextContent(/2Fries, Rare/)
    await userEvent.keyboard('{Escape}')
    await expect.element(panel).not.toBeInTheDocument()
  })

  test('all-day says when there is nothing', async () => {
    await open()
    await page.getByRole('button', { name: 'All day' }).click()
    await expect.element(page.getByText('Nothing to make.')).toBeVisible()
  })
})
