/** @file Rules for placing and changing orders: what is accepted, and every refusal. */
import { describe, expect, test } from 'vitest'
import { currentFields } from '../../../shared/domain/order.ts'
import { currentLine } from '../../../shared/domain/portions.ts'
import { orderStatus } from '../../../shared/domain/status.ts'
import {
  BURGER,
  bodies,
  busy,
  CAKE,
  Kitchen,
  line,
  made,
  ORDER,
  PIZZA,
  placing,
  restaurant,
  uuid,
} from './kit.ts'

const NEW = uuid(50)
const item = (kitchen: Kitchen, id: string) => {
  const found = kitchen.order().items[id]
  if (!found) throw new Error('no such item')
  return found
}

describe('placeOrder', () => {
  test('snapshots the menu, the table and the person, and gives a number', () => {
    const kitchen = new Kitchen()
    const result = kitchen.try(
      'placeOrder',
      placing([line(BURGER, 'burger', { modifiers: ['done', 'cheese'] })]),
    )
    expect(result).toMatchObject({ ok: true, value: { value: { order: ORDER, number: '1' } } })
    if (!result.ok) return
    const [opened, added] = result.value.events
    expect(opened).toMatchObject({
      kind: 'order.opened',
      order: ORDER,
      staff: { id: 'sam', name: 'Sam' },
      data: { number: '1', table: { id: 't1', name: 'T1' }, server: { id: 'sam' }, covers: 2 },
    })
    expect(added?.data).toMatchObject({
      line: {
        name: 'Burger',
        price: 1500,
        allergens: ['gluten'],
        course: { id: 'mains', name: 'Mains', order: 2 },
        modifiers: [
          { id: 'done', price: 0 },
          { id: 'cheese', price: 150, allergens: ['milk'] },
        ],
      },
      tasks: [
        { id: `${BURGER}:0`, station: 'grill', step: 1 },
        { id: `${BURGER}:1`, station: 'fryer', step: 1 },
      ],
    })
    expect((added?.stamp ?? '') > (opened?.stamp ?? '')).toBe(true)
  })

  test('a menu published under an open order leaves its lines as they were ordered', () => {
    const kitchen = busy()
    const menu = structuredClone(bodies.menu)
    menu.items = menu.items
      .filter(({ id }) => id !== 'pizza')
      .map((dish) => ({ ...dish, name: 'New', price: 1 }))
    kitchen.do('publishDocument', { name: 'menu', base: 1, body: menu })
    const ticket = kitchen.see('open')
    expect(ticket?.items.map(({ name, price }) => [name, price])).toEqual([
      ['Burger', 1500],
      ['Pizza', 1200],
      ['Cake', 700],
    ])
    kitchen.do('changeItem', { order: ORDER, item: PIZZA, note: 'still possible' })
    kitchen.refuses('unknownMenuItem', 'addItems', { order: ORDER, items: [line(NEW, 'pizza')] })
  })

  test('emoji and right-to-left text arrive as they were typed', () => {
    const kitchen = new Kitchen()
    const note = '🎂👩‍👩‍👧 بدون بصل — 不要辣\nשלום'
    kitchen.do('placeOrder', placing([line(BURGER, 'burger', { note })], { note }))
    expect(kitchen.see('grill')).toMatchObject({ note, items: [{ note }] })
  })

  test('a course the menu does not have is lost when the category says it and refused when a person does', () => {
    const kitchen = new Kitchen()
    kitchen.do('placeOrder', placing([line(NEW, 'odd')]))
    expect(currentLine(kitchen.order(), item(kitchen, NEW))?.course).toBeNull()
    kitchen.refuses('unknownCourse', 'addItems', {
      order: ORDER,
      items: [line(BURGER, 'burger', { course: 'gone' })],
    })
    kitchen.do('addItems', { order: ORDER, items: [line(BURGER, 'burger', { course: 'starters' })] })
    expect(currentLine(kitchen.order(), item(kitchen, BURGER))?.course?.id).toBe('starters')
  })

  test('an item whose category the menu lost has no course', () => {
    const menu = { ...bodies.menu, categories: [] }
    const kitchen = new Kitchen(restaurant({ menu }))
    kitchen.do('placeOrder', placing([line(CAKE, 'cake')], { table: null }))
    expect(kitchen.see('cold')).toMatchObject({ table: null, items: [{ course: null }] })
  })

  test.each([
    ['unknownTable', placing([line(BURGER, 'burger')], { table: 'gone' })],
    ['unknownMenuItem', placing([line(BURGER, 'gone')])],
    ['unknownModifier', placing([line(BURGER, 'burger', { modifiers: ['rare', 'gone'] })])],
    ['unknownModifier', placing([line(PIZZA, 'pizza', { modifiers: ['rare'] })])],
    ['invalid', placing([line(BURGER, 'burger', { modifiers: [] })])],
    ['invalid', placing([line(BURGER, 'burger', { modifiers: ['rare', 'done'] })])],
    ['invalid', placing([line(BURGER, 'burger', { modifiers: ['rare', 'cheese', 'bacon', 'cheese'] })])],
    ['invalid', placing([line(BURGER, 'burger'), line(BURGER, 'burger')])],
  ])('refuses with %s', (code, args) => {
    const kitchen = new Kitchen()
    kitchen.refuses(code, 'placeOrder', args)
    expect(kitchen.state.orders.size).toBe(0)
  })

  test('a table deleted since the console loaded its plan', () => {
    const kitchen = new Kitchen()
    kitchen.do('publishDocument', { name: 'floor', base: 1, body: { areas: [], tables: [] } })
    kitchen.refuses('unknownTable', 'placeOrder', placing([line(BURGER, 'burger')]))
  })

  test('sold out', () => {
    const kitchen = new Kitchen()
    kitchen.do('setStock', { menuItem: 'burger', out: true })
    kitchen.refuses('soldOut', 'placeOrder', placing([line(PIZZA, 'pizza'), line(BURGER, 'burger')]))
  })

  test('the same order twice', () => {
    busy().refuses('duplicateOrder', 'placeOrder', placing([line(NEW, 'burger')]))
  })

  test('10,000 items: the schema says no, and so does the rule without it', () => {
    const kitchen = new Kitchen()
    const items = Array.from({ length: 10_000 }, (_, index) => line(uuid(100 + index), 'steak'))
    expect(() => kitchen.try('placeOrder', placing(items))).toThrow()
    const result = kitchen.try('placeOrder', placing(items), false)
    expect(result).toMatchObject({ ok: false, error: { code: 'tooLarge' } })
    kitchen.do('placeOrder', placing(items.slice(0, 500)))
    kitchen.refuses('tooLarge', 'addItems', { order: ORDER, items: [line(NEW, 'steak')] })
    kitchen.refuses('tooLarge', 'splitItem', { order: ORDER, item: uuid(100), newItem: NEW, quantity: 1 })
  })
})

describe('addItems', () => {
  test('adds lines, and brings a served order back', () => {
    const kitchen = new Kitchen()
    kitchen.do('placeOrder', placing([line(CAKE, 'cake')]))
    kitchen.do('bumpTask', made(CAKE, 0))
    kitchen.do('serve', kitchen.out())
    expect(orderStatus(kitchen.order())).toBe('served')
    kitchen.do('addItems', { order: ORDER, items: [line(NEW, 'steak')] })
    expect(orderStatus(kitchen.order())).toBe('preparing')
    expect(kitchen.see('grill')?.items).toHaveLength(1)
  })

  test('refuses a line that is there, an unknown order and a cancelled one', () => {
    const kitchen = busy()
    kitchen.refuses('invalid', 'addItems', { order: ORDER, items: [line(BURGER, 'burger')] })
    kitchen.refuses('unknownOrder', 'addItems', { order: NEW, items: [line(NEW, 'burger')] })
    kitchen.do('cancelOrder', { order: ORDER, reason: '' })
    kitchen.refuses('orderCancelled', 'addItems', { order: ORDER, items: [line(NEW, 'burger')] })
  })
})

describe('changeItem', () => {
  test('writes only what differs and asks the kitchen to look', () => {
    const kitchen = busy()
    const events = kitchen.do('changeItem', {
      order: ORDER,
      item: BURGER,
      quantity: 4,
      note: '',
      seat: 1,
      modifiers: ['rare'],
      course: 'mains',
    })
    expect(events).toMatchObject([{ data: { fields: { quantity: 4 }, notify: true } }])
    expect(kitchen.do('changeItem', { order: ORDER, item: BURGER, quantity: 4 })).toEqual([])
  })

  test('of a dish that is out there is no more: what was ordered stays, and may become less', () => {
    const kitchen = busy()
    const quantity = kitchen.order().items[BURGER]?.added?.line.quantity ?? 0
    kitchen.do('setStock', { menuItem: 'burger', out: true })
    kitchen.refuses('soldOut', 'changeItem', { order: ORDER, item: BURGER, quantity: quantity + 1 })
    expect(kitchen.do('changeItem', { order: ORDER, item: BURGER, note: 'no onion' })).toHaveLength(1)
    expect(kitchen.do('changeItem', { order: ORDER, item: BURGER, quantity: 1 })).toHaveLength(1)
  })

  test('a seat or a held item alarms nobody', () => {
    const kitchen = busy()
    expect(kitchen.do('changeItem', { order: ORDER, item: BURGER, seat: 2 })).toMatchObject([
      { data: { notify: false } },
    ])
    expect(kitchen.do('changeItem', { order: ORDER, item: CAKE, quantity: 2 })).toMatchObject([
      { data: { notify: false } },
    ])
    expect(kitchen.see('grill')?.items[0]?.seat).toBe(2)
    kitchen.do('changeItem', { order: ORDER, item: BURGER, seat: null })
    expect(kitchen.see('grill')?.items[0]?.seat).toBeNull()
  })

  test('modifiers change the price and the allergens shown, both ways', () => {
    const kitchen = busy()
    const change = (modifiers: string[]) =>
      kitchen.do('changeItem', { order: ORDER, item: BURGER, modifiers })
    change(['rare', 'cheese'])
    expect(kitchen.see('open')?.items[0]).toMatchObject({ price: 1650, allergens: ['gluten', 'milk'] })
    change(['rare'])
    expect(kitchen.see('open')?.items[0]).toMatchObject({ price: 1500, allergens: ['gluten'] })
  })

  test('a modifier the menu dropped stays allowed where it was ordered', () => {
    const kitchen = new Kitchen()
    kitchen.do('placeOrder', placing([line(BURGER, 'burger', { modifiers: ['rare', 'cheese'] })]))
    const menu = structuredClone(bodies.menu)
    menu.modifierGroups = menu.modifierGroups.filter(({ id }) => id !== 'extras')
    for (const dish of menu.items) dish.modifierGroups = dish.modifierGroups.filter((id) => id !== 'extras')
    kitchen.do('publishDocument', { name: 'menu', base: 1, body: menu })
    kitchen.do('changeItem', { order: ORDER, item: BURGER, modifiers: ['done', 'cheese'] })
    expect(kitchen.see('grill')?.items[0]?.allergens).toContain('milk')
    kitchen.refuses('unknownModifier', 'changeItem', {
      order: ORDER,
      item: BURGER,
      modifiers: ['done', 'bacon'],
    })
  })

  test('refusals', () => {
    const kitchen = busy()
    kitchen.refuses('unknownItem', 'changeItem', { order: ORDER, item: NEW, quantity: 1 })
    kitchen.refuses('unknownCourse', 'changeItem', { order: ORDER, item: BURGER, course: 'gone' })
    kitchen.refuses('invalid', 'changeItem', { order: ORDER, item: BURGER, modifiers: [] })
    kitchen.do('voidItem', { order: ORDER, item: PIZZA, reason: '' })
    kitchen.refuses('itemVoided', 'changeItem', { order: ORDER, item: PIZZA, quantity: 2 })
    kitchen.do('bumpTicket', kitchen.all('grill'))
    kitchen.do('bumpTicket', kitchen.all('fryer'))
    kitchen.do('serve', kitchen.out([BURGER]))
    kitchen.refuses('alreadyServed', 'changeItem', { order: ORDER, item: BURGER, quantity: 5 })
    kitchen.do('changeItem', { order: ORDER, item: BURGER, seat: 3 })
    kitchen.do('cancelOrder', { order: ORDER, reason: 'fire alarm' })
    kitchen.refuses('orderCancelled', 'changeItem', { order: ORDER, item: BURGER, quantity: 5 })
  })
})

describe('splitItem', () => {
  test('moves a part with its progress, changes and hold to a new line', () => {
    const kitchen = busy()
    kitchen.do('changeItem', { order: ORDER, item: BURGER, note: 'no onion' })
    kitchen.do('bumpTicket', kitchen.all('grill'))
    kitchen.do('splitItem', { order: ORDER, item: BURGER, newItem: NEW, quantity: 1 })
    const [old, fresh] = [BURGER, NEW].map((id) => kitchen.see('open')?.items.find((view) => view.id === id))
    expect([old?.quantity, fresh?.quantity]).toEqual([2, 1])
    expect(fresh).toMatchObject({ note: 'no onion', status: 'preparing', tasks: [{ status: 'ready' }, {}] })
    expect(fresh?.tasks.map(({ id }) => id)).toEqual([`${NEW}:0`, `${NEW}:1`])
    expect(kitchen.see('open')?.total).toBe(3 * 1500 + 1200 + 700)
  })

  test('a held line stays held, an untouched one needs no progress', () => {
    const kitchen = busy()
    kitchen.do('changeItem', { order: ORDER, item: CAKE, quantity: 2 })
    const events = kitchen.do('splitItem', { order: ORDER, item: CAKE, newItem: NEW, quantity: 1 })
    expect(events.map(({ kind }) => kind)).toEqual(['item.split'])
    expect(item(kitchen, NEW).added).toMatchObject({ held: true, from: CAKE })
  })

  test('refusals', () => {
    const kitchen = busy()
    const split = { order: ORDER, item: BURGER, newItem: NEW, quantity: 1 }
    kitchen.refuses('invalid', 'splitItem', { ...split, quantity: 3 })
    kitchen.refuses('invalid', 'splitItem', { ...split, newItem: PIZZA })
    kitchen.refuses('unknownItem', 'splitItem', { ...split, item: NEW })
    kitchen.refuses('unknownOrder', 'splitItem', { ...split, order: NEW })
    kitchen.do('voidItem', { order: ORDER, item: BURGER, reason: '' })
    kitchen.refuses('itemVoided', 'splitItem', split)
  })
})

describe('voidItem and cancelOrder', () => {
  test('voids once, and tells the kitchen only of what it has', () => {
    const kitchen = busy()
    expect(kitchen.do('voidItem', { order: ORDER, item: CAKE, reason: 'x' })).toMatchObject([
      { data: { notify: false } },
    ])
    expect(kitchen.do('voidItem', { order: ORDER, item: BURGER, reason: 'x' })).toMatchObject([
      { data: { notify: true } },
    ])
    kitchen.refuses('itemVoided', 'voidItem', { order: ORDER, item: BURGER, reason: 'x' })
    kitchen.refuses('unknownItem', 'voidItem', { order: ORDER, item: NEW, reason: 'x' })
    expect(kitchen.see('open')?.total).toBe(1200)
  })

  test('an order all of whose items are voided counts as cancelled', () => {
    const kitchen = busy()
    for (const id of [BURGER, PIZZA, CAKE]) kitchen.do('voidItem', { order: ORDER, item: id, reason: '' })
    expect(orderStatus(kitchen.order())).toBe('cancelled')
    expect(kitchen.see('open')).toBeNull()
  })

  test('what was served only a manager takes back', () => {
    const kitchen = busy()
    kitchen.do('bumpTicket', kitchen.all('grill'))
    kitchen.do('bumpTicket', kitchen.all('fryer'))
    kitchen.do('serve', kitchen.out())
    kitchen.roles = ['server']
    kitchen.refuses('alreadyServed', 'voidItem', { order: ORDER, item: BURGER, reason: '' })
    kitchen.refuses('alreadyServed', 'cancelOrder', { order: ORDER, reason: '' })
    kitchen.roles = ['manager']
    expect(kitchen.do('voidItem', { order: ORDER, item: BURGER, reason: 'hair' })).toMatchObject([
      { data: { notify: false, reason: 'hair' } },
    ])
    kitchen.do('cancelOrder', { order: ORDER, reason: '' })
  })

  test('cancelled is for good', () => {
    const kitchen = busy()
    kitchen.do('cancelOrder', { order: ORDER, reason: '' })
    expect(orderStatus(kitchen.order())).toBe('cancelled')
    kitchen.refuses('orderCancelled', 'cancelOrder', { order: ORDER, reason: '' })
    kitchen.refuses('orderCancelled', 'voidItem', { order: ORDER, item: BURGER, reason: '' })
    kitchen.refuses('unknownOrder', 'cancelOrder', { order: NEW, reason: '' })
  })
})

describe('changeOrder', () => {
  test('moves, renames, reassigns; writes only what differs', () => {
    const kitchen = busy()
    kitchen.do('changeOrder', {
      order: ORDER,
      table: 't2',
      covers: 5,
      server: 'mia',
      note: 'hi',
      priority: 'vip',
    })
    expect(currentFields(kitchen.order())).toEqual({
      table: { id: 't2', name: 'T2' },
      covers: 5,
      server: { id: 'mia', name: 'Mia' },
      note: 'hi',
      priority: 'vip',
    })
    expect(kitchen.do('changeOrder', { order: ORDER, covers: 5, table: 't2' })).toEqual([])
    kitchen.do('changeOrder', { order: ORDER, table: null, server: null })
    expect(kitchen.see('open')).toMatchObject({ table: null, server: null })
  })

  test('refusals', () => {
    const kitchen = busy()
    kitchen.refuses('unknownTable', 'changeOrder', { order: ORDER, table: 'gone' })
    kitchen.refuses('invalid', 'changeOrder', { order: ORDER, server: 'gone' })
    kitchen.refuses('unknownOrder', 'changeOrder', { order: NEW, note: '' })
  })
})

describe('fireCourse and fireItems', () => {
  test('release what is held, once', () => {
    const kitchen = busy()
    kitchen.refuses('nothingToDo', 'fireCourse', kitchen.course('mains', ORDER))
    kitchen.do('fireCourse', kitchen.course('desserts', ORDER))
    expect(kitchen.see('cold')?.items[0]?.status).toBe('confirmed')
    kitchen.refuses('nothingToDo', 'fireCourse', kitchen.course('desserts', ORDER))
    kitchen.refuses('nothingToDo', 'fireItems', { order: ORDER, items: [CAKE, BURGER] })
  })

  test('a course fired again releases the late line and restarts no timer of the first', () => {
    const kitchen = busy()
    kitchen.do('fireCourse', kitchen.course('desserts', ORDER))
    const since = kitchen.now
    kitchen.later(60_000).do('addItems', { order: ORDER, items: [line(NEW, 'cake', { hold: true })] })
    expect(kitchen.see('cold')?.items.map(({ status }) => status)).toEqual(['confirmed', 'held'])
    kitchen.later(60_000).do('fireCourse', kitchen.course('desserts', ORDER))
    expect(kitchen.see('cold')).toMatchObject({
      since,
      items: [{ status: 'confirmed' }, { status: 'confirmed' }],
    })
  })

  test('fireItems releases exactly these', () => {
    const kitchen = busy()
    kitchen.do('addItems', { order: ORDER, items: [line(NEW, 'cake', { hold: true })] })
    kitchen.do('fireItems', { order: ORDER, items: [CAKE] })
    expect(kitchen.see('cold')?.items.map(({ status }) => status)).toEqual(['confirmed', 'held'])
  })

  test('refusals', () => {
    const kitchen = busy()
    kitchen.refuses('unknownOrder', 'fireCourse', kitchen.course('desserts', NEW))
    kitchen.refuses('unknownOrder', 'fireItems', { order: NEW, items: [CAKE] })
    kitchen.refuses('unknownItem', 'fireItems', { order: ORDER, items: [NEW] })
    kitchen.do('voidItem', { order: ORDER, item: CAKE, reason: '' })
    kitchen.refuses('itemVoided', 'fireItems', { order: ORDER, items: [CAKE] })
  })
})
