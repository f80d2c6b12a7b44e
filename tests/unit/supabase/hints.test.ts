/** @file Broadcasts become hints, or nothing; and pauses are spread. */
import { expect, test } from 'vitest'
import { pauseBefore } from '../../../main/adapters/supabase/backoff.ts'
import { tellHint } from '../../../main/adapters/supabase/hints.ts'
import type { CloudListener, Log } from '../../../main/core/ports.ts'
import { quietLog } from '../../support/ports.ts'

function told(event: string, payload: unknown) {
  const calls: unknown[] = []
  const listener: CloudListener = {
    grew: (hint) => calls.push(hint),
    intake: () => calls.push('intake'),
    live: (on) => calls.push(on),
    rights: () => calls.push('rights'),
    kept: (on) => calls.push(on),
  }
  const log: Log = { ...quietLog, warn: (name) => calls.push(name) }
  tellHint({ event, payload }, 'me', listener, log)
  return calls
}

const events = [
  { seq: 4, event: { id: 'a' } },
  { seq: 5, event: { id: 'b' } },
]

test('the log grew', () => {
  expect(told('log', { id: 'x', first: 4, last: 5, core: 'c', events })).toEqual([
    { first: 4, last: 5, events },
  ])
  expect(told('log', { first: 4, last: 900, core: 'c', events: null })).toEqual([
    { first: 4, last: 900, events: null },
  ])
})

test('events out of step with their hint are left out of it', () => {
  expect(told('log', { first: 3, last: 5, events })).toEqual([{ first: 3, last: 5, events: null }])
  expect(told('log', { first: 5, last: 6, events })).toEqual([{ first: 5, last: 6, events: null }])
})

test.each([
  ['log', null],
  ['log', { first: 5, last: 4, events: null }],
  ['log', { first: -1, last: 4, events: null }],
  ['log', { first: 1.5, last: 4, events: null }],
  ['log', { first: 1, last: 1, events: [{ seq: '1' }] }],
  ['device', {}],
  ['party', {}],
])('a broken %s %o is left out and logged', (event, payload) => {
  expect(told(event, payload)).toEqual(['cloud.hint-ignored'])
})

test('other hints', () => {
  expect(told('intake', {})).toEqual(['intake'])
  expect(told('device', { device: 'me', id: 'x' })).toEqual(['rights'])
  expect(told('device', { device: 'another' })).toEqual([])
})

test('pauses double up to the longest, between 30 and 100 %', () => {
  expect([0, 1, 2, 3, 4, 1000].map((tries) => pauseBefore(tries, 15_000, () => 1))).toEqual([
    1000, 2000, 4000, 8000, 15_000, 15_000,
  ])
  expect(pauseBefore(0, 15_000, () => 0)).toBe(300)
})
