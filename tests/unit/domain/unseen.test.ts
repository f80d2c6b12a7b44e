/** @file Nothing is done unseen: what cooks, expo and servers lost with other systems, told as they would tell it. */
import { describe, expect, test } from 'vitest'
import type { Done } from '../../../shared/domain/decide/work.ts'
import { itemStatus, orderStatus } from '../../../shared/domain/status.ts'
import { applyAll } from './history.ts'
import { BURGER, Kitchen, line, ORDER, PIZZA, placing, restaurant, task, uuid } from './kit.ts'

const STEAK = uuid(21)
const CAKE = uuid(22)
const OTHER = uuid(23)

/** A kitchen with one order. */
function kitchenWith(...items: ReturnType<typeof line>[]): Kitchen {
  const kitchen = new Kitchen()
  kitchen.do('placeOrder', placing(items))
  return kitchen
}

const steak = (more = {}) => line(STEAK, 'steak', more)

/** A second core that heard all of the first one's. */
function peerOf(kitchen: Kitchen, device: string): Kitchen {
  const peer = new Kitchen(restaurant(), device)
  for (const event of kitchen.log) peer.take(event)
  peer.now = kitchen.now
  return peer
}

/** They meet: both hear what they missed. */
function meet(...kitchens: Kitchen[]): void {
  const all = kitchens.flatMap(({ log }) => log)
  for (const kitchen of kitchens) {
    const known = new Set(kitchen.log.map(({ id }) => id))
    for (const event of new Map(all.map((one) => [one.id, one])).values())
      if (!known.has(event.id)) kitchen.take(event)
  }
}

const item = (kitchen: Kitchen, id: string, board = 'open') =>
  kitchen.ticket(board).items.find((one) => one.id === id)
const status = (kitchen: Kitchen, id: string) =>
  itemStatus(kitchen.order(), kitchen.order().items[id] as never)
const answer = (kitchen: Kitchen, ...args: Parameters<Kitchen['do']>): Done => {
  const decision = kitchen.try(...args)
  if (!decision.ok) throw new Error(JSON.stringify(decision.error))
  for (const event of decision.value.events) kitchen.take(event)
  return decision.value.value as never as Done
}

describe('a whole ticket is what its screen showed', () => {
  test('a dish added while the cook pressed BUMP stays on the board', () => {
    const kitchen = kitchenWith(steak())
    const pressed = kitchen.all('grill')
    kitchen.do('addItems', { order: ORDER, items: [line(OTHER, 'steak', { allergies: ['eggs'] })] })
    expect(answer(kitchen, 'bumpTicket', pressed)).toMatchObject({ done: 1, left: [], unseen: 1 })
    expect(status(kitchen, STEAK)).toBe('ready')
    expect(item(kitchen, OTHER, 'grill')?.tasks[0]?.status).toBe('confirmed')
    expect(kitchen.see('grill')).not.toBeNull()
  })

  test('serve pressed twice does not hand out the cake that got ready in between', () => {
    const kitchen = kitchenWith(steak(), line(CAKE, 'cake'))
    kitchen.do('bumpTicket', kitchen.all('grill'))
    const pressed = kitchen.out()
    kitchen.do('serve', pressed)
    kitchen.do('bumpTicket', kitchen.all('cold'))
    expect(answer(kitchen, 'serve', pressed)).toMatchObject({ done: 0, unseen: 1 })
    expect(status(kitchen, CAKE)).toBe('ready')
  })

  test('fire pressed on one dessert leaves the one added since on hold', () => {
    const kitchen = kitchenWith(steak(), line(CAKE, 'cake', { hold: true }))
    const pressed = kitchen.course('desserts')
    kitchen.do('addItems', { order: ORDER, items: [line(OTHER, 'cake', { hold: true })] })
    expect(answer(kitchen, 'fireCourse', pressed)).toMatchObject({ done: 1, unseen: 1 })
    expect([status(kitchen, CAKE), status(kitchen, OTHER)]).toEqual(['confirmed', 'held'])
  })

  test('what was voided, held or never there is left, and the rest is done', () => {
    const kitchen = kitchenWith(steak(), line(OTHER, 'steak'), line(CAKE, 'steak', { hold: true }))
    const pressed = kitchen.all('grill')
    kitchen.do('voidItem', { order: ORDER, item: OTHER, reason: '' })
    const tasks = [...pressed.tasks, { item: uuid(77), task: 'x', n: 1 }]
    expect(answer(kitchen, 'bumpTicket', { ...pressed, tasks })).toMatchObject({
      done: 1,
      left: [
        { item: OTHER, code: 'voided' },
        { item: CAKE, code: 'held' },
        { item: uuid(77), code: 'gone' },
      ],
    })
  })

  test('a screen gone wrong cannot fill the log with what it says it saw', () => {
    const kitchen = kitchenWith(steak())
    const saw = Array.from({ length: 1000 }, (_, n) => `made up ${n}`)
    const [event] = kitchen.do('bumpTask', { ...task(STEAK, 0), n: 1, saw })
    expect(event).toMatchObject({ data: { moves: [{ n: 1, saw: [] }] } })
  })
})

describe('changed after it was ready', () => {
  const change = (kitchen: Kitchen, fields: object) =>
    kitchen.do('changeItem', { order: ORDER, item: STEAK, ...fields })
  const bumped = () => {
    const kitchen = kitchenWith(steak())
    kitchen.do('bumpTicket', kitchen.all('grill'))
    return kitchen
  }

  test('more portions: the added ones are to be made, counted, and cannot be served before', () => {
    const kitchen = bumped()
    change(kitchen, { quantity: 3 })
    expect(kitchen.see('grill')?.items[0]).toMatchObject({
      quantity: 3,
      change: { quantity: [1, 3] },
      tasks: [{ made: 1 }],
    })
    kitchen.refuses('notReady', 'serve', kitchen.out([STEAK]))
    kitchen.do('bumpTicket', kitchen.all('grill'))
    kitchen.do('serve', kitchen.out())
    expect(status(kitchen, STEAK)).toBe('served')
  })

  test.each([
    ['a note', { note: 'NUT ALLERGY' }],
    ['an allergy', { allergies: ['nuts'] as const }],
  ])('%s: the whole line is to be made again, and says what was made before', (_, fields) => {
    const kitchen = bumped()
    change(kitchen, fields)
    expect(status(kitchen, STEAK)).toBe('confirmed')
    expect(kitchen.see('grill')?.items[0]?.tasks[0]).toMatchObject({ status: 'confirmed', otherwise: 1 })
    kitchen.refuses('notReady', 'serve', kitchen.out([STEAK]))
    // "Seen" alone makes nothing ready.
    kitchen.do('acknowledge', {
      order: ORDER,
      station: 'grill',
      seen: kitchen.ticket('grill').items[0]?.pending ?? [],
    })
    expect(kitchen.see('grill')).not.toBeNull()
    kitchen.do('bumpTicket', kitchen.all('grill'))
    expect(status(kitchen, STEAK)).toBe('ready')
  })

  test('other modifiers, compared by which and how often', () => {
    const kitchen = kitchenWith(line(BURGER, 'burger', { modifiers: ['rare', 'cheese', 'bacon'] }))
    for (const station of ['grill', 'fryer']) kitchen.do('bumpTicket', kitchen.all(station))
    kitchen.do('changeItem', { order: ORDER, item: BURGER, modifiers: ['bacon', 'cheese', 'rare'] })
    expect(status(kitchen, BURGER)).toBe('ready')
    kitchen.do('changeItem', { order: ORDER, item: BURGER, modifiers: ['done', 'cheese', 'bacon'] })
    expect(status(kitchen, BURGER)).toBe('confirmed')
    kitchen.do('changeItem', { order: ORDER, item: BURGER, modifiers: ['rare', 'bacon', 'cheese'] })
    expect(status(kitchen, BURGER)).toBe('ready')
  })

  test('fewer portions, or an allergy that is gone, ask for nothing', () => {
    const kitchen = kitchenWith(steak({ quantity: 3, allergies: ['nuts', 'milk'] }))
    kitchen.do('bumpTicket', kitchen.all('grill'))
    change(kitchen, { quantity: 2, allergies: ['milk'] })
    expect(status(kitchen, STEAK)).toBe('ready')
  })

  test('a cook apart who never saw the change leaves it open', () => {
    const kitchen = kitchenWith(steak())
    const apart = peerOf(kitchen, 'apart')
    change(kitchen, { note: 'no salt' })
    apart.later(5000).do('bumpTicket', apart.all('grill'))
    meet(kitchen, apart)
    for (const one of [kitchen, apart]) {
      expect(status(one, STEAK)).toBe('confirmed')
      expect(item(one, STEAK, 'grill')?.tasks[0]?.otherwise).toBe(1)
    }
  })

  test('an allergy told when the plate is at the guest alarms the kitchen all the same', () => {
    const kitchen = bumped()
    kitchen.do('serve', kitchen.out())
    change(kitchen, { allergies: ['nuts'] })
    expect(kitchen.see('grill')?.items[0]?.change).toEqual({ allergies: [[], ['nuts']] })
    expect(status(kitchen, STEAK)).toBe('served')
  })

  test('changed back before anybody looked: nothing to see', () => {
    const kitchen = kitchenWith(steak({ quantity: 2 }))
    change(kitchen, { quantity: 3 })
    change(kitchen, { quantity: 2 })
    expect(kitchen.see('grill')?.items[0]).toMatchObject({ change: null, pending: [] })
  })

  test('the guest moved to another seat: nobody cooks anything again', () => {
    const kitchen = bumped()
    change(kitchen, { seat: 4 })
    expect(item(kitchen, STEAK)).toMatchObject({ seat: 4, status: 'ready' })
  })
})

describe('splits', () => {
  const split = (kitchen: Kitchen, newItem: string, quantity = 1) =>
    kitchen.do('splitItem', { order: ORDER, item: STEAK, newItem, quantity })
  const portions = (kitchen: Kitchen) => kitchen.ticket('open').items.map(({ quantity }) => quantity)

  test('two servers each split 1 off 3 apart: three steaks, and a bill for three', () => {
    const kitchen = kitchenWith(steak({ quantity: 3 }))
    const apart = peerOf(kitchen, 'apart')
    split(kitchen, OTHER)
    split(apart, CAKE)
    meet(kitchen, apart)
    for (const one of [kitchen, apart]) {
      expect(portions(one)).toEqual([1, 1, 1])
      expect(one.ticket('open').total).toBe(3 * 2900)
    }
  })

  test('a split and a quantity of 4 apart: four', () => {
    const kitchen = kitchenWith(steak({ quantity: 3 }))
    const apart = peerOf(kitchen, 'apart')
    split(kitchen, OTHER)
    apart.do('changeItem', { order: ORDER, item: STEAK, quantity: 4 })
    meet(kitchen, apart)
    expect(portions(kitchen)).toEqual([3, 1])
  })

  test('split here while all three are bumped there: one stands ready too many, one is to make, and both say so', () => {
    const kitchen = kitchenWith(steak({ quantity: 3 }))
    const apart = peerOf(kitchen, 'apart')
    split(kitchen, OTHER)
    apart.do('bumpTicket', apart.all('grill'))
    meet(kitchen, apart)
    expect(kitchen.ticket('open').items.map(({ status }) => status)).toEqual(['ready', 'confirmed'])
  })

  test('what is made goes along only as far as the rest needs it less', () => {
    const kitchen = kitchenWith(steak({ quantity: 3 }))
    kitchen.do('bumpTask', { ...task(STEAK, 0), n: 2 })
    split(kitchen, OTHER)
    expect(kitchen.ticket('open').items.map(({ status }) => status)).toEqual(['ready', 'preparing'])
  })

  test('a change that nobody has seen stands on both halves, with its difference', () => {
    const kitchen = kitchenWith(steak({ quantity: 3 }))
    kitchen.do('changeItem', { order: ORDER, item: STEAK, quantity: 4, note: 'no salt' })
    split(kitchen, OTHER)
    const [old, fresh] = [STEAK, OTHER].map((id) => item(kitchen, id, 'grill'))
    expect(old?.change).toEqual({ quantity: [2, 3], note: ['', 'no salt'] })
    expect(fresh?.change).toEqual({ note: ['', 'no salt'] })
  })

  test('a note for all of them, written by somebody who did not know of the split, is on both', () => {
    const kitchen = kitchenWith(steak({ quantity: 3 }))
    const apart = peerOf(kitchen, 'apart')
    split(kitchen, OTHER)
    apart.do('changeItem', { order: ORDER, item: STEAK, note: 'NUT ALLERGY' })
    meet(kitchen, apart)
    expect(kitchen.ticket('open').items.map(({ note }) => note)).toEqual(['NUT ALLERGY', 'NUT ALLERGY'])
    kitchen.do('changeItem', { order: ORDER, item: STEAK, note: 'rare' })
    expect(kitchen.ticket('open').items.map(({ note }) => note)).toEqual(['rare', 'NUT ALLERGY'])
  })

  test('a recall of what stayed leaves what went along as it is', () => {
    const kitchen = kitchenWith(steak({ quantity: 3 }))
    kitchen.do('bumpTicket', kitchen.all('grill'))
    split(kitchen, OTHER)
    kitchen.do('recallTask', { ...task(STEAK, 0), n: 2, saw: item(kitchen, STEAK)?.shown ?? [] })
    expect(kitchen.ticket('open').items.map(({ status }) => status)).toEqual(['confirmed', 'ready'])
  })

  test('a quantity of either half counts for that half', () => {
    const kitchen = kitchenWith(steak({ quantity: 3 }))
    split(kitchen, OTHER)
    kitchen.do('changeItem', { order: ORDER, item: STEAK, quantity: 5 })
    kitchen.do('changeItem', { order: ORDER, item: OTHER, quantity: 2 })
    expect(portions(kitchen)).toEqual([5, 2])
  })
})

describe('recalls', () => {
  test('a slip recalled and bumped again here, the dish of a guest sent back there: it is to be made', () => {
    const kitchen = kitchenWith(steak())
    kitchen.do('bumpTicket', kitchen.all('grill'))
    const apart = peerOf(kitchen, 'apart')
    kitchen.do('recallTicket', kitchen.back('grill'))
    kitchen.do('bumpTicket', kitchen.all('grill'))
    apart.do('recallTicket', apart.back('grill'))
    meet(kitchen, apart)
    for (const one of [kitchen, apart]) expect(one.see('grill')).not.toBeNull()
    kitchen.do('bumpTicket', kitchen.all('grill'))
    expect(status(kitchen, STEAK)).toBe('ready')
  })

  test('a pizza recalled at prep has to go through the oven again', () => {
    const kitchen = kitchenWith(line(PIZZA, 'pizza'))
    for (const station of ['pizza', 'oven']) kitchen.do('bumpTicket', kitchen.all(station))
    kitchen.do('recallTicket', kitchen.back('pizza'))
    expect(kitchen.see('oven')?.items[0]?.tasks[1]).toMatchObject({ status: 'confirmed', waiting: true })
    kitchen.do('bumpTicket', kitchen.all('pizza'))
    expect(status(kitchen, PIZZA)).toBe('preparing')
    kitchen.do('bumpTicket', kitchen.all('oven'))
    expect(status(kitchen, PIZZA)).toBe('ready')
  })

  test('too cold: only the oven, and then it is served again', () => {
    const kitchen = kitchenWith(line(PIZZA, 'pizza'))
    for (const station of ['pizza', 'oven']) kitchen.do('bumpTicket', kitchen.all(station))
    kitchen.do('serve', kitchen.out())
    kitchen.do('recallTicket', kitchen.back('oven'))
    expect(kitchen.see('pizza')).toBeNull()
    kitchen.do('bumpTicket', kitchen.all('oven'))
    kitchen.do('serve', kitchen.out())
    expect(orderStatus(kitchen.order())).toBe('served')
  })

  test('one of three was wrong: one is to be made', () => {
    const kitchen = kitchenWith(steak({ quantity: 3 }))
    kitchen.do('bumpTicket', kitchen.all('grill'))
    kitchen.do('recallTask', { ...task(STEAK, 0), n: 1 })
    expect(kitchen.see('grill')?.items[0]?.tasks[0]).toMatchObject({ made: 2 })
  })
})

describe('undo', () => {
  const deedOf = (kitchen: Kitchen) => kitchen.log.at(-1)?.stamp ?? ''

  test('a bump taken back: cooking for as long as before, not waiting from now', () => {
    const kitchen = kitchenWith(steak())
    kitchen.later(60_000).do('startTask', task(STEAK, 0))
    const before = kitchen.ticket('grill')
    kitchen.later(600_000).do('bumpTicket', kitchen.all('grill'))
    kitchen.later(2000).do('undo', { order: ORDER, deeds: [deedOf(kitchen)] })
    expect(kitchen.ticket('grill')).toEqual(before)
  })

  test('two cooks bumped apart, one takes it back: it is ready, as the other said', () => {
    const kitchen = kitchenWith(steak())
    const apart = peerOf(kitchen, 'apart')
    kitchen.do('bumpTicket', kitchen.all('grill'))
    const deed = deedOf(kitchen)
    apart.do('bumpTicket', apart.all('grill'))
    meet(kitchen, apart)
    kitchen.do('undo', { order: ORDER, deeds: [deed] })
    expect(status(kitchen, STEAK)).toBe('ready')
    expect(kitchen.try('undo', { order: ORDER, deeds: [deed] })).toMatchObject({
      value: { events: [], value: { done: 0 } },
    })
  })

  test('not once the dish has gone on: handed out, or in the oven', () => {
    const kitchen = kitchenWith(line(PIZZA, 'pizza'), steak())
    kitchen.do('bumpTicket', kitchen.all('pizza'))
    const prep = deedOf(kitchen)
    kitchen.do('startTask', task(PIZZA, 1))
    kitchen.refuses('nothingToDo', 'undo', { order: ORDER, deeds: [prep] })
    kitchen.do('bumpTicket', kitchen.all('grill'))
    const grill = deedOf(kitchen)
    kitchen.do('serve', kitchen.out())
    kitchen.refuses('nothingToDo', 'undo', { order: ORDER, deeds: [grill] })
    kitchen.do('undo', { order: ORDER, deeds: [deedOf(kitchen)] })
    expect(status(kitchen, STEAK)).toBe('ready')
  })

  test('only who may do it may take it back', () => {
    const kitchen = kitchenWith(steak())
    kitchen.do('bumpTicket', kitchen.all('grill'))
    const bump = deedOf(kitchen)
    kitchen.roles = ['server']
    kitchen.refuses('notAllowed', 'undo', { order: ORDER, deeds: [bump] })
    kitchen.do('serve', kitchen.out())
    kitchen.do('undo', { order: ORDER, deeds: [deedOf(kitchen)] })
    kitchen.roles = ['cook']
    kitchen.do('undo', { order: ORDER, deeds: [bump] })
    expect(status(kitchen, STEAK)).toBe('confirmed')
  })
})

describe('hold and fire', () => {
  test('a fired starter that cooks and is moved to the mains goes on cooking, and can be served', () => {
    const kitchen = kitchenWith(steak({ hold: true, course: 'starters' }))
    kitchen.do('fireCourse', kitchen.course('starters'))
    kitchen.do('startTask', task(STEAK, 0))
    kitchen.do('changeItem', { order: ORDER, item: STEAK, course: 'mains' })
    expect(status(kitchen, STEAK)).toBe('preparing')
    kitchen.do('bumpTicket', kitchen.all('grill'))
    kitchen.do('serve', kitchen.out())
    expect(status(kitchen, STEAK)).toBe('served')
  })

  test('the same when it was fired and cooked here and moved there', () => {
    const kitchen = kitchenWith(steak({ hold: true, course: 'starters' }))
    const apart = peerOf(kitchen, 'apart')
    kitchen.do('fireCourse', kitchen.course('starters'))
    kitchen.do('startTask', task(STEAK, 0))
    apart.do('changeItem', { order: ORDER, item: STEAK, course: 'mains' })
    meet(kitchen, apart)
    expect(status(apart, STEAK)).toBe('preparing')
  })
})

test('a line of which everything was split off elsewhere is on no board and no bill', () => {
  const kitchen = kitchenWith(steak({ quantity: 2 }))
  const apart = peerOf(kitchen, 'apart')
  kitchen.do('splitItem', { order: ORDER, item: STEAK, newItem: OTHER, quantity: 1 })
  apart.do('splitItem', { order: ORDER, item: STEAK, newItem: CAKE, quantity: 1 })
  meet(kitchen, apart)
  expect(
    kitchen
      .ticket('open')
      .items.map(({ id, quantity }) => `${id} ${quantity}`)
      .sort(),
  ).toEqual([`${CAKE} 1`, `${OTHER} 1`])
  for (const id of [OTHER, CAKE]) kitchen.do('voidItem', { order: ORDER, item: id, reason: '' })
  expect(orderStatus(applyAll(kitchen.log).orders.get(ORDER) as never)).toBe('cancelled')
})

describe('what came since is marked until somebody touches it', () => {
  const seeAll = (kitchen: Kitchen, station: string) => {
    const ticket = kitchen.ticket(station)
    const seen = [...ticket.pending, ...ticket.items.flatMap(({ pending }) => pending)]
    kitchen.do('acknowledge', { order: ORDER, station, seen })
  }

  test('a line added to a ticket that was there, at its station alone, until it is seen or begun', () => {
    const kitchen = kitchenWith(steak())
    expect(item(kitchen, STEAK, 'grill')?.news).toBeUndefined()
    kitchen.later(60_000).do('addItems', { order: ORDER, items: [line(OTHER, 'steak'), line(CAKE, 'cake')] })
    expect(kitchen.see('grill')?.items.map(({ news, pending }) => [news, pending.length])).toEqual([
      [undefined, 0],
      ['added', 1],
    ])
    expect(item(kitchen, OTHER, 'open')?.news).toBeUndefined()
    seeAll(kitchen, 'grill')
    expect(item(kitchen, OTHER, 'grill')).toMatchObject({ pending: [] })
    expect(item(kitchen, CAKE, 'cold')?.news).toBe('added')
    kitchen.do('startTask', task(CAKE, 0))
    expect(item(kitchen, CAKE, 'cold')).toMatchObject({ pending: [] })
  })

  test('a course that was fired', () => {
    const kitchen = kitchenWith(steak(), line(CAKE, 'cake', { hold: true }))
    expect(item(kitchen, CAKE, 'cold')?.pending).toEqual([])
    kitchen.later(60_000).do('fireCourse', kitchen.course('desserts'))
    expect(item(kitchen, CAKE, 'cold')?.news).toBe('fired')
    seeAll(kitchen, 'cold')
    expect(item(kitchen, CAKE, 'cold')?.news).toBeUndefined()
  })

  test('the note, the table and the priority of an order: before and now, where there is work, and at the pass', () => {
    const kitchen = kitchenWith(steak(), line(CAKE, 'cake'))
    kitchen.do('bumpTicket', kitchen.all('cold'))
    kitchen.do('changeOrder', { order: ORDER, note: 'SEVERE NUT ALLERGY', table: 't2', priority: 'rush' })
    const change = { note: ['', 'SEVERE NUT ALLERGY'], table: ['T1', 'T2'], priority: ['normal', 'rush'] }
    for (const board of ['grill', 'expo']) expect(kitchen.see(board)).toMatchObject({ change })
    expect(kitchen.see('cold')).toBeNull()
    seeAll(kitchen, 'grill')
    expect(kitchen.see('grill')).not.toHaveProperty('change')
    expect(kitchen.see('expo')).toHaveProperty('change')
    kitchen.do('changeOrder', { order: ORDER, covers: 4 })
    expect(kitchen.see('grill')).not.toHaveProperty('change')
  })

  test('changed back: nothing to see; served: nothing left to see it at', () => {
    const kitchen = kitchenWith(steak())
    kitchen.do('changeOrder', { order: ORDER, note: 'x' })
    kitchen.do('changeOrder', { order: ORDER, note: '' })
    expect(kitchen.see('grill')).toMatchObject({ pending: [] })
    kitchen.do('changeOrder', { order: ORDER, note: 'birthday' })
    kitchen.do('bumpTicket', kitchen.all('grill'))
    kitchen.do('serve', kitchen.out())
    for (const board of ['grill', 'expo', 'open']) expect(kitchen.see(board)).toBeNull()
  })
})
