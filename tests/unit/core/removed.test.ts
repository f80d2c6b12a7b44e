/** @file Unit tests of PCs that a manager removed in the cloud: let go on the LAN, however they were joined, and refused until they are let in. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DeviceRow } from '../../../shared/contract/contract.ts'
import { failure, messageOf } from '../../../shared/domain/errors.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { createFakeCloud } from '../../support/cloud.ts'
import { endAll, openPc, type Pc, pass, states, virtualTime } from './cloud-kit.ts'
import { dialer, network } from './restaurants.ts'

beforeEach(virtualTime)
afterEach(endAll)

/** PCs of one restaurant in the cloud, each able to reach the others on the LAN. */
async function site(...names: string[]) {
  const server = createFakeCloud()
  const restaurant = server.restaurant('Trattoria')
  const net = network()
  const pcs: Pc[] = []
  for (const name of names) {
    const pc = await openPc(server, name, { link: restaurant, core: { dialer: dialer(net) } })
    net.restaurants.set(name, pc)
    pcs.push(pc)
  }
  await pass(7_000)
  return { server, restaurant, net, pcs: pcs as [Pc, Pc, ...Pc[]] }
}

async function join(joiner: Pc, host: Pc, address: string) {
  const { code } = host.core.devices.createPairing('peer', '', null)
  const answer = await joiner.call('joinPeer', { address, code })
  await pass(500)
  return answer
}

const peersOf = async (pc: Pc) => (await pc.core.health()).peers
const pairedAt = async (pc: Pc) => {
  const reply = await pc.call('devices')
  return (reply.v as unknown as DeviceRow[]).filter(({ kind }) => kind === 'peer')
}
const told = async (pc: Pc) =>
  (await pc.store.audit({ limit: 100 })).filter(({ name }) => name === 'peerRemoved')

test('a removed PC that was joined to this one loses its connection and its pairing, once, and is said', async () => {
  const { restaurant, pcs } = await site('main', 'bar')
  const [main, bar] = pcs
  expect(await join(bar, main, 'main')).toMatchObject({ ok: true })
  expect(await peersOf(bar)).toMatchObject([{ device: 'core-main', online: true }])
  restaurant.revoke(bar.device)
  await pass(20_000)
  expect(await peersOf(bar)).toMatchObject([{ online: false }])
  const because = messageOf(failure('revoked', { why: 'cloud' }))
  expect(bar.alarms()).toContain(JSON.stringify(say('alarms.peerRefuses', { pc: 'main', because })))
  expect(await pairedAt(main)).toMatchObject([{ id: 'core-bar', online: false, revoked: true }])
  expect(await told(main)).toMatchObject([
    { device: { id: 'core-bar', name: 'bar' }, says: say('audit.peerRemoved', { pc: 'bar' }) },
  ])
  const order = await main.place()
  await pass(7_000)
  expect(states(bar)[order.order]).toBeUndefined()
  await main.restart()
  await pass(7_000)
  expect(await told(main)).toHaveLength(1)

  // Not even with a new pairing code, until it is let in again.
  expect(await join(bar, main, 'main')).toMatchObject({ ok: false, e: { code: 'revoked' } })
  restaurant.revoke(bar.device, null)
  await pass(40_000)
  expect(await join(bar, main, 'main')).toMatchObject({ ok: true })
  await pass(7_000)
  expect(states(bar)[order.order]).toBeDefined()
  expect(await peersOf(bar)).toMatchObject([{ online: true, behind: 0 }])
})

test('a removed PC that this one had joined is not dialled any more, also after a restart', async () => {
  const { restaurant, pcs } = await site('main', 'bar')
  const [main, bar] = pcs
  await join(bar, main, 'main')
  restaurant.revoke(main.device)
  await pass(7_000)
  expect(await peersOf(bar)).toEqual([])
  expect(await told(bar)).toMatchObject([{ device: { id: 'core-main', name: 'main' } }])
  await bar.restart()
  expect(await peersOf(bar)).toEqual([])
  expect(await join(bar, main, 'main')).toMatchObject({ ok: false, e: { code: 'revoked' } })
  restaurant.revoke(main.device, null)
  await pass(40_000)
  expect(await join(bar, main, 'main')).toMatchObject({ ok: true })
})

test('a PC with an old entry that was removed and a new one that is good stays', async () => {
  const { restaurant, pcs } = await site('main', 'bar')
  const [main, bar] = pcs
  await join(bar, main, 'main')
  const old = restaurant.link('bar before')
  Object.assign(restaurant.devices.get(old.device) ?? {}, { core: 'core-bar' })
  restaurant.revoke(old.device)
  await pass(20_000)
  expect(await peersOf(bar)).toMatchObject([{ online: true }])
  expect(await told(main)).toEqual([])
})

test('a store that cannot keep it is no reason to go on with such a PC', async () => {
  const { restaurant, pcs } = await site('main', 'bar', 'third')
  const [main, bar, third] = pcs as [Pc, Pc, Pc]
  await join(bar, main, 'main')
  await join(third, main, 'main')
  bar.store.broken = new Error('disk')
  main.store.broken = new Error('disk')
  restaurant.revoke(third.device)
  restaurant.revoke(main.device)
  await pass(7_000)
  bar.store.broken = null
  main.store.broken = null
  expect(await peersOf(bar)).toEqual([])
  await bar.restart()
  await pass(7_000)
  expect(await peersOf(bar)).toEqual([])
})
