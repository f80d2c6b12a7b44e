/** @file Test kit of peers: several real cores on memory stores, joined by a wire that tests can cut. */
import { expect } from 'vitest'
import type { Core, PeerDialer } from '../../../main/core/api.ts'
import type { Port } from '../../../shared/contract/port.ts'
import { ok } from '../../../shared/domain/errors.ts'
import { portPair } from '../../support/ports.ts'
import {
  BOSS,
  type Hands,
  handsAt,
  id,
  type MemoryStore,
  memoryStore,
  type TestClock,
  testClock,
  unitCore,
} from './kit.ts'

/** Where cores find each other by address; every wire can be cut. */
export interface Network {
  /** Cuts all connections; false: nobody reaches anybody until it is true again. */
  up: boolean
  cut(): void
  restaurants: Map<string, Pick<Restaurant, 'core'>>
  /** Frames longer than this end the connection, as on a real socket. */
  maxFrame: number
  longest: number
}

export interface Restaurant extends Hands {
  address: string
  store: MemoryStore
  clock: TestClock
  core: Core
  place(
    items?: { id: string; menuItem: string; quantity: number }[],
  ): Promise<{ order: string; number: string; item: string }>
  run(name: Parameters<Core['submit']>[0], args: unknown): Promise<void>
  restart(): Promise<void>
}

export function network(): Network {
  const open: Port[] = []
  const net: Network = {
    up: true,
    restaurants: new Map(),
    maxFrame: Number.POSITIVE_INFINITY,
    longest: 0,
    cut() {
      for (const port of open.splice(0)) port.close()
    },
  }
  openPorts.set(net, open)
  return net
}
const openPorts = new WeakMap<Network, Port[]>()

/** A core's way to the others. */
export function dialer(net: Network): PeerDialer {
  const target = (address: string): Core => {
    const found = net.restaurants.get(address)
    if (!net.up || !found) throw new Error('no route')
    return found.core
  }
  return {
    async connect({ url, token }) {
      const core = target(url)
      const device = core.devices.authenticate(token)
      const [near, far] = portPair()
      if (!device.ok) {
        far.send(JSON.stringify({ t: 'bye', e: device.error }))
        queueMicrotask(() => queueMicrotask(() => far.close()))
        return near
      }
      openPorts.get(net)?.push(near)
      core.serve(far, device.value)
      const send = near.send.bind(near)
      near.send = (frame) => {
        net.longest = Math.max(net.longest, frame.length)
        if (frame.length > net.maxFrame) near.close()
        else send(frame)
      }
      return near
    },
    async redeem(address, code, self) {
      const core = target(address)
      const redeemed = await core.devices.redeem(code, address, self)
      if (!redeemed.ok) return redeemed
      const { token, letter } = redeemed.value
      return ok({ url: address, token, fingerprint: 'AB', device: core.device, name: address, letter })
    },
  }
}

export async function restaurant(
  net: Network,
  address: string,
  more: { clock?: TestClock; store?: MemoryStore } = {},
): Promise<Restaurant> {
  const store = more.store ?? memoryStore(`core-${address}`)
  const clock = more.clock ?? testClock()
  const start = () => unitCore(store, { clock, dialer: dialer(net), name: address })
  const self: Restaurant = {
    address,
    store,
    clock,
    core: await start(),
    async place(items = [{ id: id(), menuItem: 'fries', quantity: 1 }]) {
      const order = id()
      const answer = await self.core.submit('placeOrder', { order, type: 'takeaway', items }, BOSS)
      if (!answer.ok) throw new Error(JSON.stringify(answer.error))
      return { order, number: answer.value.number ?? '', item: items[0]?.id ?? '' }
    },
    async run(name, args) {
      expect(await self.core.submit(name, args, BOSS)).toMatchObject({ ok: true })
    },
    ...handsAt(store, (name, args) => self.run(name, args)),
    async restart() {
      await self.core.stop()
      self.core = await start()
    },
  }
  net.restaurants.set(address, self)
  return self
}

/** What a screen of this core may know by now: the state of all orders, without what is not merged. */
export const states = (one: Restaurant) =>
  Object.fromEntries(
    [...one.store.rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, row]) => [key, row.state]),
  )

/** Ids of all events of a log. */
export const logOf = (one: Restaurant) => new Set(one.store.events.map(({ event }) => event.id))
