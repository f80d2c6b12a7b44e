/** @file Unit tests of peers: real cores joined in memory, cut, changed apart, and equal again when they meet. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CONTRACT_VERSION, type StatusTopics } from '../../../shared/contract/contract.ts'
import { MAX_FRAME_BYTES } from '../../../shared/contract/wire.ts'
import { failure, messageOf } from '../../../shared/domain/errors.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { PINS } from '../../support/core.ts'
import { portPair } from '../../support/ports.ts'
import { FRIDAY, FULL, id, memoryStore, testClock } from './kit.ts'
import { logOf, type Network, network, type Restaurant, restaurant, states } from './restaurants.ts'

let net: Network
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] })
  net = network()
})
afterEach(async () => {
  const all = [...net.restaurants.values()].map((one) => one.core.stop())
  await vi.advanceTimersByTimeAsync(2_000)
  await Promise.all(all)
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

const two = async (): Promise<[Restaurant, Restaurant]> => [
  await restaurant(net, 'main'),
  await restaurant(net, 'bar'),
]

/** Lets time pass for everybody: reconnects, beats, retries. */
const pass = (ms = 6_000) => vi.advanceTimersByTimeAsync(ms)

/** `joiner` joins `host` as a manager would on a screen. */
async function join(joiner: Restaurant, host: Restaurant, address = host.address) {
  const [near, far] = portPair()
  const { code } = host.core.devices.createPairing('peer', joiner.address, null)
  joiner.core.serve(far, { id: 'window', name: 'Window', kind: 'local', station: null })
  const answers: { i: number; ok: boolean }[] = []
  near.onMessage((text) => answers.push(JSON.parse(text)))
  const say = async (frame: object) => {
    near.send(JSON.stringify(frame))
    await pass(10)
  }
  await say({
    t: 'hello',
    v: CONTRACT_VERSION,
    app: 'test',
    kind: 'manager',
    station: null,
    clock: 0,
    session: null,
  })
  await say({ t: 'call', i: 1, m: 'signIn', a: { pin: PINS.manager } })
  await say({ t: 'call', i: 2, m: 'joinPeer', a: { address, code } })
  near.close()
  await pass(100)
  return answers.find((answer) => answer.i === 2)
}

function equal(...all: Restaurant[]): void {
  for (const one of all.slice(1)) {
    expect(states(one)).toEqual(states(all[0] as Restaurant))
    expect(logOf(one)).toEqual(logOf(all[0] as Restaurant))
  }
}

async function stopOf(one: Restaurant): Promise<void> {
  const stopping = one.restart()
  await pass(10)
  await stopping
}

async function peersOf(one: Restaurant) {
  return (await one.core.health()).peers
}

describe('two cores', () => {
  test('exchange what they had and what comes, both ways, and echo nothing', async () => {
    const [main, bar] = await two()
    const before = await main.place()
    expect(await join(bar, main)).toMatchObject({ ok: true, v: { device: 'core-main', name: 'main' } })
    equal(main, bar)
    const [there, here] = [await bar.place(), await main.place()]
    await pass(100)
    equal(main, bar)
    expect(Object.keys(states(main))).toHaveLength(3)
    expect([before.number, here.number]).toEqual(['1', '2'])
    expect(there.number).toMatch(/^B\d+$/)
    const commits = main.store.batches.length + bar.store.batches.length
    await pass(30_000)
    expect(main.store.batches.length + bar.store.batches.length).toBe(commits)
    expect(
      main.store.events.every(({ event, source }) => (source === null) === (event.device === 'core-main')),
    ).toBe(true)
    expect(await peersOf(bar)).toMatchObject([{ device: 'core-main', online: true, behind: 0 }])
  })

  test('cut apart both go on, and meet again equal: orders, bumps, a void against a change', async () => {
    const [main, bar] = await two()
    await join(bar, main)
    const items = ['fries', 'soup'].map((menuItem) => ({ id: id(), menuItem, quantity: 1 }))
    const shared = await main.place(items)
    await pass(100)
    net.up = false
    net.cut()
    await pass(100)
    expect(await peersOf(bar)).toMatchObject([{ online: false }])
    const { order, item } = shared
    const [mine, theirs] = [await main.place(), await bar.place()]
    for (const each of [main, bar]) await each.bump(order)
    await main.run('voidItem', { order, item: items[1]?.id, reason: 'gone' })
    await bar.run('changeItem', { order, item: items[1]?.id, quantity: 3 })
    await bar.run('recallTask', { order, item, task: `${item}:0`, n: 1 })
    expect(states(main)).not.toEqual(states(bar))
    net.up = true
    await pass(11_000)
    equal(main, bar)
    expect(Object.keys(states(main)).sort()).toEqual([order, mine.order, theirs.order].sort())
    const merged = states(bar)[order]
    expect(merged?.items[items[1]?.id ?? '']).toMatchObject({
      voided: { reason: 'gone' },
      fields: { quantity: [{ value: 3 }] },
    })
  })

  test('deliver twice without harm', async () => {
    const [main, bar] = await two()
    await join(bar, main)
    const { order } = await bar.place()
    await pass(100)
    const [near, far] = portPair()
    const events = bar.store.events.filter(({ event }) => event.order === order).map(({ event }) => event)
    main.core.serve(far, { id: 'core-bar', name: 'bar', kind: 'peer', station: null })
    const before = [main.store.events.length, states(main)]
    const say = (frame: object) => near.send(JSON.stringify(frame))
    say({
      t: 'hello',
      v: CONTRACT_VERSION,
      app: 'test',
      kind: 'peer',
      station: null,
      clock: 0,
      session: null,
    })
    say({ t: 'call', i: 1, m: 'pushEvents', a: { log: 'core-bar', events, upTo: 1 } })
    await pass(100)
    expect([main.store.events.length, states(main)]).toEqual(before)
    near.close()
  })

  test('go on from their cursors after either is started again', async () => {
    const [main, bar] = await two()
    await join(bar, main)
    await main.place()
    await pass(100)
    await stopOf(main)
    await bar.place()
    await pass(11_000)
    equal(main, bar)
    await stopOf(bar)
    await main.place()
    const later = await bar.place()
    await pass(11_000)
    equal(main, bar)
    expect(later.number).toBe('B2')
  })

  test('that cannot save at first catch up once they can, without any news', async () => {
    const [main, bar] = await two()
    await join(bar, main)
    bar.store.answer = FULL
    await main.place()
    await pass(100)
    expect(Object.keys(states(bar))).toHaveLength(0)
    bar.store.answer = null
    await pass(6_000)
    equal(main, bar)
    main.store.answer = FULL
    await bar.place()
    await pass(100)
    main.store.answer = null
    await pass(6_000)
    equal(main, bar)
  })

  test('hand over much at once in frames that fit', async () => {
    const [main, bar] = await two()
    net.maxFrame = MAX_FRAME_BYTES
    await join(bar, main)
    net.up = false
    net.cut()
    const items = () =>
      Array.from({ length: 100 }, () => ({
        id: id(),
        menuItem: 'ribeye',
        quantity: 1,
        modifiers: ['rare', 'side-fries'],
        note: '少'.repeat(300),
      }))
    for (let turn = 0; turn < 8; turn++) await bar.place(items())
    net.up = true
    await pass(30_000)
    equal(main, bar)
    expect(net.longest).toBeLessThan(MAX_FRAME_BYTES / 3)
  })

  test('of which one was put back from a backup get back what it lost, under its new name', async () => {
    const [main, bar] = await two()
    await join(bar, main)
    const kept = await main.place()
    await pass(100)
    const backup = main.store.events.slice()
    const lost = await main.place()
    await pass(100)
    // The log ends earlier, the core has another id, devices and documents are those of the backup.
    const stop = main.core.stop()
    await pass(10)
    await stop
    const restored = memoryStore('core-restored')
    for (const device of await main.store.devices()) await restored.putDevice(device)
    net.restaurants.delete('main')
    const again = await restaurant(net, 'main', { store: restored })
    expect(backup.length).toBeGreaterThan(0)
    await pass(11_000)
    const anew = await again.place()
    await pass(6_000)
    expect(Object.keys(states(again)).sort()).toEqual([kept.order, lost.order, anew.order].sort())
    expect(states(again)).toEqual(states(bar))
    expect(await peersOf(bar)).toMatchObject([{ behind: 0 }])
  })

  test('whose clocks differ are told so, until they agree', async () => {
    const main = await restaurant(net, 'main')
    const bar = await restaurant(net, 'bar', { clock: testClock(FRIDAY - 600_000) })
    const alarms = statusOf(bar)
    await join(bar, main)
    await pass(2_500)
    const behind = { pc: 'bar', minutes: 10, other: 'main' }
    expect(alarms()).toMatchObject([{ level: 'warning', says: say('alarms.clockBehindPc', behind) }])
    bar.clock.set(FRIDAY)
    await pass(2_500)
    expect(alarms()).toEqual([])
  })

  test('of which one no longer trusts the other say so, and do not hammer', async () => {
    const [main, bar] = await two()
    const alarms = statusOf(bar)
    await join(bar, main)
    const manager = main.store
    const [device] = await manager.devices()
    if (device) await manager.putDevice({ ...device, revokedAt: 1 })
    await stopOf(main)
    await pass(11_000)
    const because = messageOf(failure('revoked', { why: 'device' }))
    expect(alarms()).toMatchObject([{ says: say('alarms.peerRefuses', { pc: 'main', because }) }])
    expect(await peersOf(bar)).toMatchObject([{ online: false }])
  })

  test('a wrong code, and joining oneself, are refused', async () => {
    const [main, bar] = await two()
    expect(await join(bar, main, 'bar')).toMatchObject({ ok: false, e: { code: 'wrongCode' } })
    expect(await join(bar, bar)).toMatchObject({ ok: false, e: { code: 'invalid' } })
    expect((await bar.place()).number).toBe('1')
  })
})

test('three cores in a row end equal, with letters of their own', async () => {
  const [main, bar] = await two()
  const cellar = await restaurant(net, 'cellar')
  await join(bar, main)
  await join(cellar, bar)
  const placed = [await main.place(), await bar.place(), await cellar.place()]
  await pass(500)
  equal(main, bar, cellar)
  net.up = false
  net.cut()
  const { order } = placed[0] as { order: string }
  for (const each of [main, bar, cellar]) {
    placed.push(await each.place())
    await each.bump(order)
  }
  net.up = true
  await pass(15_000)
  equal(main, bar, cellar)
  const numbers = placed.map((one) => one.number)
  expect(new Set(numbers).size).toBe(6)
  expect(numbers.slice(0, 3)).toEqual(['1', 'B1', 'BB1'])
})

/** The alarms a core shows now. */
function statusOf(one: Restaurant): () => StatusTopics['alarms'] {
  const [near, far] = portPair()
  let shown: StatusTopics['alarms'] = []
  near.onMessage((text) => {
    const frame = JSON.parse(text)
    if (frame.t !== 'snap' && frame.t !== 'batch') return
    if (frame.out?.includes('alarms')) shown = []
    for (const [key, value] of [...(frame.items ?? []), ...(frame.in ?? []), ...(frame.put ?? [])])
      if (key === 'alarms') shown = value.value
    near.send(JSON.stringify({ t: 'credit', i: 1, n: 1 }))
  })
  one.core.serve(far, { id: 'screen', name: 'Screen', kind: 'local', station: null })
  near.send(
    JSON.stringify({
      t: 'hello',
      v: CONTRACT_VERSION,
      app: 'test',
      kind: 'kitchen',
      station: null,
      clock: 0,
      session: null,
    }),
  )
  near.send(JSON.stringify({ t: 'sub', i: 1, s: 'status', a: {} }))
  return () => shown
}
