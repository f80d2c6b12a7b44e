/** @file A connected PC on the manager's page: its state, what waits for a person, the restaurant's PCs, and leaving. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { failed } from '../../main/core/cloud/failures.ts'
import { ManagerApp } from '../../renderer/manager/app.tsx'
import { fromEnv } from '../../renderer/manager/cloud/project-text.ts'
import type { CloudInfo, CloudStatus } from '../../shared/contract/contract.ts'
import { fail, type Outcome, ok } from '../../shared/domain/errors.ts'
import { pass, stopTime } from './clock.ts'
import {
  away,
  BAR_PC,
  cloud,
  connectCloud,
  device,
  info,
  lane,
  menuLane,
  PROJECT,
  RESTAURANT,
  refusal,
  said,
} from './fake-cloud.ts'
import { createFakeCore, type FakeCore } from './fake-core.ts'
import { closeAll, show } from './show.tsx'

let core: FakeCore

beforeEach(async () => {
  stopTime()
  await page.viewport(1366, 768)
  core = createFakeCore()
})
afterEach(() => {
  closeAll(core)
  vi.useRealTimers()
})

const button = (name: string | RegExp) => page.getByRole('button', { name })
const field = (name: string) => page.getByLabelText(name)
const dialog = () => page.getByRole('dialog')
const stateLine = () => page.getByRole('status', { name: 'State' })

async function openPage(status: CloudStatus, answer: CloudInfo) {
  connectCloud(core, status, answer)
  await show(core, 'manager', <ManagerApp />)
  await expect.element(page.getByText('Enter your PIN')).toBeVisible()
  await userEvent.keyboard('9999{Enter}')
  await button(/^Cloud/).click()
}

async function open(status: CloudStatus = cloud(), answer: CloudInfo = info()) {
  await openPage(status, answer)
  await expect.element(page.getByRole('heading', { name: 'Trattoria Lumen' })).toBeVisible()
}

async function signIn() {
  core.canned.cloudSignIn ??= () => ok({ signIn: 'sign-in-1', restaurants: [] })
  await field('E-mail').fill('farah@lumen.example')
  await field('Password').fill('long secret')
  await userEvent.keyboard('{Enter}')
}

describe('state', () => {
  test('restaurant, project, since when, and the state in words', async () => {
    await open()
    await expect.element(stateLine()).toMatchTextContent('Live. Changes arrive at once.')
    await expect.element(page.getByText(PROJECT.url)).toBeVisible()
    await expect.element(page.getByText('17 Nov, 18:42')).toBeVisible()
    core.setStatus({ cloud: away() })
    await expect.element(stateLine()).toMatchTextContent('Cloud away since 18:02. This kitchen goes on.')
    core.setStatus({ cloud: cloud({ state: 'refused', says: said('The key was rotated.') }) })
    await expect
      .element(stateLine())
      .toMatchTextContent('The cloud refuses this PC since 18:02. The key was rotated.')
  })

  test('while the core cannot tell, its refusal is shown', async () => {
    connectCloud(core, cloud())
    core.canned.cloud = () => fail('internal')
    await show(core, 'manager', <ManagerApp />)
    await expect.element(page.getByText('Enter your PIN')).toBeVisible()
    await userEvent.keyboard('9999{Enter}')
    await button('Cloud').click()
    await expect.element(page.getByRole('alert')).toMatchTextContent('because of a fault of its own')
  })

  test('disconnecting says what stays behind, and asks first', async () => {
    const leave = vi.fn(() => {
      core.canned.cloud = () => ok({ link: null, former: null, parked: [], devices: null })
      core.setStatus({ cloud: undefined })
      return ok(null)
    })
    core.canned.cloudLeave = leave
    await open(away())
    await button('Disconnect…').click()
    await expect
      .element(dialog())
      .toMatchTextContent('12 changes are not sent yet. Other PCs do not get this')
    await button('Close').click()
    expect(leave).not.toHaveBeenCalled()
    await button('Disconnect…').click()
    await button('Disconnect').click()
    await expect.element(button('Connect this PC')).toBeVisible()
  })

  test('what the cloud did not take is not told as sent: state, facts, disconnecting', async () => {
    await open(cloud({ parked: 25, parkedOrders: 24 }))
    const things = '24 orders and 1 other change'
    await expect.element(stateLine()).toMatchTextContent(`Live, but not shared: ${things}.`)
    await expect.element(stateLine()).toMatchTextContent('Nothing else waits to be sent.')
    await expect.element(page.getByText(things, { exact: true })).toBeVisible()
    await expect.element(page.getByRole('row', { name: /^Kitchen PC/ })).toMatchTextContent('25 not taken')
    await button('Disconnect…').click()
    await expect
      .element(dialog())
      .toMatchTextContent(`${things} were not taken by the cloud. Other PCs do not`)
  })
})

describe('what this PC needs from a person', () => {
  const refused = (needs: 'key' | 'code') => cloud({ state: 'refused', says: said('Refused.'), needs })

  test('a connection that was lost: this PC is connected again, or disconnected', async () => {
    const former = { restaurant: RESTAURANT, name: 'Trattoria Lumen', unsent: 12, lost: true }
    const leave = vi.fn(() => {
      core.canned.cloud = () =>
        ok({ link: null, former: { ...former, lost: false }, parked: [], devices: null })
      core.setStatus({ cloud: undefined })
      return ok(null)
    })
    core.canned.cloudLeave = leave
    const status = cloud({ state: 'refused', says: said('Connect it again.'), needs: 'link', outbox: 12 })
    await openPage(status, info({ link: null, former }))
    await expect
      .element(page.getByRole('heading', { name: /is not connected to Trattoria Lumen/ }))
      .toBeVisible()
    await expect.element(stateLine()).toMatchTextContent('Not connected to Trattoria Lumen any more.')
    await expect.element(stateLine()).toMatchTextContent('12 changes wait to be sent.')
    await button('Connect again').click()
    await expect.element(page.getByRole('heading', { name: 'Which Supabase project?' })).toBeVisible()
    await button('Back').click()
    await button('Disconnect').click()
    await expect.element(button('Connect this PC')).toBeVisible()
    expect(leave).toHaveBeenCalledOnce()
  })

  test('a key that was replaced: the new one is entered first thing on the page', async () => {
    const taken = vi.fn(() => {
      connectCloud(core, cloud())
      return ok(null)
    })
    core.canned.cloudKey = () => refusal('wrongKey', 'The project refuses this publishable key.')
    await open(refused('key'))
    await expect.element(page.getByRole('heading', { name: 'Enter the new key' })).toBeVisible()
    await expect.element(button('Use this key')).toBeDisabled()
    await field('New publishable key').fill('sb_secret_1')
    await button('Use this key').click()
    await expect.element(page.getByRole('alert').last()).toMatchTextContent('This is a secret key')
    await field('New publishable key').fill(' sb_publishable_2 ')
    await button('Use this key').click()
    await expect.element(page.getByRole('alert').last()).toMatchTextContent('refuses this publishable key')
    core.canned.cloudKey = taken
    await button('Use this key').click()
    await expect.element(page.getByRole('heading', { name: 'Enter the new key' })).not.toBeInTheDocument()
    expect(taken).toHaveBeenCalledWith({ key: 'sb_publishable_2' })
  })

  test('a key that is about to be replaced is entered further down', async () => {
    const taken = vi.fn(() => ok(null))
    core.canned.cloudKey = taken
    await open()
    await expect.element(field('New publishable key')).not.toBeVisible()
    await page.getByText('Enter the new key of the project').click()
    await field('New publishable key').fill('PLATE_SUPABASE_KEY=sb_publishable_2')
    await button('Use this key').click()
    await expect.element(page.getByText(/✓ The new key works/)).toBeVisible()
    expect(taken).toHaveBeenCalledWith({ key: 'sb_publishable_2' })
  })

  test('a new device code, and nothing else, when its access has ended', async () => {
    const claim = vi.fn(() => {
      connectCloud(core, cloud())
      return ok({ restaurant: RESTAURANT, name: 'Trattoria Lumen', restarts: false })
    })
    core.canned.cloudClaim = () => refusal('notAllowed', 'This code is for another restaurant.')
    await open(refused('code'), info({ devices: null }))
    await field('Device code').fill('k7q2m 4xw9t')
    await button('Connect again').click()
    await expect.element(page.getByRole('alert').last()).toMatchTextContent('for another restaurant')
    core.canned.cloudClaim = claim
    await button('Connect again').click()
    await expect.element(field('Device code')).not.toBeInTheDocument()
    expect(claim).toHaveBeenCalledWith({ ...PROJECT, code: 'K7Q2M-4XW9T', take: 'upload' })
  })
})

describe('what the cloud did not take', () => {
  const waiting = () => info({ parked: [lane(), menuLane()] })

  test('each with its reason; sent again, it goes', async () => {
    const retry = vi.fn(() => {
      connectCloud(core, cloud({ parked: 1 }), info({ parked: [menuLane()] }))
      return ok(null)
    })
    core.canned.cloudRetry = retry
    await open(cloud({ parked: 2 }), waiting())
    await expect.element(button(/^Cloud/)).toMatchTextContent('2 not shared')
    const order = page.getByRole('listitem', { name: 'Order 42' })
    const group = page.getByRole('region', { name: /^The cloud cannot read a change/ })
    await expect.element(group.getByRole('listitem')).toMatchTextContent('Order 42')
    await expect.element(order).toMatchTextContent('Table B4, dine in · Served · opened 18:10 (32 min ago)')
    await expect.element(order).toMatchTextContent('2× Ribeye steak, 1× Mash')
    await expect.element(order).toMatchTextContent('3 changes since 18:22')
    await expect.element(page.getByRole('listitem', { name: 'Menu and settings' })).toBeVisible()
    await button('Send Order 42 again').click()
    await expect.element(order).not.toBeInTheDocument()
    expect(retry).toHaveBeenCalledWith({ lane: 'order-42' })
  })

  test('refused once more, it says so there', async () => {
    core.canned.cloudRetry = () => refusal('away', 'The internet is away. It is sent again when it is back.')
    await open(cloud({ parked: 2 }), waiting())
    await button('Send Order 42 again').click()
    const order = page.getByRole('listitem', { name: 'Order 42' })
    await expect.element(order).toMatchTextContent('The internet is away.')
    // The sentence that stands above already is not said once more.
    core.canned.cloudRetry = () => failed({ code: 'refused', says: lane().says })
    await button('Send Order 42 again').click()
    await expect.element(order).toMatchTextContent('Sent again at 18:42: not taken, for the same reason.')
    expect(page.getByText(/The cloud cannot read a change/).elements()).toHaveLength(1)
  })

  test('one reason stands once, and all of it is sent again at once', async () => {
    const many = Array.from({ length: 25 }, (_, index) => `${index + 1}`)
    const lanes = many.map((number) => lane({ lane: `order-${number}`, order: `order-${number}`, number }))
    const retry = vi.fn<(args: { lane: string }) => Outcome<null>>(({ lane: id }) => {
      if (id === 'order-7') return failed({ code: 'refused', says: lane().says })
      connectCloud(
        core,
        cloud({ parked: 1 }),
        info({ parked: lanes.filter((one) => one.lane === 'order-7') }),
      )
      return ok(null)
    })
    core.canned.cloudRetry = retry as never
    await open(cloud({ parked: 25 }), info({ parked: lanes }))
    expect(page.getByText(/The cloud cannot read a change/).elements()).toHaveLength(1)
    await button('Send all again').click()
    await expect.element(page.getByText('✓ 24 sent.')).toBeVisible()
    await expect
      .element(page.getByRole('status', { name: 'Sent again' }))
      .toMatchTextContent('✓ 24 sent. 1 was not taken again.')
    await expect.element(page.getByRole('listitem', { name: /^Order/ })).toMatchTextContent('Order 7')
    core.canned.cloudRetry = () => refusal('away', 'The cloud does not answer.')
    await button('Send all again').click()
    await expect.element(page.getByRole('alert').last()).toMatchTextContent('The cloud does not answer.')
  })

  test('what goes up by itself says so', async () => {
    await open(
      cloud({ parked: 1 }),
      info({ parked: [lane({ code: 'refused', ticket: undefined as never })] }),
    )
    await expect.element(page.getByText(/Plate sends them again by itself/)).toBeVisible()
  })

  test('an order is given up with a reason, after its consequence was told', async () => {
    const withdraw = vi.fn(() => {
      connectCloud(core, cloud(), info())
      return ok(null)
    })
    core.canned.cloudWithdraw = withdraw
    await open(cloud({ parked: 2 }), waiting())
    await button('Give up Order 42').click()
    await expect.element(dialog()).toMatchTextContent('3 changes of it will never be sent')
    await expect.element(button('Give up and cancel the order')).toBeDisabled()
    await button('Entered twice').click()
    await button('Give up and cancel the order').click()
    await expect.element(page.getByText(/Not taken by the cloud/)).not.toBeInTheDocument()
    expect(withdraw).toHaveBeenCalledWith({ lane: 'order-42', reason: 'Entered twice' })
  })

  test('a menu is given up without any order being cancelled', async () => {
    core.canned.cloudWithdraw = () =>
      fail('storeFull', { message: said('The disk is full. Make room, then try again.') })
    await open(cloud({ parked: 1 }), waiting())
    await button('Give up Menu and settings').click()
    await field('Reason').fill('Old menu')
    await expect.element(dialog()).toMatchTextContent('Other PCs keep what they have.')
    await button('Give up').click()
    await expect.element(page.getByRole('alert').last()).toMatchTextContent('The disk is full.')
    await userEvent.keyboard('{Escape}')
    await expect.element(dialog()).not.toBeInTheDocument()
  })
})

describe('a dialog', () => {
  const inside = () => dialog().element().contains(document.activeElement)

  test('keeps the page behind it out of reach of fingers and keys', async () => {
    core.canned.cloudSignIn = () => ok({ signIn: 'sign-in-1', restaurants: [] })
    await open()
    await button('Add another PC').click()
    await expect.element(field('E-mail')).toHaveFocus()
    const { x, y, width, height } = button('Tickets').element().getBoundingClientRect()
    expect(document.elementFromPoint(x + width / 2, y + height / 2)).toBe(dialog().element())
    for (const key of ['{Shift>}{Tab}{/Shift}', '{Tab}', '{Tab}', '{Tab}', '{Tab}', '{Tab}', '{Tab}']) {
      await userEvent.keyboard(key)
      expect(inside() || document.activeElement === document.body).toBe(true)
    }
    await signIn()
    await expect.element(field('Name of the other PC')).toHaveFocus()
  })

  test('gives the focus back when it closes, and puts it on nothing that takes away', async () => {
    await open()
    await button('Disconnect…').click()
    await expect.element(button('Close')).toHaveFocus()
    await userEvent.keyboard('{Escape}')
    await expect.element(dialog()).not.toBeInTheDocument()
    await expect.element(button('Disconnect…')).toHaveFocus()
  })
})

describe('PCs of the restaurant', () => {
  const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name}`) })

  test('who is there, which is this one, what each has not sent', async () => {
    await open()
    await expect.element(row('Kitchen PC')).toMatchTextContent('This PC–1.0.0● now–')
    await expect.element(row('Bar PC')).toMatchTextContent('AB1.0.016:427 changes')
    await expect.element(row('Old PC')).toMatchTextContent('never')
    await expect.element(row('Old PC')).toMatchTextContent('✕ removed')
    expect(button('Remove Kitchen PC').query()).toBeNull()
    expect(button('Remove Old PC').query()).toBeNull()
  })

  test('of this PC what it knows itself, not what it last reported', async () => {
    const reported = [
      device({ outbox: 5 }),
      device({ id: BAR_PC, name: 'Bar PC', outbox: 7, parked: 2, self: false }),
    ]
    await open(cloud({ outbox: 0 }), info({ devices: reported }))
    await expect.element(row('Kitchen PC')).toMatchTextContent('● now–')
    await expect.element(row('Bar PC')).toMatchTextContent('7 changes, 2 not taken')
  })

  test('unknown while the cloud cannot be asked', async () => {
    await open(away(), info({ devices: null }))
    await expect.element(page.getByText(/The cloud cannot be asked now/)).toBeVisible()
  })

  test('one is removed after a sign-in and a question', async () => {
    const revoke = vi.fn(() => ok(null))
    const login = vi.fn(() => ok({ signIn: 'sign-in-1', restaurants: [] }))
    core.canned.cloudSignIn = login
    core.canned.cloudRevoke = revoke
    await open()
    await button('Remove Bar PC').click()
    await signIn()
    await expect.element(dialog()).toMatchTextContent('7 changes there were not sent yet.')
    expect(revoke).not.toHaveBeenCalled()
    await button('Remove Bar PC').last().click()
    await expect.element(dialog()).not.toBeInTheDocument()
    expect(login).toHaveBeenCalledWith({ ...PROJECT, email: 'farah@lumen.example', password: 'long secret' })
    expect(revoke).toHaveBeenCalledWith({ signIn: 'sign-in-1', device: BAR_PC })
  })

  test('one that was removed is let in again, after a sign-in', async () => {
    const readmit = vi.fn(() => ok(null))
    core.canned.cloudReadmit = readmit
    await open()
    await button('Let Old PC in again').click()
    await signIn()
    await expect.element(dialog()).toMatchTextContent('It goes on as the same PC')
    expect(readmit).not.toHaveBeenCalled()
    await button('Let Old PC in again').last().click()
    await expect.element(dialog()).not.toBeInTheDocument()
    expect(readmit).toHaveBeenCalledWith({ signIn: 'sign-in-1', device: 'old' })
  })

  test('refusals of sign-in and removal are told in place; an expired sign-in asks again', async () => {
    core.canned.cloudSignIn = () => refusal('wrongLogin', 'E-mail or password is wrong.')
    core.canned.cloudRevoke = () => refusal('notAllowed', 'Only managers may remove a PC.')
    await open()
    await button('Remove Bar PC').click()
    await signIn()
    await expect.element(dialog()).toMatchTextContent('E-mail or password is wrong.')
    await expect.element(field('E-mail')).toHaveValue('farah@lumen.example')
    core.canned.cloudSignIn = () => ok({ signIn: 's', restaurants: [] })
    await button('Sign in').click()
    await button('Remove Bar PC').last().click()
    await expect.element(dialog()).toMatchTextContent('Only managers may remove a PC.')
    core.canned.cloudRevoke = () => refusal('wrongLogin', 'The sign-in has expired. Sign in again.')
    await button('Remove Bar PC').last().click()
    await expect.element(dialog()).toMatchTextContent('The sign-in has expired.')
    await expect.element(field('Password')).toHaveValue('')
  })

  async function makeCode(minutes: number) {
    core.canned.cloudCode = () => ok({ code: 'k7q2m4xw9t', expiresAt: Date.now() + minutes * 60_000 })
    await open()
    await button('Add another PC').click()
    await signIn()
    await field('Name of the other PC').fill('Bar PC')
    await button('Make a device code').click()
    await expect.element(page.getByLabelText('Device code')).toBeVisible()
  }

  test('beside the code stands all that the other PC asks for, as lines it takes', async () => {
    await makeCode(15)
    const lines = `PLATE_SUPABASE_URL=${PROJECT.url}\nPLATE_SUPABASE_KEY=${PROJECT.key}`
    const shown = page.getByLabelText('Project', { exact: true })
    await expect.element(shown).toBeVisible()
    expect(fromEnv(shown.element().textContent)).toEqual(PROJECT)
    await button('Copy').click()
    expect(getSelection()?.toString()).toBe(lines)
  })

  test('the code stays until the PC has joined, however long nobody touches this one', async () => {
    await makeCode(15)
    await pass(6 * 60_000)
    await expect.element(page.getByLabelText('Device code')).toBeVisible()
    const there = info().devices ?? []
    const joined = device({ id: '0190a000-0000-7000-8000-0000000000d9', name: 'Bar PC', self: false })
    connectCloud(core, cloud(), info({ devices: [...there, joined] }))
    await pass(5_000)
    await expect.element(dialog()).toMatchTextContent('✓ Bar PC has joined')
    await button('Done').click()
    await expect.element(dialog()).not.toBeInTheDocument()
    await pass(6 * 60_000)
    await expect.element(page.getByText('Enter your PIN')).toBeVisible()
  })

  test('another PC gets a code, shown large with its time, and a new one when it is over', async () => {
    const code = vi.fn(() => ok({ code: 'k7q2m4xw9t', expiresAt: Date.now() + 2 * 60_000 }))
    core.canned.cloudCode = code
    await open()
    await button('Add another PC').click()
    await signIn()
    await field('Name of the other PC').fill('Bar PC ')
    await button('Make a device code').click()
    await expect.element(page.getByLabelText('Device code')).toMatchTextContent('K7Q2M-4XW9T')
    await expect.element(page.getByRole('timer')).toMatchTextContent(/Good for [12]:/)
    expect(code).toHaveBeenCalledWith({ signIn: 'sign-in-1', restaurant: RESTAURANT, name: 'Bar PC' })
    await pass(3 * 60_000)
    await expect.element(page.getByText('This code has expired.')).toBeVisible()
    core.canned.cloudCode = () => refusal('wrongLogin', 'The sign-in has expired. Sign in again.')
    await button('Make a new one').click()
    await button('Make a device code').click()
    await expect.element(dialog()).toMatchTextContent('The sign-in has expired.')
  })
})
