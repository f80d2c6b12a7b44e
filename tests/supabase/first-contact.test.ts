/** @file First contact: a standalone Plate with a day of orders goes up once, a second PC takes it over, and both are equal. */
import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DOCUMENT_NAMES } from '../../shared/domain/documents.ts'
import { openBackend, type TestBackend } from './lib/backend.ts'
import { shows } from './lib/claims.ts'
import { expectEqual, expectSameBoards, serverLog, settled } from './lib/equal.ts'
import { cook, place, placeMany } from './lib/service.ts'
import { openSite, type Site, signIn } from './lib/site.ts'

describe('a restaurant that worked without an account', () => {
  let backend: TestBackend
  let first: Site
  let second: Site
  let restaurant: string
  const account = { email: 'farah@copperpan.test', password: 'correct horse battery' }
  const project = () => ({ url: `http://127.0.0.1:${first.cable.port}`, key: backend.publishableKey })
  beforeAll(async () => {
    backend = await openBackend()
    await backend.anon().auth.signUp(account)
    first = await openSite(backend, 'First')
    second = await openSite(backend, 'Second')
    await signIn(first.client)
    await signIn(second.client)
  })
  afterAll(async () => {
    await first.stop()
    await second.stop()
    await backend.close()
  })

  test('has a day of orders and a person’s own documents', async () => {
    const orders = await placeMany(first, 250)
    for (const order of orders.slice(0, 50)) await cook(first, order)
    for (const order of orders.slice(50, 60))
      await first.client.send('cancelOrder', { order, reason: 'walked out' })
    const pin = await first.client.call('setPin', { member: 'ana', pin: '246810' })
    expect(pin.ok, JSON.stringify(pin)).toBe(true)
    // The other PC has been played with, too: what it holds must not end up in the restaurant.
    await placeMany(second, 5)
  })

  test('connects to a project where nothing is yet: everything goes up, once', async () => {
    expect(await first.client.call('cloudCheck', project())).toMatchObject({ ok: true })
    const signed = await first.client.call('cloudSignIn', { ...project(), ...account })
    if (!signed.ok) throw new Error(JSON.stringify(signed.error))
    expect(signed.value.restaurants).toEqual([])
    const joined = await first.client.call('cloudJoin', {
      signIn: signed.value.signIn,
      restaurant: { create: 'The Copper Pan' },
      take: 'upload',
    })
    if (!joined.ok) throw new Error(JSON.stringify(joined.error))
    expect(joined.value).toMatchObject({ name: 'The Copper Pan', restarts: false })
    restaurant = joined.value.restaurant
    await settled(backend, restaurant, [first])
    await expectEqual(backend, restaurant, [first])
    const once = (await serverLog(backend, restaurant)).length
    // Starting again sends nothing again.
    await first.restart()
    await shows('the first live', [first], ({ state }) => state === 'live')
    await signIn(first.client)
    await place(first)
    await settled(backend, restaurant, [first])
    const log = await serverLog(backend, restaurant)
    expect(log.slice(once).every(({ event }) => /^(order.opened|item.added)$/.test(String(event.kind)))).toBe(
      true,
    )
  })

  test('a second PC takes it over: its own orders stay in a file beside, and both are equal', async () => {
    const signed = await second.client.call('cloudSignIn', { ...project(), ...account })
    if (!signed.ok) throw new Error(JSON.stringify(signed.error))
    expect(signed.value.restaurants).toMatchObject([{ id: restaurant, empty: false, role: 'admin' }])
    const known = await second.ids()
    const { signIn: person } = signed.value
    await second.joinBy(() =>
      second.client.call('cloudJoin', { signIn: person, restaurant: { id: restaurant }, take: 'download' }),
    )
    await settled(backend, restaurant, [first, second])
    await expectEqual(backend, restaurant, [first, second])
    await expectSameBoards([first, second])
    const log = new Set((await serverLog(backend, restaurant)).map(({ event }) => event.id))
    expect([...known].filter((id) => log.has(id)).length).toBeLessThanOrEqual(DOCUMENT_NAMES.length)
    expect(readdirSync(second.dir).filter((file) => /^plate\.db\..+/.test(file)).length).toBeGreaterThan(0)
    // The PIN that was changed at the first PC is the one that counts here.
    expect(await second.client.call('signIn', { pin: '1111' })).toMatchObject({ ok: false })
    expect(await second.client.call('signIn', { pin: '246810' })).toMatchObject({ ok: true })
  })

  test('disconnected while orders wait, and connected again, it goes on where it was', async () => {
    await signIn(second.client)
    const files = readdirSync(second.dir)
    expect(await second.client.call('cloudLeave', {})).toMatchObject({ ok: true })
    const orders = [await place(second), await place(second)]
    await place(first)
    const signed = await second.client.call('cloudSignIn', { ...project(), ...account })
    if (!signed.ok) throw new Error(JSON.stringify(signed.error))
    const again = { signIn: signed.value.signIn, restaurant: { id: restaurant }, take: 'download' as const }
    expect(await second.client.call('cloudJoin', again)).toMatchObject({
      ok: true,
      value: { restarts: false },
    })
    await settled(backend, restaurant, [first, second])
    const state = await expectEqual(backend, restaurant, [first, second])
    for (const order of orders) expect(state.orders.has(order)).toBe(true)
    expect(readdirSync(second.dir)).toEqual(files)
  })

  test('orders of the two have numbers of their own', async () => {
    await signIn(second.client)
    const [here, there] = [await place(first), await place(second)]
    await settled(backend, restaurant, [first, second])
    const state = await expectEqual(backend, restaurant, [first, second])
    const numbers = [here, there].map((order) => state.orders.get(order)?.opened?.number ?? '')
    expect(numbers[0]).toMatch(/^\d+$/)
    expect(numbers[1]).toMatch(/^A[BC]\d+$/)
  })
})
