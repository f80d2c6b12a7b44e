/** @file What every screen says about other sites: live, behind, away, refused, parked orders, and the lock. */
import { useEffect, useState } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { ConsoleApp } from '../../renderer/console/app.tsx'
import { ExpoApp } from '../../renderer/expo/app.tsx'
import { KitchenApp } from '../../renderer/kitchen/app.tsx'
import { ManagerApp } from '../../renderer/manager/app.tsx'
import { cloudWords, waiting } from '../../renderer/shared/cloud-words.ts'
import { moment } from '../../renderer/shared/format.ts'
import type { CloudStatus } from '../../shared/contract/contract.ts'
import { say } from '../../shared/domain/messages/index.ts'
import { createWords } from '../../shared/words/index.ts'
import { pass, stopTime } from './clock.ts'
import { away, cloud, connectCloud, info, said } from './fake-cloud.ts'
import { createFakeCore, type FakeCore, placeOrder } from './fake-core.ts'
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

const chip = () => page.getByRole('status', { name: 'Connection' })
const banner = () => page.getByRole('status', { name: 'Other sites' })
const kitchen = () => show(core, 'kitchen', <KitchenApp station="grill" legend="D" />)

async function console() {
  await show(core, 'console', <ConsoleApp />)
  await expect.element(page.getByText('Enter your PIN')).toBeVisible()
  await userEvent.keyboard('1111{Enter}')
  await expect.element(page.getByText('Dining room')).toBeVisible()
}

describe('the header of every screen', () => {
  test.each<[Partial<CloudStatus>, string | RegExp]>([
    [{ state: 'polling' }, 'Seconds behind'],
    [{ state: 'catchingUp', behind: 340 }, 'Catching up 340 to come'],
    [{ state: 'away' }, 'Cloud away since 18:02'],
    [{ state: 'refused' }, 'Cloud refuses since 18:02'],
    [{ outbox: 3_210 }, 'Sending 3210'],
    [{ state: 'catchingUp', outbox: 12 }, 'Sending 12'],
    [{ parked: 3 }, /^3 not shared$/],
    [{ state: 'polling', parked: 3 }, '3 not shared Seconds behind'],
    [{ parked: 3, outbox: 3_210 }, '3 not shared Sending 3210'],
    [{ state: 'away', parked: 3 }, 'Cloud away 3 not shared'],
  ])('%o', async (part, words) => {
    connectCloud(core, cloud(part))
    await kitchen()
    await expect.element(chip()).toMatchTextContent(words)
    // A banner would move the tickets.
    await pass(60_000)
    expect(banner().query()).toBeNull()
  })

  test('live is quiet, and without a cloud nothing is said', async () => {
    await kitchen()
    await expect.element(chip()).toMatchTextContent(/^Online$/)
    core.setStatus({ cloud: cloud() })
    await expect.element(chip()).toMatchTextContent('OnlineOther sites: live')
  })

  test('a lost core counts for more than a lost cloud', async () => {
    connectCloud(core, away())
    await kitchen()
    await expect.element(chip()).toMatchTextContent('Cloud away')
    core.cut()
    await pass(20_000)
    await expect.element(chip()).toMatchTextContent('No connection')
  })

  test('no tickets is no promise while orders of other sites may be missing', async () => {
    connectCloud(core, away())
    await kitchen()
    await expect.element(page.getByText('No open tickets')).toBeVisible()
    await expect.element(page.getByText('Orders from other sites are as of 18:02.')).toBeVisible()
    core.setStatus({ cloud: away({ currentAt: null }) })
    await expect.element(page.getByText('Orders from other sites are not known yet.')).toBeVisible()
    core.setStatus({ cloud: cloud() })
    await expect.element(page.getByText(/Orders from other sites/)).not.toBeInTheDocument()
  })
})

describe('banners', () => {
  test('away: since when, as of when, and how much waits', async () => {
    connectCloud(core, away())
    await console()
    await expect
      .element(banner())
      .toMatchTextContent(
        'Cloud away since 18:02. This kitchen goes on. Other sites’ changes are as of 18:02. 12 changes wait to be sent.',
      )
    core.setStatus({ cloud: cloud({ state: 'refused', says: said('The key was rotated.') }) })
    await expect
      .element(banner())
      .toMatchTextContent('The cloud refuses this PC since 18:02. The key was rotated.')
    core.setStatus({ cloud: cloud({ state: 'catchingUp', behind: 1, currentAt: null }) })
    await expect.element(banner()).toMatchTextContent('Catching up 1 change.')
    core.setStatus({ cloud: cloud({ state: 'polling' }) })
    await expect.element(banner()).not.toBeInTheDocument()
  })

  test('a short cut moves nothing on the page', async () => {
    connectCloud(core, away({ since: Date.now() }))
    await console()
    await expect.element(chip()).toMatchTextContent('Cloud away')
    expect(banner().query()).toBeNull()
    await pass(15_000)
    await expect.element(banner()).toBeVisible()
    core.setStatus({ cloud: cloud() })
    await expect.element(banner()).not.toBeInTheDocument()
  })

  test('orders that wait for a manager are told to console, expo and manager, not to the kitchen', async () => {
    connectCloud(core, cloud({ parked: 2 }))
    const told = page.getByText(/2 orders are not shared/)
    await console()
    await expect.element(told).toBeVisible()
    core.setStatus({ cloud: cloud({ parked: 1 }) })
    await expect.element(page.getByText(/1 order is not shared/)).toBeVisible()
    // A dish that is out is no order.
    core.setStatus({ cloud: cloud({ parked: 1, parkedOrders: 0 }) })
    await expect.element(page.getByText(/1 change to menu or 86 list is not shared/)).toBeVisible()
    core.setStatus({ cloud: cloud() })
    await expect.element(page.getByText(/not shared/)).not.toBeInTheDocument()
  })
  test('… the expo', async () => {
    connectCloud(core, cloud({ parked: 2 }))
    await show(core, 'expo', <ExpoApp />)
    await expect
      .element(page.getByRole('alert'))
      .toMatchTextContent('2 orders are not shared with the other sites')
  })
  test('… the kitchen', async () => {
    connectCloud(core, cloud({ parked: 2 }))
    // The core's alarm about the same would say it twice.
    const alarm = {
      id: 'cloud:parked',
      level: 'warning',
      says: said('2 orders are not shared'),
      since: 0,
    } as const
    core.setStatus({ alarms: [alarm, { ...alarm, id: 'cloud:clock', says: said('The clock is wrong.') }] })
    await kitchen()
    await expect.element(page.getByRole('alert')).toMatchTextContent('The clock is wrong.')
    expect(page.getByText(/2 orders/).query()).toBeNull()
  })
})

let listening = 0
function Form() {
  const [text, setText] = useState('')
  useEffect(() => {
    listening++
    return () => {
      listening--
    }
  }, [])
  return <input aria-label="Note" value={text} onChange={(event) => setText(event.target.value)} />
}

describe('locked', () => {
  const locked = (part: Partial<CloudStatus> = {}) =>
    away({
      state: 'locked',
      says: say('cloud.removed', { who: 'Farah', role: 'manager' }),
      ...part,
    })
  const cover = () => page.getByRole('alert')

  test('a board is covered: tickets are neither seen nor bumped, until it is let in again', async () => {
    connectCloud(core, cloud())
    placeOrder(core, ['ribeye'])
    await kitchen()
    const ticket = page.getByRole('article', { name: 'Ticket 1' })
    await expect.element(ticket).toBeVisible()
    core.setStatus({ cloud: locked() })
    await expect.element(cover()).toMatchTextContent('This PC was locked')
    await expect
      .element(cover())
      .toMatchTextContent('Farah (manager) removed this PC from the restaurant. Ask them to let it in again.')
    await expect.element(cover()).toMatchTextContent('12 changes are not sent yet.')
    await expect.element(ticket).not.toBeInTheDocument()
    await userEvent.keyboard('1{Control}{Enter}')
    await pass(1_000)
    expect(core.log).toEqual([])
    core.setStatus({ cloud: cloud() })
    await expect.element(ticket).toBeVisible()
    await userEvent.keyboard('1{Control}')
    await expect.poll(() => core.log.length).toBeGreaterThan(0)
  })

  test.each([
    ['expo', <ExpoApp key="expo" />],
    ['console', <ConsoleApp key="console" />],
    ['manager', <ManagerApp key="manager" />],
  ] as const)('the %s too, also when nothing waits and nobody is named', async (kind, content) => {
    connectCloud(core, locked({ outbox: 0, says: null }), info())
    await show(core, kind, content)
    await expect.element(cover()).toMatchTextContent('Call a manager.')
    await expect.element(cover()).toMatchTextContent('All of them were sent.')
    expect(page.getByRole('button').query()).toBeNull()
  })

  test('what the cloud did not take is not told as sent', async () => {
    connectCloud(core, locked({ outbox: 0, parked: 25, parkedOrders: 24 }))
    await kitchen()
    await expect
      .element(cover())
      .toMatchTextContent('24 orders and 1 other change were not taken by the cloud.')
    await expect.element(cover()).not.toMatchTextContent('All of them were sent')
  })

  test('what was typed is still there afterwards, and nothing listens meanwhile', async () => {
    connectCloud(core, cloud())
    await show(core, 'console', <Form />)
    await page.getByLabelText('Note').fill('no onions')
    core.setStatus({ cloud: locked() })
    await expect.element(cover()).toBeVisible()
    expect([listening, page.getByRole('textbox').query()]).toEqual([0, null])
    core.setStatus({ cloud: cloud() })
    await expect.element(page.getByLabelText('Note')).toHaveValue('no onions')
    expect(listening).toBe(1)
  })

  test('the cover stays when the core is lost, too', async () => {
    connectCloud(core, locked())
    placeOrder(core, ['ribeye'])
    await kitchen()
    await expect.element(cover()).toMatchTextContent('This PC was locked')
    core.cut()
    await pass(20_000)
    await expect.element(cover()).toMatchTextContent('This PC was locked')
  })
})

test('words: one and many, another day, a message for the people', () => {
  const waits = (outbox: number, parked = 0) => waiting({ outbox, parked })
  expect([waits(0), waits(0, 1), waits(1), waits(2)]).toEqual([
    'Nothing waits to be sent.',
    'Nothing else waits to be sent.',
    '1 change waits to be sent.',
    '2 changes wait to be sent.',
  ])
  const now = Date.UTC(2026, 10, 20, 18, 42)
  expect(moment(now - 86_400_000, now, 'UTC')).toBe('19 Nov, 18:42')
  expect(moment(now, now, 'Nowhere/Else')).toMatch(/^\d\d:\d\d$/)
  const when = (at: number) => String(at)
  const words = createWords()
  expect(cloudWords(cloud({ says: said('Update Plate.') }), when, words).text).toBe(
    'Changes arrive at once. Nothing waits to be sent. Update Plate.',
  )
  expect(cloudWords(cloud({ state: 'catchingUp' }), when, words)).toMatchObject({
    title: 'Catching up.',
    more: '',
  })
  expect(cloudWords(cloud({ state: 'refused' }), when, words).text).toContain('See Manager → Cloud.')
  expect(cloudWords(cloud({ state: 'locked', since: 5 }), when, words)).toMatchObject({
    title: 'Locked since 5.',
  })
})
