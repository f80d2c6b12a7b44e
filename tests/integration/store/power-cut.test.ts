/** @file Power cuts: SQLite's log cut anywhere leaves a prefix of the commits, and the journal brings back the rest. Works in temporary folders. */
import { cpSync, statSync, truncateSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { CommitBatch } from '../../../main/core/ports.ts'
import { batchOf, idsOf, placing } from './orders.ts'
import { crashCopy, eventIds, folder, mustCommit, openStore } from './support.ts'

const CUTS = process.env.PLATE_LONG ? 200 : 20
/** Few enough that SQLite keeps all of them in its log (it writes them back from 1000 pages). */
const COMMITS = 30

/** The same places every time (mulberry32), so that a failure can be looked at again. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Anywhere; every fourth time in what the very first start wrote, where a database is only half a one. */
function cutAt(next: () => number, size: number, cut: number): number {
  return Math.floor(next() * (cut % 4 === 0 ? 250_000 : size))
}

/** A store that was in use, and what it acknowledged. */
async function used() {
  const dir = folder()
  const { store } = await openStore(dir)
  const next = random(7)
  const batches: CommitBatch[] = []
  for (let n = 0; n < COMMITS; n++) {
    const batch = n % 9 === 8 ? batchOf([]) : placing(1 + Math.floor(next() * 4))
    await mustCommit(store, batch)
    batches.push(batch)
  }
  return { dir, batches, next }
}

test(`a log cut at ${CUTS} places opens, and holds the first commits whole, in order, once`, async () => {
  const { dir, batches, next } = await used()
  const size = statSync(path.join(dir, 'plate.db-wal')).size
  const prefixes = new Map([[0, 0]])
  batches.reduce((count, batch, index) => {
    prefixes.set(count + batch.entries.length, index + 1)
    return count + batch.entries.length
  }, 0)
  const all = batches.flatMap(idsOf)
  let shortened = 0
  for (let cut = 0; cut < CUTS; cut++) {
    const copy = crashCopy(dir, ['plate.db', 'plate.db-wal'])
    truncateSync(path.join(copy, 'plate.db-wal'), cutAt(next, size, cut))
    const { store, loaded } = await openStore(copy)
    const ids = await eventIds(store)
    expect(ids).toEqual(all.slice(0, ids.length))
    expect(prefixes.has(ids.length)).toBe(true)
    expect(loaded.orders).toHaveLength(ids.length / 2)
    if (ids.length < all.length) shortened++
    await mustCommit(store, placing())
    await store.close()
  }
  expect(shortened).toBeGreaterThan(CUTS / 2)
})

test(`with the journal beside it, a log cut at ${CUTS} places loses nothing`, async () => {
  const { dir, batches, next } = await used()
  const size = statSync(path.join(dir, 'plate.db-wal')).size
  for (let cut = 0; cut < CUTS; cut++) {
    const copy = crashCopy(dir, ['plate.db', 'plate.db-wal', 'journal'])
    truncateSync(path.join(copy, 'plate.db-wal'), cutAt(next, size, cut))
    const { store, loaded } = await openStore(copy)
    expect(await eventIds(store)).toEqual(batches.flatMap(idsOf))
    expect(loaded.orders).toHaveLength(batches.flatMap(({ orders }) => orders).length)
    expect(JSON.stringify(loaded.notices)).not.toMatch(/store\.(lost|caughtUpInPart)/)
    await store.close()
  }
})

test('a cut in the middle of recovery is recovered from as well', async () => {
  const { dir, batches } = await used()
  const copy = crashCopy(dir, ['journal'])
  const { store } = await openStore(copy)
  // What is on disk right after the rebuild, cut where the replay had not ended.
  const half = crashCopy(copy, ['plate.db', 'plate.db-wal'])
  cpSync(path.join(copy, 'journal'), path.join(half, 'journal'), { recursive: true })
  truncateSync(
    path.join(half, 'plate.db-wal'),
    Math.floor(statSync(path.join(half, 'plate.db-wal')).size / 2),
  )
  await store.close()
  const next = await openStore(half)
  expect(await eventIds(next.store)).toEqual(batches.flatMap(idsOf))
})
