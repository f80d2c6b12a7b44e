/** @file Unit tests of losing the cloud: a new key, a new code, leaving, being removed and let in again. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { say } from '../../../shared/domain/messages/index.ts'
import { PROJECT, said } from '../../support/cloud.ts'
import { endAll, evening, expectEqual, openPc, type Pc, pass, states, virtualTime } from './cloud-kit.ts'
import { codeFor, codeOf, messageIn, signIn } from './cloud-people.ts'
import { BOSS } from './kit.ts'

beforeEach(virtualTime)
afterEach(endAll)

describe('the way back', () => {
  const linkOf = (pc: Pc) => JSON.parse(pc.vault.kept.get('cloud-link') ?? 'null')

  test('a key that was replaced: the new one is tried, taken, and the same device goes on', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    const { device } = main
    server.keys = new Set(['sb_publishable_new'])
    await main.place()
    await pass(500)
    expect(main.status()).toMatchObject({ state: 'refused', needs: 'key', outbox: 2 })
    expect(codeOf(await main.call('cloudKey', { key: 'sb_publishable_other' }))).toBe('wrongKey')
    main.vault.broken = new Error('The keychain is locked.')
    const unkept = await main.call('cloudKey', { key: 'sb_publishable_new' })
    expect(messageIn(unkept)).toEqual(say('cloud.linkNotKept', { text: 'Error: The keychain is locked.' }))
    expect(linkOf(main).key).toBe(PROJECT.key)
    main.vault.broken = null
    for (const pc of pcs)
      expect(await pc.call('cloudKey', { key: ' sb_publishable_new ' })).toMatchObject({ ok: true })
    await pass(500)
    restaurant.live(true)
    await pass(500)
    expect(main.status()).toMatchObject({ state: 'live', needs: null, outbox: 0 })
    expect(linkOf(main)).toMatchObject({ device, key: 'sb_publishable_new', current: true })
    expect([restaurant.devices.size, main.store.aside.length, main.cloud.forgotten]).toEqual([2, 0, 0])
    expectEqual(restaurant, main, bar)
    await main.restart()
    await pass(500)
    expect(main.status()).toMatchObject({ state: 'polling' })
    // A key may be replaced before the old one ends: nothing is lost in between.
    server.keys.add('sb_publishable_newest')
    await bar.place()
    expect(await bar.call('cloudKey', { key: 'sb_publishable_newest' })).toMatchObject({ ok: true })
    await pass(6_000)
    expectEqual(restaurant, main, bar)
  })

  test('a key does not let a device in that a manager removed, nor help one that is not connected', async () => {
    const { server, restaurant, pcs } = await evening('main')
    const [main] = pcs
    restaurant.revoke(main.device)
    await pass(500)
    expect(await main.call('cloudKey', { key: PROJECT.key })).toMatchObject({ ok: true })
    await expect(main.place()).rejects.toThrow('cloud.removed')
    const alone = await openPc(server, 'alone')
    expect(codeOf(await alone.call('cloudKey', { key: PROJECT.key }))).toBe('invalid')
    const fresh = await openPc(server, 'fresh')
    const { signIn: token } = await signIn(fresh)
    const download = { signIn: token, restaurant: { id: restaurant.id }, take: 'download' }
    expect(await fresh.call('cloudJoin', download)).toMatchObject({ ok: true })
    expect(codeOf(await fresh.call('cloudKey', { key: PROJECT.key }))).toBe('cloudAway')
  })

  test('a device whose access has ended takes a new code, keeps its store and sends what waited', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    const { device } = bar
    const code = await codeFor(main, restaurant.id)
    const again = { ...PROJECT, code, take: 'download' }
    expect(messageIn(await bar.call('cloudClaim', again))).toEqual(
      say('cloud.connectedAlready', { restaurant: 'Trattoria' }),
    )
    server.faults.fail = (call, who) =>
      call !== 'claim' && who === device ? { code: 'signedOut', says: said('Ask for a new code.') } : null
    await bar.place()
    await main.place()
    await pass(500)
    expect(bar.status()).toMatchObject({ state: 'refused', needs: 'code', outbox: 2 })
    const elsewhere = await codeFor(main, server.restaurant('Elsewhere').id)
    const other = await bar.call('cloudClaim', { ...again, code: elsewhere })
    expect(other).toMatchObject({
      ok: false,
      e: { code: 'notAllowed', params: { message: said('This code is for another restaurant.') } },
    })
    const moved = await bar.call('cloudClaim', { ...again, url: 'https://other.supabase.co' })
    expect(messageIn(moved)).toEqual(say('cloud.belongsTo', { restaurant: 'Trattoria', url: PROJECT.url }))
    expect(linkOf(bar).device).toBe(device)
    expect(await bar.call('cloudClaim', again)).toMatchObject({
      ok: true,
      v: { name: 'Trattoria', restarts: false },
    })
    await pass(500)
    restaurant.live(true)
    await pass(500)
    expect(bar.status()).toMatchObject({ state: 'live', needs: null, outbox: 0 })
    expect(linkOf(bar)).toMatchObject({ fresh: false, current: true, letter: 'AC' })
    expect(bar.device).not.toBe(device)
    expect([bar.store.aside.length, bar.restarts]).toEqual([0, 0])
    expect((await bar.place()).number).toMatch(/^AC/)
    await pass(500)
    expectEqual(restaurant, main, bar)
  })

  test('a new code that cannot be kept is forgotten, and the device asks for one again', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    const code = await codeFor(main, restaurant.id)
    const { device } = bar
    server.faults.fail = (call, who) =>
      call !== 'claim' && who === device ? { code: 'signedOut', says: said('Ask for a new code.') } : null
    await pass(7_000)
    bar.vault.broken = new Error('The keychain is locked.')
    const reply = await bar.call('cloudClaim', { ...PROJECT, code, take: 'upload' })
    expect(messageIn(reply)).toEqual(say('cloud.linkNotKept', { text: 'Error: The keychain is locked.' }))
    expect(bar.cloud.forgotten).toBe(1)
    bar.vault.broken = null
    await pass(31_000)
    expect(bar.status()).toMatchObject({ state: 'refused', needs: 'code' })
  })
})

describe('leaving', () => {
  test('forgets the connection, deletes nothing, and joining again goes on where it was', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    await main.place()
    await pass(100)
    const there = restaurant.log.length
    expect(await bar.call('cloudLeave')).toMatchObject({ ok: true })
    await pass(500)
    expect([bar.status(), bar.cloud.forgotten, bar.vault.kept.size]).toEqual([null, 1, 0])
    expect(restaurant.log).toHaveLength(there)
    await bar.place()
    await pass(10_000)
    expect(restaurant.log).toHaveLength(there)
    expect(await bar.call('cloudLeave')).toMatchObject({ ok: true })
    await main.place()
    const { signIn: token } = await signIn(bar)
    const join = { signIn: token, restaurant: { id: restaurant.id }, take: 'upload' }
    expect(await bar.call('cloudJoin', join)).toMatchObject({ ok: true })
    restaurant.live(true)
    await pass(500)
    expectEqual(restaurant, main, bar)
    expect(server.most('append')).toBe(1)
  })

  test('is refused when it cannot be forgotten', async () => {
    const { pcs } = await evening('main')
    const [main] = pcs
    main.vault.broken = new Error('The keychain is locked.')
    expect(await main.call('cloudLeave')).toMatchObject({ ok: false, e: { code: 'invalid' } })
    main.vault.broken = null
    await pass(500)
    expect(main.status()).toMatchObject({ state: 'live' })
  })

  test('what waited for one restaurant does not hold up another', async () => {
    const { server, pcs } = await evening('main')
    const [main] = pcs
    const placed = await main.place()
    await pass(100)
    server.faults.refuse = ({ order, kind }) =>
      order === placed.order && kind === 'tasks.moved' ? { code: 'invalid', says: said('No.') } : null
    await main.bump(placed.order)
    await pass(500)
    expect(main.status()).toMatchObject({ parked: 1 })
    await main.call('cloudLeave')
    server.faults.refuse = null
    const { signIn: token } = await signIn(main)
    await main.call('cloudJoin', { signIn: token, restaurant: { create: 'Osteria' }, take: 'upload' })
    await pass(500)
    const [, other] = [...server.restaurants.values()]
    if (!other) throw new Error('no restaurant')
    expectEqual(other, main)
    expect(main.status()).toMatchObject({ parked: 0, name: 'Osteria' })
  })
})

describe('a device a manager removed', () => {
  test('locks, says whom to call, keeps its outbox, and goes on when it is let in again', async () => {
    const { restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    const { order } = await bar.place()
    await pass(100)
    const says = say('cloud.removed', { who: 'Farah', role: 'manager' })
    restaurant.revoke(bar.device, says)
    await pass(500)
    expect(bar.status()).toMatchObject({ state: 'locked', says })
    expect(bar.alarms()).toContain(JSON.stringify(says))
    expect(await bar.core.submit('cancelOrder', { order, reason: 'x' }, BOSS)).toMatchObject({
      ok: false,
      error: { code: 'deviceLocked', params: { message: says } },
    })
    await main.place()
    await pass(500)
    expect(states(bar)[order]).toBeDefined()
    restaurant.revoke(bar.device, null)
    await pass(500)
    restaurant.live(true)
    await pass(500)
    expect(bar.status()).toMatchObject({ state: 'live' })
    expect(bar.alarms()).not.toContain(says.code)
    await bar.place()
    await pass(500)
    expectEqual(restaurant, main, bar)
  })

  test('is still locked after a restart without the network, and finds out by itself that it is let in', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    server.faults.fail = (call, device) =>
      call === 'append' && device === bar.device ? { code: 'away', says: said('Away.') } : null
    await bar.place()
    await pass(500)
    restaurant.revoke(bar.device)
    await pass(500)
    const since = restaurant.devices.get(bar.device)?.revokedAt
    expect(bar.status()).toMatchObject({ state: 'locked', outbox: 2, since })
    server.faults.fail = () => ({ code: 'away', says: said('Away.') })
    await pass(60_000)
    await bar.restart()
    await pass(500)
    // Since a manager did it, not since Plate started.
    expect(bar.status()).toMatchObject({ state: 'locked', outbox: 2, since })
    await expect(bar.place()).rejects.toThrow('cloud.removed')
    const device = restaurant.devices.get(bar.device)
    if (device) device.revoked = null
    server.faults.fail = null
    await pass(31_000)
    expect(bar.status()).toMatchObject({ state: 'polling', outbox: 0 })
    await bar.place()
    await pass(500)
    expectEqual(restaurant, main, bar)
  })

  test('takes orders again once it has left', async () => {
    const { restaurant, pcs } = await evening('main')
    const [main] = pcs
    restaurant.revoke(main.device)
    await pass(500)
    await expect(main.place()).rejects.toThrow()
    expect(await main.call('cloudLeave')).toMatchObject({ ok: true })
    await main.place()
  })
})
