/** @file What this version cannot read: alarms for events that are kept raw and for tickets that are not whole without them. */
import type { State } from '../../shared/domain/apply.ts'
import { say } from '../../shared/domain/messages/index.ts'
import type { Alarms } from './alarms.ts'

export interface Unread {
  /** So many more events are kept raw. */
  kept(count: number): void
  /** These orders changed: they may be whole or not. */
  changed(orders: readonly string[]): void
}

export interface UnreadOptions {
  state: State
  /** Orders that are closed, though still in memory. */
  closedAt: ReadonlyMap<string, number>
  alarms: Alarms
  /** Events that are kept raw since before this start. */
  raw: number
}

/** Tickets named in the alarm. */
const NAMED = 5

/** Looks once at all orders, then at those that change; raises the alarms and clears them. */
export function createUnread({ state, closedAt, alarms, raw }: UnreadOptions): Unread {
  let count = raw
  const incomplete = new Set<string>()

  function look(id: string): void {
    if (state.orders.get(id)?.unread && !closedAt.has(id)) incomplete.add(id)
    else incomplete.delete(id)
  }

  function tellTickets(): void {
    if (!incomplete.size) {
      alarms.clear('incomplete')
      return
    }
    const numbers = [...incomplete].map((id) => state.orders.get(id)?.opened?.number ?? '?')
    const more = Math.max(0, numbers.length - NAMED)
    const code = more ? 'alarms.incompleteMore' : 'alarms.incomplete'
    const named = numbers.slice(0, NAMED)
    const says =
      code === 'alarms.incomplete'
        ? say(code, { numbers: named })
        : say(code, { numbers: named, count: more })
    alarms.raise('incomplete', 'alarm', says)
  }

  function tellRaw(): void {
    if (count) alarms.raise('raw', 'warning', say('alarms.raw', { count }))
  }

  for (const id of state.orders.keys()) look(id)
  tellTickets()
  tellRaw()
  return {
    kept(news) {
      count += news
      tellRaw()
    },
    changed(orders) {
      const before = incomplete.size
      for (const id of orders) look(id)
      if (before || incomplete.size) tellTickets()
    },
  }
}
