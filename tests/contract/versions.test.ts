/** @file Two versions speak to each other: the contract suite with the client of the version before, this client at its hub, and both readers of one log. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Core } from '../../main/core/api.ts'
import { CONTRACT_VERSION, OLDEST_CONTRACT } from '../../shared/contract/contract.ts'
import type { ServerFrame } from '../../shared/contract/wire.ts'
import { applyRead, emptyState } from '../../shared/domain/apply.ts'
import { canonical } from '../../shared/domain/canonical.ts'
import { parseEvent } from '../../shared/domain/events.ts'
import { view } from '../../shared/domain/view.ts'
import {
  line,
  localPort,
  online,
  PINS,
  startTestCore,
  streamed,
  tempDir,
  testClient,
  until,
} from '../support/core.ts'
import { type Frozen, frozenContracts, versionBefore } from '../support/frozen.ts'
import { startHub } from '../support/hub.ts'
import { pressBump } from '../support/pressed.ts'
import { busy, ORDER } from '../unit/domain/kit.ts'
import { contractCases } from './cases.ts'

let before: Frozen
beforeAll(async () => {
  before = await versionBefore()
})

test('the version before is kept, and no more than one version is between it and this one', () => {
  expect(frozenContracts()).toContain(OLDEST_CONTRACT)
  expect(CONTRACT_VERSION - OLDEST_CONTRACT).toBeLessThanOrEqual(1)
  expect(before.plate.CONTRACT_VERSION).toBe(OLDEST_CONTRACT)
})

describe('the client of the version before at this core', () => {
  const folder = tempDir()
  let core: Core
  let devices = 0
  beforeAll(async () => {
    core = await startTestCore(folder.dir)
  })
  afterAll(async () => {
    await core.stop()
    folder.remove()
  })
  /** The pages of a large snapshot, as a screen that speaks contract `v` gets them. */
  async function snapshotAt(many: Core, v: number): Promise<[key: string, value: unknown][][]> {
    const port = localPort(many, `device-${++devices}`)
    onTestFinished(() => port.close())
    const pages: [key: string, value: unknown][][] = []
    return new Promise((resolve) => {
      port.onMessage((text) => {
        const frame = JSON.parse(text) as ServerFrame
        if (frame.t === 'welcome') {
          port.send(JSON.stringify({ t: 'call', i: 1, m: 'signIn', a: { pin: PINS.manager } }))
        } else if (frame.t === 'reply') {
          port.send(JSON.stringify({ t: 'sub', i: 2, s: 'tickets', a: { scope: 'open' } }))
        } else if (frame.t === 'snap' || frame.t === 'batch') {
          pages.push(frame.t === 'snap' ? frame.items : frame.in)
          if (!frame.more) resolve(pages)
        }
      })
      const screen = { app: 'raw', kind: 'console', station: null, clock: Date.now(), session: null }
      port.send(JSON.stringify({ t: 'hello', v, ...screen }))
    })
  }

  test('gets in one frame what this version’s own client gets in pages', async () => {
    const { dir, remove } = tempDir()
    const many = await startTestCore(dir)
    onTestFinished(async () => {
      await many.stop()
      remove()
    })
    const console = testClient(async () => localPort(many, 'many'), 'console')
    onTestFinished(() => console.close())
    await online(console)
    await console.call('signIn', { pin: PINS.manager })
    const items = () => Array.from({ length: 20 }, () => line(console, 'fries', { note: 'x'.repeat(200) }))
    for (let n = 0; n < 10; n++) {
      const order = console.newId()
      const placed = await console.send('placeOrder', { order, type: 'takeaway', items: items() })
      expect(placed.ok).toBe(true)
    }
    const [whole, pages] = [await snapshotAt(many, OLDEST_CONTRACT), await snapshotAt(many, CONTRACT_VERSION)]
    expect(whole).toHaveLength(1)
    expect(pages.length).toBeGreaterThan(1)
    expect(new Map(pages.flat())).toEqual(new Map(whole[0]))
  })

  test('gets open orders once somebody is signed in, though it does not ask again by itself', async () => {
    const open = (kind: 'console' | 'manager') => {
      const connect = async () => localPort(core, `device-${++devices}`)
      const client = testClient(connect, kind, null, 'suite', before.plate.createClient)
      onTestFinished(() => client.close())
      return client
    }
    const [server, console] = [open('manager'), open('console')]
    await Promise.all([online(server), online(console)])
    await server.call('signIn', { pin: PINS.server })
    const order = server.newId()
    await server.send('placeOrder', { order, type: 'takeaway', items: [line(server, 'fries')] })
    const board = console.subscribe('tickets', { scope: 'open' })
    await until(
      (listener) => board.onChange(listener),
      () => board.ended !== null,
    )
    expect(board.entries.has(order)).toBe(false)
    await console.call('signIn', { pin: PINS.host })
    await streamed(board, (tickets) => tickets.has(order))
  })

  for (const { name, run } of contractCases.filter(({ since = 0 }) => since <= OLDEST_CONTRACT)) {
    test(name, () =>
      run({
        connect: async () => localPort(core, `device-${++devices}`),
        createClient: before.plate.createClient,
        contract: OLDEST_CONTRACT,
      }),
    )
  }
})

test('this client at the hub of the version before: an order goes its whole way', async () => {
  const { dir, remove } = tempDir()
  const hub = await startHub({ dir, program: before.hub, args: ['--tls-port', '0', '--no-lan'] })
  onTestFinished(async () => {
    await hub.stop()
    remove()
  })
  const open = async (kind: 'console' | 'kitchen', pin?: string) => {
    const client = testClient(hub.connect, kind)
    onTestFinished(() => client.close())
    await online(client)
    if (pin) expect((await client.call('signIn', { pin })).ok).toBe(true)
    return client
  }
  const [console, kitchen] = [await open('console', PINS.manager), await open('kitchen')]
  const order = console.newId()
  const boards = kitchen.subscribe('tickets', { scope: 'station', station: 'fryer' })
  await streamed(boards, () => true)
  const placed = await console.send('placeOrder', {
    order,
    type: 'takeaway',
    items: [line(console, 'fries')],
  })
  expect(placed).toMatchObject({ ok: true, value: { order } })
  await streamed(boards, (entries) => entries.has(order))
  expect(await pressBump(kitchen, order, 'fryer')).toMatchObject({ ok: true })
  await streamed(boards, (entries) => !entries.has(order))
  expect(await console.call('order', { order })).toMatchObject({ ok: true, value: { status: 'ready' } })
})

test('what this version writes, the version before reads: the same tickets, and what it misses is marked', () => {
  const { log, state } = busy()
  const { plate } = before
  const [ours, theirs] = [emptyState(), plate.emptyState()]
  for (const event of log) {
    const [mine, other] = [parseEvent(event), plate.parseEvent(event)]
    expect(mine).toMatchObject({ as: 'event', part: false })
    expect(other.as).not.toBe('garbage')
    if (mine.as !== 'garbage') applyRead(ours, mine)
    if (other.as !== 'garbage') plate.applyRead(theirs, other)
  }
  const order = ours.orders.get(ORDER)
  const known = theirs.orders.get(ORDER)
  if (!order || !known) throw new Error('the order is missing')
  const shown = plate.view(state.documents, known, { scope: 'expo' })
  // What a ticket has gained since is not on that one.
  const now = Object.entries(view(state.documents, order, { scope: 'expo' }) ?? {})
  const both = now.filter(([name]) => Object.hasOwn(shown ?? {}, name))
  expect(canonical(shown)).toBe(canonical(Object.fromEntries(both)))
})
