/** @file Test helpers: waits until devices and server hold the same events, and compares all there is of orders: log, tables, PCs. Reads both. */

import assert from 'node:assert/strict'
import { applyRead, emptyState, type State } from '../../../shared/domain/apply.ts'
import { canonical } from '../../../shared/domain/canonical.ts'
import { parseEvent } from '../../../shared/domain/events.ts'
import { eventually } from '../../support/progress.ts'
import { expectKept } from './acknowledged.ts'
import type { TestBackend } from './backend.ts'
import { storedRows, wrongRow } from './projection.ts'
import type { Site } from './site.ts'

/** What can be compared with the server: a running PC, or the files of one that has stopped. */
export type Held = Pick<Site, 'name' | 'ids' | 'store' | 'acknowledged'>

interface Row {
  seq: number
  event: Record<string, unknown>
}

/** The restaurant's log as the server has it, in order; what was archived stands where it was. */
export async function serverLog(backend: TestBackend, restaurant: string): Promise<Row[]> {
  const rows = await backend.sql<{ seq: string | number; event: Record<string, unknown> }>(
    `select e.seq, private.envelope(e) as event from order_events e where restaurant_id = $1
     union all select (old ->> 'seq')::bigint, old -> 'event' from order_archive, jsonb_array_elements(events) old where restaurant_id = $1
     order by seq`,
    [restaurant],
  )
  return rows.map(({ seq, event }) => ({ seq: Number(seq), event }))
}

/** Documents and 86 notes that newer ones replaced before they were archived: only PCs that were there then have them. */
async function superseded(backend: TestBackend, restaurant: string): Promise<Map<string, number>> {
  const rows = await backend.sql<{ id: string; seq: string | number }>(
    'select id, seq from private.superseded where restaurant_id = $1',
    [restaurant],
  )
  return new Map(rows.map(({ id, seq }) => [id, Number(seq)]))
}

/** What the server's log amounts to. */
export function stateOf(log: readonly Row[]): State {
  const state = emptyState()
  for (const { event } of log) {
    const parsed = parseEvent(event)
    if (parsed.as === 'garbage')
      throw new Error(`the server has an event that nobody can name: ${JSON.stringify(event)}`)
    applyRead(state, parsed)
  }
  return state
}

/** Resolves when every PC and the server hold the same events. */
export async function settled(
  backend: TestBackend,
  restaurant: string,
  sites: readonly Site[],
): Promise<void> {
  let counts: number[] = []
  const found = () => sites.map(({ name, cloud }) => `${name}: ${JSON.stringify(cloud() ?? null)}`).join('\n')
  await eventually(
    'all to hold the same events',
    async () => {
      const [count] = await backend.sql<{ n: number | string }>(
        `select (select count(*) from order_events where restaurant_id = $1)
           + (select coalesce(sum(jsonb_array_length(events)), 0) from order_archive where restaurant_id = $1) as n`,
        [restaurant],
      )
      const replaced = await superseded(backend, restaurant)
      const all = await Promise.all(sites.map((site) => site.ids()))
      const sets = all.map((ids) => new Set([...ids].filter((id) => !replaced.has(id))))
      counts = [Number(count?.n), ...sets.map((ids) => ids.size)]
      if (sets.some((ids) => ids.size !== Number(count?.n))) return false
      const [first] = sets
      return first === undefined || sets.every((ids) => [...ids].every((id) => first.has(id)))
    },
    { moving: () => counts },
  ).catch((error: Error) => {
    throw new Error(`${error.message}\n${found()}`)
  })
}

/**
 * Everything is equal and nothing is missing: the log with its archive gapless and each event once; all that these PCs acknowledged in it; the
 * server's tables and every order on every PC as the log says.
 */
export async function expectEqual(
  backend: TestBackend,
  restaurant: string,
  sites: readonly Held[],
): Promise<State> {
  const log = await serverLog(backend, restaurant)
  const replaced = await superseded(backend, restaurant)
  const seqs = [...log.map(({ seq }) => seq), ...replaced.values()].sort((a, b) => a - b)
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => index + 1),
    'the log has gaps',
  )
  const eventIds = log.map(({ event }) => String(event.id)).sort()
  assert.equal(new Set(eventIds).size, log.length, 'an event is in the log twice')
  const state = stateOf(log)
  expectKept(
    state,
    log,
    sites.map(({ acknowledged }) => acknowledged),
  )
  const wrong = wrongRow(await storedRows(backend, restaurant), state)
  assert.ok(wrong === null, `the server's tables do not say what its log says: ${wrong}`)
  const ids = [...state.orders.keys()]
  const wanted = canonical(Object.fromEntries(state.orders))
  for (const site of sites) {
    assert.deepEqual(
      [...(await site.ids())].filter((id) => !replaced.has(id)).sort(),
      eventIds,
      `${site.name} has other events than the server`,
    )
    const rows = await site.store.orders(ids)
    const held = Object.fromEntries(rows.map((row) => [row.state.id, row.state]))
    assert.ok(canonical(held) === wanted, `${site.name} holds other orders than the server`)
  }
  return state
}

/** Every console shows the same open tickets. */
export async function expectSameBoards(sites: readonly Site[]): Promise<void> {
  const shown = (site: Site) => canonical([...site.board.entries].sort(([a], [b]) => (a < b ? -1 : 1)))
  await eventually('all boards to show the same', () => new Set(sites.map(shown)).size === 1)
}
