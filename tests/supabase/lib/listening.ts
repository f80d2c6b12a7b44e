/** @file Test helper: a channel that remembers what it was told, and waits for it. Opens a socket. */
import type { RealtimeChannel, SupabaseClient } from '@supabase/supabase-js'
import { watchdog } from '../../support/progress.ts'

export interface Listening {
  channel: RealtimeChannel
  /** Broadcasts in the order they came. */
  heard: { event: string; payload: Record<string, unknown> }[]
  systems: { status: string; message: string }[]
  rows: { eventType: string; new: Record<string, unknown>; old: Record<string, unknown> }[]
  statuses: string[]
  /** Resolves when the condition holds; rejects with what was heard when it has long been silent. */
  until(what: string, holds: () => boolean): Promise<void>
}

/** Joins a private topic; resolves at the first status, whichever it is. */
export async function listenTo(
  client: SupabaseClient,
  topic: string,
  { table, isPrivate = true }: { table?: string; isPrivate?: boolean } = {},
): Promise<Listening> {
  const channel = client.channel(topic, { config: { private: isPrivate } })
  const waiting = new Set<() => void>()
  const told = () => {
    for (const check of waiting) check()
  }
  const listening: Listening = {
    channel,
    heard: [],
    systems: [],
    rows: [],
    statuses: [],
    until: (what, holds) =>
      new Promise((resolve, reject) => {
        const done = (end: () => void) => {
          dog.end()
          waiting.delete(check)
          end()
        }
        const check = () => {
          dog.moved()
          if (holds()) done(resolve)
        }
        const { heard, rows, statuses, systems } = listening
        const dog = watchdog(() =>
          done(() => reject(new Error(`${what}: ${JSON.stringify({ heard, rows, statuses, systems })}`))),
        )
        waiting.add(check)
        check()
      }),
  }
  channel.on('broadcast', { event: '*' }, ({ event, payload }) => {
    listening.heard.push({ event, payload })
    told()
  })
  channel.on('system', {}, (payload) => {
    listening.systems.push(payload)
    told()
  })
  if (table)
    channel.on('postgres_changes', { event: '*', schema: 'public', table }, (change) => {
      listening.rows.push(change as never)
      told()
    })
  channel.subscribe((status) => {
    listening.statuses.push(status)
    told()
  })
  await listening.until('a status', () => listening.statuses.length > 0)
  return listening
}
