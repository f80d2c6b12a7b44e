/** @file A restaurant in memory for the demo's tests: decide and apply behind the demo's client, and virtual time. */

import type { DemoClient, Timers } from '../../../main/core/demo/types.ts'
import demo from '../../../resources/demo-restaurant.json' with { type: 'json' }
import { apply, emptyState, type State } from '../../../shared/domain/apply.ts'
import { type Command, commandSchemas } from '../../../shared/domain/commands.ts'
import { decide } from '../../../shared/domain/decide/index.ts'
import { DOCUMENT_NAMES, type DocumentBodies } from '../../../shared/domain/documents.ts'
import { parseEvent } from '../../../shared/domain/events.ts'
import { createStampClock } from '../../../shared/domain/stamp.ts'
import { type TicketFilter, type TicketView, view } from '../../../shared/domain/view.ts'

export const documents = demo as unknown as DocumentBodies
export const START = Date.UTC(2026, 4, 22, 17, 0)

/** Time that passes only when nothing else is left to do. */
export function virtualTime() {
  let now = START
  let made = 0
  const queue: { at: number; nth: number; run: () => void }[] = []
  const timers: Timers = {
    after(ms, run) {
      const entry = { at: now + ms, nth: made++, run }
      queue.push(entry)
      return () => {
        const index = queue.indexOf(entry)
        if (index >= 0) queue.splice(index, 1)
      }
    },
  }
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  return {
    timers,
    clock: { now: () => now },
    /** Runs timers in order until there are none, or until `until` says so. */
    async play(until: () => boolean = () => false) {
      await settle()
      while (queue.length && !until()) {
        let next = 0
        queue.forEach((entry, index) => {
          const best = queue[next]
          if (best && (entry.at < best.at || (entry.at === best.at && entry.nth < best.nth))) next = index
        })
        const [entry] = queue.splice(next, 1)
        now = Math.max(now, entry?.at ?? now)
        entry?.run()
        await settle()
      }
    },
  }
}

/** A core reduced to its rules. */
export function memoryCore(clock: { now(): number }) {
  const state: State = emptyState()
  for (const name of DOCUMENT_NAMES) {
    state.documents = { ...state.documents, [name]: { version: 1, stamp: '', body: documents[name] } }
  }
  const stamps = createStampClock('core')
  const log: { name: string; at: number; outcome: string }[] = []
  const watchers = new Set<{
    filter: TicketFilter
    shown: Map<string, string>
    tell: (order: string, ticket: TicketView | null) => void
  }>()
  let ids = 0
  let number = 0

  const publish = (order: string) => {
    const orderState = state.orders.get(order)
    for (const { filter, shown, tell } of watchers) {
      const ticket = orderState ? view(state.documents, orderState, filter) : null
      const text = ticket ? JSON.stringify(ticket) : undefined
      if (text === shown.get(order)) continue
      if (text === undefined) shown.delete(order)
      else shown.set(order, text)
      tell(order, ticket)
    }
  }

  const client: DemoClient = {
    async send(command, as) {
      const parsed = commandSchemas[command.name].safeParse(command.args)
      if (!parsed.success) throw new Error(`${command.name}: ${parsed.error.message}`)
      const member = documents.staff.members.find((candidate) => candidate.id === as)
      if (!member) throw new Error(`nobody is called ${as}`)
      const full = { id: `c${ids++}`, name: command.name, args: parsed.data } as Command
      const result = decide(state, full, {
        now: Math.round(clock.now()),
        day: '2026-05-22',
        roles: [member.role],
        staff: { id: member.id, name: member.name },
        device: 'core',
        eventId: () => `e${ids++}`,
        stamp: (above) => stamps.next(Math.round(clock.now()), above),
        ticketNumber: () => String(++number),
      })
      log.push({ name: command.name, at: clock.now(), outcome: result.ok ? 'ok' : result.error.code })
      if (!result.ok) return result
      for (const event of result.value.events) {
        const read = parseEvent(JSON.parse(JSON.stringify(event)))
        if (read.as !== 'event') throw new Error(`${event.kind} cannot be read back`)
        apply(state, read.event)
      }
      const order = 'order' in parsed.data ? parsed.data.order : undefined
      if (order !== undefined) publish(order)
      return result
    },
    watch(filter, tell) {
      const watcher = { filter, shown: new Map<string, string>(), tell }
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
  }
  return { client, state, log }
}
