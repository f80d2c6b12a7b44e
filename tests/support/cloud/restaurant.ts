/** @file The cloud in memory: one restaurant and its devices. */
import type { CloudLink } from '../../../main/core/ports.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { PROJECT, uuidOf } from './answers.ts'
import type { FakeDevice, FakeRestaurant } from './shapes.ts'

const REMOVED = say('cloud.removed', { who: 'Farah', role: 'manager' })

/** Makes a device; it gets its letter if nobody has it. */
export function enrol(to: FakeRestaurant, name: string, letter: string): FakeDevice {
  const number = to.devices.size
  const taken = [...to.devices.values()].map((one) => one.letter)
  const free = letter !== '' && !taken.includes(letter)
  const device: FakeDevice = {
    id: uuidOf(`device ${name} ${number} of ${to.id}`),
    name,
    letter: free ? letter : number === 0 ? '' : `A${String.fromCharCode(65 + number)}`,
    core: '',
    version: null,
    lastSeen: null,
    outbox: 0,
    parked: 0,
    revoked: null,
    revokedAt: 0,
    listener: null,
    live: false,
  }
  to.devices.set(device.id, device)
  return device
}

export const linkOf = (to: FakeRestaurant, device: FakeDevice, since: number): CloudLink => ({
  ...PROJECT,
  restaurant: to.id,
  name: to.name,
  device: device.id,
  letter: device.letter,
  since,
})

/** The `number`th restaurant. */
export function openRestaurant(name: string, number: number, now: () => number): FakeRestaurant {
  const made: FakeRestaurant = {
    id: uuidOf(`restaurant ${name} ${number}`),
    name,
    log: [],
    head: 0,
    floor: 0,
    archive: new Map(),
    devices: new Map(),
    intake: [],
    link: (device) => linkOf(made, enrol(made, device, ''), now()),
    archiveOrders(...orders) {
      for (const order of orders) {
        const moved = made.log.filter(({ event }) => event.order === order)
        made.archive.set(order, [...(made.archive.get(order) ?? []), ...moved])
      }
      made.log = made.log.filter(({ event }) => !orders.includes(event.order ?? ''))
      made.floor = made.head
    },
    revoke(id, says = REMOVED) {
      const device = made.devices.get(id)
      if (!device) throw new Error('no such device')
      device.revoked = says
      device.revokedAt = now()
      device.listener?.rights()
    },
    ask(request) {
      made.intake.push({ ...request, status: 'pending' })
      for (const device of made.devices.values()) if (device.live) device.listener?.intake()
    },
    live(on, only) {
      for (const device of made.devices.values()) {
        if (only !== undefined && device.id !== only) continue
        device.live = on
        device.listener?.live(on)
      }
    },
  }
  return made
}
