/** @file Two versions speak to each other: the contract suite with the client of the version before, this client at its hub, and both readers of one log. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Core } from '../../main/core/api.ts'
import { CONTRACT_VERSION, OLDEST_CONTRACT } from '../../shared/contract/contract.ts'
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
} from '../support/core.ts'
import { type Frozen, frozenContracts, versionBefore } from '../support/frozen.ts'
import { startHub } from '../support/hub.ts'
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
  for (const { name, run } of contractCases) {
    test(name, () =>
      run({
        connect: async () => localPort(core, `device-${++devices}`),
        createClient: before.plate.createClient,
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
  expect(await kitchen.send('bumpTicket', { order, station: 'fryer' })).toMatchObject({ ok: true })
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
  expect(canonical(plate.view(state.documents, known, { scope: 'expo' }))).toBe(
    canonical(view(state.documents, order, { scope: 'expo' })),
  )
})
