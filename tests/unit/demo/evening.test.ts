/** @file The demo evening, played in virtual time against the bare rules. */
import { describe, expect, test } from 'vitest'
import { planEvening } from '../../../main/core/demo/plan.ts'
import { runEvening } from '../../../main/core/demo/run.ts'
import { orderStatus } from '../../../shared/domain/status.ts'
import { isClosed } from '../../../shared/domain/view.ts'
import { documents, memoryCore, START, virtualTime } from './world.ts'

async function evening(seed: number, options: { covers?: number; toGo?: number; speed?: number } = {}) {
  const { speed = 1, ...rest } = options
  const time = virtualTime()
  const core = memoryCore(time.clock)
  const plan = planEvening({ documents, seed, start: START, ...rest })
  const running = runEvening({
    plan,
    documents,
    client: core.client,
    clock: time.clock,
    timers: time.timers,
    speed,
  })
  await time.play()
  return { plan, core, report: await running, took: time.clock.now() - START }
}

describe('a whole evening', () => {
  const whole = evening(1)

  test('ends with every order served or cancelled, and on no board', async () => {
    const { plan, core, report } = await whole
    const orders = [...core.state.orders.values()]
    expect(orders).toHaveLength(plan.parties.length)
    expect(report.closed).toBe(orders.length)
    expect(new Set(orders.map(orderStatus))).toEqual(new Set(['served', 'cancelled']))
    expect(orders.filter((order) => !isClosed(core.state.documents, order))).toEqual([])
  })

  test('is as busy as a Friday', async () => {
    const { report, took } = await whole
    expect(report.covers).toBeGreaterThanOrEqual(120)
    expect(report.covers).toBeLessThan(140)
    expect(report.peak).toBeGreaterThan(40)
    expect(report.peak).toBeLessThan(90)
    expect(took).toBeGreaterThan(2 * 3_600_000)
    expect(took).toBeLessThan(6 * 3_600_000)
  })

  test('uses everything a restaurant does', async () => {
    const { core } = await whole
    const done = Object.groupBy(core.log, ({ name }) => name)
    for (const name of [
      'placeOrder',
      'addItems',
      'changeItem',
      'voidItem',
      'changeOrder',
      'fireCourse',
      'startTask',
      'bumpTask',
      'recallTask',
      'serve',
      'acknowledge',
      'setStock',
    ]) {
      expect(done[name]?.length ?? 0, name).toBeGreaterThan(0)
    }
    expect(core.log.filter(({ name, outcome }) => name === 'placeOrder' && outcome !== 'ok')).toEqual([])
  })

  test('is refused only where two people act at once', async () => {
    const { report } = await whole
    const races = [
      'itemVoided',
      'orderCancelled',
      'alreadyServed',
      'notReady',
      'nothingToDo',
      'soldOut',
      'stillHeld',
    ]
    expect(Object.keys(report.refused).filter((code) => !races.includes(code))).toEqual([])
    const refusals = Object.values(report.refused).reduce((sum, count) => sum + count, 0)
    expect(refusals / report.commands).toBeLessThan(0.03)
  })
})

test('the same seed plays the same evening, another one another', async () => {
  const small = { covers: 20, toGo: 6 }
  const [first, again, other] = await Promise.all([evening(3, small), evening(3, small), evening(4, small)])
  expect(again.core.log).toEqual(first.core.log)
  expect(other.core.log).not.toEqual(first.core.log)
})

test('speed shortens the evening', async () => {
  const { took, report } = await evening(3, { covers: 20, toGo: 6, speed: 60 })
  expect(took).toBeLessThan(6 * 60_000)
  expect(report.closed).toBe(report.placed)
})

test('a stop signal ends it where it is, and nothing happens after', async () => {
  const time = virtualTime()
  const core = memoryCore(time.clock)
  const stop = new AbortController()
  const plan = planEvening({ documents, seed: 5, start: START, covers: 30 })
  const { client } = core
  const running = runEvening({
    plan,
    documents,
    client,
    clock: time.clock,
    timers: time.timers,
    signal: stop.signal,
  })
  await time.play(() => core.log.length > 100)
  stop.abort()
  const report = await running
  const sent = core.log.length
  await time.play()
  expect(core.log).toHaveLength(sent)
  expect(report.closed).toBeLessThan(plan.parties.length)
})

test('a signal that is already given, and a core that is lost', async () => {
  const time = virtualTime()
  const { client } = memoryCore(time.clock)
  const plan = planEvening({ documents, seed: 5, start: START, covers: 10 })
  const base = { plan, documents, clock: time.clock, timers: time.timers }
  await expect(runEvening({ ...base, client, signal: AbortSignal.abort() })).resolves.toMatchObject({
    placed: 0,
  })
  const broken = { ...client, send: () => Promise.reject(new Error('gone')) }
  const lost = expect(runEvening({ ...base, client: broken })).rejects.toThrow('gone')
  await time.play()
  await lost
})
