/** @file Unit tests of what PCs are called: in the cloud, on the LAN, by their letter, and in what the audit trail says of conflicts. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createNames } from '../../../main/core/names.ts'
import { emptyState } from '../../../shared/domain/apply.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { AWAY } from '../../support/cloud.ts'
import { words } from '../../support/words.ts'
import { endAll, evening, openPc, type Pc, pass, virtualTime } from './cloud-kit.ts'
import { memoryStore, placing, testEngine } from './kit.ts'

describe('a PC', () => {
  const self = { core: 'core-till', name: 'till.local' }

  test('is called as in the cloud, then as on the LAN, then by its letter, then by a short id', async () => {
    const there = await testEngine(memoryStore('core-with-letter'))
    there.engine.setLetter('AB')
    await there.engine.submit(placing())
    const names = createNames({
      self,
      state: there.state,
      lan: (core) => (core.startsWith('core-lan') ? 'Bar on the LAN' : undefined),
    })
    expect(names.of('core-till')).toBe('till.local')
    expect(names.of('core-lan')).toBe('Bar on the LAN')
    expect(names.of('core-with-letter')).toBe('PC AB')
    expect(names.of('core-nobody-knows')).toBe('PC core-nob')
    names.learn([
      { core: 'core-till', name: 'Till', letter: '' },
      { core: 'core-lan', name: 'Bar', letter: 'AC' },
    ])
    expect(names.of('core-till')).toBe('Till')
    expect(names.of('core-lan')).toBe('Bar')
    expect(names.of('core-with-letter')).toBe('PC AB')
  })

  test('that shares its name with another is told from it', () => {
    const names = createNames({ self, state: emptyState(), lan: () => undefined })
    names.learn([
      { core: 'one-and-only', name: 'Test PC', letter: '' },
      { core: 'the-other', name: 'Test PC', letter: 'AB' },
    ])
    expect([names.of('one-and-only'), names.of('the-other')]).toEqual(['Test PC one-and-', 'Test PC AB'])
  })

  test('that the cloud does not know is looked for there once', () => {
    const names = createNames({ self, state: emptyState(), lan: () => undefined })
    expect(names.lacking()).toBe(true)
    names.learn([])
    expect(names.lacking()).toBe(false)
    names.meet('stranger')
    expect(names.lacking()).toBe(true)
    names.learn([])
    names.of('stranger')
    expect(names.lacking()).toBe(false)
  })
})

describe('what is said of a conflict', () => {
  beforeEach(virtualTime)
  afterEach(endAll)

  async function voidedApart(server: Awaited<ReturnType<typeof evening>>['server'], main: Pc, bar: Pc) {
    const { order, item } = await main.place()
    await pass(500)
    server.faults.fail = () => AWAY
    await main.run('voidItem', { order, item, reason: 'dropped' })
    await pass(10)
    await bar.run('changeItem', { order, item, quantity: 3 })
    return order
  }
  const told = async (pc: Pc) =>
    (await pc.store.audit({ limit: 100 }))
      .filter(({ name }) => name === 'merge')
      .map(({ says }) => says && words.say(says))

  test('names both PCs, on each', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    await bar.place()
    await pass(7_000)
    await voidedApart(server, main, bar)
    restaurant.live(false)
    server.faults.fail = null
    await pass(60_000)
    for (const pc of [main, bar])
      expect(await told(pc)).toMatchObject([expect.stringMatching(/^Ana \(main, .*; Ana \(bar, /)])
  })

  test('names them also when this PC has just started, and the cloud tells no names', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main, bar] = pcs
    await bar.place()
    await pass(7_000)
    await voidedApart(server, main, bar)
    restaurant.live(false)
    await main.restart()
    server.faults.fail = (call) => (call === 'devices' ? AWAY : null)
    await pass(60_000)
    expect(await told(main)).toMatchObject([expect.stringMatching(/^Ana \(main, .*; Ana \(bar, /)])
    expect(main.status()).toMatchObject({ state: 'polling' })
  })

  test('a new PC is learnt from its first event, and the list is not asked for again', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main] = pcs
    await pass(7_000)
    const lists = () =>
      server.calls.filter(({ call, device }) => call === 'devices' && device === main.device)
    const before = lists().length
    const third = await openPc(server, 'third', { link: restaurant })
    restaurant.live(true)
    await third.place()
    await pass(7_000)
    await voidedApart(server, main, third)
    server.faults.fail = null
    await pass(60_000)
    await voidedApart(server, main, third)
    server.faults.fail = null
    await pass(60_000)
    expect((await told(main)).at(0)).toMatch(/^Ana \(main, .*; Ana \(third, /)
    expect(lists()).toHaveLength(before + 1)
  })

  test('a clock that is wrong is said with the name of its PC', async () => {
    const { server, restaurant, pcs } = await evening('main', 'bar')
    const [main] = pcs
    const fast = await openPc(server, 'fast', { link: restaurant, ahead: 20 * 60_000 })
    restaurant.live(true)
    await pass(7_000)
    await fast.place()
    await pass(7_000)
    await fast.place()
    await pass(500)
    expect(main.alarms()).toMatch(/"alarms\.clockAhead","params":{"pc":"fast","minutes":(19|20)}/)
    const ahead = say('alarms.clockAheadOfCloud', { pc: 'fast', minutes: 20 })
    expect(fast.alarms()).toContain(JSON.stringify(ahead))
  })
})
