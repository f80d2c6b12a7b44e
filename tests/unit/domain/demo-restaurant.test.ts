/** @file The demo restaurant that ships with Plate: valid, publishable, fully routed, and with a floor plan that can be drawn. */
import { expect, test } from 'vitest'
import demo from '../../../resources/demo-restaurant.json' with { type: 'json' }
import { emptyState } from '../../../shared/domain/apply.ts'
import { DOCUMENT_NAMES, type DocumentBodies } from '../../../shared/domain/documents.ts'
import { STAFF_ROLES } from '../../../shared/domain/roles.ts'
import { isStation, routeOf } from '../../../shared/domain/routing.ts'
import { Kitchen } from './kit.ts'

const { menu, floor, stations, staff, settings } = demo as unknown as DocumentBodies

test('every document can be published on an empty core', () => {
  const kitchen = new Kitchen(emptyState())
  for (const name of DOCUMENT_NAMES) kitchen.do('publishDocument', { name, base: 0, body: demo[name] })
  expect(kitchen.state.documents.settings.body).toMatchObject({ name: 'The Copper Pan', demo: true })
  expect(settings.demo).toBe(true)
})

test('every dish has a course and stations that exist; some take several steps', () => {
  const routes = menu.items.map((item) => routeOf(menu, stations, item))
  for (const route of routes)
    for (const { station } of route) expect(isStation(stations, station), station).toBe(true)
  expect(routes.some((route) => new Set(route.map(({ step }) => step)).size > 1)).toBe(true)
  const courses = menu.courses.map(({ id }) => id)
  for (const category of menu.categories) expect(courses).toContain(category.course)
  const used = new Set(routes.flat().map(({ station }) => station))
  expect([...used].sort()).toEqual(stations.stations.map(({ id }) => id).sort())
  expect(isStation(stations, stations.defaultStation ?? '')).toBe(true)
  for (const station of stations.stations) expect(station.lateAfter).toBeGreaterThan(station.warnAfter)
})

test('every modifier group can be satisfied and is used', () => {
  const used = new Set(menu.items.flatMap((item) => item.modifierGroups))
  for (const group of menu.modifierGroups) {
    expect(used.has(group.id), group.id).toBe(true)
    expect(group.options.length).toBeGreaterThanOrEqual(group.min)
    expect(group.max).toBeGreaterThanOrEqual(group.min)
  }
  const options = menu.modifierGroups.flatMap((group) => group.options.map(({ id }) => id))
  expect(new Set(options).size).toBe(options.length)
})

test('tables stand in their area without overlapping', () => {
  const areas = new Set(floor.areas.map(({ id }) => id))
  for (const table of floor.tables) {
    expect(areas.has(table.area)).toBe(true)
    expect(table.x + table.w).toBeLessThanOrEqual(1)
    expect(table.y + table.h).toBeLessThanOrEqual(1)
    for (const other of floor.tables) {
      if (other === table || other.area !== table.area) continue
      const apart =
        table.x + table.w <= other.x ||
        other.x + other.w <= table.x ||
        table.y + table.h <= other.y ||
        other.y + other.h <= table.y
      expect(apart, `${table.name} and ${other.name}`).toBe(true)
    }
  }
})

test('every role is on the staff, each with a PIN', () => {
  expect(new Set(staff.members.map(({ role }) => role))).toEqual(new Set(STAFF_ROLES))
  expect(staff.members.every(({ pinHash }) => /^[0-9a-f]{64}$/.test(pinHash ?? ''))).toBe(true)
})
