/** @file Unit tests of boards and streams: tickets that stop matching leave, boards that come again do not mix with the past. */
import { describe, expect, test } from 'vitest'
import { MAX_IDLE_BOARDS } from '../../../main/core/streams/boards.ts'
import type { Channel } from '../../../main/core/streams/channel.ts'
import { PAGE_CHARS } from '../../../main/core/streams/pages.ts'
import { LINES_PER_TURN } from '../../../main/core/streams/pass.ts'
import { createStreams, publicStaff } from '../../../main/core/streams/streams.ts'
import type { ServerFrame } from '../../../shared/contract/wire.ts'
import type { State } from '../../../shared/domain/apply.ts'
import type { Staff } from '../../../shared/domain/documents.ts'
import { type TicketFilter, view } from '../../../shared/domain/view.ts'
import { bumpOf } from '../../support/pressed.ts'
import {
  command,
  handTurns,
  id,
  memoryStore,
  placing,
  promptTurns,
  quickDocuments,
  testEngine,
} from './kit.ts'

type Frame = Extract<ServerFrame, { t: 'snap' | 'batch' }>
type Snap = Extract<ServerFrame, { t: 'snap' }>
const grill = { scope: 'station', station: 'grill' } as const
const fryer = { scope: 'station', station: 'fryer' } as const

async function rig(turns = promptTurns()) {
  let publish: Parameters<typeof testEngine>[1] = {}
  const store = memoryStore()
  const base = await testEngine(store, {
    publish: (changes, head, news) => publish?.publish?.(changes, head, news),
  })
  const streams = createStreams(base.state, 'run', base.engine.head(), turns)
  publish = { publish: (changes, head) => streams.publish(changes, head) }
  const follow = (channel: ReturnType<typeof streams.boards.channel>, since?: string) => {
    const frames: Frame[] = []
    const follower = channel.follow(1, (frame) => frames.push(JSON.parse(frame) as Frame), { since })
    return { frames, stop: () => follower.stop(), last: () => frames.at(-1) as Frame }
  }
  const stations = async (ids: string[]) => {
    const { version, body } = base.state.documents.stations
    const list = ids.map((one) => ({ id: one, name: one, warnAfter: 60, lateAfter: 90 }))
    const changed = { ...body, stations: list }
    const answer = await base.engine.submit(
      command('publishDocument', { name: 'stations', base: version, body: changed }),
    )
    expect(answer.ok).toBe(true)
  }
  return { ...base, streams, follow, stations }
}

describe('boards', () => {
  test('a ticket enters its station, changes there, and leaves it when it no longer matches', async () => {
    const { engine, state, streams, follow } = await rig()
    const board = follow(streams.boards.channel(fryer))
    const other = follow(streams.boards.channel(grill))
    const order = id()
    await engine.submit(placing(order))
    expect(board.last()).toMatchObject({ in: [[order, { id: order }]], put: [], out: [] })
    await engine.submit(command('changeOrder', { order, note: 'now' }))
    expect(board.last()).toMatchObject({ in: [], put: [[order, { note: 'now' }]], out: [] })
    await engine.submit(command('bumpTicket', bumpOf(state, order, 'fryer')))
    expect(board.last()).toMatchObject({ in: [], put: [], out: [order] })
    expect(other.frames.map((frame) => frame.t)).toEqual(['snap'])
  })

  test('new stations move the tickets of open boards', async () => {
    const { engine, streams, follow, stations } = await rig()
    const order = id()
    await engine.submit(placing(order))
    const [board, pass] = [
      follow(streams.boards.channel(fryer)),
      follow(streams.boards.channel({ scope: 'expo' })),
    ]
    await stations(['grill'])
    expect(board.last()).toMatchObject({ t: 'batch', out: [order] })
    expect(pass.last()).toMatchObject({
      t: 'batch',
      put: [[order, { items: [{ tasks: [{ orphan: true }] }] }]],
    })
    await stations(['grill', 'fryer'])
    expect(board.last()).toMatchObject({ t: 'batch', in: [[order, {}]] })
  })

  test('an old cursor never fits a board that was dropped and made again', async () => {
    const { engine, state, streams, follow } = await rig()
    const gone = id()
    await engine.submit(placing(gone))
    const before = follow(streams.boards.channel(fryer))
    const cursor = (before.last() as Snap).c
    before.stop()
    for (let turn = 0; turn <= 60; turn++) streams.boards.sweep()
    await engine.submit(command('bumpTicket', bumpOf(state, gone, 'fryer')))
    const here = id()
    await engine.submit(placing(here))
    const after = follow(streams.boards.channel(fryer), cursor)
    expect(after.frames).toMatchObject([{ t: 'snap', items: [[here, {}]] }])
  })

  test('a board without followers is kept for a while, one with followers for ever', async () => {
    const { streams, follow } = await rig()
    const { boards } = streams
    const [watched, idle] = [boards.channel(grill), boards.channel(fryer)]
    follow(watched)
    for (let turn = 0; turn < 60; turn++) boards.sweep()
    expect(boards.channel(fryer)).toBe(idle)
    for (let turn = 0; turn <= 60; turn++) boards.sweep()
    expect(boards.channel(fryer)).not.toBe(idle)
    expect(boards.channel(grill)).toBe(watched)
    expect([boards.watching('grill'), boards.watching('fryer'), boards.watching('x')]).toEqual([1, 0, 0])
  })

  test('who asks for ever new stations does not fill the memory', async () => {
    const { streams, follow } = await rig()
    const { boards } = streams
    const watched = boards.channel(grill)
    follow(watched)
    const first = boards.channel({ scope: 'station', station: 'made up 0' })
    for (let turn = 1; turn <= MAX_IDLE_BOARDS; turn++)
      boards.channel({ scope: 'station', station: `made up ${turn}` })
    expect(boards.channel({ scope: 'station', station: 'made up 0' })).not.toBe(first)
    expect(boards.channel(grill)).toBe(watched)
  })
})

const shownOn = (channel: Channel) =>
  Object.fromEntries([...channel.values()].map(([key, json]) => [key, JSON.parse(json)]))
const boardOf = (state: State, filter: TicketFilter) =>
  Object.fromEntries(
    [...state.orders.values()].flatMap((order) => {
      const ticket = view(state.documents, order, filter)
      return ticket ? [[order.id, ticket]] : []
    }),
  )

describe('with very many orders', () => {
  const ORDERS = 300
  /** Orders are placed, and how often each turn looks at one is counted. */
  async function crowd() {
    const hand = handTurns()
    const base = await rig(hand.turns)
    const placings = Array.from({ length: ORDERS }, () => placing())
    await Promise.all(placings.map((one) => base.engine.submit(one)))
    hand.settle()
    const { orders } = base.state
    let looks = 0
    const { get } = orders
    orders.get = (key) => {
      looks++
      return get.call(orders, key)
    }
    /** Looks at orders and frames sent, per turn until nobody wants one. */
    const turns = (frames: Frame[]) => {
      const each: { looks: number; frames: number }[] = []
      for (let wanted = true; wanted; ) {
        const [looked, sent] = [looks, frames.length]
        wanted = hand.pass()
        each.push({ looks: looks - looked, frames: frames.length - sent })
      }
      return each
    }
    return { ...base, hand, turns, looks: () => looks }
  }
  const OPEN = { scope: 'open' } as const

  test('a board is computed and sent in turns, each a few orders or one page', async () => {
    const { streams, follow, turns, looks } = await crowd()
    const boards = Array.from({ length: 10 }, () => follow(streams.boards.channel(OPEN)))
    expect([looks(), ...boards.map(({ frames }) => frames.length)]).toEqual(Array(11).fill(0))
    const all: Frame[] = []
    for (const { frames } of boards) frames.push = (frame) => all.push(frame)
    const each = turns(all)
    // Placed orders have one line, so a turn takes half as many orders as lines; each is looked at twice.
    expect(Math.max(...each.map((turn) => turn.looks))).toBeLessThanOrEqual(LINES_PER_TURN)
    expect(Math.max(...each.map((turn) => turn.frames))).toBe(1)
    expect(each.every((turn) => turn.looks === 0 || turn.frames === 0)).toBe(true)
    const largest = Math.max(...all.map((frame) => JSON.stringify(frame).length))
    expect(largest).toBeLessThan(PAGE_CHARS + 2_000)
    expect(all.length).toBeGreaterThan(30)
    expect(all.filter((frame) => !frame.more)).toHaveLength(10)
  })

  test('new stations move their tickets in turns, and what happens meanwhile is right', async () => {
    const { engine, state, streams, follow, turns, hand, stations } = await crowd()
    const board = follow(streams.boards.channel(fryer))
    hand.settle()
    board.frames.length = 0
    await stations(['grill'])
    hand.pass()
    const [early, late] = [[...state.orders.keys()][0], [...state.orders.keys()].at(-1)] as [string, string]
    await engine.submit(command('changeOrder', { order: late, note: 'now' }))
    await engine.submit(command('cancelOrder', { order: early, reason: 'gone' }))
    const each = turns(board.frames)
    expect(Math.max(...each.map((turn) => turn.looks))).toBeLessThanOrEqual(LINES_PER_TURN * 2)
    expect(streams.boards.channel(fryer).values().size).toBe(0)
    expect(board.frames.flatMap((frame) => (frame as { out: string[] }).out)).toHaveLength(ORDERS)
    await stations(['grill', 'fryer'])
    hand.settle()
    expect(shownOn(streams.boards.channel(fryer))).toEqual(boardOf(state, fryer))
  })

  test('what changes while a board is computed is on it as it is then', async () => {
    const { engine, state, streams, follow, hand } = await crowd()
    const board = follow(streams.boards.channel(OPEN))
    hand.pass()
    const [first = '', second = ''] = state.orders.keys()
    const last = [...state.orders.keys()].at(-1) as string
    const fresh = id()
    await engine.submit(command('changeOrder', { order: first, note: 'first' }))
    await engine.submit(command('changeOrder', { order: last, note: 'last' }))
    await engine.submit(command('cancelOrder', { order: second, reason: 'gone' }))
    await engine.submit(placing(fresh))
    expect(board.frames).toEqual([])
    hand.settle()
    const shown = shownOn(streams.boards.channel(OPEN))
    expect(shown).toEqual(boardOf(state, OPEN))
    expect(Object.keys(shown)).toContain(fresh)
    expect(board.frames.at(-1)).toMatchObject({ t: 'batch' })
    expect(board.last().more).toBeUndefined()
  })

  test('stations without a screen are told once all orders were counted', async () => {
    const { streams, state, hand, stations } = await crowd()
    const unwatched = () => JSON.parse(streams.status.values().get('unwatched') ?? 'null')?.value ?? null
    streams.checkWatched()
    expect(unwatched()).toEqual([{ station: 'fryer', tickets: ORDERS }])
    await stations(['grill'])
    streams.checkWatched()
    expect(unwatched()).toEqual([{ station: 'fryer', tickets: ORDERS }])
    hand.settle()
    streams.checkWatched()
    expect(unwatched()).toBeNull()
    expect(state.orders.size).toBe(ORDERS)
  })
})

describe('streams', () => {
  test('documents, the 86 list and the head follow commits; staff comes without hashes', async () => {
    const { engine, streams, follow, state } = await rig()
    const [documents, stock, log] = [follow(streams.documents), follow(streams.stock), follow(streams.log)]
    await engine.submit(command('setStock', { menuItem: 'soup', out: true }))
    expect(stock.last()).toMatchObject({ in: [['soup', { out: true }]] })
    const { version, body } = state.documents.staff
    await engine.submit(
      command('publishDocument', {
        name: 'staff',
        base: version,
        body: { ...body, members: body.members.slice(1) },
      }),
    )
    expect(documents.last()).toMatchObject({ put: [['staff', { version: version + 1 }]] })
    expect(JSON.stringify(documents.frames)).not.toMatch(/pinHash|salt/)
    expect(log.last()).toMatchObject({ put: [['head', { head: engine.head() }]] })
  })

  test('public staff tells who has a PIN', () => {
    const staff = quickDocuments().staff as Staff
    const shown = publicStaff(staff).members
    expect(shown.filter((member) => member.hasPin)).toHaveLength(5)
    expect(shown.every((member) => !('pinHash' in member))).toBe(true)
  })

  test('stations with open work and no screen are told, until somebody watches or the work is done', async () => {
    const { engine, state, streams, follow } = await rig()
    const unwatched = () => JSON.parse(streams.status.values().get('unwatched') ?? 'null')?.value ?? null
    streams.checkWatched()
    expect(unwatched()).toBeNull()
    const order = id()
    await engine.submit(placing(order))
    streams.checkWatched()
    expect(unwatched()).toEqual([{ station: 'fryer', tickets: 1 }])
    const screen = follow(streams.boards.channel(fryer))
    streams.checkWatched()
    expect(unwatched()).toBeNull()
    screen.stop()
    streams.checkWatched()
    expect(unwatched()).toHaveLength(1)
    await engine.submit(command('bumpTicket', bumpOf(state, order, 'fryer')))
    streams.checkWatched()
    expect(unwatched()).toBeNull()
  })
})
