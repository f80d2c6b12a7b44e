/** @file What screens see: stations, expo and open orders; held and waiting work, changes to acknowledge, timers, money. */
import { describe, expect, test } from 'vitest'
import { apply, emptyState } from '../../../shared/domain/apply.ts'
import { isClosed, ticketOf } from '../../../shared/domain/view.ts'
import {
  BURGER,
  bodies,
  busy,
  CAKE,
  Kitchen,
  line,
  made,
  NOON,
  ORDER,
  PIZZA,
  placing,
  task,
  uuid,
} from './kit.ts'

/** Stations that exist after a manager has deleted the others. */
function keepOnly(kitchen: Kitchen, ...ids: string[]) {
  const stations = bodies.stations.stations.filter(({ id }) => ids.includes(id))
  const base = kitchen.state.documents.stations.version
  kitchen.do('publishDocument', { name: 'stations', base, body: { stations } })
}

const here = (kitchen: Kitchen, filter: string) =>
  kitchen
    .see(filter)
    ?.items.flatMap((item) => item.tasks.filter((one) => one.here).map((one) => `${item.name} ${one.status}`))

describe('what is on which board', () => {
  test('a station sees its own work with the other stations’ progress beside it', () => {
    const kitchen = busy()
    kitchen.do('startTask', task(BURGER, 1))
    const grill = kitchen.see('grill')
    expect(grill?.items.map(({ name }) => name)).toEqual(['Burger'])
    expect(grill?.items[0]?.tasks).toMatchObject([
      { station: 'grill', here: true, status: 'confirmed', at: null },
      { station: 'fryer', here: false, status: 'preparing', at: kitchen.now },
    ])
    expect(kitchen.see('gone')).toBeNull()
  })

  test('the expo and the console see everything', () => {
    const kitchen = busy()
    expect(kitchen.see('expo')?.items).toHaveLength(3)
    expect(kitchen.see('open')?.items).toHaveLength(3)
    expect(here(kitchen, 'expo')).toEqual([])
  })

  test('held items are visible and inert, without a timer', () => {
    const kitchen = busy()
    const ticket = kitchen.see('cold')
    expect(ticket).toMatchObject({ since: null, items: [{ name: 'Cake', status: 'held' }] })
    kitchen.later(5000).do('fireCourse', kitchen.course('desserts', ORDER))
    expect(kitchen.see('cold')).toMatchObject({ since: kitchen.now, items: [{ status: 'confirmed' }] })
  })

  test('a later step is there, waiting, until the one before is ready, and waits again when that is recalled', () => {
    const kitchen = busy()
    const waiting = () => kitchen.see('oven')?.items[0]?.tasks.map((one) => one.waiting)
    expect(waiting()).toEqual([false, true])
    kitchen.do('bumpTask', made(PIZZA, 0))
    expect(waiting()).toEqual([false, false])
    kitchen.do('recallTask', made(PIZZA, 0))
    expect(waiting()).toEqual([false, true])
  })

  test('a bumped ticket leaves its station and stays at the expo until it is served', () => {
    const kitchen = new Kitchen()
    kitchen.do('placeOrder', placing([line(CAKE, 'cake')]))
    kitchen.do('bumpTicket', kitchen.all('cold'))
    expect(kitchen.see('cold')).toBeNull()
    expect(kitchen.see('expo')?.status).toBe('ready')
    kitchen.do('serve', kitchen.out())
    expect(kitchen.see('expo')).toBeNull()
    expect(kitchen.see('open')).toBeNull()
    expect(
      ticketOf(kitchen.state.documents, kitchen.order(), { scope: 'station', station: 'cold' })?.status,
    ).toBe('served')
  })

  test('a held dessert keeps a served order open', () => {
    const kitchen = busy()
    for (const station of ['grill', 'fryer', 'pizza', 'oven']) kitchen.do('bumpTicket', kitchen.all(station))
    kitchen.do('serve', kitchen.out())
    expect(kitchen.see('open')?.status).toBe('preparing')
    expect(kitchen.see('cold')).not.toBeNull()
  })
})

describe('orphans', () => {
  test('work of a deleted station goes to the expo with an alarm, and back when the station returns', () => {
    const kitchen = busy()
    keepOnly(kitchen, 'grill', 'cold', 'pizza')
    expect(kitchen.see('fryer')).toBeNull()
    expect(kitchen.see('expo')?.items[0]?.tasks).toMatchObject([
      { station: 'grill', orphan: false, here: false },
      { station: 'expo', orphan: true, here: true },
    ])
    expect(kitchen.see('expo')?.items[1]?.tasks).toMatchObject([
      { orphan: false },
      { orphan: true, waiting: true },
    ])
    keepOnly(kitchen, 'grill', 'fryer')
    expect(here(kitchen, 'fryer')).toEqual(['Burger confirmed'])
  })

  test('what nothing routes is an orphan too', () => {
    const kitchen = new Kitchen()
    const { stations } = bodies.stations
    kitchen.do('publishDocument', { name: 'stations', base: 1, body: { stations } })
    kitchen.do('placeOrder', placing([line(CAKE, 'cake')]))
    expect(kitchen.see('expo')?.items[0]?.tasks).toMatchObject([
      { station: 'expo', orphan: true, here: true },
    ])
    kitchen.do('bumpTicket', kitchen.all('expo'))
    expect(kitchen.see('expo')?.status).toBe('ready')
  })

  test('a change to an orphan is acknowledged at the expo', () => {
    const kitchen = busy()
    keepOnly(kitchen, 'grill')
    kitchen.do('changeItem', { order: ORDER, item: PIZZA, quantity: 2 })
    const pending = kitchen.see('expo')?.items[1]?.pending ?? []
    expect(pending).toHaveLength(1)
    kitchen.do('acknowledge', { order: ORDER, station: 'expo', seen: pending })
    expect(kitchen.see('expo')?.items[1]?.pending).toEqual([])
  })
})

describe('changes to acknowledge', () => {
  const burger = (kitchen: Kitchen, filter: string) => kitchen.see(filter)?.items[0]

  test('before and now, at each station by itself', () => {
    const kitchen = busy()
    kitchen.do('changeItem', {
      order: ORDER,
      item: BURGER,
      quantity: 4,
      modifiers: ['done', 'bacon'],
      note: 'hot',
      course: 'starters',
    })
    const change = {
      quantity: [3, 4],
      modifiers: [['Rare'], ['Well done', 'Bacon']],
      note: ['', 'hot'],
      course: ['Mains', 'Starters'],
    }
    expect(burger(kitchen, 'grill')?.change).toEqual(change)
    expect(burger(kitchen, 'fryer')?.change).toEqual(change)
    expect(burger(kitchen, 'expo')).toMatchObject({ change: null, pending: [] })
    expect(burger(kitchen, 'open')).toMatchObject({ change: null, pending: [] })
    kitchen.do('acknowledge', {
      order: ORDER,
      station: 'grill',
      seen: burger(kitchen, 'grill')?.pending ?? [],
    })
    expect(burger(kitchen, 'grill')?.change).toBeNull()
    expect(burger(kitchen, 'fryer')?.change).toEqual(change)
  })

  test('several changes show the way from what was last acknowledged', () => {
    const kitchen = busy()
    const change = (quantity: number) => kitchen.do('changeItem', { order: ORDER, item: BURGER, quantity })
    change(4)
    change(5)
    expect(burger(kitchen, 'grill')?.change).toEqual({ quantity: [3, 5] })
    expect(burger(kitchen, 'grill')?.pending).toHaveLength(2)
    kitchen.do('acknowledge', {
      order: ORDER,
      station: 'grill',
      seen: burger(kitchen, 'grill')?.pending ?? [],
    })
    change(6)
    expect(burger(kitchen, 'grill')?.change).toEqual({ quantity: [5, 6] })
  })

  test('a course taken from a dish that had none starts from nothing', () => {
    const kitchen = new Kitchen()
    kitchen.do('placeOrder', placing([line(PIZZA, 'odd')]))
    kitchen.do('changeItem', { order: ORDER, item: PIZZA, course: 'mains' })
    expect(burger(kitchen, 'cold')?.change).toEqual({ course: ['', 'Mains'] })
  })

  test('a split shows the smaller quantity without an alarm', () => {
    const kitchen = busy()
    kitchen.do('splitItem', { order: ORDER, item: BURGER, newItem: uuid(30), quantity: 1 })
    expect(burger(kitchen, 'grill')).toMatchObject({ quantity: 2, change: null, pending: [] })
  })

  test('a dish of which more is wanted after it was bumped is on the board until the rest is made', () => {
    const kitchen = busy()
    kitchen.do('bumpTicket', kitchen.all('grill'))
    expect(kitchen.see('grill')).toBeNull()
    kitchen.do('changeItem', { order: ORDER, item: BURGER, quantity: 9 })
    expect(burger(kitchen, 'grill')?.change).toEqual({ quantity: [3, 9] })
    kitchen.do('acknowledge', {
      order: ORDER,
      station: 'grill',
      seen: burger(kitchen, 'grill')?.pending ?? [],
    })
    expect(burger(kitchen, 'grill')?.tasks[0]).toMatchObject({ status: 'preparing', made: 3 })
    kitchen.do('bumpTicket', kitchen.all('grill'))
    expect(kitchen.see('grill')).toBeNull()
  })

  test('a void stays until each of its stations has seen it; the change before it is moot', () => {
    const kitchen = busy()
    kitchen.do('changeItem', { order: ORDER, item: BURGER, quantity: 9 })
    kitchen.do('voidItem', { order: ORDER, item: BURGER, reason: 'wrong table' })
    expect(burger(kitchen, 'grill')).toMatchObject({
      status: 'voided',
      voided: { reason: 'wrong table' },
      change: null,
    })
    expect(kitchen.see('grill')?.since).toBeNull()
    expect(kitchen.see('expo')?.items.map(({ name }) => name)).toEqual(['Pizza', 'Cake'])
    expect(kitchen.see('open')?.items).toHaveLength(3)
    const seen = burger(kitchen, 'grill')?.pending ?? []
    expect(seen).toHaveLength(1)
    kitchen.do('acknowledge', { order: ORDER, station: 'grill', seen })
    expect(kitchen.see('grill')).toBeNull()
    expect(kitchen.see('fryer')?.items[0]?.pending).toEqual(seen)
  })

  test('a held item voided disappears quietly', () => {
    const kitchen = busy()
    kitchen.do('voidItem', { order: ORDER, item: CAKE, reason: '' })
    expect(kitchen.see('cold')).toBeNull()
  })

  test('a cancellation is acknowledged by every station that had work, once', () => {
    const kitchen = busy()
    kitchen.do('changeItem', { order: ORDER, item: BURGER, quantity: 2 })
    kitchen.do('cancelOrder', { order: ORDER, reason: 'left' })
    const grill = kitchen.see('grill')
    expect(grill).toMatchObject({ status: 'cancelled', since: null, cancelled: { reason: 'left' } })
    expect(grill?.pending).toHaveLength(1)
    expect(grill?.items[0]).toMatchObject({ pending: [], change: null })
    expect(kitchen.see('cold')).toBeNull()
    expect(kitchen.see('open')).toBeNull()
    for (const station of ['grill', 'fryer', 'pizza', 'oven', 'expo']) {
      expect(isClosed(kitchen.state.documents, kitchen.order())).toBe(false)
      kitchen.do('acknowledge', { order: ORDER, station, seen: grill?.pending ?? [] })
      expect(kitchen.see(station)).toBeNull()
    }
    expect(isClosed(kitchen.state.documents, kitchen.order())).toBe(true)
  })

  test('a void nobody has seen is not lost when the order is cancelled after it', () => {
    const kitchen = new Kitchen()
    kitchen.do('placeOrder', placing([line(CAKE, 'cake')]))
    kitchen.do('voidItem', { order: ORDER, item: CAKE, reason: '' })
    kitchen.do('cancelOrder', { order: ORDER, reason: '' })
    const seen = kitchen.see('cold')?.pending ?? []
    expect(seen).toHaveLength(1)
    expect(kitchen.see('expo')).toBeNull()
    kitchen.do('acknowledge', { order: ORDER, station: 'cold', seen })
    expect(isClosed(kitchen.state.documents, kitchen.order())).toBe(true)
  })
})

describe('timers', () => {
  test('run from the release of the oldest open work here', () => {
    const kitchen = busy()
    kitchen.later(60_000).do('addItems', { order: ORDER, items: [line(uuid(20), 'steak')] })
    expect(kitchen.see('grill')?.since).toBe(NOON)
    const added = kitchen.now
    kitchen.later(1000).do('bumpTask', made(BURGER, 0))
    expect(kitchen.see('grill')?.since).toBe(added)
    expect(kitchen.see('expo')?.since).toBe(NOON)
  })

  test('a recall keeps the age: the guest has waited since the order', () => {
    const kitchen = busy()
    kitchen.later(60_000).do('bumpTicket', kitchen.all('grill'))
    kitchen.later(60_000).do('recallTicket', kitchen.back('grill'))
    expect(kitchen.see('grill')?.since).toBe(NOON)
    kitchen.later(1000).do('startTask', task(BURGER, 0))
    expect(kitchen.see('grill')?.since).toBe(NOON)
  })
})

test('prices and totals are in the open scope only', () => {
  const kitchen = new Kitchen()
  kitchen.do('placeOrder', placing([line(BURGER, 'burger', { modifiers: ['rare', 'cheese'], quantity: 2 })]))
  expect(kitchen.see('open')).toMatchObject({ total: 3300, items: [{ price: 1650 }] })
  for (const board of ['grill', 'expo'])
    expect(JSON.stringify(kitchen.see(board))).not.toMatch(/price|total|150/)
  expect(JSON.stringify(kitchen.see('open'))).not.toContain('pinHash')
})

describe('isClosed', () => {
  test('served, or cancelled with nothing to acknowledge', () => {
    const kitchen = new Kitchen()
    kitchen.do('placeOrder', placing([line(CAKE, 'cake')]))
    expect(isClosed(kitchen.state.documents, kitchen.order())).toBe(false)
    kitchen.do('bumpTicket', kitchen.all('cold'))
    kitchen.do('serve', kitchen.out())
    expect(isClosed(kitchen.state.documents, kitchen.order())).toBe(true)
    kitchen.do('recallTicket', kitchen.back())
    expect(isClosed(kitchen.state.documents, kitchen.order())).toBe(false)
  })

  test('an order of which only a part has arrived is not closed and on no board', () => {
    const kitchen = busy()
    const [opened, ...items] = kitchen.log
    const state = emptyState()
    for (const event of items) apply(state, event)
    const early = state.orders.get(ORDER)
    expect(early && isClosed(state.documents, early)).toBe(false)
    expect(early && ticketOf(state.documents, early, { scope: 'open' })).toBeNull()
    const bare = emptyState()
    if (opened) apply(bare, opened)
    const empty = bare.orders.get(ORDER)
    expect(empty && isClosed(bare.documents, empty)).toBe(false)
    expect(empty && ticketOf(bare.documents, empty, { scope: 'open' })).toBeNull()
  })

  test('an order of which nobody here will hear more than that it was cancelled is closed, until more comes', () => {
    const kitchen = busy()
    const placed = kitchen.log.length
    kitchen.do('cancelOrder', { order: ORDER, reason: 'twice' })
    const [cancelled] = kitchen.log.slice(placed)
    kitchen.do('acknowledge', { order: ORDER, station: 'grill', seen: kitchen.see('grill')?.pending ?? [] })
    const [seen] = kitchen.log.slice(placed + 1)
    const closed = (...events: (typeof seen)[]) => {
      const state = emptyState()
      for (const event of events) if (event) apply(state, event)
      const order = state.orders.get(ORDER)
      return order && isClosed(state.documents, order)
    }
    expect([closed(cancelled), closed(seen), closed(seen, cancelled)]).toEqual([true, true, true])
    // Its other stations have not seen that.
    expect(closed(cancelled, seen, ...kitchen.log.slice(0, placed))).toBe(false)
  })
})
