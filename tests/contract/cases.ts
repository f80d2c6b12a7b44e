/** @file The contract as a list of cases that every transport must pass alike; no test runner, no transport. */
import assert from 'node:assert/strict'
import type { Client, createClient } from '../../shared/client/client.ts'
import { CONTRACT_VERSION, OLDEST_CONTRACT } from '../../shared/contract/contract.ts'
import type { Port } from '../../shared/contract/port.ts'
import { INITIAL_CREDITS, MAX_FRAME_BYTES, type ServerFrame } from '../../shared/contract/wire.ts'
import type { ScreenKind } from '../../shared/domain/roles.ts'
import { line, online, PINS, streamed, testClient, until } from '../support/core.ts'
import { madeOf, nobodysTask, pressBump, pressRecall } from '../support/pressed.ts'
import { SENTENCE, words } from '../support/words.ts'

/** What a transport gives to the suite: new connections to one core with the demo restaurant. */
export interface Rig {
  connect(kind: ScreenKind): Promise<Port>
  /** The client of another version, in place of this one's. */
  createClient?: typeof createClient
  /** The contract which that client speaks. */
  contract?: number
}

interface Case {
  name: string
  /** The contract from which on a client behaves so; the first one when absent. */
  since?: number
  run(rig: Rig): Promise<void>
}

const hello = (kind: ScreenKind, v = CONTRACT_VERSION, more: Record<string, unknown> = {}) =>
  JSON.stringify({
    ...more,
    t: 'hello',
    v,
    app: 'suite',
    kind,
    station: null,
    clock: Date.now(),
    session: null,
  })

/** A port with a mailbox: frames are read one by one, in order. */
async function raw(rig: Rig, kind: ScreenKind): Promise<Mailbox> {
  return mailbox(await rig.connect(kind))
}

interface Mailbox {
  send(frame: unknown): void
  /** The next frame that is not a beat. */
  next(): Promise<ServerFrame>
  /** The next frame of this type; others are skipped. */
  find<T extends ServerFrame['t']>(type: T): Promise<Extract<ServerFrame, { t: T }>>
  closed: Promise<void>
  close(): void
}

function mailbox(port: Port): Mailbox {
  const frames: ServerFrame[] = []
  let wake: (() => void) | null = null
  port.onMessage((text) => {
    const frame = JSON.parse(text) as ServerFrame
    if (frame.t === 'beat') return
    frames.push(frame)
    wake?.()
  })
  const closed = new Promise<void>((resolve) => port.onClose(resolve))
  async function next(): Promise<ServerFrame> {
    while (!frames.length) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return frames.shift() as ServerFrame
  }
  return {
    send: (frame) => port.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    next,
    async find(type) {
      for (;;) {
        const frame = await next()
        if (frame.t === type) return frame as never
      }
    },
    closed,
    close: () => port.close(),
  }
}

async function greeted(rig: Rig, kind: ScreenKind): Promise<Mailbox> {
  const box = await raw(rig, kind)
  box.send(hello(kind))
  await box.find('welcome')
  return box
}

async function refused(box: Mailbox, code: string): Promise<void> {
  const { e } = await box.find('bye')
  assert.equal(e.code, code)
  assert.match(words.failure(e), SENTENCE)
  await box.closed
}

async function screen(rig: Rig, kind: ScreenKind, pin?: string): Promise<Client> {
  const client = testClient(() => rig.connect(kind), kind, null, 'suite', rig.createClient)
  await online(client)
  if (pin) assert.equal((await client.call('signIn', { pin })).ok, true)
  return client
}

/** Bumps and recalls on a ticket. Until contract 4 these named no more than the ticket and the station. */
const handsOf = ({ contract = CONTRACT_VERSION }: Rig) =>
  contract >= 4
    ? { bump: pressBump, recall: pressRecall }
    : {
        bump: (client: Client, order: string, station: string) =>
          client.send('bumpTicket', { order, station } as never),
        recall: (client: Client, order: string, station: string) =>
          client.send('recallTicket', { order, station } as never),
      }

async function place(client: Client, items: ReturnType<typeof line>[], more = {}): Promise<string> {
  const order = client.newId()
  const answer = await client.send('placeOrder', {
    order,
    type: 'dineIn',
    table: 't4',
    covers: 2,
    items,
    ...more,
  })
  assert.deepEqual(answer.ok || answer, true)
  return order
}

export const contractCases: Case[] = [
  {
    name: 'a screen is welcomed with version, time, device and roles',
    async run(rig) {
      const box = await raw(rig, 'kitchen')
      box.send(hello('kitchen'))
      const welcome = await box.find('welcome')
      assert.equal(welcome.v, CONTRACT_VERSION)
      assert.ok(Math.abs(welcome.now - Date.now()) < 60_000)
      assert.equal(welcome.device.kind, 'kitchen')
      assert.deepEqual(welcome.roles, ['cook'])
      box.close()
    },
  },
  {
    name: 'a screen of the version after this one is served in this one, whatever else it says of itself',
    async run(rig) {
      const box = await raw(rig, 'kitchen')
      box.send(hello('kitchen', CONTRACT_VERSION + 1, { least: CONTRACT_VERSION, screen: { inches: 24 } }))
      assert.equal((await box.find('welcome')).v, CONTRACT_VERSION)
      box.close()
    },
  },
  {
    name: 'a screen of the version before is served in that one',
    async run(rig) {
      const box = await raw(rig, 'kitchen')
      box.send(hello('kitchen', OLDEST_CONTRACT))
      assert.equal((await box.find('welcome')).v, OLDEST_CONTRACT)
      box.close()
    },
  },
  {
    name: 'a screen two versions ahead, or older than the one before, is told which of the two to update',
    async run(rig) {
      for (const [v, least, why] of [
        [CONTRACT_VERSION + 2, CONTRACT_VERSION + 1, 'newer'],
        [OLDEST_CONTRACT - 1, OLDEST_CONTRACT - 2, 'older'],
      ] as const) {
        const box = await raw(rig, 'kitchen')
        box.send(hello('kitchen', v, { least }))
        const { e } = await box.find('bye')
        assert.deepEqual([e.code, e.params?.why], ['versionMismatch', why])
        assert.match(words.failure(e), SENTENCE)
        await box.closed
      }
    },
  },
  {
    name: 'whoever speaks before hello is refused',
    async run(rig) {
      const box = await raw(rig, 'kitchen')
      box.send({ t: 'call', i: 1, m: 'devices', a: {} })
      await refused(box, 'invalid')
    },
  },
  {
    name: 'a second hello is refused',
    async run(rig) {
      const box = await greeted(rig, 'kitchen')
      box.send(hello('kitchen'))
      await refused(box, 'notAllowed')
    },
  },
  ...[
    '{"t":',
    '[]',
    'null',
    '{"t":"zap"}',
    '{"t":"call","i":-1,"m":"x"}',
    '{"t":"ping","c":1,"extra":true}',
  ].map(
    (text): Case => ({
      name: `malformed frame ${text} ends the connection with a reason`,
      async run(rig) {
        const box = await greeted(rig, 'kitchen')
        box.send(text)
        await refused(box, 'invalid')
      },
    }),
  ),
  {
    name: 'an oversized frame ends the connection',
    async run(rig) {
      const box = await greeted(rig, 'kitchen')
      box.send(JSON.stringify({ t: 'call', i: 1, m: 'x', a: 'x'.repeat(MAX_FRAME_BYTES) }))
      await box.closed
    },
  },
  {
    name: 'unknown methods, wrong arguments and missing command ids get codes',
    async run(rig) {
      const box = await greeted(rig, 'kitchen')
      const expected: [object, string][] = [
        [{ m: 'teleport', a: {} }, 'unknownMethod'],
        [{ m: '__proto__', a: {} }, 'unknownMethod'],
        [{ m: 'recentTickets', a: { limit: 'many' } }, 'invalid'],
        [{ m: 'bumpTicket', a: {} }, 'invalid'],
        [{ m: 'bumpTicket', a: {}, id: '019a0000-0000-7000-8000-000000000001' }, 'invalid'],
        [{ m: 'audit', a: {} }, 'signInNeeded'],
      ]
      for (const [index, [call, code]] of expected.entries()) {
        box.send({ t: 'call', i: index + 1, ...call })
        const reply = await box.find('reply')
        assert.equal(reply.ok ? 'ok' : reply.e.code, code, JSON.stringify(call))
      }
      box.send({ t: 'sub', i: 90, s: 'secrets', a: {} })
      assert.equal((await box.find('end')).e.code, 'unknownMethod')
      box.send({ t: 'sub', i: 91, s: 'log', a: {} })
      assert.equal((await box.find('end')).e.code, 'signInNeeded')
      box.close()
    },
  },
  {
    name: 'an order enters its stations, is bumped away, recalled, and shows on no other station',
    async run(rig) {
      const server = await screen(rig, 'console', PINS.server)
      const grill = await screen(rig, 'kitchen')
      const { bump, recall } = handsOf(rig)
      const board = grill.subscribe('tickets', { scope: 'station', station: 'grill' })
      const bar = grill.subscribe('tickets', { scope: 'station', station: 'bar' })
      await streamed(board, () => true)
      const order = await place(server, [
        line(server, 'ribeye', { modifiers: ['rare', 'side-fries'], seat: 1 }),
      ])
      await streamed(board, (tickets) => tickets.has(order))
      assert.deepEqual(board.entries.get(order)?.items[0]?.modifiers[0], { id: 'rare', name: 'Rare' })
      assert.equal((await bump(grill, order, 'grill')).ok, true)
      await streamed(board, (tickets) => !tickets.has(order))
      assert.equal((await recall(grill, order, 'grill')).ok, true)
      await streamed(board, (tickets) => tickets.has(order))
      await streamed(bar, (tickets) => !tickets.has(order))
      for (const client of [server, grill]) client.close()
    },
  },
  {
    name: 'a command sent twice is done once and answered alike',
    async run(rig) {
      const box = await greeted(rig, 'expo')
      const server = await screen(rig, 'console', PINS.server)
      const items = [line(server, 'fries')]
      const order = await place(server, items)
      const args = { order, station: 'fryer', tasks: madeOf(items) }
      const call = { t: 'call', m: 'bumpTicket', a: args, id: server.newId() }
      box.send({ ...call, i: 1 })
      box.send({ ...call, i: 2 })
      const replies = [await box.find('reply'), await box.find('reply')]
      assert.deepEqual(
        replies.map((reply) => reply.ok),
        [true, true],
      )
      const wrong = { ...call, id: server.newId(), a: { ...args, tasks: [nobodysTask(order)] } }
      box.send({ ...wrong, i: 3 })
      box.send({ ...wrong, i: 4, a: args })
      const refusals = [await box.find('reply'), await box.find('reply')]
      assert.deepEqual(
        refusals.map((reply) => (reply.ok ? 'ok' : reply.e.code)),
        ['unknownItem', 'unknownItem'],
      )
      box.close()
      server.close()
    },
  },
  {
    name: 'rights follow the screen and the person',
    async run(rig) {
      const kitchen = await screen(rig, 'kitchen')
      const items = [line(kitchen, 'fries')]
      const refusal = await kitchen.send('placeOrder', { order: kitchen.newId(), type: 'takeaway', items })
      assert.equal(refusal.ok ? 'ok' : refusal.error.code, 'signInNeeded')
      const cook = await screen(rig, 'console', PINS.cook)
      const cooks = await cook.send('placeOrder', { order: cook.newId(), type: 'takeaway', items })
      assert.equal(cooks.ok ? 'ok' : cooks.error.code, 'notAllowed')
      assert.equal((await cook.call('signOut', {})).ok, true)
      const anonymous = await cook.call('devices', {})
      assert.equal(anonymous.ok ? 'ok' : anonymous.error.code, 'signInNeeded')
      const manager = await screen(rig, 'manager', PINS.manager)
      assert.equal((await manager.call('devices', {})).ok, true)
      for (const client of [kitchen, cook, manager]) client.close()
    },
  },
  {
    name: 'open orders are for people: a console sees none before it is signed in, and none after',
    since: 4,
    async run(rig) {
      const server = await screen(rig, 'manager', PINS.server)
      const order = await place(server, [line(server, 'espresso')])
      const client = await screen(rig, 'console')
      const board = client.subscribe('tickets', { scope: 'open' })
      const changed = (listener: () => void) => board.onChange(listener)
      await until(changed, () => board.ended !== null)
      assert.equal(board.ended?.code, 'signInNeeded')
      assert.equal((await client.call('signIn', { pin: PINS.host })).ok, true)
      await streamed(board, (tickets) => (tickets.get(order)?.total ?? 0) > 0)
      assert.equal((await client.call('signOut', {})).ok, true)
      await until(changed, () => board.ended !== null)
      assert.deepEqual([board.loaded, board.entries.size], [false, 0])
      for (const one of [server, client]) one.close()
    },
  },
  {
    name: 'a screen that comes back goes on from where it was',
    async run(rig) {
      const server = await screen(rig, 'console', PINS.server)
      const box = await greeted(rig, 'expo')
      box.send({ t: 'sub', i: 1, s: 'tickets', a: { scope: 'expo' } })
      const snap = await box.find('snap')
      box.close()
      const order = await place(server, [line(server, 'espresso')])
      const again = await greeted(rig, 'expo')
      again.send({ t: 'sub', i: 1, s: 'tickets', a: { scope: 'expo' }, since: snap.c })
      const batch = await again.find('batch')
      assert.deepEqual(
        batch.in.map(([key]) => key),
        [order],
      )
      again.send({ t: 'sub', i: 2, s: 'tickets', a: { scope: 'expo' }, since: 'another-run.3' })
      const fresh = await again.find('snap')
      assert.ok(fresh.items.some(([key]) => key === order))
      again.close()
      server.close()
    },
  },
  {
    name: 'a screen without credit is left in peace and then brought up to date',
    async run(rig) {
      const server = await screen(rig, 'console', PINS.server)
      const box = await greeted(rig, 'kitchen')
      box.send({ t: 'sub', i: 1, s: 'stock', a: {} })
      await box.find('snap')
      const manager = await screen(rig, 'manager', PINS.host)
      for (let turn = 0; turn < INITIAL_CREDITS + 8; turn++) {
        const set = await manager.send('setStock', { menuItem: 'soup', out: turn % 2 === 0 })
        assert.equal(set.ok, true)
      }
      box.send({ t: 'ping', c: 7 })
      let batches = 0
      for (let frame = await box.next(); frame.t !== 'pong'; frame = await box.next()) batches++
      assert.ok(batches <= INITIAL_CREDITS, `${batches} batches without credit`)
      box.send({ t: 'credit', i: 1, n: INITIAL_CREDITS })
      let soup: unknown
      for (let frame = await box.next(); ; frame = await box.next()) {
        if (frame.t === 'snap') soup = frame.items.find(([key]) => key === 'soup')?.[1]
        if (frame.t === 'batch') soup = frame.put.find(([key]) => key === 'soup')?.[1] ?? soup
        const [, , last] = ((frame as { c?: string }).c ?? '').match(/^(.*)\.(\d+)$/) ?? []
        if (last !== undefined && frame.t === 'snap') break
        if (last !== undefined && Number(last) >= INITIAL_CREDITS + 8) break
      }
      assert.deepEqual(soup, { out: false })
      for (const client of [server, manager]) client.close()
      box.close()
    },
  },
  {
    name: 'any script, emoji and direction comes through unchanged',
    async run(rig) {
      const note = 'بدون بصل 🧅🚫 – geröstet, 少し辛い\u200f'
      const server = await screen(rig, 'console', PINS.server)
      const order = await place(server, [line(server, 'soup', { note })], { note })
      const found = await server.call('order', { order })
      assert.equal(found.ok && found.value.items[0]?.note, note)
      assert.equal(found.ok && found.value.note, note)
      server.close()
    },
  },
  {
    name: 'an order that is too large is refused with what to do, and the screen goes on',
    async run(rig) {
      const server = await screen(rig, 'console', PINS.server)
      const placing = (count: number) =>
        server.send('placeOrder', {
          order: server.newId(),
          type: 'takeaway',
          items: Array.from({ length: count }, () => line(server, 'soup')),
        })
      for (const count of [10_000, 1_000]) {
        const refusal = await placing(count)
        assert.equal(refusal.ok ? 'ok' : refusal.error.code, 'tooLarge', `${count} lines`)
      }
      assert.equal((await placing(500)).ok, true)
      server.close()
    },
  },
  {
    name: 'a large collection comes in pages, and is shown when it is whole',
    async run(rig) {
      const server = await screen(rig, 'console', PINS.server)
      const many = () => Array.from({ length: 150 }, () => line(server, 'espresso'))
      const orders = [await place(server, many()), await place(server, many()), await place(server, many())]
      const box = await greeted(rig, 'expo')
      box.send({ t: 'sub', i: 1, s: 'tickets', a: { scope: 'expo' } })
      const snap = await box.find('snap')
      assert.equal(snap.more, true)
      const keys = snap.items.map(([key]) => key)
      for (let more: true | undefined = true; more; ) {
        const batch = await box.find('batch')
        assert.ok(batch.in.length > 0 || !batch.more)
        keys.push(...batch.in.map(([key]) => key))
        more = batch.more
      }
      for (const order of orders) assert.ok(keys.includes(order))
      const expo = await screen(rig, 'expo')
      const board = expo.subscribe('tickets', { scope: 'expo' })
      await until(
        (listener) => board.onChange(listener),
        () => board.entries.size > 0,
      )
      assert.equal(board.loaded, true)
      for (const order of orders) assert.equal(board.entries.get(order)?.items.length, 150)
      for (const order of orders) await server.send('cancelOrder', { order, reason: 'tried' })
      for (const client of [server, expo]) client.close()
      box.close()
    },
  },
  {
    name: 'documents come without PIN hashes',
    async run(rig) {
      const box = await greeted(rig, 'kitchen')
      box.send({ t: 'sub', i: 1, s: 'documents', a: {} })
      const snap = await box.find('snap')
      assert.deepEqual(snap.items.map(([key]) => key).sort(), [
        'floor',
        'menu',
        'settings',
        'staff',
        'stations',
      ])
      const staff = JSON.stringify(snap.items.find(([key]) => key === 'staff'))
      assert.ok(staff.includes('"hasPin":true'))
      assert.ok(!/pinHash|salt/.test(staff))
      box.close()
    },
  },
  {
    name: 'too many subscriptions are refused, the others go on',
    async run(rig) {
      const box = await greeted(rig, 'kitchen')
      for (let i = 1; i <= 33; i++) box.send({ t: 'sub', i, s: 'stock', a: {} })
      assert.equal((await box.find('end')).e.code, 'tooManyRequests')
      box.send({ t: 'ping', c: 1 })
      await box.find('pong')
      box.close()
    },
  },
]
