/** @file Unit tests of channels: whatever is cut, slow or resumed, a follower ends in exactly the channel's values. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Channel, createChannel as create, type Follower } from '../../../main/core/streams/channel.ts'
import { MAX_GONE, PAGE_CHARS } from '../../../main/core/streams/pages.ts'
import { createStream } from '../../../shared/client/stream.ts'
import { INITIAL_CREDITS, type ServerFrame } from '../../../shared/contract/wire.ts'
import { handTurns, promptTurns } from './kit.ts'

type StreamFrame = Extract<ServerFrame, { t: 'snap' | 'batch' }>

const createChannel = (epoch: string, turns = promptTurns(), filling = false) =>
  create({ epoch, turns, filling })

/** A screen that applies frames with the very code that screens use. */
function screen(channel: Channel, index = 1, paged = true) {
  const cell = createStream<'stock'>(() => undefined)
  const frames: string[] = []
  const kinds: string[] = []
  let follower: Follower | null = null
  function read(count = frames.length): void {
    for (const text of frames.splice(0, count)) {
      const frame = JSON.parse(text) as StreamFrame
      kinds.push(frame.more ? `${frame.t} …` : frame.t)
      if (frame.t === 'snap') cell.snap(frame)
      else cell.batch(frame)
    }
  }
  return {
    cell,
    frames,
    kinds,
    read,
    credit: (count: number) => follower?.credit(count),
    connect() {
      if (follower) return
      cell.again()
      follower = channel.follow(index, (frame) => frames.push(frame), { since: cell.cursor, paged })
    },
    /** Frames on their way are lost. */
    cut() {
      follower?.stop()
      follower = null
      frames.length = 0
    },
    values: () => Object.fromEntries(cell.entries),
  }
}

const valuesOf = (channel: Channel) =>
  Object.fromEntries([...channel.values()].map(([key, json]) => [key, JSON.parse(json)]))

const set = (channel: Channel, key: string, value: unknown) =>
  channel.change([[key, value === null ? null : JSON.stringify(value)]])

/** A value that a page holds three of. */
const large = (value: unknown) => `${value} ${'x'.repeat(PAGE_CHARS / 3)}`

const key = fc.constantFrom('a', 'b', 'c', '"q"', '__proto__')
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      values: fc.array(fc.tuple(key, fc.option(fc.nat(3))), { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('burst' as const), count: fc.integer({ min: 1, max: 600 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('read' as const, 'cut' as const, 'connect' as const) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('credit' as const), count: fc.integer({ min: 1, max: 40 }) }),
  },
)

const largeKey = fc.constantFrom(...'abcdefghijklmnop')
const largeStep = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      values: fc.array(fc.tuple(largeKey, fc.option(fc.nat(9), { freq: 2 })), { minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('read' as const), count: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('cut' as const, 'connect' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('credit' as const), count: fc.integer({ min: 1, max: 8 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('starve' as const) }) },
)

describe('a snapshot in pages', () => {
  test('shows what the channel held at one moment, never a part and nothing that was removed, whatever comes between', () => {
    fc.assert(
      fc.property(fc.array(largeStep, { maxLength: 60 }), fc.boolean(), (steps, filling) => {
        const hand = handTurns()
        const channel = createChannel('run', hand.turns, filling)
        channel.change([...'abcdefghij'].map((name) => [name, JSON.stringify(large(0))]))
        const one = screen(channel)
        /** What the channel held at each cursor. */
        const held = new Map<string, unknown>()
        let changes = 1
        const note = () => held.set(`run.${changes}`, valuesOf(channel))
        note()
        one.cell.onChange(() => expect(one.values()).toEqual(held.get(one.cell.cursor ?? '')))
        one.connect()
        const middle = steps.length / 2
        for (const [turn, move] of steps.entries()) {
          if (turn >= middle) channel.filled()
          if (move.do === 'change') {
            const before = JSON.stringify(valuesOf(channel))
            channel.change(
              move.values.map(([name, value]) => [
                name,
                value === null ? null : JSON.stringify(large(value)),
              ]),
            )
            if (JSON.stringify(valuesOf(channel)) !== before) changes++
            note()
          } else if (move.do === 'turn') hand.pass()
          else if (move.do === 'read') one.read(move.count)
          else if (move.do === 'credit') one.credit(move.count)
          // More changes than it has credit for.
          else if (move.do === 'starve')
            for (let count = 0; count <= INITIAL_CREDITS; count++) {
              set(channel, 'z', `${turn}/${count}`)
              changes++
              note()
            }
          else one[move.do]()
        }
        channel.filled()
        one.connect()
        for (let count = 0; count < 100 && one.cell.cursor !== `run.${changes}`; count++) {
          one.credit(1)
          hand.settle()
          one.read()
        }
        expect(one.values()).toEqual(valuesOf(channel))
      }),
      { numRuns: 150 },
    )
  })

  test('of twelve values three a page takes four turns, and is whole with the last', () => {
    const hand = handTurns()
    const channel = createChannel('run', hand.turns)
    for (let key = 0; key < 11; key++) set(channel, `${key}`, large(key))
    const [one, two] = [screen(channel), screen(channel)]
    one.connect()
    two.connect()
    expect(one.frames).toHaveLength(0)
    const counts = Array.from({ length: 8 }, () => {
      hand.pass()
      return [one.frames.length, two.frames.length]
    })
    expect(counts.at(0)).toEqual([1, 0])
    expect(counts.at(-1)).toEqual([4, 4])
    one.read(3)
    expect([one.cell.loaded, one.cell.entries.size, one.cell.cursor]).toEqual([false, 0, undefined])
    one.read()
    expect(one.kinds).toEqual(['snap …', 'batch …', 'batch …', 'batch'])
    expect([one.cell.loaded, one.cell.entries.size, one.cell.cursor]).toEqual([true, 11, 'run.11'])
  })

  test('keeps what a loaded screen shows until its last page', () => {
    const hand = handTurns()
    const channel = createChannel('run', hand.turns)
    set(channel, 'old', 1)
    const one = screen(channel)
    one.connect()
    hand.settle()
    one.read()
    one.cut()
    set(channel, 'old', null)
    for (let key = 0; key < 40; key++) set(channel, `${key}`, large(key))
    one.connect()
    for (let turn = 0; turn < 5; turn++) hand.pass()
    one.read()
    expect(one.values()).toEqual({ old: 1 })
    expect(one.cell.cursor).toBe('run.1')
    hand.settle()
    one.read()
    expect(one.values()).toEqual(valuesOf(channel))
  })

  test('waits for credit, and costs a screen that gives none nothing but the keys that were removed', () => {
    const hand = handTurns()
    const channel = createChannel('run', hand.turns)
    for (let key = 0; key < 200; key++) set(channel, `${key}`, large(key))
    const one = screen(channel)
    one.connect()
    hand.settle()
    expect(one.frames).toHaveLength(INITIAL_CREDITS)
    set(channel, '0', null)
    set(channel, '199', null)
    set(channel, '5', large('again'))
    hand.settle()
    expect(one.frames).toHaveLength(INITIAL_CREDITS)
    one.credit(1)
    hand.settle()
    const { out } = JSON.parse(one.frames.at(-1) ?? '') as Extract<StreamFrame, { t: 'batch' }>
    expect(out).toEqual(['0', '199'])
    one.credit(INITIAL_CREDITS)
    hand.settle()
    one.read()
    expect(one.cell.loaded).toBe(false)
    one.credit(INITIAL_CREDITS)
    hand.settle()
    one.read()
    expect(one.values()).toEqual(valuesOf(channel))
  })

  test('starts again when most of what it began with is gone', () => {
    const hand = handTurns()
    const channel = createChannel('run', hand.turns)
    const entries = (from: number, value: string | null) =>
      Array.from({ length: MAX_GONE + 1 }, (_, key): [string, string | null] => [`${from + key}`, value])
    channel.change(entries(0, '1'))
    for (let key = 0; key < 100; key++) set(channel, `large ${key}`, large(key))
    const one = screen(channel)
    one.connect()
    hand.settle()
    channel.change(entries(0, null))
    one.credit(INITIAL_CREDITS)
    hand.settle()
    one.read()
    one.credit(INITIAL_CREDITS)
    hand.settle()
    one.read()
    expect(one.kinds.filter((kind) => kind === 'snap …')).toHaveLength(2)
    expect(one.values()).toEqual(valuesOf(channel))
  })

  test('tells of a key that comes back in the page that tells it was gone', () => {
    const hand = handTurns()
    const channel = createChannel('run', hand.turns)
    for (let key = 0; key < 8; key++) set(channel, `${key}`, large(key))
    const one = screen(channel)
    one.connect()
    hand.pass()
    hand.pass()
    set(channel, '0', null)
    set(channel, '1', null)
    set(channel, '0', 'back')
    hand.settle()
    one.read()
    expect(one.values()).toEqual(valuesOf(channel))
    expect(one.values()).toMatchObject({ '0': 'back' })
  })

  test('that was cut off is forgotten, also when little is missing to what the screen has', () => {
    const hand = handTurns()
    const channel = createChannel('run', hand.turns)
    for (let key = 0; key < 8; key++) set(channel, `${key}`, large(key))
    const one = screen(channel)
    one.connect()
    hand.settle()
    one.read()
    for (let turn = 0; turn < INITIAL_CREDITS + 5; turn++) set(channel, 'a', turn)
    one.credit(1)
    hand.pass()
    one.read()
    expect(one.kinds.at(-1)).toBe('snap …')
    one.cut()
    one.connect()
    hand.settle()
    one.read()
    expect(one.kinds.at(-1)).toBe('batch')
    expect(one.values()).toEqual(valuesOf(channel))
  })

  test('comes in one frame to a screen that takes no pages', () => {
    const channel = createChannel('run')
    for (let key = 0; key < 40; key++) set(channel, `${key}`, large(key))
    const one = screen(channel, 1, false)
    one.connect()
    one.read()
    expect(one.kinds).toEqual(['snap'])
    expect(one.values()).toEqual(valuesOf(channel))
  })

  test('a channel that is being filled tells nobody anything before it is', () => {
    const channel = createChannel('run', promptTurns(), true)
    const one = screen(channel)
    one.connect()
    set(channel, 'a', 1)
    set(channel, 'b', 1)
    set(channel, 'a', null)
    expect(one.frames).toEqual([])
    channel.filled()
    one.read()
    expect([one.kinds, one.values()]).toEqual([['snap'], { b: 1 }])
  })
})

describe('a follower', () => {
  test('ends in the values of the channel, through changes, credits, cuts and resumes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const channel = createChannel('run')
        const one = screen(channel)
        for (const [turn, move] of steps.entries()) {
          if (move.do === 'change')
            channel.change(move.values.map(([name, value]) => [name, value === null ? null : `${value}`]))
          else if (move.do === 'burst')
            for (let count = 0; count < move.count; count++) set(channel, 'a', `${turn}/${count}`)
          else if (move.do === 'credit') one.credit(move.count)
          else one[move.do]()
        }
        one.read()
        one.cut()
        one.connect()
        one.credit(INITIAL_CREDITS)
        one.read()
        expect(one.values()).toEqual(valuesOf(channel))
        expect(one.frames).toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  test('that lags gets no more than its credit, then what it missed, or the whole when that is much', () => {
    const channel = createChannel('run')
    const one = screen(channel)
    one.connect()
    for (let turn = 0; turn < INITIAL_CREDITS + 5; turn++) set(channel, 'a', turn)
    expect(one.frames).toHaveLength(INITIAL_CREDITS)
    one.credit(8)
    one.read()
    expect(one.kinds.slice(-6)).toEqual(Array(6).fill('batch'))
    expect(one.values()).toEqual({ a: INITIAL_CREDITS + 4 })
    for (let turn = 0; turn < 100; turn++) set(channel, 'a', `late ${turn}`)
    one.credit(2)
    one.read()
    expect(one.kinds.at(-1)).toBe('snap')
    expect(one.values()).toEqual(valuesOf(channel))
  })

  test('that comes back within the ring is brought on by batches, beyond it by a snapshot', () => {
    const channel = createChannel('run')
    const one = screen(channel)
    one.connect()
    one.read()
    one.cut()
    set(channel, 'a', 1)
    one.connect()
    one.read()
    expect(one.kinds).toEqual(['snap', 'batch'])
    one.cut()
    set(channel, 'b', 'x'.repeat(600_000))
    one.connect()
    one.read()
    expect(one.kinds).toEqual(['snap', 'batch', 'snap …', 'batch'])
    one.cut()
    for (let turn = 0; turn < 600; turn++) set(channel, 'a', turn)
    one.connect()
    one.read()
    expect(one.kinds.slice(4)).toEqual(['snap …', 'batch'])
    expect(one.values()).toEqual(valuesOf(channel))
  })

  test.each(['other.3', 'run', 'run.', 'run.-1', 'run.1e1', 'run.99', '', '.'])(
    'with cursor %j gets a snapshot',
    (since) => {
      const channel = createChannel('run')
      for (let turn = 0; turn < 20; turn++) set(channel, 'a', turn)
      const frames: string[] = []
      channel.follow(1, (frame) => frames.push(frame), { since })
      expect(frames.map((frame) => (JSON.parse(frame) as StreamFrame).t)).toEqual(['snap'])
    },
  )
})

test('followers with the same index share the text of a frame', () => {
  const channel = createChannel('run')
  const [one, two, other] = [screen(channel, 1), screen(channel, 1), screen(channel, 2)]
  for (const each of [one, two, other]) each.connect()
  for (const each of [one, two, other]) each.read()
  set(channel, 'a', 1)
  expect(one.frames[0]).toBe(two.frames[0])
  expect(other.frames[0]).not.toBe(one.frames[0])
  expect(channel.followers).toBe(3)
})

test('what does not change is told to nobody', () => {
  const channel = createChannel('run')
  set(channel, 'a', 1)
  const one = screen(channel)
  one.connect()
  one.read()
  set(channel, 'a', 1)
  set(channel, 'b', null)
  expect(one.frames).toEqual([])
})

test('of a key that comes twice in one change the last value counts', () => {
  const channel = createChannel('run')
  const one = screen(channel)
  one.connect()
  set(channel, 'a', 1)
  channel.change([
    ['a', null],
    ['b', '1'],
    ['a', '1'],
    ['b', null],
  ])
  one.read()
  expect(one.values()).toEqual({ a: 1 })
})
