/** @file The adapter's calls on a real backend: claiming, the log out and in, and what every failure is called. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { failure } from '../../shared/domain/errors.ts'
import { say } from '../../shared/domain/messages/index.ts'
import { within } from '../support/progress.ts'
import { append, type Device, joinDevice, someEvents } from './lib/adapter.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'

let backend: TestBackend
let restaurant: string
let device: Device

beforeAll(async () => {
  backend = await openBackend()
})
afterAll(() => backend.close())
beforeEach(async () => {
  restaurant = await backend.restaurant('Trattoria')
  device = await joinDevice(backend, restaurant)
})
afterEach(async () => {
  Object.assign(backend.faults, { delayMs: 0, answer: null, dropAnswer: null, broadcast: null })
  await device.connection.close()
})

const page = (of: Device, after: number) => of.connection.pull({ after, limit: 100, core: of.core })

test('a claimed device knows its restaurant, and its session lies in the vault alone', () => {
  expect(device.link).toMatchObject({ restaurant, name: 'Trattoria', letter: '', url: backend.url })
  const session: unknown = JSON.parse(device.vault.kept.get('supabase-session') ?? '')
  expect(session).toMatchObject({ user: device.link.device })
  expect(JSON.stringify(device.link)).not.toContain(String((session as { access: string }).access))
})

test('what one device appends another pulls, in order; its own it leaves out but counts', async () => {
  const other = await joinDevice(backend, restaurant)
  expect(other.link.letter).toBe('AB')
  const mine = someEvents(device, 3)
  const theirs = someEvents(other, 2)
  expect(await append(device, mine)).toEqual([1, 2, 3])
  expect(await append(other, theirs)).toEqual([4, 5])

  const first = await page(other, 0)
  expect(first).toMatchObject({ ok: true, value: { next: 5, head: 5, floor: 0 } })
  expect(first.ok && first.value.events).toEqual(mine.map((event, i) => ({ seq: i + 1, event })))
  expect(await page(device, 3)).toMatchObject({
    ok: true,
    value: { next: 5, events: [{ seq: 4 }, { seq: 5 }] },
  })
  await other.connection.close()
})

test('an event that cannot be taken is refused alone, with a sentence', async () => {
  const [good, bad] = someEvents(device, 2)
  const answer = await device.connection.append(device.core, [{ ...bad, stamp: 'now' }, good])
  expect(answer).toMatchObject({
    ok: true,
    value: { head: 1, results: [{ refused: { code: 'invalid' } }, { id: good?.id, seq: 1 }] },
  })
})

test('reports, devices, archive and intake answer in the port’s words', async () => {
  await append(device, someEvents(device, 1))
  const report = { core: device.core, version: '0.0.1', cursor: 1, outbox: 2, parked: 1 }
  const state = await device.connection.report(report)
  expect(state).toMatchObject({
    ok: true,
    value: { head: 1, intake: 0, name: 'Trattoria', letter: '' },
  })
  expect(Math.abs((state.ok ? state.value.now : 0) - Date.now())).toBeLessThan(60_000)

  const devices = await device.connection.devices()
  expect(devices).toMatchObject({
    ok: true,
    value: [{ id: device.link.device, letter: '', version: '0.0.1', outbox: 2, parked: 1, revoked: false }],
  })
  expect(devices.ok && devices.value[0]?.lastSeen).toBeGreaterThan(Date.now() - 60_000)
  expect(await device.connection.archived(['nothing'])).toEqual({ ok: true, value: [] })
  expect(await device.connection.archivedAfter({ after: 0, until: 9, limit: 5 })).toEqual({
    ok: true,
    value: { events: [], next: 9 },
  })
  expect(await device.connection.claimIntake(5)).toEqual({ ok: true, value: [] })
})

test('what is not answered in the time it has got counts as not answered', needs('faults'), async () => {
  backend.faults.delayMs = 2_000
  const report = { core: device.core, version: '0.0.1', cursor: 0, outbox: 0, parked: 0 }
  const answer = within(1_500, 'giving up', device.connection.report(report, 100))
  expect(await answer).toMatchObject({ ok: false, error: { code: 'away' } })
})

const SOLD_OUT = failure('soldOut', { dish: 'Soup' })

test('another program’s order is claimed, and refused with a reason', async () => {
  const host = await backend.person(restaurant, 'host')
  const order = { type: 'takeaway', table: null, items: [{ menuItem: 'soup', quantity: 1 }] }
  const { data, error } = await host.rpc('place_order', { p_order: order })
  expect(error).toBeNull()
  const claimed = await device.connection.claimIntake(5)
  expect(claimed).toMatchObject({ ok: true, value: [{ id: data.id, by: { role: 'host' } }] })
  expect(await device.connection.refuseIntake(data.id, SOLD_OUT)).toEqual({
    ok: true,
    value: null,
  })
  const { data: status } = await host.rpc('order_status', { p_id: data.id })
  expect(status).toMatchObject({ status: 'refused', ...SOLD_OUT, message: null })
})

test('a wrong code is told, leaves nothing behind, and the next one is taken', async () => {
  const { cloud, vault } = await joinDevice(backend, restaurant)
  await cloud.forget()
  const self = { core: crypto.randomUUID(), name: 'Till', letter: '', version: '0' }
  const project = { url: backend.url, key: backend.publishableKey }
  const wrong = await cloud.claim(project, 'AAAAA-AAAAA', self)
  expect(wrong).toMatchObject({ ok: false, error: { code: 'wrongCode' } })
  expect(vault.kept.size).toBe(0)
  const code = await backend.deviceCode(restaurant)
  expect(await cloud.claim(project, code.toLowerCase().replace('-', ' '), self)).toMatchObject({ ok: true })
  expect(vault.kept.size).toBe(1)
  expect(await cloud.claim(project, code, self)).toMatchObject({ ok: false, error: { code: 'wrongCode' } })
})

test('a code that leads elsewhere than wanted is told, leaves nothing behind, and stays good', async () => {
  const { cloud, vault } = await joinDevice(backend, restaurant)
  await cloud.forget()
  const self = { core: crypto.randomUUID(), name: 'Till', letter: '', version: '0' }
  const project = { url: backend.url, key: backend.publishableKey }
  const code = await backend.deviceCode(await backend.restaurant('Fresh'))
  expect(await cloud.claim(project, code, self, { restaurant })).toMatchObject({
    ok: false,
    error: { code: 'notAllowed', says: say('cloud.otherRestaurant') },
  })
  expect(await cloud.claim(project, code, self, { filled: true })).toMatchObject({
    ok: false,
    error: { code: 'refused', says: say('cloud.stillEmpty') },
  })
  expect(vault.kept.size).toBe(0)
  expect(await cloud.claim(project, code, self, {})).toMatchObject({ ok: true, value: { name: 'Fresh' } })
})

test('a revoked device is told by whom, on every call', async () => {
  const manager = await backend.person(restaurant, 'manager')
  await manager.rpc('revoke_device', { p_device: device.link.device }).throwOnError()
  const revoked = {
    ok: false,
    error: { code: 'revoked', says: { code: 'cloud.removed', params: { who: 'manager', role: 'manager' } } },
  }
  expect(await device.connection.append(device.core, someEvents(device, 1))).toMatchObject(revoked)
  expect(await page(device, 0)).toMatchObject(revoked)
  await manager.rpc('readmit_device', { p_device: device.link.device }).throwOnError()
  expect(await page(device, 0)).toMatchObject({ ok: true })
})

test('a device without a session, or with another’s, needs a new code', async () => {
  const lost = { ok: false, error: { code: 'signedOut' } }
  const stranger = device.cloud.connect({ ...device.link, device: crypto.randomUUID() })
  expect(await stranger.pull({ after: 0, limit: 1, core: 'x' })).toMatchObject(lost)
  await device.cloud.forget()
  const forgotten = device.cloud.connect(device.link)
  expect(await forgotten.pull({ after: 0, limit: 1, core: 'x' })).toMatchObject(lost)
})

test('a key that was replaced is a wrong key', needs('faults'), async () => {
  const wrong = device.cloud.connect({ ...device.link, key: 'sb_publishable_another' })
  expect(await wrong.pull({ after: 0, limit: 1, core: 'x' })).toMatchObject({
    ok: false,
    error: { code: 'wrongKey' },
  })
})

test('a response lost after the insert: the retry gives the same seqs', needs('faults'), async () => {
  const events = someEvents(device, 5)
  backend.faults.dropAnswer = (path) => path.endsWith('append_events')
  expect(await device.connection.append(device.core, events)).toMatchObject({
    ok: false,
    error: { code: 'away' },
  })
  backend.faults.dropAnswer = null
  expect(await append(device, events)).toEqual([1, 2, 3, 4, 5])
  expect(await append(device, events)).toEqual([1, 2, 3, 4, 5])
})

test('a claim whose answer is lost is repeated until it is heard', needs('faults'), async () => {
  let lost = 0
  backend.faults.dropAnswer = (path) => path.endsWith('claim_device') && ++lost <= 2
  const second = await joinDevice(backend, restaurant)
  expect(lost).toBe(3)
  const devices = await second.connection.devices()
  expect(devices.ok && devices.value).toHaveLength(2)
})

test.each([
  [429, 3, { code: 'busy', retryAfterMs: 3000 }],
  [503, undefined, { code: 'busy' }],
  [500, undefined, { code: 'away' }],
  [502, undefined, { code: 'away' }],
  [504, undefined, { code: 'away' }],
  [403, undefined, { code: 'away' }],
])('a storm of %i', needs('faults'), async (status, retryAfter, error) => {
  backend.faults.answer = () => ({ status, ...(retryAfter ? { retryAfter } : {}) })
  expect(await page(device, 0)).toMatchObject({ ok: false, error })
  expect(await device.connection.devices()).toMatchObject({ ok: false, error })
  backend.faults.answer = null
  expect(await page(device, 0)).toMatchObject({ ok: true })
})

test('a slow database is waited for, a stuck one is not', needs('faults'), async () => {
  backend.faults.delayMs = 2000
  expect(await page(device, 0)).toMatchObject({ ok: true })
  backend.faults.delayMs = 12_000
  const says = { code: 'cloud.tooSlow' }
  const answer = within(11_500, 'giving up', page(device, 0))
  expect(await answer).toMatchObject({ ok: false, error: { code: 'away', says } })
})

test('closing ends what is under way', needs('faults'), async () => {
  backend.faults.delayMs = 5000
  const waiting = page(device, 0)
  await device.connection.close()
  expect(await waiting).toMatchObject({ ok: false, error: { code: 'away' } })
  expect(await page(device, 0)).toMatchObject({ ok: false })
})
