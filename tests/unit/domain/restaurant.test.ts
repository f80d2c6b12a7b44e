/** @file The 86 list, the versioned documents, and routing. */
import { describe, expect, test } from 'vitest'
import type { DocumentName } from '../../../shared/domain/documents.ts'
import { money } from '../../../shared/domain/money.ts'
import { isStation, routeOf, shownAt, tasksOf } from '../../../shared/domain/routing.ts'
import { SENTENCE, words } from '../../support/words.ts'
import { bodies, Kitchen, line, PIZZA, placing } from './kit.ts'

describe('setStock', () => {
  test('puts a dish on the list and takes it off; saying it twice is nothing new', () => {
    const kitchen = new Kitchen()
    const set = (out: boolean) => kitchen.do('setStock', { menuItem: 'pizza', out })
    expect(set(false)).toEqual([])
    expect(set(true)).toMatchObject([{ order: null, data: { menuItem: 'pizza', out: true } }])
    expect(set(true)).toEqual([])
    kitchen.refuses('soldOut', 'placeOrder', placing([line(PIZZA, 'pizza')]))
    expect(set(false)).toHaveLength(1)
    kitchen.do('placeOrder', placing([line(PIZZA, 'pizza')]))
  })

  test('refuses what is not on the menu, except to take it off the list', () => {
    const kitchen = new Kitchen()
    kitchen.refuses('unknownMenuItem', 'setStock', { menuItem: 'gone', out: true })
    kitchen.do('setStock', { menuItem: 'pizza', out: true })
    const items = bodies.menu.items.filter(({ id }) => id !== 'pizza')
    kitchen.do('publishDocument', { name: 'menu', base: 1, body: { ...bodies.menu, items } })
    expect(kitchen.do('setStock', { menuItem: 'pizza', out: false })).toHaveLength(1)
  })
})

describe('publishDocument', () => {
  const publish = (kitchen: Kitchen, name: DocumentName, body: unknown) =>
    kitchen.try('publishDocument', { name, base: kitchen.state.documents[name].version, body })

  test('each document, with a new version', () => {
    const kitchen = new Kitchen()
    for (const name of Object.keys(bodies) as DocumentName[]) {
      expect(publish(kitchen, name, bodies[name])).toMatchObject({
        ok: true,
        value: { value: { version: 2 } },
      })
      kitchen.do('publishDocument', { name, base: 1, body: bodies[name] })
      expect(kitchen.state.documents[name].version).toBe(2)
    }
  })

  test('refuses an edit made from an older or a made-up version', () => {
    const kitchen = new Kitchen()
    kitchen.do('publishDocument', { name: 'floor', base: 1, body: bodies.floor })
    kitchen.refuses('staleDocument', 'publishDocument', { name: 'floor', base: 1, body: bodies.floor })
    kitchen.refuses('staleDocument', 'publishDocument', { name: 'floor', base: 9, body: bodies.floor })
  })

  const { menu, floor, stations, staff, settings } = bodies
  const [first] = menu.items
  test.each<[string, DocumentName, unknown]>([
    ['no menu', 'menu', 'pizza'],
    ['a price in fractions of cents', 'menu', { ...menu, items: [{ ...first, price: 1.5 }] }],
    ['an allergen nobody knows', 'menu', { ...menu, items: [{ ...first, allergens: ['stone'] }] }],
    ['a reserved word as id', 'menu', { ...menu, items: [{ ...first, id: '__proto__' }] }],
    ['a dish twice', 'menu', { ...menu, items: [first, first] }],
    ['a category twice', 'menu', { ...menu, categories: [...menu.categories, menu.categories[0]] }],
    ['a group twice', 'menu', { ...menu, modifierGroups: [...menu.modifierGroups, menu.modifierGroups[0]] }],
    ['a category that is not there', 'menu', { ...menu, items: [{ ...first, category: 'gone' }] }],
    ['a group that is not there', 'menu', { ...menu, items: [{ ...first, modifierGroups: ['gone'] }] }],
    ['a table twice', 'floor', { ...floor, tables: [floor.tables[0], floor.tables[0]] }],
    ['a table off the plan', 'floor', { ...floor, tables: [{ ...floor.tables[0], x: 2 }] }],
    ['a station twice', 'stations', { stations: [stations.stations[0], stations.stations[0]] }],
    ['a person twice', 'staff', { ...staff, members: [...staff.members, staff.members[0]] }],
    ['nobody in charge', 'staff', { ...staff, members: [staff.members[0]] }],
    ['only managers who left', 'staff', { ...staff, members: [{ ...staff.members[1], active: false }] }],
    ['a zone that does not exist', 'settings', { ...settings, timeZone: 'Dublin' }],
    ['a currency nothing can format', 'settings', { ...settings, currency: '€€€' }],
    ['a locale nothing can format', 'settings', { ...settings, locale: 'en_IE' }],
  ])('refuses %s', (_, name, body) => {
    const kitchen = new Kitchen()
    const result = publish(kitchen, name, body)
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'invalid', at: expect.stringMatching(/^body\b/) },
    })
    expect(!result.ok && words.failure(result.error)).toMatch(SENTENCE)
  })

  test('a staff list edited on a screen, without hashes, loses nobody’s PIN', () => {
    const kitchen = new Kitchen()
    const members = staff.members.map(({ pinHash: _, ...member }) => member)
    const fresh = { id: 'new', name: 'New', role: 'cook', active: true }
    kitchen.do('publishDocument', {
      name: 'staff',
      base: 1,
      body: { salt: '', members: [...members, fresh] },
    })
    expect(kitchen.state.documents.staff.body).toEqual({ salt: '00ff', members: [...staff.members, fresh] })
    const changed = [{ ...staff.members[1], pinHash: 'cc' }]
    kitchen.do('publishDocument', { name: 'staff', base: 2, body: { salt: '', members: changed } })
    expect(kitchen.state.documents.staff.body.members[0]?.pinHash).toBe('cc')
  })
})

describe('routing', () => {
  const { menu, stations } = bodies
  const item = (id: string) => {
    const found = menu.items.find((candidate) => candidate.id === id)
    if (!found) throw new Error(id)
    return found
  }

  test('the dish, then its category, then the default station, then nowhere', () => {
    const names = (id: string, docs = stations) => routeOf(menu, docs, item(id)).map(({ station }) => station)
    expect(names('burger')).toEqual(['grill', 'fryer'])
    expect(names('steak')).toEqual(['grill'])
    expect(names('cake')).toEqual(['cold'])
    expect(names('cake', { stations: stations.stations })).toEqual(['unrouted'])
    expect(routeOf(menu, stations, { ...item('burger'), route: [] })).toEqual([{ station: 'grill', step: 1 }])
  })

  test('a task is shown at its station while that exists, else at the expo', () => {
    const [task] = tasksOf('i', [{ station: 'oven', step: 2 }])
    expect(task).toEqual({ id: 'i:0', station: 'oven', step: 2 })
    if (!task) return
    expect(shownAt(stations, task)).toBe('oven')
    expect(shownAt({ stations: [] }, task)).toBe('expo')
    expect(shownAt({ stations: [] }, { ...task, station: 'expo' })).toBe('expo')
    expect(isStation({ stations: [] }, 'expo')).toBe(true)
    expect(isStation({ stations: [] }, 'unrouted')).toBe(false)
  })
})

test('money is shown from whole cents', () => {
  expect(money(1250, 'EUR', 'en-IE')).toBe('€12.50')
  expect(money(-5, 'USD', 'en-US')).toBe('-$0.05')
})
