/** @file Unit tests of ticket numbers after the store forgot those it gave: what comes again from elsewhere is counted on from. */
import { afterEach, describe, expect, test } from 'vitest'
import type { PlateEvent } from '../../../shared/domain/events.ts'
import { endAll, evening, openPc, pass, virtualTime } from './cloud-kit.ts'
import { id, memoryStore, placing, testEngine } from './kit.ts'

const number = async ({ engine }: Awaited<ReturnType<typeof testEngine>>) => {
  const answer = await engine.submit(placing())
  return answer.ok ? answer.value.number : answer.error.code
}

/** What another log has of an order with this number. */
async function opened(wanted: string, day?: string): Promise<PlateEvent> {
  const other = await testEngine()
  await other.engine.submit(placing())
  const event = other.store.events.find(({ event: { kind } }) => kind === 'order.opened')?.event as PlateEvent
  const data = { ...(event.data as object), number: wanted, ...(day && { day }) }
  return { ...event, id: id(), order: id(), data } as PlateEvent
}

describe('a number with this core’s letter on an order from elsewhere', () => {
  test('is not given again, nor are those below it, also after a restart', async () => {
    const store = memoryStore()
    const rig = await testEngine(store)
    expect(await number(rig)).toBe('1')
    await rig.engine.ingest('cloud', [await opened('7'), await opened('3')], 2)
    expect(await number(rig)).toBe('8')
    await rig.engine.ingest('cloud', [await opened('12')], 3)
    expect(await number(await testEngine(store))).toBe('13')
  })

  test('counts in its own day, and never back', async () => {
    const rig = await testEngine()
    await rig.engine.ingest('cloud', [await opened('40', '2026-06-04'), await opened('2')], 2)
    expect([await number(rig), await number(rig)]).toEqual(['3', '4'])
    await rig.engine.ingest('cloud', [await opened('1')], 3)
    expect(await number(rig)).toBe('5')
  })

  test('is one that was given while the order that brings it waits for the disk', async () => {
    const rig = await testEngine()
    const { store, engine } = rig
    const release = store.hold()
    const reached = store.reached()
    const first = number(rig)
    await reached
    const taken = engine.ingest('cloud', [await opened('5')], 1)
    const second = number(rig)
    release()
    await taken
    expect([await first, await second]).toEqual(['1', '6'])
  })

  test('says nothing when it is another core’s, or nobody’s', async () => {
    const rig = await testEngine()
    const odd = ['B9', 'AB9', '09', '-9', '9a', '9.5', '', '99999999999999999999']
    await rig.engine.ingest('cloud', await Promise.all(odd.map((one) => opened(one))), odd.length)
    expect(await number(rig)).toBe('1')
  })

  test('counts as well when the letter comes after the order', async () => {
    const rig = await testEngine()
    await rig.engine.ingest('cloud', [await opened('B9'), await opened('4')], 2)
    rig.engine.setLetter('B')
    expect(await number(rig)).toBe('B10')
  })
})

describe('in the cloud', () => {
  afterEach(endAll)

  test('a PC that lost its database counts on from the tickets it gets back', async () => {
    virtualTime()
    const { server, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    expect([(await main.place()).number, (await main.place()).number]).toEqual(['1', '2'])
    expect((await bar.place()).number).toBe('AB1')
    await pass(1_000)
    await main.stop()
    const again = await openPc(server, 'main', { store: memoryStore(), vault: main.vault })
    await pass(1_000)
    expect(again.status()).toMatchObject({ outbox: 0, behind: 0 })
    expect([(await again.place()).number, (await again.place()).number]).toEqual(['3', '4'])
    await pass(1_000)
    const shown = [...bar.store.rows.values()].map(({ state }) => state.opened?.number)
    expect(shown.sort()).toEqual(['1', '2', '3', '4', 'AB1'])
  })
})

test('numbers of open orders are passed over by the first of the next day, also when those are not saved yet, and after a restart', async () => {
  const store = memoryStore()
  const rig = await testEngine(store)
  // 04:00 in Dublin is where the business day ends: 03:00 UTC in June.
  rig.clock.pass(15 * 3_600_000 - 1_000)
  const release = store.hold()
  const reached = store.reached()
  const late = number(rig)
  await reached
  rig.clock.pass(2_000)
  const early = number(rig)
  release()
  expect([await late, await early]).toEqual(['1', '2'])
  expect(await number(await testEngine(store))).toBe('3')
})
