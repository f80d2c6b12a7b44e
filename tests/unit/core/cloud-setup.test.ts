/** @file Unit tests of first contact and of losing it: setup, downloading, leaving, being locked out, orders of other programs. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFakeCloud, memoryVault, PERSON, PROJECT } from '../../support/cloud.ts'
import { endAll, evening, expectEqual, openPc, type Pc, pass, states, virtualTime } from './cloud-kit.ts'
import { id, memoryStore } from './kit.ts'

beforeEach(virtualTime)
afterEach(endAll)

/** A person's sign-in, as the setup page keeps it. */
async function signIn(pc: Pc): Promise<{ signIn: string; restaurants: { id: string; empty: boolean }[] }> {
  const reply = await pc.call('cloudSignIn', { ...PROJECT, ...PERSON })
  expect(reply.ok).toBe(true)
  return reply.v as never
}

const codeOf = (reply: { e?: { code: string } }) => reply.e?.code

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
    await expect(bar.place()).rejects.toThrow('starts again')
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
    server.faults.fail = () => ({ code: 'away', message: 'Away.' })
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
    server.faults.fail = () => ({ code: 'busy', message: 'Too much to do. Plate tries again by itself.' })
    const message = 'Too much to do. Try again in a moment.'
    expect(await pc.call('cloudCheck', PROJECT)).toMatchObject({ ok: false, e: { message } })
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
      e: { message: expect.stringContaining('cannot start itself') },
    })
    const { signIn: token } = await signIn(fixed)
    fixed.vault.broken = new Error('The keychain is locked.')
    const join = { signIn: token, restaurant: { id: restaurant.id }, take: 'upload' }
    expect(await fixed.call('cloudJoin', join)).toMatchObject({
      ok: false,
      e: { message: expect.stringContaining('The keychain is locked.') },
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

  test('refuses to take over an empty restaurant, which would leave this PC without a menu', async () => {
    const { server, pcs } = await evening('main')
    const empty = server.restaurant('New')
    const { signIn: token } = await signIn(pcs[0])
    const made = await pcs[0].call('cloudCode', { signIn: token, restaurant: empty.id, name: 'First' })
    const { code } = made.v as unknown as { code: string }
    const first = await openPc(server, 'first')
    const person = await signIn(first)
    const refused = {
      ok: false,
      e: { code: 'invalid', message: expect.stringContaining('nothing to take over') },
    }
    expect(await first.call('cloudClaim', { ...PROJECT, code, take: 'download' })).toMatchObject(refused)
    const join = (restaurant: object) =>
      first.call('cloudJoin', { signIn: person.signIn, restaurant, take: 'download' })
    expect(await join({ id: empty.id })).toMatchObject(refused)
    expect(await join({ create: 'Newer' })).toMatchObject(refused)
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
    server.faults.fail = () => ({ code: 'away', message: 'Away.' })
    await pass(7_000)
    expect((await main.info()).devices).toBeNull()
    expect((await main.core.health()).cloud).toMatchObject({ state: 'away' })
  })
})

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
    expect(unkept.e?.message).toContain('The keychain is locked.')
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
    await expect(main.place()).rejects.toThrow('Ask them to let it in again')
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
    const { signIn: token } = await signIn(main)
    const codeFor = async (place: string) => {
      const reply = await main.call('cloudCode', { signIn: token, restaurant: place, name: 'Bar' })
      return (reply.v as unknown as { code: string }).code
    }
    const code = await codeFor(restaurant.id)
    const again = { ...PROJECT, code, take: 'download' }
    expect((await bar.call('cloudClaim', again)).e?.message).toContain('connected to "Trattoria" already')
    server.faults.fail = (call, who) =>
      call !== 'claim' && who === device ? { code: 'signedOut', message: 'Ask for a new code.' } : null
    await bar.place()
    await main.place()
    await pass(500)
    expect(bar.status()).toMatchObject({ state: 'refused', needs: 'code', outbox: 2 })
    const elsewhere = await codeFor(server.restaurant('Elsewhere').id)
    const other = await bar.call('cloudClaim', { ...again, code: elsewhere })
    expect(other).toMatchObject({
      ok: false,
      e: { code: 'notAllowed', message: expect.stringMatching(/another/) },
    })
    const moved = await bar.call('cloudClaim', { ...again, url: 'https://other.supabase.co' })
    expect(moved.e?.message).toContain('belongs to "Trattoria" at')
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
    const { signIn: token } = await signIn(main)
    const made = await main.call('cloudCode', { signIn: token, restaurant: restaurant.id, name: 'Bar' })
    const { device } = bar
    server.faults.fail = (call, who) =>
      call !== 'claim' && who === device ? { code: 'signedOut', message: 'Ask for a new code.' } : null
    await pass(7_000)
    bar.vault.broken = new Error('The keychain is locked.')
    const { code } = made.v as unknown as { code: string }
    const reply = await bar.call('cloudClaim', { ...PROJECT, code, take: 'upload' })
    expect(reply.e?.message).toContain('The keychain is locked.')
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
      order === placed.order && kind === 'tasks.moved' ? { code: 'invalid', message: 'No.' } : null
    await main.run('bumpTicket', { order: placed.order, station: 'fryer' })
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

test('a connection that cannot be read is told, until there is another one', async () => {
  const server = createFakeCloud()
  const vault = memoryVault()
  vault.kept.set('cloud-link', 'half a li')
  const main = await openPc(server, 'main', { vault })
  await main.place()
  await pass(500)
  expect(main.status()).toBeNull()
  expect(main.alarms()).toContain('cannot read its connection to the cloud')
  const { signIn: token } = await signIn(main)
  await main.call('cloudJoin', { signIn: token, restaurant: { create: 'Osteria' }, take: 'upload' })
  await pass(500)
  expect(main.alarms()).not.toContain('cannot read')
})

describe('a device a manager removed', () => {
  test('locks, says whom to call, keeps its outbox, and goes on when it is let in again', async () => {
    const { restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    const { order } = await bar.place()
    await pass(100)
    const message = 'Farah (manager) removed this device. Ask them to let it in again.'
    restaurant.revoke(bar.device, message)
    await pass(500)
    expect(bar.status()).toMatchObject({ state: 'locked', message })
    expect(bar.alarms()).toContain(message)
    expect(await bar.core.submit('cancelOrder', { order, reason: 'x' }, LOCAL)).toMatchObject({
      ok: false,
      error: { code: 'deviceLocked', message },
    })
    await main.place()
    await pass(500)
    expect(states(bar)[order]).toBeDefined()
    restaurant.revoke(bar.device, null)
    await pass(500)
    restaurant.live(true)
    await pass(500)
    expect(bar.status()).toMatchObject({ state: 'live' })
    expect(bar.alarms()).not.toContain(message)
    await bar.place()
    await pass(500)
    expectEqual(restaurant, main, bar)
  })

  test('is still locked after a restart without the network, and finds out by itself that it is let in', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    server.faults.fail = (call, device) =>
      call === 'append' && device === bar.device ? { code: 'away', message: 'Away.' } : null
    await bar.place()
    await pass(500)
    restaurant.revoke(bar.device)
    await pass(500)
    const since = restaurant.devices.get(bar.device)?.revokedAt
    expect(bar.status()).toMatchObject({ state: 'locked', outbox: 2, since })
    server.faults.fail = () => ({ code: 'away', message: 'Away.' })
    await pass(60_000)
    await bar.restart()
    await pass(500)
    // Since a manager did it, not since Plate started.
    expect(bar.status()).toMatchObject({ state: 'locked', outbox: 2, since })
    await expect(bar.place()).rejects.toThrow('Ask them to let it in again')
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

const LOCAL = { device: { id: 'screen', name: 'Screen' }, staff: null, roles: ['admin' as const] }

describe('orders of other programs', () => {
  const by = { id: 'web', name: 'Website', role: 'host' }
  const asked = (more = {}) => {
    const order = id()
    const items = [{ id: id(), menuItem: 'fries', quantity: 1 }]
    return { id: order, by, order: { order, type: 'takeaway', items }, ...more }
  }

  test('are decided here like any order', async () => {
    const { restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    const request = asked()
    restaurant.ask(request)
    await pass(500)
    const opened = restaurant.log.filter(({ event }) => event.order === request.id)
    expect(opened.map(({ event }) => event.kind)).toEqual(['order.opened', 'item.added'])
    expectEqual(restaurant, main, bar)
    expect(restaurant.intake).toMatchObject([{ status: 'claimed' }])
    const rows = await Promise.all([main, bar].map((pc) => pc.store.audit({ limit: 500 })))
    expect(rows.flat().filter(({ command }) => command === request.id)).toMatchObject([
      { device: { id: 'intake', name: 'Online order' }, staff: { id: 'web', name: 'Website' } },
    ])
  })

  test('are refused with the reason, and a second time like the first', async () => {
    const { server, restaurant, pcs } = await evening('main')
    const bad = asked({ order: { order: id(), type: 'takeaway', items: [] } })
    const cook = asked({ by: { ...by, role: 'cook' } })
    const stranger = asked({ by: { id: '', name: '\u0007', role: 'boss' } })
    const odd = asked({ id: 'not-a-uuid' })
    for (const request of [bad, cook, stranger, odd]) restaurant.ask(request)
    await pass(500)
    expect(restaurant.intake.map(({ refusal }) => refusal)).toEqual([
      'invalid',
      'notAllowed',
      'notAllowed',
      'invalid',
    ])
    const again = restaurant.intake[0]
    if (again) again.status = 'pending'
    await pass(7_000)
    expect(again).toMatchObject({ status: 'refused' })
    expect(server.calls.filter(({ call }) => call === 'refuseIntake')).toHaveLength(5)
    expect(pcs[0].status()).toMatchObject({ state: 'live', message: null })
  })

  test('come in tens, by the report when no hint says so, and one that is here already is fine', async () => {
    const { restaurant, pcs } = await evening('main')
    const [main] = pcs
    restaurant.live(false)
    const placed = await main.place()
    for (let turn = 0; turn < 25; turn++) restaurant.ask(asked())
    restaurant.ask({ ...asked(), order: { ...asked().order, order: placed.order } })
    await pass(8_000)
    expect(restaurant.intake.every(({ status }) => status === 'claimed')).toBe(true)
    expect(Object.keys(states(main))).toHaveLength(26)
  })

  test('are left to others while this PC cannot get its own orders out or cannot save', async () => {
    const { server, restaurant, pcs } = await evening('main')
    const [main] = pcs
    server.faults.fail = (call) => (call === 'append' ? { code: 'away', message: 'Away.' } : null)
    await main.place()
    await pass(100)
    restaurant.ask(asked())
    await pass(20_000)
    expect(restaurant.intake).toMatchObject([{ status: 'pending' }])
    server.faults.fail = null
    await pass(40_000)
    expect(restaurant.intake).toMatchObject([{ status: 'claimed' }])
    main.store.answer = { ok: false, error: { code: 'storeFull', message: 'Full.' } }
    restaurant.ask(asked())
    await pass(500)
    expect(restaurant.intake[1]).toMatchObject({ status: 'claimed' })
    main.store.answer = null
    const [, late] = restaurant.intake
    if (late) late.status = 'pending'
    await pass(40_000)
    expect(restaurant.log.some(({ event }) => event.order === late?.id)).toBe(true)
  })
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
