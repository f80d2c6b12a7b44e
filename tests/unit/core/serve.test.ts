/** @file Unit tests of a whole core over memory ports: limits of serving, sessions, alarms, seeding, stopping. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Core, DeviceIdentity } from '../../../main/core/api.ts'
import { RETRY_MS } from '../../../main/core/store-watch.ts'
import { CONTRACT_VERSION, type PublicStaff } from '../../../shared/contract/contract.ts'
import { HEARTBEAT_MS, type ServerFrame } from '../../../shared/contract/wire.ts'
import { failure } from '../../../shared/domain/errors.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import type { ScreenKind } from '../../../shared/domain/roles.ts'
import { PINS } from '../../support/core.ts'
import { portPair } from '../../support/ports.ts'
import { madeOf, nobodysTask } from '../../support/pressed.ts'
import {
  BOSS,
  dead,
  FULL,
  id,
  type MemoryStore,
  memoryStore,
  placing,
  quickDocuments,
  type TestClock,
  testClock,
  unitCore,
} from './kit.ts'

let store: MemoryStore
let clock: TestClock
let core: Core

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] })
  store = memoryStore()
  clock = testClock()
  core = await unitCore(store, { clock })
})
afterEach(async () => {
  store.answer = null
  store.broken = null
  const stopped = core.stop()
  await vi.runAllTimersAsync()
  await stopped
  vi.useRealTimers()
})

const local: DeviceIdentity = { id: 'window', name: 'Window', kind: 'local', station: null }

/** Lets frames and answers arrive, and what the core does in turns of its own. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}

function plug(identity: DeviceIdentity = local, to: Core = core) {
  const [near, far] = portPair()
  const frames: ServerFrame[] = []
  let closed = false
  near.onMessage((text) => frames.push(JSON.parse(text) as ServerFrame))
  near.onClose(() => {
    closed = true
  })
  const served = to.serve(far, identity)
  const send = async (frame: unknown) => {
    near.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
    await settle()
  }
  return { near, served, frames, closed: () => closed, send, last: () => frames.at(-1) as ServerFrame }
}
type Plug = ReturnType<typeof plug>

const hello = (kind: ScreenKind, session: string | null = null) => ({
  t: 'hello',
  v: CONTRACT_VERSION,
  app: 'test',
  kind,
  station: null,
  clock: 0,
  session,
})

async function screen(kind: ScreenKind = 'console', identity = local): Promise<Plug> {
  const one = plug(identity)
  await one.send(hello(kind))
  expect(one.last().t).toBe('welcome')
  return one
}

/** A bump of an order that nobody has. */
const bump = (station: string) => ({ order: id(), station, tasks: [nobodysTask(id())] })

let calls = 0
async function call(one: Plug, m: string, a: unknown = {}, more = {}) {
  const i = ++calls
  await one.send({ t: 'call', i, m, a, ...more })
  const reply = one.frames.find((frame) => frame.t === 'reply' && frame.i === i)
  return reply as Extract<ServerFrame, { t: 'reply' }>
}
const codeOf = (reply: Extract<ServerFrame, { t: 'reply' }>) => (reply.ok ? 'ok' : reply.e.code)

async function signedIn(pin: string): Promise<{ one: Plug; session: string }> {
  const one = await screen()
  const reply = await call(one, 'signIn', { pin })
  if (!reply.ok) throw new Error(JSON.stringify(reply.e))
  return { one, session: (reply.v as { session: string }).session }
}

describe('a connection', () => {
  test('that never says hello is closed', async () => {
    const one = plug()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(one.last()).toMatchObject({ t: 'bye', e: { code: 'invalid' } })
    expect(one.closed()).toBe(true)
  })

  test('that is over before it is served harms nothing', async () => {
    const [near, far] = portPair()
    far.close()
    core.serve(far, local)
    near.send('{}')
    await settle()
    expect((await core.health()).screens).toBe(0)
    const [loud, end] = portPair()
    loud.send('garbage')
    await settle()
    core.serve(end, local)
    expect((await core.health()).screens).toBe(0)
  })

  test('keeps to the kind it was paired as, and a local one is never a peer', async () => {
    const paired = plug({ id: 'tab', name: 'Tab', kind: 'kitchen', station: 'grill' })
    await paired.send(hello('console'))
    expect(paired.last()).toMatchObject({ t: 'bye', e: { code: 'notAllowed' } })
    const window = plug()
    await window.send(hello('peer'))
    expect(window.last()).toMatchObject({ t: 'bye', e: { code: 'notAllowed' } })
    const station = await screen('kitchen', { id: 'tab', name: 'Tab', kind: 'kitchen', station: 'grill' })
    expect(station.last()).toMatchObject({ device: { station: 'grill' } })
  })

  test('hears the beat once it is welcome', async () => {
    const [silent, one] = [plug(), await screen()]
    await vi.advanceTimersByTimeAsync(HEARTBEAT_MS)
    expect(one.last()).toEqual({ t: 'beat', now: clock.now() })
    expect(silent.frames).toEqual([])
  })

  test('is told why its host ends it', async () => {
    const one = await screen()
    const why = failure('stopping', { why: 'again' })
    one.served.close(why)
    await settle()
    expect(one.last()).toEqual({ t: 'bye', e: why })
  })

  test('with frames nested beyond reason ends alone', async () => {
    const [hostile, other] = [await screen('expo'), await screen('expo')]
    await hostile.send('['.repeat(200_000))
    expect(hostile.closed()).toBe(true)
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const bad = await screen('expo')
    const args = JSON.stringify(bump('grill')).replace('"grill"', deep)
    await bad.send(`{"t":"call","i":1,"m":"bumpTicket","id":"${id()}","a":${args}}`)
    expect(bad.last()).toMatchObject({ ok: false, e: { code: 'invalid' } })
    expect(codeOf(await call(other, 'bumpTicket', bump('grill'), { id: id() }))).toBe('unknownOrder')
  })

  test('with too many unanswered calls is asked to wait', async () => {
    const one = await screen('expo')
    const release = store.hold()
    for (let i = 1; i <= 65; i++)
      one.near.send(JSON.stringify({ t: 'call', i, m: 'bumpTicket', a: bump('x'), id: id() }))
    await settle()
    expect(one.last()).toMatchObject({ t: 'reply', i: 65, ok: false, e: { code: 'tooManyRequests' } })
    release()
    await settle()
    expect(one.frames.filter((frame) => frame.t === 'reply')).toHaveLength(65)
  })

  test('gives credit, leaves a stream, and follows another under the same number', async () => {
    const one = await screen()
    await one.send({ t: 'sub', i: 1, s: 'stock', a: {} })
    await one.send({ t: 'sub', i: 1, s: 'documents', a: {} })
    await one.send({ t: 'credit', i: 1, n: 5 })
    await one.send({ t: 'credit', i: 7, n: 5 })
    await one.send({ t: 'sub', i: 2, s: 'tickets', a: { scope: 'planet' } })
    expect(one.last()).toMatchObject({ t: 'end', i: 2, e: { code: 'invalid' } })
    await core.submit('setStock', { menuItem: 'soup', out: true }, BOSS)
    await one.send({ t: 'unsub', i: 1 })
    expect(one.frames.filter((frame) => frame.t === 'batch')).toEqual([])
  })
})

describe('people', () => {
  test('stay signed in on their device only, until they sign out', async () => {
    const { one, session } = await signedIn(PINS.manager)
    one.near.close()
    const again = plug()
    await again.send(hello('console', session))
    expect(again.last()).toMatchObject({ person: { role: 'manager' }, roles: ['device', 'manager'] })
    const thief = plug({ ...local, id: 'elsewhere' })
    await thief.send(hello('console', session))
    expect(thief.last()).toMatchObject({ person: null, roles: ['device'] })
    await call(again, 'signOut')
    expect(codeOf(await call(again, 'devices'))).toBe('signInNeeded')
  })

  test('of whom one signs in over the other leave no session behind', async () => {
    const { one, session } = await signedIn(PINS.manager)
    expect(codeOf(await call(one, 'signIn', { pin: '0000' }))).toBe('wrongPin')
    expect(codeOf(await call(one, 'devices'))).toBe('ok')
    await call(one, 'signIn', { pin: PINS.server })
    const again = plug()
    await again.send(hello('console', session))
    expect(again.last()).toMatchObject({ person: null })
  })

  test('whose shift is over are asked to sign in, not to ask a manager', async () => {
    const { one } = await signedIn(PINS.manager)
    clock.pass(15 * 3_600_000)
    expect(codeOf(await call(one, 'devices'))).toBe('signInNeeded')
  })

  test('get their PIN from a manager; it is theirs alone and nobody sees it', async () => {
    const { one } = await signedIn(PINS.manager)
    expect(codeOf(await call(one, 'setPin', { member: 'nobody', pin: '7777' }))).toBe('invalid')
    expect(await call(one, 'setPin', { member: 'ben', pin: PINS.server })).toMatchObject({ e: { at: 'pin' } })
    expect(codeOf(await call(one, 'setPin', { member: 'ben', pin: '7777' }))).toBe('ok')
    expect(codeOf(await call(one, 'signIn', { pin: '7777' }))).toBe('ok')
    expect(JSON.stringify(await store.audit({ limit: 9 }))).not.toMatch(/7777|pinHash/)
  })
})

describe('rights', () => {
  const OPEN = { scope: 'open' } as const
  /** A kitchen screen that was paired for a station. */
  async function paired(station: string): Promise<Plug> {
    const { code } = core.devices.createPairing('kitchen', 'Tab', station)
    const redeemed = await core.devices.redeem(code, 'a')
    if (!redeemed.ok) throw new Error(JSON.stringify(redeemed.error))
    return screen('kitchen', redeemed.value.device)
  }
  const ends = (one: Plug) =>
    one.frames.flatMap((frame) => (frame.t === 'end' ? [`${frame.i} ${frame.e.code}`] : []))
  /** The console of this person, following open orders, the pass, a station and the 86 list. */
  async function following(pin: string) {
    const { one, session } = await signedIn(pin)
    await one.send({ t: 'sub', i: 1, s: 'tickets', a: OPEN })
    await one.send({ t: 'sub', i: 2, s: 'tickets', a: { scope: 'expo' } })
    await one.send({ t: 'sub', i: 3, s: 'tickets', a: { scope: 'station', station: 'grill' } })
    await one.send({ t: 'sub', i: 4, s: 'stock', a: {} })
    expect(ends(one)).toEqual([])
    return { one, session }
  }
  /** A document as screens get it. */
  async function documentOf<T>(name: string): Promise<{ version: number; body: T }> {
    const one = await screen()
    await one.send({ t: 'sub', i: 1, s: 'documents', a: {} })
    const items = one.frames.flatMap((frame) => (frame.t === 'snap' ? frame.items : []))
    return new Map(items).get(name) as { version: number; body: T }
  }
  async function publish(name: string, base: number, body: unknown): Promise<void> {
    expect(await core.submit('publishDocument', { name, base, body }, BOSS)).toMatchObject({ ok: true })
    await settle()
  }
  type Member = Omit<PublicStaff['members'][number], 'hasPin'>
  async function staff(change: (member: Member) => Member) {
    const { version, body } = await documentOf<PublicStaff>('staff')
    const members = body.members.map(({ hasPin: _, ...member }) => change(member))
    await publish('staff', version, { salt: '', members })
  }
  const toOrders = async (one: Plug) => {
    await one.send({ t: 'ping', c: 1 })
    const { order, ...placed } = placing().args
    one.frames.length = 0
    await core.submit('placeOrder', { order, ...placed }, BOSS)
    await settle()
    return one.frames.filter((frame) => frame.t === 'batch').map((frame) => frame.i)
  }

  test('to orders are those of the person: nobody at a console sees any', async () => {
    const one = await screen()
    await one.send({ t: 'sub', i: 1, s: 'tickets', a: OPEN })
    await one.send({ t: 'sub', i: 2, s: 'tickets', a: { scope: 'station', station: 'grill' } })
    expect(ends(one)).toEqual(['1 signInNeeded', '2 signInNeeded'])
    expect(codeOf(await call(one, 'order', { order: id() }))).toBe('signInNeeded')
    expect(codeOf(await call(one, 'recentTickets', {}))).toBe('signInNeeded')
    expect(await toOrders(one)).toEqual([])
  })

  test('of a screen that was paired for a station are that station, while there is one', async () => {
    const one = await paired('grill')
    for (const [i, a] of [OPEN, { scope: 'expo' }, { scope: 'station', station: 'fryer' }].entries())
      await one.send({ t: 'sub', i: i + 1, s: 'tickets', a })
    expect(ends(one)).toEqual(['1 signInNeeded', '2 signInNeeded', '3 signInNeeded'])
    expect(codeOf(await call(one, 'recentTickets', { station: 'fryer' }))).toBe('signInNeeded')
    expect(codeOf(await call(one, 'recentTickets', { station: 'grill' }))).toBe('ok')
    const lost = await paired('gone')
    await lost.send({ t: 'sub', i: 1, s: 'tickets', a: { scope: 'station', station: 'fryer' } })
    expect(ends(lost)).toEqual([])
    expect(await toOrders(lost)).toEqual([1])
    const window = await screen('kitchen', { id: 'window', name: 'Grill', kind: 'kitchen', station: 'grill' })
    await window.send({ t: 'sub', i: 1, s: 'tickets', a: { scope: 'station', station: 'fryer' } })
    expect(ends(window)).toEqual([])
  })

  test('of another Plate PC are its own: it neither sees boards nor signs in', async () => {
    const one = await screen('peer', { id: 'pc', name: 'PC', kind: 'peer', station: null })
    for (const s of ['documents', 'status', 'stock']) await one.send({ t: 'sub', i: 1, s, a: {} })
    await one.send({ t: 'sub', i: 2, s: 'tickets', a: { scope: 'expo' } })
    await one.send({ t: 'sub', i: 3, s: 'log', a: {} })
    expect(ends(one)).toEqual(['1 notAllowed', '1 notAllowed', '1 notAllowed', '2 notAllowed'])
    expect(codeOf(await call(one, 'signIn', { pin: PINS.manager }))).toBe('notAllowed')
    expect(codeOf(await call(one, 'peerCursor', { log: 'x' }))).toBe('ok')
  })

  test('end with signing out, on every connection of the session, and nothing more comes', async () => {
    const { one, session } = await following(PINS.server)
    const again = plug()
    await again.send(hello('console', session))
    await again.send({ t: 'sub', i: 7, s: 'tickets', a: OPEN })
    await call(again, 'signOut')
    expect(ends(one)).toEqual(['1 signInNeeded', '2 signInNeeded', '3 signInNeeded'])
    expect(ends(again)).toEqual(['7 signInNeeded'])
    expect([await toOrders(one), await toOrders(again)]).toEqual([[], []])
  })

  test('end when a shift is over, without anybody asking', async () => {
    const { one } = await following(PINS.server)
    clock.pass(15 * 3_600_000)
    await vi.advanceTimersByTimeAsync(HEARTBEAT_MS)
    expect(ends(one)).toEqual(['1 signInNeeded', '2 signInNeeded', '3 signInNeeded'])
  })

  test('end when the person is switched off', async () => {
    const { one } = await following(PINS.server)
    await staff((member) => (member.role === 'server' ? { ...member, active: false } : member))
    expect(ends(one)).toEqual(['1 signInNeeded', '2 signInNeeded', '3 signInNeeded'])
  })

  test('end as far as a new role has none', async () => {
    const { one } = await following(PINS.server)
    await staff((member) => (member.role === 'server' ? { ...member, role: 'cook' } : member))
    expect(ends(one)).toEqual(['1 notAllowed', '2 notAllowed'])
    expect(codeOf(await call(one, 'order', { order: id() }))).toBe('notAllowed')
  })

  test('end when a manager gives the person another PIN', async () => {
    const { one } = await following(PINS.server)
    const manager = await signedIn(PINS.manager)
    const signed = one.frames.find((frame) => frame.t === 'reply') as unknown as { v: { id: string } }
    expect(codeOf(await call(manager.one, 'setPin', { member: signed.v.id, pin: '7777' }))).toBe('ok')
    await settle()
    expect(ends(one)).toEqual(['1 signInNeeded', '2 signInNeeded', '3 signInNeeded'])
  })

  test('are those of whoever signs in over another', async () => {
    const { one } = await following(PINS.server)
    await call(one, 'signIn', { pin: PINS.cook })
    expect(ends(one)).toEqual(['1 notAllowed', '2 notAllowed'])
  })

  test('of a bound screen change with the stations', async () => {
    const one = await paired('gone')
    await one.send({ t: 'sub', i: 1, s: 'tickets', a: { scope: 'station', station: 'fryer' } })
    const { version, body } = await documentOf<{ stations: object[] }>('stations')
    const station = { id: 'gone', name: 'Back again', warnAfter: 60, lateAfter: 90 }
    await publish('stations', version, { ...body, stations: [...body.stations, station] })
    expect(ends(one)).toEqual(['1 signInNeeded'])
  })
})

describe('devices', () => {
  test('are paired, listed as online, revoked and cut off at once', async () => {
    const { one } = await signedIn(PINS.manager)
    const pairing = await call(one, 'createPairing', { kind: 'kitchen', name: 'Grill 1', station: 'grill' })
    const redeemed = await core.devices.redeem((pairing as unknown as { v: { code: string } }).v.code, 'a')
    if (!redeemed.ok) throw new Error('not paired')
    const { device, token } = redeemed.value
    const tablet = await screen('kitchen', device)
    const list = async () => ((await call(one, 'devices')) as unknown as { v: unknown[] }).v
    expect(await list()).toMatchObject([{ id: device.id, online: true, revoked: false, version: 'test' }])
    expect(codeOf(await call(one, 'revokeDevice', { device: device.id }))).toBe('ok')
    expect(tablet.last()).toMatchObject({ t: 'bye', e: { code: 'revoked' } })
    expect(tablet.closed()).toBe(true)
    expect(core.devices.authenticate(token)).toMatchObject({ ok: false, error: { code: 'revoked' } })
    expect(await list()).toMatchObject([{ online: false, revoked: true }])
    expect(codeOf(await call(one, 'revokeDevice', { device: 'nobody' }))).toBe('invalid')
  })

  test('a network that does not open says why: in the words of its error, or with what the system said', async () => {
    const says = say('hub.portTaken', { port: '4681', flag: '--tls-port' })
    const errors = [Object.assign(new Error('EADDRINUSE'), { says }), new Error('EIO')]
    const lan = {
      state: () => ({ on: false, addresses: [], fingerprint: null }),
      set: () => Promise.reject(errors.shift()),
      qr: () => '',
    }
    const stopped = core.stop()
    await vi.runAllTimersAsync()
    await stopped
    core = await unitCore(store, { clock, lan })
    const { one } = await signedIn(PINS.manager)
    const tries = [await call(one, 'setLan', { on: true }), await call(one, 'setLan', { on: true })]
    const fault = say('hub.fault', { detail: 'EIO' })
    expect(tries).toMatchObject(
      [says, fault].map((message) => ({ e: failure('busy', { why: 'other', message }) })),
    )
  })

  test('LAN and peers are refused where there are none', async () => {
    const { one } = await signedIn(PINS.manager)
    expect(codeOf(await call(one, 'setLan', { on: true }))).toBe('invalid')
    expect(codeOf(await call(one, 'joinPeer', { address: '10.0.0.7', code: '12345678' }))).toBe('invalid')
  })
})

describe('trouble', () => {
  const topics = (one: Plug) => {
    const now = new Map<string, unknown>()
    for (const frame of one.frames) {
      if (frame.t === 'snap') for (const [key, value] of frame.items) now.set(key, value)
      if (frame.t !== 'batch') continue
      for (const [key, value] of [...frame.in, ...frame.put]) now.set(key, value)
      for (const key of frame.out) now.delete(key)
    }
    return now
  }

  test('of the store is an alarm on every screen until an order is saved again', async () => {
    const one = await screen()
    await one.send({ t: 'sub', i: 1, s: 'status', a: {} })
    store.answer = FULL
    const order = placing()
    expect(await core.submit(order.name, order.args, BOSS)).toMatchObject({ error: { code: 'storeFull' } })
    await settle()
    expect(topics(one).get('alarms')).toMatchObject({
      value: [{ level: 'alarm', says: FULL.error.says }],
    })
    store.answer = null
    await core.submit(order.name, order.args, BOSS)
    await settle()
    expect(topics(one).has('alarms')).toBe(false)
  })

  test('of the store is over as soon as there is room, without an order that tries', async () => {
    const one = await screen()
    await one.send({ t: 'sub', i: 1, s: 'status', a: {} })
    store.answer = FULL
    const order = placing()
    await core.submit(order.name, order.args, BOSS)
    await vi.advanceTimersByTimeAsync(10 * RETRY_MS)
    await settle()
    expect(topics(one).get('alarms')).toMatchObject({ value: [{ says: FULL.error.says }] })
    store.answer = null
    await vi.advanceTimersByTimeAsync(RETRY_MS)
    await settle()
    expect(topics(one).has('alarms')).toBe(false)
  })

  test('of the store in a query is told in its own words; a fault is a fault', async () => {
    const { one } = await signedIn(PINS.manager)
    store.broken = dead()
    const e = failure('storeBroken', { message: { code: 'store.dead' } })
    expect(await call(one, 'backupNow')).toMatchObject({ e })
    store.broken = dead('storeTooNew')
    expect(await call(one, 'audit')).toMatchObject({ e })
    store.broken = new Error('boom')
    expect(codeOf(await call(one, 'audit'))).toBe('internal')
    store.broken = null
    expect(codeOf(await call(one, 'audit'))).toBe('ok')
  })

  test('a clock that is set back raises an alarm until it is right', async () => {
    const one = await screen()
    await one.send({ t: 'sub', i: 1, s: 'status', a: {} })
    const right = clock.now()
    clock.set(right - 3_600_000)
    await vi.advanceTimersByTimeAsync(HEARTBEAT_MS)
    await settle()
    const says = say('alarms.clockBack', { pc: 'Unit PC', minutes: 60 })
    expect(topics(one).get('alarms')).toMatchObject({ value: [{ level: 'warning', says }] })
    clock.set(right)
    await vi.advanceTimersByTimeAsync(HEARTBEAT_MS)
    await settle()
    expect(topics(one).has('alarms')).toBe(false)
  })

  test('training is shown on every screen', async () => {
    const one = await screen()
    await one.send({ t: 'sub', i: 1, s: 'status', a: {} })
    core.train(1)
    core.train(1)
    core.lanChanged()
    await settle()
    expect(topics(one).get('core')).toMatchObject({ value: { training: true, name: 'Unit PC' } })
  })
})

describe('a core', () => {
  test('is seeded once', async () => {
    expect(await core.seed(quickDocuments())).toEqual({ ok: true, value: { published: [] } })
    const settings = { ...(quickDocuments().settings as object), currency: 'pounds' }
    const wrong = expect(unitCore(memoryStore(), {}, { settings })).rejects.toThrow('currency')
    await settle()
    await vi.advanceTimersByTimeAsync(1)
    await wrong
  })

  test('tells how it is', async () => {
    await screen()
    const order = placing()
    await core.submit(order.name, order.args, BOSS)
    clock.pass(5_000)
    expect(await core.health()).toMatchObject({
      ok: true,
      screens: 1,
      openTickets: 1,
      peers: [],
      uptimeMs: 5_000,
    })
  })

  test('lets go of orders that closed an hour ago', async () => {
    const order = placing()
    await core.submit(order.name, order.args, BOSS)
    await core.submit('cancelOrder', { order: order.args.order, reason: 'gone' }, BOSS)
    const tasks = madeOf(order.args.items)
    await core.submit('bumpTicket', { order: order.args.order, station: 'fryer', tasks }, BOSS)
    clock.pass(3_600_001)
    await vi.advanceTimersByTimeAsync(HEARTBEAT_MS)
    expect((await core.health()).openTickets).toBeLessThanOrEqual(1)
  })

  test('that stops answers what is under way before it says goodbye, and serves nobody after', async () => {
    const one = await screen('expo')
    const release = store.hold()
    one.near.send(JSON.stringify({ t: 'call', i: 1, m: 'bumpTicket', a: bump('x'), id: id() }))
    await settle()
    const stop = core.stop()
    release()
    await vi.runAllTimersAsync()
    await stop
    expect(one.frames.slice(-2)).toMatchObject([
      { t: 'reply', i: 1 },
      { t: 'bye', e: { code: 'stopping' } },
    ])
    const late = plug()
    await settle()
    expect(late.last()).toMatchObject({ t: 'bye', e: { code: 'stopping' } })
    expect(await core.submit('serve', {}, BOSS)).toMatchObject({ error: { code: 'stopping' } })
    expect(vi.getTimerCount()).toBe(0)
  })
})
