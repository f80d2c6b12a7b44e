/** @file The business day: cut-off, zones, and the days on which clocks change. */
import { describe, expect, test } from 'vitest'
import { businessDay } from '../../../shared/domain/day.ts'

const DUBLIN = 'Europe/Dublin'
const NEW_YORK = 'America/New_York'
const day = (iso: string, zone: string, cutoff = 240) => businessDay(Date.parse(iso), zone, cutoff)

describe('cut-off', () => {
  test.each([
    ['2026-01-15T03:59:59Z', '2026-01-14'],
    ['2026-01-15T04:00:00Z', '2026-01-15'],
    ['2026-01-15T23:59:59Z', '2026-01-15'],
    ['2026-03-01T01:00:00Z', '2026-02-28'],
    ['2028-03-01T01:00:00Z', '2028-02-29'],
    ['2026-01-01T01:00:00Z', '2025-12-31'],
  ])('%s belongs to %s', (at, expected) => expect(day(at, DUBLIN)).toBe(expected))

  test('at midnight and at noon', () => {
    expect(day('2026-01-15T00:00:00Z', DUBLIN, 0)).toBe('2026-01-15')
    expect(day('2026-01-15T11:59:00Z', DUBLIN, 720)).toBe('2026-01-14')
    expect(day('2026-01-15T12:00:00Z', DUBLIN, 720)).toBe('2026-01-15')
  })
})

/** Hours from the start of one business day to the start of the next, found by looking every minute. */
function hoursOf(date: string, zone: string): number {
  const middle = Date.parse(`${date}T16:00:00Z`)
  let [start, end] = [middle, middle]
  while (businessDay(start - 60_000, zone, 240) === date) start -= 60_000
  while (businessDay(end, zone, 240) === date) end += 60_000
  return (end - start) / 3_600_000
}

describe('clock changes', () => {
  test.each([
    [DUBLIN, '2026-03-28', 23],
    [DUBLIN, '2026-03-29', 24],
    [DUBLIN, '2026-10-24', 25],
    [NEW_YORK, '2026-03-07', 23],
    [NEW_YORK, '2026-10-31', 25],
    [NEW_YORK, '2026-11-01', 24],
  ])('in %s the business day %s has %i hours', (zone, date, hours) => expect(hoursOf(date, zone)).toBe(hours))

  test('the hour that comes twice belongs to the night before, both times', () => {
    expect(day('2026-11-01T05:30:00Z', NEW_YORK)).toBe('2026-10-31')
    expect(day('2026-11-01T06:30:00Z', NEW_YORK)).toBe('2026-10-31')
  })

  test('a cut-off in the hour that does not exist takes the next that does', () => {
    expect(day('2026-03-29T00:59:00Z', DUBLIN, 90)).toBe('2026-03-28')
    expect(day('2026-03-29T01:00:00Z', DUBLIN, 90)).toBe('2026-03-29')
  })
})

test('a zone that is none is a RangeError', () => {
  expect(() => businessDay(0, 'Dublin', 0)).toThrow(RangeError)
})
