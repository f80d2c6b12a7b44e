/** @file Unit tests of first contact with the cloud: signing in, claiming, downloading, and what stands in the way. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import { createFakeCloud, memoryVault, PERSON, PROJECT, said } from '../../support/cloud.ts'
import { endAll, evening, expectEqual, openPc, pass, states, virtualTime } from './cloud-kit.ts'
import { codeOf, signIn } from './cloud-people.ts'
import { id, memoryStore } from './kit.ts'

beforeEach(virtualTime)
afterEach(endAll)

describe('first contact', () => {
  test('checks the project and the person before anything is changed', async () => {
    const server = createFakeCloud()
    const pc = await openPc(server, 'main')
    server.faults.clock = 120_000
    expect(await pc.call('cloudCheck', PROJECT)).toMatchObject({ ok: true, v: { skewMs: -120_000 } })
    expect(codeOf(await pc.call('cloudCheck', { ...PROJECT, key: 'other' }))).toBe('wrongKey')
    expect(codeOf(await pc.call('cloudSignIn', { ...PROJECT, ...PERSON, password: 'guess' }))).toBe(
      'wrongLogin',
    )
    expect(codeOf(await pc.call('cloudClaim', { ...PROJECT, code: 'NONE', take: 'upload' }))).toBe(
      'wrongCode',
    )
    expect((await pc.info()).link).toBeNull()
    expect(pc.vault.kept.size).toBe(0)
  })

  test('creates a restaurant and brings everything up, once; a second PC downloads it and is equal', async () => {
    const server = createFakeCloud()
    const main = await openPc(server, 'main')
    const { order } = await main.place()
    const { signIn: token } = await signIn(main)
    const joined = await main.call('cloudJoin', {
      signIn: token,
      restaurant: { create: 'Trattoria', person: 'Farah, 0151 1234' },
      take: 'upload',
    })
    expect(joined).toMatchObject({ ok: true, v: { name: 'Trattoria', restarts: false } })
    expect(server.people).toEqual(['Farah, 0151 1234'])
    await pass(500)
    const [restaurant] = [...server.restaurants.values()]
    if (!restaurant) throw new Error('no restaurant')
    expectEqual(restaurant, main)
    expect(main.status()).toMatchObject({ outbox: 0, parked: 0 })
    const { id: there } = restaurant
    const code = await main.call('cloudCode', { signIn: token, restaurant: there, name: 'Bar' })
    expect(code.ok).toBe(true)

    const bar = await openPc(server, 'bar')
    const own = await bar.place()
    const before = bar.core.device
    const { code: text } = code.v as unknown as { code: string }
    const claimed = await bar.call('cloudClaim', { ...PROJECT, code: text, take: 'download' })
    expect(claimed).toMatchObject({ ok: true, v: { name: 'Trattoria', restarts: true } })
    // Nothing is taken any more that would be moved away.
    await expect(bar.place()).rejects.toThrow('"why":"again"')
    await pass(1_000)
    expect(bar.restarts).toBe(1)
    await bar.restart()
    restaurant.live(true)
    await pass(500)
    expectEqual(restaurant, main, bar)
    expect(bar.core.device).not.toBe(before)
    expect(bar.store.aside.flat().some(({ event }) => event.order === own.order)).toBe(true)
    expect(states(bar)[order]).toBeDefined()
    expect((await bar.place()).number).toBe('AB1')
    await bar.restart()
    expectEqual(restaurant, main, bar)
    expect(bar.store.aside).toHaveLength(1)
  })

  test('a PC that is taking over waits for its documents instead of publishing the demo’s', async () => {
    const server = createFakeCloud()
    const restaurant = server.restaurant()
    server.faults.fail = () => ({ code: 'away', says: said('Away.') })
    const pc = await openPc(server, 'main', { link: restaurant, record: { fresh: true } })
    await pass(500)
    expect([pc.store.events.length, pc.status()?.state]).toEqual([0, 'away'])
    await pc.restart()
    expect(pc.store.events).toHaveLength(0)
    server.faults.fail = null
    await pass(31_000)
    expect(pc.status()?.state).toBe('polling')
  })

  test('somebody who waits for an answer is not told that Plate tries again by itself', async () => {
    const server = createFakeCloud()
    const pc = await openPc(server, 'main')
    server.faults.fail = () => ({ code: 'busy', says: say('cloud.busy', { next: say('cloud.triesAgain') }) })
    const message = say('cloud.busy', { next: say('cloud.tryAgain') })
    expect(await pc.call('cloudCheck', PROJECT)).toMatchObject({ ok: false, e: { params: { message } } })
  })

  test('a sign-in lasts 15 minutes, and may be used for codes and devices', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    const { signIn: token } = await signIn(main)
    expect(await main.call('cloudRevoke', { signIn: token, device: bar.device })).toMatchObject({ ok: true })
    await pass(500)
    expect(bar.status()).toMatchObject({ state: 'locked' })
    expect(await main.call('cloudReadmit', { signIn: token, device: bar.device })).toMatchObject({ ok: true })
    await pass(500)
    expect(bar.status()?.state).not.toBe('locked')
    expect(codeOf(await main.call('cloudCode', { signIn: token, restaurant: id(), name: 'X' }))).toBe(
      'notAllowed',
    )
    await pass(15 * 60_000)
    const over = await main.call('cloudCode', { signIn: token, restaurant: restaurant.id, name: 'X' })
    expect(codeOf(over)).toBe('wrongLogin')
    for (const method of ['cloudRevoke', 'cloudReadmit'])
      expect(codeOf(await main.call(method, { signIn: token, device: bar.device }))).toBe('wrongLogin')
    const join = { signIn: token, restaurant: { id: restaurant.id }, take: 'upload' }
    expect(codeOf(await main.call('cloudJoin', join))).toBe('wrongLogin')
    expect(server.calls.some(({ device }) => device.endsWith('ended'))).toBe(true)
  })

  test('says why it cannot be done: connected already, cannot restart, cannot keep it, no cloud', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main] = pcs
    const take = { ...PROJECT, code: 'ANY', take: 'upload' }
    expect(await main.call('cloudClaim', take)).toMatchObject({ ok: false, e: { code: 'invalid' } })
    const fixed = await openPc(server, 'fixed', { core: { restart: undefined as never } })
    const download = await fixed.call('cloudClaim', { ...take, take: 'download' })
    expect(download).toMatchObject({
      ok: false,
      e: { params: { message: say('cloud.noRestart') } },
    })
    const { signIn: token } = await signIn(fixed)
    fixed.vault.broken = new Error('The keychain is locked.')
    const join = { signIn: token, restaurant: { id: restaurant.id }, take: 'upload' }
    expect(await fixed.call('cloudJoin', join)).toMatchObject({
      ok: false,
      e: { params: { message: say('cloud.linkNotKept', { text: 'Error: The keychain is locked.' }) } },
    })
    expect(fixed.cloud.forgotten).toBe(1)
    const without = await openPc(server, 'without', { core: { cloud: undefined as never } })
    expect(codeOf(await without.call('cloudCheck', PROJECT))).toBe('invalid')
    expect(codeOf(await without.call('cloudRetry', { lane: 'x' }))).toBe('invalid')
    expect(codeOf(await fixed.call('cloudWithdraw', { lane: 'x', reason: 'y' }))).toBe('invalid')
    expect((await without.info()).link).toBeNull()
    expect(without.core.cloud).toBeUndefined()
  })

  test('a host without anybody before it claims, and takes what there is', async () => {
    const { server, restaurant, pcs } = await evening('main')
    const [main] = pcs
    await main.place()
    await pass(100)
    const { signIn: token } = await signIn(main)
    const codeFor = async (name: string, place = restaurant.id) => {
      const reply = await main.call('cloudCode', { signIn: token, restaurant: place, name })
      return (reply.v as unknown as { code: string }).code
    }
    const box = await openPc(server, 'box')
    expect(box.core.cloud?.link()).toBeNull()
    const code = await codeFor('Box')
    expect(await box.core.cloud?.claim(PROJECT, code, null)).toMatchObject({
      ok: true,
      value: { restarts: true },
    })
    await box.restart()
    await pass(500)
    expectEqual(restaurant, main, box)
    expect(box.core.cloud?.link()).toMatchObject({ name: 'Trattoria' })
    const empty = server.restaurant('New')
    const first = await openPc(server, 'first')
    const { order } = await first.place()
    const answer = await first.core.cloud?.claim(PROJECT, await codeFor('First', empty.id), null)
    expect(answer).toMatchObject({ ok: true, value: { restarts: false, name: 'New' } })
    await pass(500)
    expect(empty.log.some(({ event }) => event.order === order)).toBe(true)
    expect(await first.core.cloud?.claim(PROJECT, 'ANY', null)).toMatchObject({ ok: false })
  })

  test('a host that leaves the choice open never loses orders of its own: they join those that are there', async () => {
    const { server, restaurant, pcs } = await evening('main')
    const [main] = pcs
    await main.place()
    await pass(100)
    const box = await openPc(server, 'box')
    const { order } = await box.place()
    const { signIn: token } = await signIn(main)
    const reply = await main.call('cloudCode', { signIn: token, restaurant: restaurant.id, name: 'Box' })
    const { code } = reply.v as unknown as { code: string }
    expect(await box.core.cloud?.claim(PROJECT, code, null)).toMatchObject({
      ok: true,
      value: { restarts: false },
    })
    await pass(500)
    expect(restaurant.log.some(({ event }) => event.order === order)).toBe(true)
    expectEqual(restaurant, main, box)
  })

  test('refuses to take over an empty restaurant, which would leave this PC without a menu', async () => {
    const { server, pcs } = await evening('main')
    const empty = server.restaurant('New')
    const { signIn: token } = await signIn(pcs[0])
    const made = await pcs[0].call('cloudCode', { signIn: token, restaurant: empty.id, name: 'First' })
    const { code } = made.v as unknown as { code: string }
    const first = await openPc(server, 'first')
    const person = await signIn(first)
    const refused = (message: Message) => ({
      ok: false,
      e: { code: 'invalid', params: { why: 'other', message } },
    })
    const there = refused(said('There is nothing to take over.'))
    expect(await first.call('cloudClaim', { ...PROJECT, code, take: 'download' })).toMatchObject(there)
    const join = (restaurant: object) =>
      first.call('cloudJoin', { signIn: person.signIn, restaurant, take: 'download' })
    expect(await join({ id: empty.id })).toMatchObject(there)
    expect(await join({ create: 'Newer' })).toMatchObject(refused(say('cloud.newIsEmpty')))
    expect([server.restaurants.size, empty.devices.size, first.restarts]).toEqual([2, 0, 0])
    // The code is still good for the other choice.
    expect(await first.call('cloudClaim', { ...PROJECT, code, take: 'upload' })).toMatchObject({ ok: true })
    await pass(500)
    expectEqual(empty, first)
  })

  test('shows the devices of the restaurant while they can be asked for', async () => {
    const { server, pcs } = await evening('main', 'bar')
    const [main] = pcs
    await pass(6_000)
    const { link, devices } = await main.info()
    expect(link).toMatchObject({ ...PROJECT, name: 'Trattoria', device: main.device })
    expect(devices).toMatchObject([
      { name: 'main', self: true, letter: '', version: '0.0.0-test', revoked: false },
      { name: 'bar', self: false, letter: 'AB' },
    ])
    server.faults.fail = () => ({ code: 'away', says: said('Away.') })
    await pass(7_000)
    expect((await main.info()).devices).toBeNull()
    expect((await main.core.health()).cloud).toMatchObject({ state: 'away' })
  })
})

test('a connection that cannot be read is told, until there is another one', async () => {
  const server = createFakeCloud()
  const vault = memoryVault()
  vault.kept.set('cloud-link', 'half a li')
  const main = await openPc(server, 'main', { vault })
  await main.place()
  await pass(500)
  expect(main.status()).toBeNull()
  expect(main.alarms()).toContain('cloud.linkUnreadable')
  const { signIn: token } = await signIn(main)
  await main.call('cloudJoin', { signIn: token, restaurant: { create: 'Osteria' }, take: 'upload' })
  await pass(500)
  expect(main.alarms()).not.toContain('cloud.linkUnreadable')
})

test('a crash between moving the old orders away and forgetting to do so moves nothing of the new ones', async () => {
  const server = createFakeCloud()
  const restaurant = server.restaurant()
  const store = memoryStore('core-main')
  const alone = await openPc(server, 'main', { store })
  await alone.place()
  await alone.stop()
  const vault = memoryVault()
  const link = { ...restaurant.link('main'), fresh: true, current: false, locked: null }
  await vault.write('cloud-link', JSON.stringify(link))
  vault.broken = new Error('cut')
  await expect(openPc(server, 'main', { store, vault })).rejects.toThrow('cut')
  expect([store.aside.length, store.events.length]).toEqual([1, 0])
  vault.broken = null
  const pc = await openPc(server, 'main', { store, vault })
  await pass(500)
  await pc.restart()
  const { order } = await pc.place()
  await pc.restart()
  expect(states(pc)[order]).toBeDefined()
  expect(store.aside.filter((events) => events.length)).toHaveLength(1)
})
