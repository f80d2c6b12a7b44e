/** @file Integration tests of the core on real SQLite: retries, recalls and cursors over a restart, and what a core keeps in memory. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSecrets } from '../../../main/adapters/secrets/secrets.ts'
import { createSqliteStore } from '../../../main/adapters/sqlite/store.ts'
import type { Core } from '../../../main/core/api.ts'
import {
  line,
  localPort,
  online,
  PINS,
  startTestCore,
  streamed,
  tempDir,
  testClient,
} from '../../support/core.ts'
import { machineClock, quietLog } from '../../support/ports.ts'
import { bumpOf, handedOf, madeOf, recallOf, serveOf } from '../../support/pressed.ts'
import { actor, BOSS, testEngine } from '../../unit/core/kit.ts'

let folder: ReturnType<typeof tempDir>
let core: Core | undefined
const secrets = createSecrets()
const id = () => secrets.uuid(Date.now())

beforeEach(() => {
  folder = tempDir()
})
afterEach(async () => {
  await core?.stop()
  core = undefined
  folder.remove()
})

const sqlite = () => createSqliteStore({ file: `${folder.dir}/plate.db`, clock: machineClock, log: quietLog })
const placing = (order: string, lineId = id()) => ({
  id: id(),
  name: 'placeOrder' as const,
  args: { order, type: 'takeaway', items: [{ id: lineId, menuItem: 'fries', quantity: 1 }] },
  actor: BOSS,
})
const command = (name: Parameters<Core['submit']>[0], args: unknown) => ({
  id: id(),
  name,
  args,
  actor: BOSS,
})

describe('an engine on SQLite', () => {
  test('answers retries of before a restart, also beside new commands, and numbers on', async () => {
    const first = await open()
    const order = id()
    const one = placing(order)
    const refused = { ...placing(id()), actor: actor('cook') }
    const answers = [await first.engine.submit(one), await first.engine.submit(refused)]
    await first.store.close()
    const second = await open()
    const again = await Promise.all([
      second.engine.submit(one),
      second.engine.submit(placing(id())),
      second.engine.submit(refused),
    ])
    expect([again[0], again[2]]).toEqual(answers)
    expect(again[1]).toMatchObject({ ok: true, value: { number: '2' } })
    expect(second.state.orders.get(order)?.opened?.number).toBe('1')
    await second.store.close()
  })

  test('brings closed orders back from the disk, and keeps cursors and later versions', async () => {
    const first = await open()
    const order = id()
    await first.engine.submit(placing(order))
    await first.engine.submit(command('bumpTicket', bumpOf(first.state, order, 'fryer')))
    await first.engine.submit(command('serve', serveOf(first.state, order)))
    const recall = recallOf(first.state, order)
    const [row] = await first.store.eventsAfter(first.engine.head() - 1, 1)
    const later = { ...row?.event, id: id(), v: 99, kind: 'order.teleported' }
    expect(await first.engine.ingest('there', [later, later, 7], 5)).toMatchObject({ value: { taken: 2 } })
    // A round trip to the disk: by then the queue is at rest.
    await first.store.health()
    first.engine.evict(Number.MAX_SAFE_INTEGER)
    expect(first.state.orders.size).toBe(0)
    expect(await first.engine.submit(placing(order))).toMatchObject({ error: { code: 'duplicateOrder' } })
    first.engine.evict(Number.MAX_SAFE_INTEGER)
    expect(await first.engine.submit(command('recallTicket', recall))).toMatchObject({ ok: true })
    await first.store.close()
    const second = await open()
    expect(second.engine.cursor('there')).toBe(5)
    expect(second.state.orders.get(order)?.opened?.number).toBe('1')
    expect((await second.store.eventsAfter(0, 500)).filter(({ event }) => event.v === 99)).toHaveLength(1)
    await second.store.close()
  })

  async function open() {
    const store = sqlite()
    const rig = await testEngine(store as never)
    return { ...rig, store }
  }
})

describe('a core on SQLite', () => {
  test('comes back with its orders, and screens go on with it by themselves', async () => {
    core = await startTestCore(folder.dir)
    let running: Core = core
    const server = testClient(async () => localPort(running), 'console')
    await online(server)
    await server.call('signIn', { pin: PINS.server })
    const board = server.subscribe('tickets', { scope: 'open' })
    const expo = testClient(async () => localPort(running), 'expo')
    const pass = expo.subscribe('tickets', { scope: 'expo' })
    const order = server.newId()
    const items = [line(server, 'fries')]
    expect(await server.send('placeOrder', { order, type: 'takeaway', items })).toMatchObject({ ok: true })
    await streamed(board, (tickets) => tickets.has(order))
    await core.stop()
    const waiting = server.send('addItems', { order, items: [line(server, 'soup')] })
    core = await startTestCore(folder.dir)
    running = core
    // Sessions end with the core: the command that waited is answered, by a refusal that says what to do.
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'signInNeeded' } })
    expect(server.state.person).toBeNull()
    await streamed(pass, (tickets) => tickets.has(order))
    await server.call('signIn', { pin: PINS.server })
    await streamed(board, (tickets) => tickets.has(order))
    expect(board.entries.get(order)?.number).toBe('1')
    for (const client of [server, expo]) client.close()
  })

  test('gives reports and recent tickets from the disk', async () => {
    core = await startTestCore(folder.dir)
    const order = id()
    const place = placing(order)
    const { items } = place.args
    for (const { name, args } of [
      place,
      command('bumpTicket', { order, station: 'fryer', tasks: madeOf(items) }),
      command('serve', { order, items: handedOf(items) }),
    ])
      expect(await core.submit(name, args, BOSS)).toMatchObject({ ok: true })
    await core.stop()
    core = await startTestCore(folder.dir)
    const manager = testClient(async () => localPort(core as Core), 'manager')
    await online(manager)
    await manager.call('signIn', { pin: PINS.manager })
    expect(await manager.call('recentTickets', { station: 'fryer' })).toMatchObject({
      value: [{ ticket: { id: order } }],
    })
    expect(await manager.call('ticketTimes', {})).toMatchObject({ value: [{ station: 'fryer', tickets: 1 }] })
    expect(await manager.call('order', { order })).toMatchObject({ value: { status: 'served' } })
    const audit = await manager.call('audit', { order })
    expect(audit.ok && audit.value.map((row) => row.name)).toEqual(['serve', 'bumpTicket', 'placeOrder'])
    expect(await manager.call('backupNow', {})).toMatchObject({ ok: true })
    manager.close()
  })
})
