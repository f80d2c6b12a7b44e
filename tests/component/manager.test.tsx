/** @file The manager's page: who may see it, pairing and revoking screens, network, log, times, checks before service. */

import { renderSVG } from 'uqr'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { ManagerApp } from '../../renderer/manager/app.tsx'
import type { AuditRow } from '../../shared/contract/contract.ts'
import { failure, messageOf, ok } from '../../shared/domain/errors.ts'
import { say } from '../../shared/domain/messages/index.ts'
import type { Message } from '../../shared/domain/messages/message.ts'
import { pass, stopTime } from './clock.ts'
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

const button = (name: string | RegExp) => page.getByRole('button', { name })

async function open(pin = '9999') {
  await show(core, 'manager', <ManagerApp />)
  await expect.element(page.getByText('Enter your PIN')).toBeVisible()
  await userEvent.keyboard(`${pin}{Enter}`)
}

test('only managers pass', async () => {
  await open('1111')
  await expect.element(page.getByText(/this page is for managers/)).toBeVisible()
})

test('open tickets, oldest first, say where they wait', async () => {
  await open()
  await expect.element(page.getByText('No open tickets')).toBeVisible()
  placeOrder(core, ['margherita'])
  placeOrder(core, ['ribeye'], { priority: 'rush' })
  const rows = page.getByRole('row')
  await expect.element(rows.nth(1)).toMatchTextContent('Pizza prep, Pizza oven')
  await expect.element(rows.nth(2)).toMatchTextContent('RUSH')
  await expect.element(rows.nth(1)).toMatchTextContent('Ana')
})

test('of open tickets of one moment every manager sees the same first', async () => {
  const [first, second] = [1, 2].map((n) => `01900000-0000-7000-8000-00000000000${n}`) as [string, string]
  await open()
  placeOrder(core, ['margherita'], { order: second })
  core.shift(-1)
  placeOrder(core, ['ribeye'], { order: first })
  const rows = page.getByRole('row')
  await expect.element(rows.nth(1)).toHaveAttribute('data-ticket', first)
  await expect.element(rows.nth(2)).toHaveAttribute('data-ticket', second)
})

test('a screen is paired: kind, station and name lead to code, addresses and QR code', async () => {
  const asked = vi.fn((_args: Record<string, unknown>) =>
    ok({
      code: '482913',
      expiresAt: Date.now() + 600_000,
      addresses: ['https://192.168.1.20:8443'],
      fingerprint: 'AB:CD',
      qr: renderSVG('https://192.168.1.20:8443/join/?code=482913'),
    }),
  )
  core.canned.devices = () => ok([])
  core.canned.createPairing = asked
  await open()
  await button('Devices').click()
  await expect.element(page.getByText('No other screen is paired yet.')).toBeVisible()
  await button('Pair a screen').click()
  await page.getByLabelText('Station').selectOptions('fryer')
  await page.getByLabelText('Name').fill('Fryer tablet')
  await button('Make a code').click()
  await expect.element(page.getByLabelText('Pairing code')).toMatchTextContent('482913')
  await expect.element(page.getByText('https://192.168.1.20:8443')).toBeVisible()
  await expect.element(page.getByRole('img', { name: /QR code/ })).toBeVisible()
  expect(asked).toHaveBeenCalledWith({ kind: 'kitchen', station: 'fryer', name: 'Fryer tablet' })
  await pass(2_000)
  await userEvent.keyboard('{Escape}')
})

test('a pairing for another kind needs no station; without the network it says so', async () => {
  core.canned.devices = () => ok([])
  core.canned.createPairing = (args) => {
    expect(args).toEqual({ kind: 'expo', name: 'Expo' })
    return ok({ code: '1', expiresAt: Date.now() - 1, addresses: [], fingerprint: null, qr: 'none' })
  }
  await open()
  await button('Devices').click()
  await button('Pair a screen').click()
  await page.getByLabelText('Kind').selectOptions('expo')
  await button('Make a code').click()
  await expect.element(page.getByText(/The network is switched off/)).toBeVisible()
  await expect.element(page.getByText(/has expired/)).toBeVisible()
  await button('Close').click()
})

test('a screen is revoked after a question', async () => {
  const revoke = vi.fn(() => ok(null))
  const device = {
    id: 'd1',
    name: 'Grill tablet',
    kind: 'kitchen',
    station: 'grill',
    pairedAt: 0,
    version: null,
  }
  core.canned.devices = () =>
    ok([
      { ...device, lastSeen: Date.now(), online: true, revoked: false },
      { ...device, id: 'd2', name: 'Old', lastSeen: null, online: false, revoked: true },
      { ...device, id: 'd3', name: 'Bar', station: null, lastSeen: null, online: false, revoked: false },
    ])
  core.canned.revokeDevice = revoke
  await open()
  await button('Devices').click()
  await button('Revoke Grill tablet').click()
  await button('Revoke this screen').click()
  await expect.poll(() => revoke.mock.calls).toEqual([[{ device: 'd1' }]])
  expect(button('Revoke Old').query()).toBeNull()
})

test('the network is switched, and another Plate PC joined; a refusal is shown', async () => {
  core.canned.setLan = ({ on }) => {
    const lan = { on: on === true, addresses: ['https://192.168.1.20:8443'], fingerprint: 'AB:CD' }
    core.setStatus({ lan, peers: [{ device: 'p', name: 'Bar PC', online: true, behind: 3 }] })
    return ok(lan)
  }
  core.canned.joinPeer = () => ok({ device: 'p', name: 'Bar PC' })
  await open()
  await button('Network').click()
  await expect.element(page.getByText('This PC works alone.')).toBeVisible()
  await page.getByRole('switch').click()
  await expect.element(page.getByText('https://192.168.1.20:8443')).toBeVisible()
  await expect.element(page.getByText(/3 events to exchange/)).toBeVisible()
  await page.getByLabelText('Address').fill('192.168.1.30:8443')
  await page.getByLabelText('Pairing code').fill('12 34 56')
  await button('Join').click()
  await expect.element(page.getByText('✓ Joined Bar PC.')).toBeVisible()
  core.canned.joinPeer = () => ({
    ok: false,
    error: failure('wrongCode', { why: 'pairing' }),
  })
  await button('Join').click()
  await expect.element(page.getByRole('alert')).toMatchTextContent('This code is wrong, used or expired.')
})

test('the log goes back page by page', async () => {
  const asked: unknown[] = []
  core.canned.audit = (args) => {
    asked.push(args.before)
    const top = args.before === undefined ? 60 : Number(args.before) - 1
    const count = args.before === undefined ? 50 : 10
    return ok(
      Array.from({ length: count }, (_, index) => ({
        row: top - index,
        at: 0,
        command: 'c',
        name: 'placeOrder',
        order: null,
        number: index ? null : '7',
        staff: index ? null : { id: 'a', name: 'Ana' },
        device: { id: 'd', name: 'Console' },
        outcome: index % 2 ? 'soldOut' : 'ok',
        says: index % 2 ? messageOf(failure('soldOut', { dish: 'Bass' })) : null,
        args: '{}',
      })),
    )
  }
  await open()
  await button('Log').click()
  await button('Older').click()
  await expect.element(button('Older')).not.toBeInTheDocument()
  expect(asked).toEqual([undefined, 11])
  expect(page.getByRole('row').elements()).toHaveLength(61)
  const results = page.getByRole('cell', { name: '✕ Bass is 86: it has run out. Choose another dish.' })
  expect(results.elements()).toHaveLength(30)
  await button('Refresh').click()
})

test('the log can leave out all but the cloud and conflicts, and names the day that is over', async () => {
  const asked: unknown[] = []
  const row = {
    row: 1,
    at: Date.now() - 86_400_000,
    command: 'c',
    name: 'merge',
    order: null,
    number: '186',
    staff: { id: 'a', name: 'Maximiliane' },
    device: { id: 'd', name: 'Training evening' },
    outcome: 'ok',
    says: say('conflicts.staysVoided', { fact: 'x'.repeat(300) }),
    args: '{}',
  }
  core.canned.audit = ({ about }) => {
    asked.push(about)
    return ok(about ? [row, { ...row, row: 0, at: Date.now() }] : [])
  }
  await page.viewport(1280, 800)
  await open()
  await button('Log').click()
  await expect.element(page.getByText('Nothing yet.')).toBeVisible()
  await button('Cloud and conflicts').click()
  await expect.element(page.getByRole('cell', { name: /^\d+ [A-Z][a-z]+, \d\d:\d\d:\d\d$/ })).toBeVisible()
  await expect.element(page.getByRole('cell', { name: /^\d\d:\d\d:\d\d$/ })).toBeVisible()
  expect(asked.at(-1)).toBe('notes')
  // When, who and which ticket stand on one line each, however long the result is.
  const line = (name: RegExp | string) => page.getByRole('cell', { name }).first().element().firstChild
  for (const cell of [line(/^\d+ [A-Z]/), line('Maximiliane'), line('#186')]) {
    const range = document.createRange()
    range.selectNodeContents(cell as Node)
    expect(range.getClientRects()).toHaveLength(1)
  }
})

test('the log tells what two PCs and the cloud made of a ticket', async () => {
  const row = {
    at: 0,
    command: 'c',
    order: 'o',
    number: '7',
    staff: { id: 'a', name: 'Ana' },
    device: { id: 'd', name: 'PC 12345678' },
    outcome: 'ok',
    says: null,
    args: '{}',
  } satisfies Partial<AuditRow>
  const side = (who: string, pc: string, minute: number, did: Message) =>
    say('conflicts.side', { who, pc, at: Date.UTC(2026, 6, 1, 18, minute), did })
  const met = say('conflicts.met', {
    first: side('Ana', 'Bar', 2, say('conflicts.voided', { fact: 'Fries' })),
    second: side('Ben', 'Kitchen', 3, say('conflicts.served', { fact: 'Fries' })),
    verdict: say('conflicts.staysVoided', { fact: 'Fries' }),
  })
  const clock = { pc: 'Bar', minutes: 12 }
  // By the restaurant's clock.
  const settled =
    'Ana (Bar, 1 Jul, 19:02) voided Fries; Ben (Kitchen, 1 Jul, 19:03) served Fries. The two met only later: Fries stays voided.'
  core.canned.audit = () =>
    ok([
      { ...row, row: 4, name: 'merge', says: met },
      { ...row, row: 3, name: 'cloudRefused', outcome: 'invalid', says: say('alarms.clockAhead', clock) },
      // What version 0.1 wrote stays as it wrote it.
      { ...row, row: 2, name: 'cloudRetry', message: '3 changes that waited went to the cloud.' },
      { ...row, row: 1, name: 'merge', message: 'Ana voided Fries; it stays voided.' },
    ])
  await open()
  await button('Log').click()
  const line = (index: number) => page.getByRole('row').nth(index)
  await expect.element(line(1)).toMatchTextContent(`Two PCs, one thing#7${settled}`)
  await expect.element(line(1)).not.toMatchTextContent('✓')
  await expect
    .element(line(2))
    .toMatchTextContent('Not taken by the cloud#7✕ The clock of Bar is 12 min ahead.')
  await expect.element(line(3)).toMatchTextContent('Sent to the cloud again#7✓ 3 changes that waited')
  await expect.element(line(4)).toMatchTextContent('Two PCs, one thing#7Ana voided Fries; it stays voided.')
})

test('times per station, of today or another day', async () => {
  core.canned.ticketTimes = ({ day }) =>
    ok(
      day
        ? []
        : [
            {
              station: 'grill',
              tickets: 12,
              medianMs: 420_000,
              p90Ms: 660_000,
              worst: [{ order: 'o', number: '9', ms: 900_000 }],
            },
          ],
    )
  await open()
  await button('Times').click()
  await expect.element(page.getByRole('row').nth(1)).toMatchTextContent('Grill127:0011:00#9 15:00')
  await page.getByLabelText(/Business day/).fill('2026-11-19')
  await expect.element(page.getByText('No tickets were finished on this day.')).toBeVisible()
})

test('checks before service: dishes without a station, unwatched stations, alarms, a backup', async () => {
  core.canned.backupNow = () => ok({ file: 'plate-1.db', bytes: 1 })
  await open()
  await button('Setup').click()
  await expect.element(page.getByText('✓ Every dish has a station.')).toBeVisible()
  await button('Back up now').click()
  await expect.element(page.getByText(/plate-1\.db/)).toBeVisible()
  core.setDocument('stations', { stations: core.state.documents.stations.body.stations.slice(1) })
  core.setStatus({
    unwatched: [{ station: 'bar', tickets: 1 }],
    alarms: [
      { id: 'a', level: 'warning', says: say('alarms.clockAhead', { pc: 'Bar', minutes: 12 }), since: 0 },
    ],
  })
  await expect.element(page.getByText(/dishes without a station/)).toBeVisible()
  await expect.element(page.getByText(/station “grill” does not exist/).first()).toBeVisible()
  await expect.element(page.getByText(/No screen is showing Bar/)).toBeVisible()
  await expect.element(page.getByText(/The clock of Bar is 12 min ahead/).first()).toBeVisible()
})
