/** @file Unit tests of connecting again: this PC goes on where it was, and leaves nothing unsent behind without being told. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { say } from '../../../shared/domain/messages/index.ts'
import { AWAY, PROJECT, said } from '../../support/cloud.ts'
import { endAll, evening, expectEqual, type Pc, pass, virtualTime } from './cloud-kit.ts'
import { codeFor, signIn } from './cloud-people.ts'

beforeEach(virtualTime)
afterEach(endAll)

/** Two PCs; the second has one order refused and three that were never sent, and is cut off. */
async function stuck() {
  const { server, restaurant, pcs } = await evening('main', 'bar')
  const [main, bar] = pcs
  server.faults.refuse = (event) =>
    event.order !== null ? { code: 'unknownKind', says: said('Not known yet.') } : null
  const parked = await bar.place()
  await pass(500)
  server.faults.refuse = null
  server.faults.fail = (_call, device) => (device === bar.device ? AWAY : null)
  for (let n = 0; n < 3; n++) await bar.place()
  await pass(60_000)
  expect(bar.status()).toMatchObject({ state: 'away', parked: 1 })
  return { server, restaurant, main, bar, parked }
}

async function leave(pc: Pc) {
  expect(await pc.call('cloudLeave')).toMatchObject({ ok: true })
}

test('disconnected and connected again, this PC sends what waited, whatever was chosen', async () => {
  const { server, restaurant, main, bar, parked } = await stuck()
  await leave(bar)
  server.faults.fail = null
  expect((await bar.info()).former).toEqual({
    restaurant: restaurant.id,
    name: 'Trattoria',
    unsent: 8,
    lost: false,
  })
  await main.place()
  const { signIn: token } = await signIn(bar)
  const join = { signIn: token, restaurant: { id: restaurant.id }, take: 'download' }
  expect(await bar.call('cloudJoin', join)).toMatchObject({ ok: true, v: { restarts: false } })
  restaurant.live(true)
  await pass(1_000)
  expect([bar.restarts, bar.store.aside.length]).toEqual([0, 0])
  // What was refused still waits for a person.
  expect((await bar.info()).parked).toMatchObject([{ lane: parked.order, events: 2 }])
  expect((await bar.info()).former).toBeNull()
  expect(bar.status()).toMatchObject({ state: 'live', outbox: 0, parked: 1 })
  expect(await bar.call('cloudRetry', { lane: parked.order })).toMatchObject({ ok: true })
  await pass(1_000)
  expectEqual(restaurant, main, bar)
})

test.each([null, 'download'] as const)(
  'a host that lost its vault goes on with a new code (take %s)',
  async (take) => {
    const { server, restaurant, main, bar } = await stuck()
    bar.vault.kept.clear()
    server.faults.fail = null
    await bar.restart()
    const code = await codeFor(main, restaurant.id)
    expect(await bar.core.cloud?.claim(PROJECT, code, take)).toMatchObject({
      ok: true,
      value: { restarts: false },
    })
    restaurant.live(true)
    await pass(1_000)
    expect([bar.restarts, bar.store.aside.length]).toEqual([0, 0])
    expect(bar.status()).toMatchObject({ state: 'live', outbox: 0, parked: 1 })
    for (const lane of (await bar.info()).parked) await bar.call('cloudRetry', { lane: lane.lane })
    await pass(1_000)
    expectEqual(restaurant, main, bar)
  },
)

test('taking over another restaurant sets nothing unsent aside before a person agreed to how much', async () => {
  const { server, main, bar } = await stuck()
  await leave(bar)
  const other = server.restaurant('Osteria')
  const code = await codeFor(main, other.id)
  const head = await codeFor(main, other.id)
  await main.call('cloudLeave')
  server.faults.fail = null
  await main.call('cloudClaim', { ...PROJECT, code: head, take: 'upload' })
  await pass(500)
  const refused = {
    ok: false,
    e: {
      code: 'invalid',
      params: { why: 'other', message: say('cloud.atStake', { count: 8, restaurant: 'Trattoria' }) },
    },
  }
  const { signIn: token } = await signIn(bar)
  const join = { signIn: token, restaurant: { id: other.id }, take: 'download' }
  const claim = { ...PROJECT, code, take: 'download' }
  for (const aside of [{}, { aside: 7 }]) {
    expect(await bar.call('cloudJoin', { ...join, ...aside })).toMatchObject(refused)
    expect(await bar.call('cloudClaim', { ...claim, ...aside })).toMatchObject(refused)
  }
  expect(await bar.core.cloud?.claim(PROJECT, code, null)).toMatchObject({ ok: false })
  expect([other.devices.size, bar.restarts]).toEqual([1, 0])
  // The code is still good.
  expect(await bar.call('cloudClaim', { ...claim, aside: 8 })).toMatchObject({
    ok: true,
    v: { restarts: true },
  })
  await pass(1_000)
  await bar.restart()
  await pass(1_000)
  expect(bar.store.aside.flat().length).toBeGreaterThan(8)
  expectEqual(other, main, bar)
})

test('what one restaurant refused does not wait in another, not even in one this PC was in before', async () => {
  const { server, restaurant, bar } = await stuck()
  await leave(bar)
  server.faults.fail = null
  const { signIn: token } = await signIn(bar)
  await bar.call('cloudJoin', { signIn: token, restaurant: { create: 'Osteria' }, take: 'upload' })
  await pass(500)
  expect(bar.status()).toMatchObject({ name: 'Osteria', outbox: 0, parked: 0 })
  server.faults.refuse = () => ({ code: 'invalid', says: said('No.') })
  await bar.place()
  await pass(500)
  expect(bar.status()).toMatchObject({ parked: 1 })
  await leave(bar)
  expect((await bar.info()).former).toMatchObject({ name: 'Osteria', unsent: 2 })
  server.faults.refuse = null
  await bar.call('cloudJoin', { signIn: token, restaurant: { id: restaurant.id }, take: 'upload' })
  await pass(500)
  expect(bar.status()).toMatchObject({ name: 'Trattoria', outbox: 0, parked: 0 })
})

test('a vault that was damaged and set aside is told at every start, until this PC is connected or disconnected', async () => {
  const { server, restaurant, main, bar } = await stuck()
  server.faults.fail = null
  bar.vault.kept.set('cloud-link', 'half a li')
  for (const unsent of [8, 10, 12]) {
    await bar.restart()
    await pass(500)
    expect(bar.status()).toMatchObject({ state: 'refused', needs: 'link', name: 'Trattoria', outbox: unsent })
    expect(bar.alarms()).toContain('cloud.linkLost')
    await bar.place()
    await pass(500)
    expect(bar.status()).toMatchObject({ outbox: unsent + 2 })
    expect((await bar.core.health()).cloud).toMatchObject({ needs: 'link' })
    bar.vault.kept.clear()
  }
  expect((await bar.info()).former).toMatchObject({ lost: true, unsent: 14 })
  const claim = { ...PROJECT, code: await codeFor(main, restaurant.id), take: 'download' }
  expect(await bar.call('cloudClaim', claim)).toMatchObject({ ok: true, v: { restarts: false } })
  restaurant.live(true)
  await pass(1_000)
  expect(bar.status()).toMatchObject({ state: 'live', needs: null, outbox: 0, parked: 1 })
  expect(bar.alarms()).not.toContain('cloud.linkLost')
})

test('a PC that lost its connection and is disconnected works alone without a word', async () => {
  const { bar } = await stuck()
  bar.vault.kept.clear()
  await bar.restart()
  bar.vault.broken = new Error('The keychain is locked.')
  expect(await bar.call('cloudLeave')).toMatchObject({ ok: false })
  expect(bar.status()).toMatchObject({ needs: 'link' })
  bar.vault.broken = null
  await leave(bar)
  for (let starts = 0; starts < 2; starts++) {
    expect([bar.status(), bar.alarms()]).toEqual([null, '[]'])
    expect((await bar.info()).former).toMatchObject({ lost: false, unsent: 8 })
    await bar.restart()
  }
})

test('access that cannot be saved here is an alarm that says not to restart, for as long as that is so', async () => {
  const { restaurant, pcs } = await evening('main')
  const [main] = pcs
  const listener = () => restaurant.devices.get(main.device)?.listener
  listener()?.kept(false)
  await pass(100)
  expect(main.alarms()).toContain('cloud.accessUnkept')
  listener()?.kept(true)
  await pass(100)
  expect(main.alarms()).not.toContain('cloud.accessUnkept')
  listener()?.kept(false)
  await pass(100)
  await leave(main)
  await pass(100)
  expect(main.alarms()).not.toContain('cloud.accessUnkept')
})
