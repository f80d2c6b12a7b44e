/** @file Unit tests of the board that tells screens how the cloud is, and of the audit trail's lines about it. */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createAlarms } from '../../../main/core/alarms.ts'
import type { Host } from '../../../main/core/cloud/channel.ts'
import { auditOfLane, type LaneNote } from '../../../main/core/cloud/notes.ts'
import { createStatusBoard, type Facts } from '../../../main/core/cloud/status.ts'
import type { CloudStatus } from '../../../shared/contract/contract.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import { AWAY, said } from '../../support/cloud.ts'
import { noMetrics, quietLog } from '../../support/ports.ts'
import { pass, virtualTime } from './cloud-kit.ts'

beforeEach(virtualTime)
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

/** A board over facts that the test changes, and what came of it. */
function board() {
  const facts: Facts = {
    name: 'Trattoria',
    locked: null,
    troubles: [null],
    live: true,
    currentAt: 1,
    confirmed: true,
    behind: 0,
    outbox: 0,
    parked: [],
  }
  const host = {
    now: Date.now,
    tick: () => performance.now(),
    after(ms: number, task: () => void) {
      const timer = setTimeout(task, ms)
      return () => clearTimeout(timer)
    },
  } as Host
  const shown: (CloudStatus | null)[] = []
  const alarms: string[] = []
  const words: Message[] = []
  const gauges: Record<string, number> = {}
  const made = createStatusBoard({
    host,
    facts: () => facts,
    alarms: createAlarms(Date.now, quietLog, (all) => {
      alarms.splice(0, alarms.length, ...all.map(({ id }) => id))
      words.splice(0, words.length, ...all.map(({ says }) => says))
    }),
    metrics: {
      ...noMetrics,
      gauge(name, value) {
        gauges[name] = value
      },
    },
    show: (status) => shown.push(status),
  })
  const change = (news: Partial<Facts>) => {
    Object.assign(facts, news)
    made.changed()
  }
  made.publish()
  return { ...made, change, shown, alarms, words, gauges, states: () => shown.map((status) => status?.state) }
}

describe('the board', () => {
  test('gathers what changes within a moment, and says nothing twice', async () => {
    const { change, shown, close } = board()
    for (let outbox = 1; outbox <= 20; outbox++) {
      change({ outbox })
      await pass(10)
    }
    expect(shown).toHaveLength(1)
    await pass(250)
    expect(shown.map((status) => status?.outbox)).toEqual([0, 20])
    change({})
    await pass(500)
    expect(shown).toHaveLength(2)
    close()
  })

  test('what is refused again for another reason is said in the words of that', async () => {
    const { change, words, shown, close } = board()
    const refused = (text: string) => ({
      lane: 'o1',
      order: 'o1',
      number: '7',
      events: 1,
      since: 1,
      code: 'invalid',
      says: said(text),
    })
    change({ parked: [refused('It is too large.')] })
    await pass(500)
    change({ parked: [refused('It has no table.')] })
    await pass(500)
    expect(words).toMatchObject([
      { params: { things: [say('cloud.ticket', { number: '7' })], reason: said('It has no table.') } },
    ])
    expect(shown).toHaveLength(2)
    close()
  })

  test('what is behind for less than a second is on its way; then it is catching up, and says since when', async () => {
    const { change, shown, states, close } = board()
    change({ behind: 3 })
    await pass(700)
    expect(states()).toEqual(['live', 'live'])
    change({ behind: 0 })
    await pass(700)
    change({ behind: 2 })
    await pass(700)
    expect(states()).not.toContain('catchingUp')
    const before = Date.now()
    await pass(700)
    expect(shown.at(-1)).toMatchObject({ state: 'catchingUp', behind: 2 })
    expect(shown.at(-1)?.since).toBeGreaterThan(before)
    expect(shown[0]?.since).toBeLessThan(before)
    close()
  })

  test('a state lasts since it began, whatever else changes', async () => {
    const { change, shown, close } = board()
    await pass(5_000)
    change({ troubles: [AWAY] })
    await pass(250)
    const { since = 0 } = shown.at(-1) ?? {}
    await pass(60_000)
    change({ outbox: 7 })
    await pass(250)
    expect(shown.at(-1)).toMatchObject({ state: 'away', outbox: 7, since })
    close()
  })

  test('without a cloud there is no alarm about it, and nothing to count', async () => {
    const { change, shown, alarms, gauges, close } = board()
    const lane = { lane: 'stock.set', order: null, number: null, code: 'invalid', says: said('No.') }
    change({ locked: said('Out.'), outbox: 5, behind: 4, parked: [{ ...lane, since: 0, events: 1 }] })
    await pass(250)
    expect(alarms).toEqual(['cloud:access', 'cloud:parked'])
    expect(gauges).toEqual({ cloud_outbox: 5, cloud_behind: 4, cloud_parked: 1 })
    close()
    change({ outbox: 6 })
    await pass(2_000)
    expect([alarms, shown.at(-1)]).toEqual([[], null])
    expect(gauges).toEqual({ cloud_outbox: 0, cloud_behind: 0, cloud_parked: 0 })
  })
})

describe('the audit trail', () => {
  const note: LaneNote = {
    at: 1,
    id: 'c',
    name: 'cloudRetry',
    lane: 'o',
    order: 'o',
    number: 'A1',
    actor: null,
    refusal: null,
    says: say('cloud.retried', { count: 2 }),
    detail: { events: 2 },
  }

  test('names who decided, and from where', () => {
    const staff = { id: 'farah', name: 'Farah' }
    const device = { id: 'd', name: 'Office' }
    const line = auditOfLane({ ...note, actor: { device, staff, roles: ['manager'] } })
    expect(line).toMatchObject({ staff, device, outcome: 'ok', says: note.says })
    expect(JSON.parse(line.args)).toEqual({ lane: 'o', events: 2 })
  })

  test.each([
    ['unheardOf', 'invalid'],
    ['invalid', 'invalid'],
    ['notAllowed', 'notAllowed'],
  ])('has the cloud’s own words for what it refused, %s as %s', (code, outcome) => {
    const line = auditOfLane({ ...note, name: 'cloudRefused', refusal: { code, says: said('No.') } })
    expect(line).toMatchObject({ staff: null, device: { name: 'Cloud' }, outcome, says: said('No.') })
    expect(JSON.parse(line.args)).toMatchObject({ lane: 'o', code })
  })
})
