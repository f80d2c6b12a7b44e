/** @file Test helpers: a cloud in memory with the real one's promises (gapless log, idempotent appends) and faults on demand. */
import { createHash } from 'node:crypto'
import type {
  Cloud,
  CloudAnswer,
  CloudArchivePage,
  CloudConnection,
  CloudEvent,
  CloudFailure,
  CloudLink,
  CloudListener,
  CloudPage,
  CloudPerson,
  CloudReport,
  CloudState,
  IntakeRequest,
  Pushed,
  Vault,
} from '../../main/core/ports.ts'

/** A vault that forgets when the test ends. */
export interface MemoryVault extends Vault {
  kept: Map<string, string>
  /** What the next writes reject with; null: they work. */
  broken: Error | null
}

export function memoryVault(): MemoryVault {
  const vault: MemoryVault = {
    kept: new Map(),
    broken: null,
    read: async (name) => vault.kept.get(name) ?? null,
    async write(name, value) {
      if (vault.broken) throw vault.broken
      if (value === null) vault.kept.delete(name)
      else vault.kept.set(name, value)
    },
  }
  return vault
}

type Event = { id: string; order: string | null; kind: string }
export type CallName =
  | 'append'
  | 'pull'
  | 'archived'
  | 'archivedAfter'
  | 'report'
  | 'devices'
  | 'claimIntake'
  | 'refuseIntake'
  | 'check'
  | 'signIn'
  | 'restaurants'
  | 'create'
  | 'claim'
export interface Hint {
  first: number
  last: number
  events: CloudEvent[] | null
}

/** All off by default; may be changed at any time. */
export interface CloudFaults {
  /** Answers instead of doing anything. */
  fail: ((call: CallName, device: string) => CloudFailure | null) | null
  /** Does the work, then loses the answer. */
  lose: ((call: CallName, device: string) => boolean) | null
  /** Waits for this before it answers; the work is done. */
  hold: ((call: CallName, device: string) => Promise<void> | null) | null
  /** How long (ms) the line takes for one event. What takes longer than 10 s gets no answer; what does not get there is not done. */
  pace: ((call: CallName, device: string) => number) | null
  /** Refuses single events. */
  refuse: ((event: Event) => { code: string; message: string } | null) | null
  /** Refuses whole requests that hold such an event. */
  spoil: ((event: Event) => boolean) | null
  /** Gives up on whole requests that hold such an event, because they take too long. */
  slow: ((event: Event) => boolean) | null
  /** What becomes of a hint on its way to a device: [] is lost, twice is doubled. */
  hints: ((hint: Hint, device: string) => Hint[]) | null
  /** How far (ms) the server's clock is ahead. */
  clock: number
}

export interface FakeDevice {
  id: string
  name: string
  letter: string
  core: string
  version: string | null
  lastSeen: number | null
  outbox: number
  parked: number
  /** What whoever removed it left as a message. */
  revoked: string | null
  revokedAt: number
  listener: CloudListener | null
  live: boolean
}

export interface FakeRestaurant {
  id: string
  name: string
  log: { seq: number; event: Event; core: string }[]
  head: number
  floor: number
  archive: Map<string, { seq: number; event: Event }[]>
  devices: Map<string, FakeDevice>
  intake: (IntakeRequest & { status: 'pending' | 'claimed' | 'refused'; refusal?: string })[]
  /** Makes a device without a code. */
  link(name: string): CloudLink
  /** Moves all events of these orders to the archive; the floor rises to the head. */
  archiveOrders(...orders: string[]): void
  /** A manager removes a device, or lets it in again. */
  revoke(device: string, message?: string | null): void
  /** Another program asks for an order. */
  ask(request: IntakeRequest): void
  /** Opens or cuts the live channel of all devices, or one. */
  live(on: boolean, device?: string): void
}

export interface FakeCloudServer {
  faults: CloudFaults
  restaurants: Map<string, FakeRestaurant>
  /** Publishable keys that are good. */
  keys: Set<string>
  /** How those who made restaurants want to be called. */
  people: string[]
  /** All calls, in the order they came. */
  calls: { call: CallName; device: string; events: number }[]
  /** Most calls of this kind that one connection had under way at a time. */
  most(call: CallName): number
  restaurant(name?: string): FakeRestaurant
  /** One device's way to it. */
  cloud(): Cloud & { forgotten: number; woken: number }
}

export const PROJECT = { url: 'https://demo.supabase.co', key: 'sb_publishable_demo' }
export const PERSON = { email: 'farah@example.com', password: 'correct horse' }
export const AWAY: CloudFailure = {
  code: 'away',
  message: 'Supabase cannot be reached. Look at the internet.',
}

/** A UUID that is always the same for a name. */
const uuidOf = (name: string) =>
  createHash('sha256')
    .update(name)
    .digest('hex')
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

const failed = (code: CloudFailure['code'], message: string): { ok: false; error: CloudFailure } => ({
  ok: false,
  error: { code, message },
})
const WRONG_KEY = failed('wrongKey', 'This key is not of this project.')
const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })

/** How long a call may take. */
const CALL_MS = 10_000
const LATE = { ok: false as const, error: { ...AWAY, late: true as const } }

/** Events that an answer brings. */
function sizeOf(answer: CloudAnswer<unknown>): number {
  const page = answer.ok ? (answer.value as { events?: unknown[] } | null) : null
  return page?.events?.length ?? 0
}

/** Whether this takes longer than `ms`. */
async function outlasts(held: Promise<void> | null | undefined, ms: number | undefined): Promise<boolean> {
  if (!held || ms === undefined) return held?.then(() => false) ?? false
  const { promise: late, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(true), ms)
  const answer = await Promise.race([held.then(() => false), late])
  clearTimeout(timer)
  return answer
}

/** Creates an empty server. `now` is ms UTC. */
export function createFakeCloud(now: () => number = Date.now): FakeCloudServer {
  const codes = new Map<string, { restaurant: string; name: string }>()
  const underWay = new Map<string, number>()
  const busiest = new Map<CallName, number>()
  let connections = 0
  const server: FakeCloudServer = {
    faults: {
      fail: null,
      lose: null,
      hold: null,
      pace: null,
      refuse: null,
      spoil: null,
      slow: null,
      hints: null,
      clock: 0,
    },
    restaurants: new Map(),
    keys: new Set([PROJECT.key]),
    people: [],
    calls: [],
    most: (call) => busiest.get(call) ?? 0,
    restaurant,
    cloud,
  }

  function restaurant(name = `Restaurant ${server.restaurants.size + 1}`): FakeRestaurant {
    const made: FakeRestaurant = {
      id: uuidOf(`restaurant ${name} ${server.restaurants.size}`),
      name,
      log: [],
      head: 0,
      floor: 0,
      archive: new Map(),
      devices: new Map(),
      intake: [],
      link: (device) => linkOf(made, enrol(made, device, '')),
      archiveOrders(...orders) {
        for (const order of orders) {
          const moved = made.log.filter(({ event }) => event.order === order)
          made.archive.set(order, [...(made.archive.get(order) ?? []), ...moved])
        }
        made.log = made.log.filter(({ event }) => !orders.includes(event.order ?? ''))
        made.floor = made.head
      },
      revoke(id, message = 'Farah (manager) removed this device. Ask them to let it in again.') {
        const device = made.devices.get(id)
        if (!device) throw new Error('no such device')
        device.revoked = message
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
    server.restaurants.set(made.id, made)
    return made
  }

  function enrol(to: FakeRestaurant, name: string, letter: string): FakeDevice {
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

  const linkOf = (to: FakeRestaurant, device: FakeDevice): CloudLink => ({
    ...PROJECT,
    restaurant: to.id,
    name: to.name,
    device: device.id,
    letter: device.letter,
    since: now(),
  })

  /** One request: counted, with the faults of the network around it. */
  async function request<T>(
    call: CallName,
    device: string,
    events: number,
    work: () => CloudAnswer<T>,
    line = 0,
    within?: number,
  ): Promise<CloudAnswer<T>> {
    const { faults } = server
    const key = `${call} ${device} ${line}`
    server.calls.push({ call, device, events })
    underWay.set(key, (underWay.get(key) ?? 0) + 1)
    busiest.set(call, Math.max(busiest.get(call) ?? 0, underWay.get(key) ?? 0))
    await Promise.resolve()
    const failure = faults.fail?.(call, device)
    const pace = faults.pace?.(call, device) ?? 0
    const tooSlow = events * pace > CALL_MS
    const answer: CloudAnswer<T> = failure ? { ok: false, error: failure } : tooSlow ? LATE : work()
    const time = pace * (events || sizeOf(answer))
    if (time > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(time, CALL_MS)))
    const late = await outlasts(faults.hold?.(call, device), within)
    underWay.set(key, (underWay.get(key) ?? 0) - 1)
    if (late) return { ok: false, error: AWAY }
    if (time > CALL_MS) return LATE
    return !failure && faults.lose?.(call, device) ? { ok: false, error: AWAY } : answer
  }

  function append(
    to: FakeRestaurant,
    core: string,
    events: readonly Event[],
  ): CloudAnswer<{ results: Pushed[]; head: number }> {
    const { refuse, spoil, slow } = server.faults
    if (events.some((event) => spoil?.(event))) return failed('refused', 'The request cannot be read.')
    if (events.some((event) => slow?.(event)))
      return { ok: false, error: { code: 'busy', message: 'Too much to do.', tooLong: true } }
    const blocked = new Set<string>()
    const added: CloudEvent[] = []
    const results = events.map((event): Pushed => {
      const archived = event.order === null ? [] : (to.archive.get(event.order) ?? [])
      const known = [...to.log, ...archived].find((row) => row.event.id === event.id)
      if (known) return { id: event.id, seq: known.seq }
      const refused =
        event.order !== null && blocked.has(event.order)
          ? { code: 'behind', message: 'An earlier event of this order was refused.' }
          : refuse?.(event)
      if (refused) {
        if (event.order !== null) blocked.add(event.order)
        return { id: event.id, refused }
      }
      const row = { seq: ++to.head, event: structuredClone(event), core }
      to.log.push(row)
      added.push({ seq: row.seq, event: row.event })
      return { id: event.id, seq: row.seq }
    })
    const [first] = added
    if (first) broadcast(to, { first: first.seq, last: to.head, events: added })
    return ok({ results, head: to.head })
  }

  function broadcast(to: FakeRestaurant, hint: Hint): void {
    for (const device of to.devices.values()) {
      if (!device.live || device.revoked !== null) continue
      const copies = server.faults.hints?.(hint, device.id) ?? [hint]
      for (const copy of copies) queueMicrotask(() => device.listener?.grew(structuredClone(copy)))
    }
  }

  function sameLog({ log, floor }: FakeRestaurant, at: number, held: string | null | undefined): boolean {
    const row = log.find(({ seq }) => seq === at)
    return held == null || (row ? row.event.id === held : at <= floor)
  }

  function archivedAfter(
    { archive }: FakeRestaurant,
    { after, until, limit }: { after: number; until: number; limit: number },
  ): CloudArchivePage {
    const lastOf = (order: { seq: number }[]) => order.at(-1)?.seq ?? 0
    const all = [...archive.values()].filter((order) => lastOf(order) > after && lastOf(order) <= until)
    const some = all.sort((a, b) => lastOf(a) - lastOf(b)).slice(0, limit)
    return {
      events: structuredClone(some.flat().map(({ event }) => event)),
      next: some.length < all.length ? lastOf(some.at(-1) ?? []) : until,
    }
  }

  function removedOf({ devices }: FakeRestaurant): string[] {
    const all = [...devices.values()]
    const here = new Set(all.filter(({ revoked }) => revoked === null).map(({ core }) => core))
    return [...new Set(all.map(({ core }) => core))].filter((core) => core !== '' && !here.has(core))
  }

  function claimIntake(from: FakeRestaurant, limit: number): IntakeRequest[] {
    const claimed = from.intake.filter(({ status }) => status === 'pending').slice(0, limit)
    for (const one of claimed) one.status = 'claimed'
    return claimed.map(({ id, order, by }) => ({ id, order, by }))
  }

  function reported(
    to: FakeRestaurant,
    device: FakeDevice,
    { core, version, cursor, event, outbox, parked }: CloudReport,
  ): CloudAnswer<CloudState> {
    Object.assign(device, { core, version, outbox, parked, lastSeen: now() })
    const { head, name } = to
    const intake = to.intake.filter(({ status }) => status === 'pending').length
    const { letter } = device
    const same = sameLog(to, cursor, event)
    const removed = removedOf(to)
    return ok({ head, same, now: now() + server.faults.clock, intake, name, letter, removed })
  }

  function connect(link: CloudLink, own: { woken: number }): CloudConnection {
    const to = server.restaurants.get(link.restaurant)
    const device = to?.devices.get(link.device)
    if (!to || !device) throw new Error('This link leads nowhere.')
    const line = ++connections
    const call = <T>(name: CallName, events: number, work: () => CloudAnswer<T>, within?: number) => {
      const allowed = () => {
        if (!server.keys.has(link.key)) return WRONG_KEY
        if (device.revoked === null) return work()
        return {
          ok: false,
          error: { code: 'revoked', message: device.revoked, at: device.revokedAt },
        } as const
      }
      return request(name, device.id, events, allowed, line, within)
    }
    return {
      append: (core, events) =>
        call('append', events.length, () => append(to, core, JSON.parse(JSON.stringify(events)))),
      pull: ({ after, event: held, limit, core }) =>
        call('pull', 0, (): CloudAnswer<CloudPage> => {
          const { head, floor } = to
          if (!sameLog(to, after, held))
            return ok({ events: [], next: after, head, floor, last: null, same: false })
          const rows = to.log.filter(({ seq }) => seq > after).slice(0, limit)
          const next = rows.length === limit ? (rows.at(-1)?.seq ?? after) : Math.max(after, to.head)
          const events = rows
            .filter((row) => row.core !== core)
            .map(({ seq, event }) => ({ seq, event: structuredClone(event) }))
          const last = rows.find(({ seq }) => seq === next)?.event.id ?? null
          return ok({ events, next, head, floor, last, same: true })
        }),
      archived: (orders) =>
        call('archived', 0, () =>
          ok(
            structuredClone(orders.flatMap((order) => to.archive.get(order) ?? []).map(({ event }) => event)),
          ),
        ),
      archivedAfter: (query) => call('archivedAfter', 0, () => ok(archivedAfter(to, query))),
      report: (report, within) => call('report', 0, () => reported(to, device, report), within),
      devices: () =>
        call('devices', 0, () =>
          ok(
            [...to.devices.values()].map(
              ({ id, core, name, letter, version, lastSeen, outbox, parked, revoked }) => {
                return {
                  id,
                  core,
                  name,
                  letter,
                  version,
                  lastSeen,
                  outbox,
                  parked,
                  revoked: revoked !== null,
                }
              },
            ),
          ),
        ),
      claimIntake: (limit) => call('claimIntake', 0, () => ok(claimIntake(to, limit))),
      refuseIntake: (id, code) =>
        call('refuseIntake', 0, () => {
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
    return {
      restaurants: () =>
        request('restaurants', device, 0, () =>
          ok(
            [...server.restaurants.values()].map(({ id, name, head }) => ({
              id,
              name,
              role: 'admin',
              empty: head === 0,
            })),
          ),
        ),
      createRestaurant: (name, person) =>
        request('create', device, 0, () => {
          server.people.push(person)
          return ok({ id: restaurant(name).id, name })
        }),
      async deviceCode(id, name) {
        const code = `CODE-${codes.size + 1}`
        codes.set(code, { restaurant: id, name })
        return server.restaurants.has(id)
          ? ok({ code, expiresAt: now() + 15 * 60_000 })
          : failed('notAllowed', 'You are no manager of this restaurant.')
      },
      async revokeDevice(id) {
        for (const one of server.restaurants.values()) if (one.devices.has(id)) one.revoke(id)
        return ok(null)
      },
      async readmitDevice(id) {
        for (const one of server.restaurants.values()) if (one.devices.has(id)) one.revoke(id, null)
        return ok(null)
      },
      async end() {
        server.calls.push({ call: 'signIn', device: `${device} ended`, events: 0 })
      },
    }
  }

  function cloud(): Cloud & { forgotten: number; woken: number } {
    const own: Cloud & { forgotten: number; woken: number } = {
      forgotten: 0,
      woken: 0,
      check: ({ key }) =>
        request('check', '', 0, () =>
          server.keys.has(key.trim()) ? ok({ skewMs: -server.faults.clock, key: key.trim() }) : WRONG_KEY,
        ),
      signIn: (_project, email, password) =>
        request('signIn', email, 0, () =>
          email === PERSON.email && password === PERSON.password
            ? ok(personOf(email))
            : failed('wrongLogin', 'E-mail or password is wrong.'),
        ),
      claim: (project, code, self, wanted = {}) =>
        request('claim', self.core, 0, () => {
          const offer = codes.get(code)
          const to = offer && server.restaurants.get(offer.restaurant)
          if (!to) return failed('wrongCode', 'This code is not valid. Ask for a new one.')
          if (wanted.restaurant && wanted.restaurant !== to.id)
            return failed('notAllowed', 'This code is for another restaurant.')
          if (wanted.filled && to.head === 0) return failed('refused', 'There is nothing to take over.')
          codes.delete(code)
          return ok({ ...linkOf(to, enrol(to, self.name, self.letter)), ...project })
        }),
      connect: (link) => connect(link, own),
      async forget() {
        own.forgotten++
      },
    }
    return own
  }

  return server
}
