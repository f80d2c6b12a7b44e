/** @file Unit tests of what a way back to the cloud keeps: that the cloud was put back, that a manager removed this device. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openLinks } from '../../../main/core/cloud/link.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import {
  AWAY,
  type CallName,
  createFakeCloud,
  type FakeCloudServer,
  type FakeRestaurant,
  memoryVault,
  PROJECT,
  said,
} from '../../support/cloud.ts'
import { quietLog } from '../../support/ports.ts'
import { endAll, evening, type Pc, pass, virtualTime } from './cloud-kit.ts'
import { codeFor } from './cloud-people.ts'

beforeEach(virtualTime)
afterEach(endAll)

const linkOf = (pc: Pc) => JSON.parse(pc.vault.kept.get('cloud-link') ?? 'null')
const OVER = { code: 'signedOut', says: said('Ask for a new code.') } as const

/** `pc.call` makes the call itself after 40 ms, and wants its answer within 20 more. */
const CALLED_MS = 40

/** A code for another device of the restaurant, while this PC's access has ended. */
async function newCode({ faults }: FakeCloudServer, restaurant: FakeRestaurant, pc: Pc) {
  const code = await codeFor(pc, restaurant.id)
  const { device } = pc
  faults.fail = (call, who) => (who === device && call === 'report' ? OVER : null)
  pc.core.woke()
  await pass(500)
  expect(pc.status()).toMatchObject({ needs: 'code' })
  return { ...PROJECT, code, take: 'upload' }
}

function putBack(restaurant: FakeRestaurant, head: number): void {
  restaurant.log = restaurant.log.filter(({ seq }) => seq <= head)
  restaurant.head = head
}

describe('that the cloud was put back', () => {
  /** A PC that knows it, at a log that has again what it took from there. */
  async function known() {
    const all = await evening('main')
    const [main] = all.pcs
    await main.vault.write('cloud-link', JSON.stringify({ ...linkOf(main), reset: true }))
    await main.restart()
    return { ...all, main }
  }

  test('is known after a restart, even when nothing shows it any more', async () => {
    const { restaurant, main } = await known()
    const { head } = restaurant
    await main.place()
    await pass(10_000)
    expect(main.status()).toMatchObject({ state: 'refused', outbox: 2 })
    expect(restaurant.head).toBe(head)
  })

  test('is still known to a device that took a new code', async () => {
    const { server, restaurant, main } = await known()
    const { head } = restaurant
    const claim = await newCode(server, restaurant, main)
    expect(await main.call('cloudClaim', claim)).toMatchObject({ ok: true })
    await main.place()
    await pass(10_000)
    expect(main.status()).toMatchObject({ state: 'refused', needs: null, outbox: 2 })
    expect(restaurant.head).toBe(head)
  })

  test('is kept when it is found out while the new code is on its way', async () => {
    const { server, restaurant, pcs } = await evening('main')
    const [main] = pcs
    const { device } = main
    const claim = await newCode(server, restaurant, main)
    putBack(restaurant, 2)
    const slow: Partial<Record<CallName, number>> = { pull: CALLED_MS + 5, claim: 15 }
    server.faults.hold = (call) =>
      new Promise((resolve) => {
        setTimeout(resolve, slow[call] ?? 0)
      })
    server.faults.fail = (call, who) => {
      if (call === 'claim') return null
      if (who !== device) return AWAY
      return call === 'pull' ? null : OVER
    }
    main.core.woke()
    expect(await main.call('cloudClaim', claim)).toMatchObject({ ok: true })
    expect(main.device).not.toBe(device)
    expect(linkOf(main)).toMatchObject({ reset: true })
  })
})

describe('a device that a manager removed', () => {
  test('takes no order in between while its key is renewed', async () => {
    const { restaurant, pcs } = await evening('main')
    const [main] = pcs
    restaurant.revoke(main.device)
    await pass(500)
    const between: unknown[] = []
    const { parked } = main.store
    main.store.parked = async () => {
      between.push(await main.place().catch((error) => String(error)))
      return parked()
    }
    expect(await main.call('cloudKey', { key: PROJECT.key })).toMatchObject({ ok: true })
    expect(between).toEqual([expect.stringContaining('cloud.removed')])
  })

  test('stays out when it is removed while its key is tried', async () => {
    const { server, restaurant, pcs } = await evening('main')
    const [main] = pcs
    server.faults.hold = (call) => (call === 'check' ? new Promise((r) => setTimeout(r, 15)) : null)
    setTimeout(() => restaurant.revoke(main.device), CALLED_MS + 5)
    // From then on nothing can tell it any more.
    setTimeout(() => {
      server.faults.fail = (call) => (call === 'check' ? null : AWAY)
    }, CALLED_MS + 10)
    expect(await main.call('cloudKey', { key: PROJECT.key })).toMatchObject({ ok: true })
    expect(linkOf(main).locked).toEqual(say('cloud.removed', { who: 'Farah', role: 'manager' }))
    await expect(main.place()).rejects.toThrow('cloud.removed')
  })

  test('takes orders again as another device, once it has a new code', async () => {
    const { server, restaurant, pcs } = await evening('main')
    const [main] = pcs
    const claim = await newCode(server, restaurant, main)
    server.faults.fail = null
    restaurant.revoke(main.device)
    await pass(31_000)
    await expect(main.place()).rejects.toThrow('cloud.removed')
    const { device } = main
    server.faults.fail = (_call, who) => (who === device ? OVER : null)
    await pass(31_000)
    expect(await main.call('cloudClaim', claim)).toMatchObject({ ok: true })
    await main.place()
    await pass(500)
    expect(main.status()).toMatchObject({ state: 'polling', outbox: 0 })
  })
})

test('what is kept of a link is what was said last, however long a keychain takes', async () => {
  const vault = memoryVault()
  const { write } = vault
  const taking = [50, 0]
  vault.write = async (name, value) => {
    const ms = taking.shift() ?? 0
    await new Promise((resolve) => setTimeout(resolve, ms))
    return write(name, value)
  }
  const record = {
    ...createFakeCloud().restaurant().link('main'),
    fresh: false,
    current: false,
    locked: null,
  }
  vault.kept.set('cloud-link', JSON.stringify(record))
  const links = await openLinks(vault, quietLog)
  const both = Promise.all([links.update({ locked: said('Out.') }), links.update({ locked: null })])
  await pass(100)
  await both
  expect((await openLinks(vault, quietLog)).get()).toEqual(record)
})
