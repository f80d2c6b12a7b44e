/** @file Unit tests of channels: whatever is cut, slow or resumed, a follower ends in exactly the channel's values. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Channel, createChannel, type Follower } from '../../../main/core/streams/channel.ts'
import { createStream } from '../../../shared/client/stream.ts'
import { INITIAL_CREDITS, type ServerFrame } from '../../../shared/contract/wire.ts'

type StreamFrame = Extract<ServerFrame, { t: 'snap' | 'batch' }>

/** A screen that applies frames with the very code that screens use. */
function screen(channel: Channel, index = 1) {
  const cell = createStream<'stock'>(() => undefined)
  const frames: string[] = []
  const kinds: string[] = []
  let follower: Follower | null = null
  function read(): void {
    for (const text of frames.splice(0)) {
      const frame = JSON.parse(text) as StreamFrame
      kinds.push(frame.t)
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
      follower ??= channel.follow(index, (frame) => frames.push(frame), cell.cursor)
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
    expect(one.kinds).toEqual(['snap', 'batch', 'snap'])
    one.cut()
    for (let turn = 0; turn < 600; turn++) set(channel, 'a', turn)
    one.connect()
    one.read()
    expect(one.kinds).toEqual(['snap', 'batch', 'snap', 'snap'])
    expect(one.values()).toEqual(valuesOf(channel))
  })

  test.each(['other.3', 'run', 'run.', 'run.-1', 'run.1e1', 'run.99', '', '.'])(
    'with cursor %j gets a snapshot',
    (since) => {
      const channel = createChannel('run')
      for (let turn = 0; turn < 20; turn++) set(channel, 'a', turn)
      const frames: string[] = []
      channel.follow(1, (frame) => frames.push(frame), since)
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
