/** @file Test helpers: a cloud in memory with the real one's promises (gapless log, idempotent appends) and faults on demand. */
import type { Cloud, CloudAnswer, CloudConnection, CloudLink, CloudPerson } from '../../main/core/ports.ts'
import { failed, ok, PERSON, PROJECT, WRONG_KEY } from './cloud/answers.ts'
import { append, archivedAfter, claimIntake, page, reported } from './cloud/log.ts'
import { createNetwork } from './cloud/network.ts'
import { enrol, linkOf, openRestaurant } from './cloud/restaurant.ts'
import { type CallName, type FakeCloudServer, type FakeRestaurant, noFaults } from './cloud/shapes.ts'

export { AWAY, PERSON, PROJECT, said } from './cloud/answers.ts'
export type { CallName, CloudFaults, FakeCloudServer, FakeRestaurant, Hint } from './cloud/shapes.ts'
export { type MemoryVault, memoryVault } from './cloud/vault.ts'

/** Creates an empty server. `now` is ms UTC. */
export function createFakeCloud(now: () => number = Date.now): FakeCloudServer {
  const codes = new Map<string, { restaurant: string; name: string }>()
  const network = createNetwork(() => server.faults)
  const { request } = network
  let connections = 0
  const server: FakeCloudServer = {
    faults: noFaults(),
    restaurants: new Map(),
    keys: new Set([PROJECT.key]),
    people: [],
    calls: network.calls,
    most: network.most,
    restaurant,
    cloud,
  }

  function restaurant(name = `Restaurant ${server.restaurants.size + 1}`): FakeRestaurant {
    const made = openRestaurant(name, server.restaurants.size, now)
    server.restaurants.set(made.id, made)
    return made
  }

  function connect(link: CloudLink, own: { woken: number }): CloudConnection {
    const to = server.restaurants.get(link.restaurant)
    const device = to?.devices.get(link.device)
    if (!to || !device) throw new Error('This link leads nowhere.')
    const line = ++connections
    const call = <T>(
      name: CallName,
      work: () => CloudAnswer<T>,
      more: { events?: number; within?: number } = {},
    ) => {
      const allowed = (): CloudAnswer<T> => {
        if (!server.keys.has(link.key)) return WRONG_KEY
        if (device.revoked === null) return work()
        return { ok: false, error: { code: 'revoked', says: device.revoked, at: device.revokedAt } }
      }
      return request({ call: name, device: device.id, work: allowed, line, ...more })
    }
    return {
      append: (core, events) => {
        const sent = JSON.parse(JSON.stringify(events))
        return call('append', () => append(to, core, sent, server.faults), { events: events.length })
      },
      pull: (query) => call('pull', () => page(to, query)),
      archived: (orders) =>
        call('archived', () => {
          const rows = orders.flatMap((order) => to.archive.get(order) ?? [])
          return ok(structuredClone(rows.map(({ event }) => event)))
        }),
      archivedAfter: (query) => call('archivedAfter', () => ok(archivedAfter(to, query))),
      report: (report, within) => {
        const times = () => ({ now: now(), ahead: server.faults.clock })
        const work = () => reported(to, device, report, times())
        return call('report', work, within === undefined ? {} : { within })
      },
      devices: () =>
        call('devices', () =>
          ok(
            [...to.devices.values()].map(
              ({ revoked, revokedAt: _at, listener: _to, live: _on, ...told }) => ({
                ...told,
                revoked: revoked !== null,
              }),
            ),
          ),
        ),
      claimIntake: (limit) => call('claimIntake', () => ok(claimIntake(to, limit))),
      refuseIntake: (id, { code }) =>
        call('refuseIntake', () => {
          for (const one of to.intake)
            if (one.id === id) Object.assign(one, { status: 'refused', refusal: code })
          return ok(null)
        }),
      listen(listener) {
        device.listener = listener
      },
      wake() {
        own.woken++
      },
      async close() {
        device.listener = null
        device.live = false
      },
    }
  }

  function personOf(device: string): CloudPerson {
    const all = () => [...server.restaurants.values()]
    return {
      restaurants: () =>
        request({
          call: 'restaurants',
          device,
          work: () => ok(all().map(({ id, name, head }) => ({ id, name, role: 'admin', empty: head === 0 }))),
        }),
      createRestaurant: (name, person) =>
        request({
          call: 'create',
          device,
          work() {
            server.people.push(person)
            return ok({ id: restaurant(name).id, name })
          },
        }),
      async deviceCode(id, name) {
        const code = `CODE-${codes.size + 1}`
        codes.set(code, { restaurant: id, name })
        return server.restaurants.has(id)
          ? ok({ code, expiresAt: now() + 15 * 60_000 })
          : failed('notAllowed', 'You are no manager of this restaurant.')
      },
      async revokeDevice(id) {
        for (const one of all()) if (one.devices.has(id)) one.revoke(id)
        return ok(null)
      },
      async readmitDevice(id) {
        for (const one of all()) if (one.devices.has(id)) one.revoke(id, null)
        return ok(null)
      },
      async end() {
        server.calls.push({ call: 'signIn', device: `${device} ended`, events: 0 })
      },
    }
  }

  function claimed(
    ...[project, code, self, wanted = {}]: Parameters<Cloud['claim']>
  ): CloudAnswer<CloudLink> {
    const offer = codes.get(code)
    const to = offer && server.restaurants.get(offer.restaurant)
    if (!to) return failed('wrongCode', 'This code is not valid. Ask for a new one.')
    if (wanted.restaurant && wanted.restaurant !== to.id)
      return failed('notAllowed', 'This code is for another restaurant.')
    if (wanted.filled && to.head === 0) return failed('refused', 'There is nothing to take over.')
    codes.delete(code)
    return ok({ ...linkOf(to, enrol(to, self.name, self.letter), now()), ...project })
  }

  function cloud(): Cloud & { forgotten: number; woken: number } {
    const own: Cloud & { forgotten: number; woken: number } = {
      forgotten: 0,
      woken: 0,
      check: ({ key }) =>
        request({
          call: 'check',
          device: '',
          work: () =>
            server.keys.has(key.trim()) ? ok({ skewMs: -server.faults.clock, key: key.trim() }) : WRONG_KEY,
        }),
      signIn: (_project, email, password) =>
        request({
          call: 'signIn',
          device: email,
          work: () =>
            email === PERSON.email && password === PERSON.password
              ? ok(personOf(email))
              : failed('wrongLogin', 'E-mail or password is wrong.'),
        }),
      claim: (...asked) => request({ call: 'claim', device: asked[2].core, work: () => claimed(...asked) }),
      connect: (link) => connect(link, own),
      async forget() {
        own.forgotten++
      },
    }
    return own
  }

  return server
}
