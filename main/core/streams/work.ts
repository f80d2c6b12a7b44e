/** @file Which stations have open work, and on how many orders: kept current, so that asking costs nothing. */
import type { State } from '../../../shared/domain/apply.ts'
import { stationsWithWork } from '../../../shared/domain/view.ts'
import { createPass } from './pass.ts'
import type { Turns } from './turns.ts'

export interface Work {
  /** Orders with open work per station; null while they are being counted. */
  counts(): ReadonlyMap<string, number> | null
  ordersChanged(ids: readonly string[]): void
  /** Counts all anew, e.g. after the stations changed. */
  allChanged(): void
}

/** Starts counting over a loaded state. */
export function createWork(state: State, turns: Turns): Work {
  const stationsOf = new Map<string, ReadonlySet<string>>()
  const counts = new Map<string, number>()

  function count(stations: ReadonlySet<string>, by: 1 | -1): void {
    for (const station of stations) {
      const orders = (counts.get(station) ?? 0) + by
      if (orders) counts.set(station, orders)
      else counts.delete(station)
    }
  }
  function look(ids: readonly string[]): void {
    for (const id of ids) {
      const order = state.orders.get(id)
      const stations: ReadonlySet<string> = order ? stationsWithWork(state.documents, order) : new Set()
      count(stationsOf.get(id) ?? new Set(), -1)
      count(stations, 1)
      if (stations.size) stationsOf.set(id, stations)
      else stationsOf.delete(id)
    }
  }
  const pass = createPass(state, turns, look)
  pass.restart()
  return {
    counts: () => (pass.running ? null : counts),
    ordersChanged: look,
    allChanged: () => pass.restart(),
  }
}
