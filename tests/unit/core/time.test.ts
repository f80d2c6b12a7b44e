/** @file Unit tests of the core's clock, its business day, and alarms. */
import { describe, expect, test } from 'vitest'
import { type Alarm, createAlarms } from '../../../main/core/alarms.ts'
import { createCoreClock, dayAt } from '../../../main/core/time.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { quietLog } from '../../support/ports.ts'
import { FRIDAY, testClock } from './kit.ts'

const HOUR = 3_600_000

describe('the clock of the core', () => {
  test('follows the machine, and goes on at its pace when that is set back', () => {
    const machine = testClock()
    const clock = createCoreClock(machine)
    machine.pass(1_000)
    expect([clock.now() - FRIDAY, clock.ahead()]).toEqual([1_000, 0])
    machine.set(machine.now() - HOUR)
    expect(clock.now() - FRIDAY).toBe(1_000)
    machine.pass(500)
    expect([clock.now() - FRIDAY, clock.ahead()]).toEqual([1_500, HOUR])
    machine.set(FRIDAY + 2_000)
    expect([clock.now() - FRIDAY, clock.ahead()]).toEqual([2_000, 0])
  })

  test('jumps forward with the machine, also past a sleep', () => {
    const machine = testClock()
    const clock = createCoreClock(machine)
    machine.set(FRIDAY + HOUR)
    expect(clock.now()).toBe(FRIDAY + HOUR)
  })

  test('does not go behind what the store knows when the machine was set back while Plate was off', () => {
    const machine = testClock(0)
    const clock = createCoreClock(machine, FRIDAY)
    expect([clock.now(), clock.ahead()]).toEqual([FRIDAY, FRIDAY])
    machine.pass(250)
    expect(clock.now()).toBe(FRIDAY + 250)
  })
})

test('a business day in a zone nobody knows is counted in UTC', () => {
  const at = Date.UTC(2026, 5, 6, 2, 30)
  expect(dayAt(at, { timeZone: 'Europe/Dublin', dayCutoff: 240 })).toBe('2026-06-05')
  expect(dayAt(at, { timeZone: 'Mars/Olympus', dayCutoff: 120 })).toBe('2026-06-06')
})

test('an alarm is shown once, keeps its beginning while its words change, and goes', () => {
  const shown: Alarm[][] = []
  let now = 1
  const alarms = createAlarms(
    () => now,
    quietLog,
    (list) => shown.push(list),
  )
  const ahead = (minutes: number) => say('alarms.clockAhead', { pc: 'Bar', minutes })
  alarms.raise('clock', 'warning', ahead(2))
  alarms.raise('clock', 'warning', ahead(2))
  now = 2
  alarms.raise('clock', 'warning', ahead(3))
  alarms.raise('clock', 'alarm', ahead(3))
  alarms.clear('nothing')
  alarms.clear('clock')
  expect(shown).toEqual([
    [{ id: 'clock', level: 'warning', says: ahead(2), since: 1 }],
    [{ id: 'clock', level: 'warning', says: ahead(3), since: 1 }],
    [{ id: 'clock', level: 'alarm', says: ahead(3), since: 1 }],
    [],
  ])
})
