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

  test('a cut-off in the hour that comes twice begins the day the first time, once and for all', () => {
    const days = ['00:15', '00:45', '01:15', '01:45'].map((time) => day(`2026-10-25T${time}:00Z`, DUBLIN, 90))
    // 01:15, 01:45, then clocks back: 01:15, 01:45.
    expect(days).toEqual(['2026-10-24', '2026-10-25', '2026-10-25', '2026-10-25'])
  })

  test('a cut-off in the hour that does not exist takes the next that does', () => {
    expect(day('2026-03-29T00:59:00Z', DUBLIN, 90)).toBe('2026-03-28')
    expect(day('2026-03-29T01:00:00Z', DUBLIN, 90)).toBe('2026-03-29')
  })
})

/** Minutes after midnight, local, at which each change of clocks of 2026 happens, both kinds. */
function changesOf(zone: string): { at: number; local: number }[] {
  const local = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    timeZoneName: 'longOffset',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const offset = (at: number) => local.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value
  const found: { at: number; local: number }[] = []
  for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 7 * DAY) {
    if (offset(at) === offset(at + 7 * DAY)) continue
    let [before, after] = [at, at + 7 * DAY]
    while (after - before > MINUTE) {
      const middle = before + Math.floor((after - before) / 2 / MINUTE) * MINUTE
      if (offset(middle) === offset(at)) before = middle
      else after = middle
    }
    const [hour, minute] = [1, 2].map((index) => Number(/(\d\d):(\d\d)/.exec(local.format(before))?.[index]))
    found.push({ at: after, local: (hour ?? 0) * 60 + (minute ?? 0) + 1 })
  }
  return found
}
const MINUTE = 60_000
const DAY = 1440 * MINUTE

test('in every zone, whatever the cut-off, the day never steps back and never skips one, across every change of clocks', () => {
  let changes = 0
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    for (const { at, local } of changesOf(zone)) {
      changes++
      // Cut-offs around the hour that is repeated or skipped, and the usual one.
      for (const cutoff of [local - 90, local - 30, local, local + 30, 240].map(
        (minutes) => (minutes + 1440) % 1440,
      )) {
        if (cutoff > 720) continue
        let known = ''
        for (let moment = at - 4 * 60 * MINUTE; moment < at + 30 * 60 * MINUTE; moment += 30 * MINUTE) {
          const now = businessDay(moment, zone, cutoff)
          if (known && now !== known) {
            expect(`${zone} ${now > known}`).toBe(`${zone} true`)
            expect(Date.parse(now) - Date.parse(known)).toBe(DAY)
          }
          known = now
        }
      }
    }
  }
  expect(changes).toBeGreaterThan(100)
})

test('a zone that is none is a RangeError', () => {
  expect(() => businessDay(0, 'Dublin', 0)).toThrow(RangeError)
})
