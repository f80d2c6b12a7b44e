/** @file The restaurant this core's store belongs to: whether it goes on there, and what that restaurant lacks. Reads and writes the store. */
import type { Engine } from '../engine/engine.ts'
import type { Home, Log, Store } from '../ports.ts'
import { logNames } from './context.ts'

export interface Homes {
  /** Null while this core was never connected. */
  get(): Home | null
  /** Whether this core goes on in that restaurant where it was: nothing is set aside and nothing sent twice. */
  has(restaurant: string): boolean
  /** Changes of this core that its restaurant has not got, also those that wait for a person. Rejects when the store cannot say. */
  unsent(): Promise<number>
  /** This core is connected to that restaurant from now on. */
  enter(restaurant: string, name: string): Promise<void>
  /** A person has disconnected it. */
  leave(): Promise<void>
}

/** Events read from the log at a time. */
const READ = 1_000

/** Knows what the store has noted. */
export function createHomes(
  { store, engine, log }: { store: Store; engine: Engine; log: Log },
  known: Home | null,
): Homes {
  let home = known

  /** What cannot be kept just now counts until the restart. */
  async function set(next: Home): Promise<void> {
    const moved = home?.restaurant !== next.restaurant
    home = next
    try {
      // What waits for a person was refused by another restaurant, and means nothing here.
      if (moved) await store.unpark((await store.parked()).map(({ seq }) => seq))
      await store.setHome(next)
    } catch (error) {
      log.error('CLOUD_HOME_NOT_KEPT', { error: String(error) })
    }
  }

  return {
    get: () => home,
    has: (restaurant) => home?.restaurant === restaurant,
    async unsent() {
      if (!home) return 0
      const logs = logNames(home.restaurant)
      let at = engine.cursor(logs.out)
      let count = (await store.parked()).filter(({ seq }) => seq <= at).length
      for (;;) {
        const rows = await store.eventsAfter(at, READ)
        count += rows.filter(({ source }) => source !== logs.in).length
        const last = rows.at(-1)
        if (!last || rows.length < READ) return count
        at = last.seq
      }
    },
    async enter(restaurant, name) {
      const same = home?.restaurant === restaurant && home.name === name
      if (!same || !home?.connected) await set({ restaurant, name, connected: true })
    },
    async leave() {
      if (home?.connected) await set({ ...home, connected: false })
    },
  }
}
