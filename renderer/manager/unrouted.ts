/** @file Which dishes no station would show, and why. Pure. */
import type { Menu, Stations } from '../../shared/domain/documents.ts'
import { isStation, routeOf } from '../../shared/domain/routing.ts'

export interface Unrouted {
  id: string
  name: string
  why: string
}

/** Dishes with a step that would end up at the expo as an orphan. */
export function unroutedItems(menu: Menu, stations: Stations): Unrouted[] {
  return menu.items.flatMap((item) => {
    const lost = routeOf(menu, stations, item).find(({ station }) => !isStation(stations, station))
    if (!lost) return []
    const why = lost.station === 'unrouted' ? 'no route' : `station “${lost.station}” does not exist`
    return [{ id: item.id, name: item.name, why }]
  })
}
