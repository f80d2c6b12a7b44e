/** @file Unit tests of the engine: receipts, group commit, what is visible when, failures of the store, eviction. */
import { describe, expect, test } from 'vitest'
import { fail, messageOf } from '../../../shared/domain/errors.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { bumpOf, madeOf, nobodys, nobodysTask, recallOf, serveOf } from '../../support/pressed.ts'
import { actor, BOSS, command, dead, FRIDAY, FULL, id, memoryStore, placing, testEngine } from './kit.ts'

const code = (outcome: { ok: boolean }) => (outcome as { error?: { code: string } }).error?.code ?? 'ok'

async function served(rig: Awaited<ReturnType<typeof testEngine>>): Promise<string> {
  const order = id()
  await rig.engine.submit(placing(order))
  await rig.engine.submit(command('bumpTicket', bumpOf(rig.state, order, 'fryer')))
  await rig.engine.submit(command('serve', serveOf(rig.state, order)))
  return order
}

describe('receipts', () => {
  test('a retry in flight gets the same answer, and the order is placed once', async () => {
    const { engine, store, state } = await testEngine()
    const one = placing()
    const before = store.events.length
    const [first, second] = await Promise.all([engine.submit(one), engine.submit(one)])
    expect(first).toEqual(second)
    expect(first.ok).toBe(true)
    expect(store.events.length - before).toBe(2)
    expect(state.orders.size).toBe(1)
  })

  test('a retry after the answer gets the first answer, even when it would be decided otherwise now', async () => {
    const { engine } = await testEngine()
    const order = id()
    const place = placing(order)
    const early = command('bumpTicket', { order, station: 'fryer', tasks: madeOf(place.args.items) })
    expect(code(await engine.submit(early))).toBe('unknownOrder')
    await engine.submit(place)
    expect(code(await engine.submit(early))).toBe('unknownOrder')
  })

  test('a retry after a restart gets the answer of the store, and its companions are decided', async () => {
    const store = memoryStore()
    const one = placing()
    const first = await (await testEngine(store)).engine.submit(one)
    const { engine } = await testEngine(store)
    const [again, other] = await Promise.all([engine.submit(one), engine.submit(placing())])
    expect(again).toEqual(first)
    expect(other).toMatchObject({ ok: true, value: { number: '2' } })
  })

  test('a store that knows answers to nothing asked does not turn the engine in circles', async () => {
    const { engine, store } = await testEngine()
    store.answer = { ok: false, known: [{ command: id(), at: 0, outcome: { ok: true, value: {} } }] }
    expect(code(await engine.submit(placing()))).toBe('internal')
    store.answer = null
    expect(code(await engine.submit(placing()))).toBe('ok')
  })
})

describe('group commit', () => {
  test('commands that wait commit together, in order; the answer and the news come after the commit', async () => {
    const { engine, store, state, news } = await testEngine()
    const [commits, published] = [store.batches.length, news.length]
    const release = store.hold()
    const reached = store.reached()
    const answered: number[] = []
    const orders = [id(), id(), id()]
    const all = orders.map((order, index) => engine.submit(placing(order)).then(() => answered.push(index)))
    await reached
    expect([answered.length, state.orders.size, news.length - published]).toEqual([0, 0, 0])
    release()
    await Promise.all(all)
    expect(store.batches.length - commits).toBe(1)
    expect(answered).toEqual([0, 1, 2])
    expect(orders.map((order) => state.orders.get(order)?.opened?.number)).toEqual(['1', '2', '3'])
    expect(news.at(-1)?.orders).toEqual(orders)
  })

  test('later commands of a batch see what earlier ones did', async () => {
    const { engine } = await testEngine()
    const order = id()
    const place = placing(order)
    const tasks = madeOf(place.args.items)
    const answers = await Promise.all([
      engine.submit(place),
      engine.submit(command('bumpTicket', { order, station: 'fryer', tasks })),
      engine.submit(placing(order)),
    ])
    expect(answers.map(code)).toEqual(['ok', 'ok', 'duplicateOrder'])
  })

  test('more than one batch of waiting commands is done in turns', async () => {
    const { engine, store } = await testEngine()
    const commits = store.batches.length
    const answers = await Promise.all(Array.from({ length: 300 }, () => engine.submit(placing())))
    expect(answers.every((answer) => answer.ok)).toBe(true)
    expect(store.batches.length - commits).toBe(3)
    const numbers = answers.map((answer) => answer.ok && answer.value.number)
    expect(numbers).toEqual(Array.from({ length: 300 }, (_, index) => String(index + 1)))
  })

  test('a job that comes in the very turns in which the queue runs empty is not forgotten', async () => {
    const { engine } = await testEngine()
    for (let turns = 0; turns < 8; turns++) {
      await engine.ingest('peer', [], turns)
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      expect(code(await engine.submit(placing()))).toBe('ok')
    }
  })
})

describe('a store that fails', () => {
  test('every waiting command gets the reason, nothing is applied; the next success ends the trouble', async () => {
    const { engine, store, state, troubles, news } = await testEngine()
    const published = news.length
    store.answer = FULL
    const refused = await Promise.all([
      engine.submit(placing()),
      engine.submit(placing()),
      engine.ingest('p', [], 4),
    ])
    expect(refused.map(code)).toEqual(['storeFull', 'storeFull', 'storeFull'])
    expect([state.orders.size, news.length - published, engine.cursor('p')]).toEqual([0, 0, 0])
    expect(troubles).toEqual([FULL.error])
    store.answer = null
    expect(await engine.submit(placing())).toMatchObject({ ok: true, value: { number: '1' } })
    expect(troubles).toEqual([FULL.error, null])
  })

  test('a refused command can be sent again under its id', async () => {
    const { engine, store } = await testEngine()
    const one = placing()
    store.answer = FULL
    expect(code(await engine.submit(one))).toBe('storeFull')
    store.answer = null
    expect(code(await engine.submit(one))).toBe('ok')
  })

  test('a store whose thread has died says so to those who wait, and raises the alarm', async () => {
    const { engine, store, troubles } = await testEngine()
    store.answer = dead()
    expect(await engine.submit(placing())).toEqual(fail('storeBroken', { message: { code: 'store.dead' } }))
    store.answer = null
    store.broken = new Error('gone')
    expect(await engine.submit(command('serve', { order: id(), items: [nobodys(id())] }))).toMatchObject({
      error: { code: 'storeBroken', params: { message: say('alarms.storeSilent') } },
    })
    expect(troubles).toMatchObject([{ says: { code: 'store.dead' } }, { says: say('alarms.storeSilent') }])
  })

  test('a fault in one command answers internal to it alone, and the queue goes on', async () => {
    const { engine } = await testEngine()
    const poison = {
      ...placing(),
      args: {
        order: id(),
        get type() {
          throw new Error('boom')
        },
      },
    }
    const answers = await Promise.all([
      engine.submit(placing()),
      engine.submit(poison),
      engine.submit(placing()),
    ])
    expect(answers.map(code)).toEqual(['ok', 'internal', 'ok'])
    expect(code(await engine.submit(placing()))).toBe('ok')
  })

  test('a fault while publishing does not do a command twice', async () => {
    let faults = 0
    const rig = await testEngine(memoryStore(), {
      publish: () => {
        if (faults-- > 0) throw new Error('boom')
      },
    })
    const before = rig.store.events.length
    faults = 1
    const answers = await Promise.all([rig.engine.submit(placing()), rig.engine.submit(placing())])
    expect(answers.map(code)).toEqual(['ok', 'ok'])
    expect(rig.store.events.length - before).toBe(4)
  })
})

describe('refused arguments', () => {
  test('invalid, too long and hostile arguments are refused and audited, without harm to others', async () => {
    const { engine, store } = await testEngine()
    let deep: unknown = []
    for (let level = 0; level < 50_000; level++) deep = [deep]
    const many = Array.from({ length: 501 }, () => ({ id: id(), menuItem: 'fries', quantity: 1 }))
    const answers = await Promise.all([
      engine.submit(command('bumpTicket', undefined)),
      engine.submit(command('bumpTicket', deep)),
      engine.submit(command('publishDocument', { name: deep, base: 1 })),
      engine.submit(placing(id(), 'fries', { items: many })),
      engine.submit(
        command('bumpTicket', { order: '__proto__', station: 'grill', tasks: [nobodysTask(id())] }),
      ),
      engine.submit(placing()),
    ])
    expect(answers.map(code)).toEqual(['invalid', 'invalid', 'invalid', 'tooLarge', 'invalid', 'ok'])
    expect(answers[3]).toEqual(fail('tooLarge', { why: 'order', most: 500 }, 'items'))
    const issue = { code: 'issues.notUuid' }
    expect(answers[4]).toEqual(fail('invalid', { why: 'arguments', what: 'order', issue }, 'order'))
    const audit = await store.audit({ limit: 9 })
    expect(audit.every((row) => row.args.length <= 2_000)).toBe(true)
    const says = answers.map((answer) => (answer.ok ? null : messageOf(answer.error)))
    expect(audit.map((row) => row.says)).toEqual(expect.arrayContaining(says))
  })

  test('rights are decided with the command: a cook does not order', async () => {
    const { engine } = await testEngine()
    expect(code(await engine.submit({ ...placing(), actor: actor('cook') }))).toBe('notAllowed')
    expect(
      code(await engine.submit({ ...placing(), actor: { ...BOSS, staff: null, roles: ['device'] } })),
    ).toBe('signInNeeded')
  })
})

describe('events from elsewhere', () => {
  async function foreign() {
    const there = await testEngine(memoryStore('there'))
    const order = id()
    await there.engine.submit(placing(order))
    const events = there.store.events.filter(({ event }) => event.order === order).map(({ event }) => event)
    return { order, events }
  }

  test('duplicates change nothing, later versions are kept, garbage is refused; the cursor is saved with the rows', async () => {
    const rig = await testEngine()
    const { order, events } = await foreign()
    const later = { ...events[0], id: id(), v: 99, kind: 'order.teleported', data: { to: 'mars' } }
    const before = rig.store.events.length
    const taken = await rig.engine.ingest('there', [...events, ...events, later, { id: 7 }, null, 'x'], 12)
    expect(taken).toEqual({ ok: true, value: { taken: 5 } })
    expect(rig.store.events.length - before).toBe(3)
    expect(rig.store.batches.at(-1)).toMatchObject({ cursors: [{ peer: 'there', seq: 12 }] })
    expect(rig.store.batches.at(-1)?.entries.map((entry) => entry.applied)).toEqual([
      true,
      true,
      true,
      true,
      false,
    ])
    const state = rig.state.orders.get(order)
    await rig.engine.ingest('there', events, 9)
    expect(rig.state.orders.get(order)).toEqual(state)
    expect(rig.engine.cursor('there')).toBe(12)
    expect(rig.store.batches.at(-1)?.cursors).toEqual([{ peer: 'there', seq: 12 }])
  })

  test('a clock that runs ahead is told, and that it is right again too', async () => {
    const rig = await testEngine()
    const { events } = await foreign()
    const stamp = `0${String(FRIDAY + 3_600_000).padStart(14, '0')}-000000-there`
    await rig.engine.ingest('there', [{ ...events[0], stamp }], 1)
    await rig.engine.ingest('there', events, 2)
    expect(rig.ahead).toEqual([3_600_000, 0])
  })

  test('of several devices in one log, only the one whose clock runs ahead is named', async () => {
    const told: [string, number][] = []
    const rig = await testEngine(undefined, { clockAhead: (device, ms) => void told.push([device, ms]) })
    const { events } = await foreign()
    const fast = { ...events[0], id: id(), device: 'fast' }
    const stamp = `0${String(FRIDAY + 3_600_000).padStart(14, '0')}-000000-fast`
    await rig.engine.ingest(
      'cloud',
      [
        { ...fast, stamp },
        { ...events[0], device: 'right' },
      ],
      2,
    )
    await rig.engine.ingest('cloud', [{ ...events[1], device: 'right' }], 3)
    expect(told).toEqual([
      ['fast', 3_600_000],
      ['right', 0],
      ['right', 0],
    ])
  })

  test('an unknown time zone in settings from elsewhere does not stop the orders', async () => {
    const rig = await testEngine()
    const settings = { ...rig.state.documents.settings.body, timeZone: 'Mars/Olympus' }
    const { events } = await foreign()
    const data = { name: 'settings', version: 9, body: settings }
    await rig.engine.ingest(
      'there',
      [{ ...events[0], id: id(), order: null, kind: 'document.published', data }],
      1,
    )
    expect(rig.state.documents.settings.version).toBe(9)
    expect(code(await rig.engine.submit(placing()))).toBe('ok')
  })

  test('old history counts as closed when it closed, so that it leaves memory again', async () => {
    const there = await testEngine(memoryStore('there'))
    const order = await served(there)
    const rig = await testEngine()
    rig.clock.pass(86_400_000)
    await rig.engine.ingest(
      'there',
      there.store.events.map(({ event }) => event),
      9,
    )
    expect(rig.closedAt.get(order)).toBe(FRIDAY)
  })
})

describe('ticket numbers', () => {
  test('count per business day, with the letter in front', async () => {
    const rig = await testEngine()
    const { engine, clock } = rig
    const number = async () => {
      const answer = await engine.submit(placing())
      return answer.ok ? answer.value.number : answer.error.code
    }
    await served(rig)
    await served(rig)
    expect(await number()).toBe('3')
    // 04:00 in Dublin is where the business day ends: 03:00 UTC in June.
    clock.pass(9 * 3_600_000 - 60_000)
    await served(rig)
    clock.pass(60_000)
    // Of the four of yesterday one is still on the boards: nobody else is called by its number.
    expect([await number(), await number(), await number()]).toEqual(['1', '2', '4'])
    engine.setLetter('C')
    expect(engine.letter()).toBe('C')
    expect(await number()).toBe('C5')
  })

  test('go on after a restart, and refused orders take none', async () => {
    const store = memoryStore()
    const first = await testEngine(store)
    await first.engine.submit(placing())
    await first.engine.submit(placing(id(), 'unicorn'))
    const { engine } = await testEngine(store)
    expect(await engine.submit(placing())).toMatchObject({ value: { number: '2' } })
  })
})

describe('eviction', () => {
  test('closed orders leave memory and come back when somebody names them', async () => {
    const rig = await testEngine()
    const order = await served(rig)
    expect(rig.closedAt.has(order)).toBe(true)
    const recall = recallOf(rig.state, order)
    rig.clock.pass(86_400_000)
    rig.engine.evict(rig.clock.now())
    expect(rig.state.orders.has(order)).toBe(false)
    expect(code(await rig.engine.submit(placing(order)))).toBe('duplicateOrder')
    rig.engine.evict(rig.clock.now())
    expect(code(await rig.engine.submit(command('recallTicket', recall)))).toBe('ok')
    expect(rig.store.rows.get(order)).toMatchObject({ open: true, closedAt: null })
    expect(rig.state.orders.get(order)?.opened?.number).toBe('1')
    rig.engine.evict(rig.clock.now() + 1)
    expect(rig.state.orders.has(order)).toBe(true)
  })

  test('an order that a batch works on stays until the batch is through, also when it is decided again', async () => {
    const store = memoryStore()
    const answered = placing()
    await (await testEngine(store)).engine.submit(answered)
    const rig = await testEngine(store)
    const order = await served(rig)
    const recall = recallOf(rig.state, order)
    rig.engine.evict(FRIDAY + 1)
    const release = store.hold()
    const reached = store.reached()
    const answers = [rig.engine.submit(answered), rig.engine.submit(command('recallTicket', recall))]
    await reached
    rig.engine.evict(FRIDAY + 1)
    release()
    expect((await Promise.all(answers)).map(code)).toEqual(['ok', 'ok'])
    expect(store.rows.get(order)?.state.opened?.number).toBe('2')
  })

  test('stations that change open and close orders with them', async () => {
    const rig = await testEngine()
    const order = id()
    const place = placing(order)
    await rig.engine.submit(place)
    const item = place.args.items[0]?.id ?? ''
    const publish = async (ids: string[]) => {
      const { version, body } = rig.state.documents.stations
      const stations = ids.map((one) => ({ id: one, name: one, warnAfter: 60, lateAfter: 90 }))
      const changed = { ...body, stations }
      await rig.engine.submit(command('publishDocument', { name: 'stations', base: version, body: changed }))
    }
    await publish(['grill'])
    await rig.engine.submit(command('voidItem', { order, item, reason: 'gone' }))
    const seen = [rig.state.orders.get(order)?.items[item]?.voided?.stamp]
    await rig.engine.submit(command('acknowledge', { order, station: 'expo', seen }))
    expect(rig.store.rows.get(order)?.open).toBe(false)
    await publish(['grill', 'fryer'])
    expect(rig.store.rows.get(order)?.open).toBe(true)
    expect(rig.closedAt.has(order)).toBe(false)
  })
})

test('drain answers what waits, and refuses what comes later', async () => {
  const { engine, store } = await testEngine()
  const release = store.hold()
  const reached = store.reached()
  const one = placing()
  const answer = engine.submit(one)
  await reached
  const drained = engine.drain()
  expect(code(await engine.submit(placing()))).toBe('stopping')
  expect(code(await engine.ingest('p', [], 1))).toBe('stopping')
  release()
  await drained
  expect(code(await answer)).toBe('ok')
  expect(code(await engine.submit(one))).toBe('ok')
})
