/** @file Routing: which stations make an item, and which screen shows each of its tasks. Pure. */
import type { Menu, MenuItem, Route, Stations } from './documents.ts'
import type { TaskDef } from './events.ts'

/** The pass. It needs no entry in the stations document: it always exists and takes whatever no station would show. */
export const EXPO = 'expo'
/** The station of a task that nothing routes. No such station exists, so the expo shows it with an alarm. */
export const UNROUTED = 'unrouted'

/** The route of a menu item: its own, else its category's, else the default station, else nowhere (the expo, with an alarm). */
export function routeOf(menu: Menu, stations: Stations, item: MenuItem): Route {
  const category = menu.categories.find((candidate) => candidate.id === item.category)
  for (const route of [item.route, category?.route]) if (route?.length) return route
  return [{ station: stations.defaultStation ?? UNROUTED, step: 1 }]
}

/** The tasks of an item with id `item`. Their ids are derived, so the same line never gets two sets of them. */
export function tasksOf(item: string, route: Route): TaskDef[] {
  return route.map(({ station, step }, index) => ({ id: `${item}:${index}`, station, step }))
}

/** The station whose screens show this task: its own while that exists, else the expo. */
export function shownAt(stations: Stations, task: TaskDef): string {
  return isStation(stations, task.station) ? task.station : EXPO
}

/** Whether a station of that id exists (the expo always does). */
export function isStation(stations: Stations, id: string): boolean {
  return id === EXPO || stations.stations.some((station) => station.id === id)
}
