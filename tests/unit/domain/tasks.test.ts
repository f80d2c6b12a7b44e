/** @file Rules of kitchen work: start, bump, recall, serve, acknowledge; each acceptance and each refusal. */
import { describe, expect, test } from 'vitest'
import { itemStatus, orderStatus } from '../../../shared/domain/status.ts'
import { BURGER, busy, CAKE, Kitchen, line, made, ORDER, PIZZA, placing, task, uuid } from './kit.ts'

const status = (kitchen: Kitchen, id: string) => {
  const item = kitchen.order().items[id]
  return item && itemStatus(kitchen.order(), item)
}

describe('start and bump', () => {
  test('confirmed → preparing → ready, the item following its slowest task', () => {
    const kitchen = busy()
    expect(status(kitchen, BURGER)).toBe('confirmed')
    kitchen.do('startTask', task(BURGER, 0))
    expect(status(kitchen, BURGER)).toBe('preparing')
    kitchen.do('bumpTask', made(BURGER, 0))
    expect(status(kitchen, BURGER)).toBe('preparing')
    kitchen.do('bumpTask', made(BURGER, 1))
    expect(status(kitchen, BURGER)).toBe('ready')
    expect(orderStatus(kitchen.order())).toBe('preparing')
  })

  test('pressing twice is no error and no event', () => {
    const kitchen = busy()
    kitchen.do('bumpTask', made(BURGER, 0))
    expect(kitchen.do('bumpTask', made(BURGER, 0))).toEqual([])
    expect(kitchen.do('startTask', task(BURGER, 0))).toEqual([])
  })

  test('a later step waits for the one before', () => {
    const kitchen = busy()
    kitchen.refuses('notReady', 'bumpTask', made(PIZZA, 1))
    kitchen.refuses('notReady', 'startTask', task(PIZZA, 1))
    kitchen.do('startTask', task(PIZZA, 0))
    kitchen.refuses('notReady', 'bumpTask', made(PIZZA, 1))
    kitchen.do('bumpTask', made(PIZZA, 0))
    kitchen.do('bumpTask', made(PIZZA, 1))
    expect(status(kitchen, PIZZA)).toBe('ready')
  })

  test('refusals', () => {
    const kitchen = busy()
    kitchen.refuses('stillHeld', 'startTask', task(CAKE, 0))
    kitchen.refuses('unknownTask', 'bumpTask', made(CAKE, 5))
    kitchen.refuses('unknownItem', 'bumpTask', made(uuid(99), 0))
    kitchen.refuses('unknownOrder', 'bumpTask', { ...made(CAKE, 0), order: uuid(99) })
    kitchen.do('voidItem', { order: ORDER, item: BURGER, reason: '' })
    kitchen.refuses('itemVoided', 'startTask', task(BURGER, 0))
    kitchen.do('cancelOrder', { order: ORDER, reason: '' })
    kitchen.refuses('orderCancelled', 'startTask', task(PIZZA, 0))
  })
})

describe('bumpTicket', () => {
  test('makes everything this station can do ready', () => {
    const kitchen = busy()
    kitchen.do('addItems', {
      order: ORDER,
      items: [line(uuid(20), 'steak'), line(uuid(21), 'steak', { hold: true })],
    })
    kitchen.do('bumpTicket', kitchen.all('grill'))
    expect(kitchen.see('open')?.items.map(({ status }) => status)).toEqual([
      'preparing',
      'confirmed',
      'held',
      'ready',
      'held',
    ])
    expect(kitchen.try('bumpTicket', kitchen.all('grill'))).toMatchObject({
      ok: true,
      value: { events: [], value: { done: 0, left: [{ item: uuid(21), code: 'held' }], deed: null } },
    })
  })

  test('a ticket already bumped changes nothing; one step of two on a station goes at a time', () => {
    const kitchen = busy()
    kitchen.do('bumpTicket', kitchen.all('fryer'))
    expect(kitchen.do('bumpTicket', kitchen.all('fryer'))).toEqual([])
    kitchen.refuses('notReady', 'bumpTicket', kitchen.all('oven'))
  })

  test('refusals', () => {
    const kitchen = busy()
    kitchen.refuses('unknownItem', 'bumpTicket', kitchen.all('expo'))
    kitchen.refuses('unknownOrder', 'bumpTicket', kitchen.all('grill', uuid(99)))
    const shown = kitchen.all('grill')
    kitchen.do('voidItem', { order: ORDER, item: BURGER, reason: '' })
    kitchen.refuses('itemVoided', 'bumpTicket', shown)
  })

  test('the expo bumps what no station shows', () => {
    const kitchen = busy()
    const stations = { stations: [{ id: 'grill', name: 'Grill', warnAfter: 60, lateAfter: 90 }] }
    kitchen.do('publishDocument', { name: 'stations', base: 1, body: stations })
    kitchen.do('bumpTicket', kitchen.all('expo'))
    kitchen.do('bumpTicket', kitchen.all('grill'))
    expect(status(kitchen, BURGER)).toBe('ready')
    expect(status(kitchen, PIZZA)).toBe('preparing')
    kitchen.do('bumpTicket', kitchen.all('expo'))
    expect(status(kitchen, PIZZA)).toBe('ready')
  })
})

describe('recall', () => {
  test('opens the next cycle, even of what was served', () => {
    const kitchen = busy()
    kitchen.do('bumpTask', made(BURGER, 0))
    kitchen.do('bumpTask', made(BURGER, 1))
    kitchen.do('serve', kitchen.out())
    expect(status(kitchen, BURGER)).toBe('served')
    expect(kitchen.do('recallTask', made(BURGER, 0))).toMatchObject([
      { data: { moves: [{ cycle: 1, rank: 0, task: `${BURGER}:0` }] } },
    ])
    expect(status(kitchen, BURGER)).toBe('preparing')
    kitchen.refuses('nothingToDo', 'recallTask', made(BURGER, 0))
    kitchen.do('bumpTicket', kitchen.all('grill'))
    expect(status(kitchen, BURGER)).toBe('ready')
  })

  test('a ticket for one station, or for all', () => {
    const kitchen = busy()
    for (const station of ['grill', 'fryer', 'pizza']) kitchen.do('bumpTicket', kitchen.all(station))
    kitchen.do('recallTicket', kitchen.back('grill'))
    expect(kitchen.see('grill')).not.toBeNull()
    expect(kitchen.see('fryer')).toBeNull()
    kitchen.do('recallTicket', kitchen.back())
    expect(kitchen.see('fryer')).not.toBeNull()
    expect(kitchen.see('pizza')).not.toBeNull()
    kitchen.refuses('unknownItem', 'recallTicket', kitchen.back())
  })

  test('refusals', () => {
    const kitchen = busy()
    kitchen.refuses('nothingToDo', 'recallTask', made(BURGER, 0))
    kitchen.refuses('unknownTask', 'recallTask', made(BURGER, 9))
    kitchen.refuses('unknownOrder', 'recallTicket', kitchen.back(undefined, uuid(99)))
  })
})

describe('serve', () => {
  test('hands over all that is ready, or exactly these', () => {
    const kitchen = busy()
    kitchen.refuses('unknownItem', 'serve', kitchen.out())
    kitchen.refuses('notReady', 'serve', kitchen.out([BURGER]))
    for (const station of ['grill', 'fryer', 'pizza', 'oven']) kitchen.do('bumpTicket', kitchen.all(station))
    kitchen.do('serve', kitchen.out([PIZZA]))
    expect(status(kitchen, PIZZA)).toBe('served')
    expect(kitchen.do('serve', kitchen.out([PIZZA]))).toEqual([])
    kitchen.do('serve', kitchen.out())
    expect(status(kitchen, BURGER)).toBe('served')
    expect(orderStatus(kitchen.order())).toBe('preparing')
    kitchen.refuses('stillHeld', 'serve', kitchen.out([CAKE]))
  })

  test('refusals', () => {
    const kitchen = busy()
    kitchen.refuses('unknownItem', 'serve', kitchen.out([uuid(99)]))
    kitchen.refuses('unknownOrder', 'serve', kitchen.out(undefined, uuid(99)))
    kitchen.do('voidItem', { order: ORDER, item: BURGER, reason: '' })
    kitchen.refuses('itemVoided', 'serve', kitchen.out([BURGER]))
  })
})

describe('acknowledge', () => {
  test('writes down once what is there to be seen, and nothing else', () => {
    const kitchen = busy()
    kitchen.do('changeItem', { order: ORDER, item: BURGER, quantity: 5 })
    const seen = kitchen.see('grill')?.items[0]?.pending ?? []
    const events = kitchen.do('acknowledge', {
      order: ORDER,
      station: 'grill',
      seen: [...seen, ...seen, 'junk'],
    })
    expect(events).toMatchObject([{ data: { station: 'grill', seen } }])
    expect(kitchen.do('acknowledge', { order: ORDER, station: 'grill', seen })).toEqual([])
    expect(kitchen.do('acknowledge', { order: ORDER, station: 'grill', seen: ['__proto__'] })).toEqual([])
    kitchen.refuses('unknownOrder', 'acknowledge', { order: uuid(99), station: 'grill', seen })
  })

  test('works on a cancelled order', () => {
    const kitchen = busy()
    kitchen.do('cancelOrder', { order: ORDER, reason: 'left' })
    const seen = kitchen.see('grill')?.pending ?? []
    expect(seen).toHaveLength(1)
    kitchen.do('acknowledge', { order: ORDER, station: 'grill', seen })
    expect(kitchen.see('grill')).toBeNull()
  })
})

test('a command twice: the second finds it done or is refused, and the state stays', () => {
  const kitchen = new Kitchen()
  kitchen.do('placeOrder', placing([line(BURGER, 'burger')]))
  const once = structuredClone(kitchen.order())
  kitchen.refuses('duplicateOrder', 'placeOrder', placing([line(BURGER, 'burger')]))
  for (const event of kitchen.log.slice()) kitchen.take(event)
  expect(kitchen.order()).toEqual(once)
})
