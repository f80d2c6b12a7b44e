/** @file Stamps: their order, the clock's bounds, and counters that run over. */
import { describe, expect, test } from 'vitest'
import {
  createStampClock,
  MAX_AHEAD_MS,
  makeStamp,
  maxStamp,
  stampAfter,
  stampTime,
} from '../../../shared/domain/stamp.ts'
import { NOON } from './kit.ts'

test('stamps sort as text: time, then counter, then device', () => {
  const sorted = [
    makeStamp(999, 9, 'b'),
    makeStamp(NOON, 2, 'a'),
    makeStamp(NOON, 2, 'b'),
    makeStamp(NOON, 10, 'a'),
    makeStamp(NOON + 1, 0, 'a'),
  ]
  expect([...sorted].reverse().sort()).toEqual(sorted)
  expect(stampTime(makeStamp(NOON, 7, 'with-dashes'))).toBe(NOON)
})

test('stampAfter takes the time when it moved on, else counts, else borrows a millisecond', () => {
  expect(stampAfter(undefined, NOON, 'd')).toBe(makeStamp(NOON, 0, 'd'))
  expect(stampAfter(makeStamp(NOON - 1, 5, 'x'), NOON, 'd')).toBe(makeStamp(NOON, 0, 'd'))
  expect(stampAfter(makeStamp(NOON, 5, 'x'), NOON, 'd')).toBe(makeStamp(NOON, 6, 'd'))
  expect(stampAfter(makeStamp(NOON, 999_999, 'x'), NOON, 'd')).toBe(makeStamp(NOON + 1, 0, 'd'))
})

test('maxStamp counts undefined as the smallest', () => {
  const [a, b] = [makeStamp(1, 0, 'a'), makeStamp(2, 0, 'a')]
  expect([maxStamp(undefined, a), maxStamp(a, undefined), maxStamp(a, b), maxStamp(b, a)]).toEqual([
    a,
    a,
    b,
    b,
  ])
  expect(maxStamp(undefined, undefined)).toBeUndefined()
})

describe('a device’s clock', () => {
  test('never repeats and never goes back, even when the wall clock does', () => {
    const clock = createStampClock('d')
    const stamps = [NOON, NOON, NOON - 60_000, NOON + 1].map((now) => clock.next(now))
    expect([...stamps].sort()).toEqual(stamps)
    expect(new Set(stamps).size).toBe(4)
  })

  test('goes on from where it stopped', () => {
    const last = makeStamp(NOON + 5000, 3, 'd')
    expect(createStampClock('d', last).next(NOON) > last).toBe(true)
  })

  test('follows others who are ahead within bounds', () => {
    const clock = createStampClock('d')
    const near = makeStamp(NOON + MAX_AHEAD_MS, 0, 'x')
    expect(clock.seen(near, NOON)).toBe(0)
    expect(clock.next(NOON) > near).toBe(true)
    expect(clock.seen(makeStamp(1, 0, 'x'), NOON)).toBe(0)
  })

  test('is not dragged along by a clock gone wrong, but can overrule what it wrote', () => {
    const clock = createStampClock('d')
    const far = makeStamp(NOON + MAX_AHEAD_MS + 1, 0, 'x')
    expect(clock.seen(far, NOON)).toBe(MAX_AHEAD_MS + 1)
    expect(clock.next(NOON) < far).toBe(true)
    expect(clock.next(NOON, far) > far).toBe(true)
    expect(stampTime(clock.next(NOON))).toBe(NOON)
  })
})
