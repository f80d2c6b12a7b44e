/** @file What waits for a person keeps waiting: over restarts, kills and recoveries. Works in temporary folders. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { ParkedEvent, Store } from '../../../main/core/ports.ts'
import { batchOf, NOON, placing } from './orders.ts'
import { crashCopy, folder, mustCommit, openStore, startChild } from './support.ts'

const because = (seq: number, more: Partial<ParkedEvent> = {}): ParkedEvent => ({
  seq,
  lane: 'order 1',
  code: 'invalid',
  says: { code: 'cloud.saidBefore', params: { text: 'The table is unknown there.' } },
  at: NOON + seq,
  ...more,
})

/** Which events wait, by id: numbers may change. */
async function waiting(store: Store) {
  const parked = await store.parked()
  const events = await store.eventsBySeq(parked.map(({ seq }) => seq))
  return parked.map(({ seq: _, ...row }, index) => ({ ...row, event: events[index]?.event.id }))
}

test('events are found by their numbers, in log order', async () => {
  const { store } = await openStore(folder())
  const batch = placing(3)
  await mustCommit(store, batch)
  const found = await store.eventsBySeq([5, 2, 2, 99])
  expect(found.map(({ seq }) => seq)).toEqual([2, 5])
  expect(found.map(({ event }) => event)).toEqual([batch.entries[1]?.event, batch.entries[4]?.event])
  expect(await store.eventsBySeq([])).toEqual([])
})

test('who waits keeps its place with a new reason, until it is let go', async () => {
  const { store } = await openStore(folder())
  await mustCommit(store, placing(2))
  await store.park([because(3), because(1)])
  const again = {
    ...because(3),
    says: { code: 'cloud.saidBefore', params: { text: 'Still unknown.' } },
    at: NOON + 99_000,
  }
  await store.park([again, because(4)])
  expect(await store.parked()).toEqual([because(1), { ...again, at: because(3).at }, because(4)])
  await store.unpark([1, 3, 77])
  expect(await store.parked()).toEqual([because(4)])
  await store.park([because(3, { at: NOON + 500 })])
  expect(await store.parked()).toEqual([because(3, { at: NOON + 500 }), because(4)])
})

test('nothing and the unknown wait for nobody', async () => {
  const { store } = await openStore(folder())
  await store.park([])
  await store.unpark([])
  await store.park([because(7)])
  expect(await store.parked()).toEqual([])
})

test('it survives a restart and a power cut', async () => {
  const dir = folder()
  const { store } = await openStore(dir)
  await mustCommit(store, placing(2))
  await store.park([because(1), because(2)])
  await store.unpark([1])
  expect(await (await openStore(crashCopy(dir))).store.parked()).toEqual([because(2)])
  await store.close()
  expect(await (await openStore(dir)).store.parked()).toEqual([because(2)])
})

test('it survives a kill', async () => {
  const dir = folder()
  const child = startChild('park', dir)
  expect(await child.next()).toBe('open')
  const { parked } = await child.next()
  await child.kill()
  const { store, loaded } = await openStore(dir)
  expect(loaded.notices).toEqual([])
  expect(await store.parked()).toEqual(parked)
  expect(parked).toHaveLength(2)
})

test.each([true, false])('it comes back from the journal (with a backup: %s)', async (backup) => {
  const dir = folder()
  const { store } = await openStore(dir)
  await mustCommit(store, placing(2))
  await store.park([because(1), because(2)])
  if (backup) await store.backup()
  await store.park([
    because(1, { says: { code: 'cloud.saidBefore', params: { text: 'Once more.' } }, at: NOON + 9 }),
    because(3),
  ])
  await store.unpark([2])
  const before = await store.parked()
  await store.close()
  rmSync(path.join(dir, 'plate.db'))
  const next = await openStore(dir)
  expect(next.loaded.notices).toHaveLength(1)
  expect(await next.store.parked()).toEqual(before)
})

/** Loses one line of the journal, so that what comes after it gets other numbers. */
function loseLine(dir: string, line: number) {
  const [name = ''] = readdirSync(path.join(dir, 'journal'))
  const file = path.join(dir, 'journal', name)
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  writeFileSync(file, lines.filter((_, index) => index !== line).join('\n'))
}

test('after a recovery that numbers events anew, the same events wait, and what was sent counts only as far as numbers agree', async () => {
  const dir = folder()
  const { store } = await openStore(dir)
  await mustCommit(store, placing())
  await mustCommit(store, placing())
  await store.park([because(2)])
  await mustCommit(store, placing(2))
  await store.park([because(6), because(1)])
  const sent = { peer: 'out:restaurant', seq: 7 }
  await mustCommit(store, batchOf([], { cursors: [sent] }))
  const before = await waiting(store)
  await store.close()

  const lost = crashCopy(dir)
  rmSync(path.join(lost, 'plate.db'))
  loseLine(lost, 1)
  const next = await openStore(lost)
  expect(next.loaded.head).toBe(6)
  expect(await waiting(next.store)).toEqual(before)
  // A cursor after a hole is not believed at all.
  expect(next.loaded.cursors).toEqual([])

  rmSync(path.join(dir, 'plate.db'))
  expect((await openStore(dir)).loaded.cursors).toEqual([sent])
})

test('what a jumping clock has put into another order is sent again', async () => {
  const dir = folder()
  const clock = { at: NOON + 2 * 86_400_000, now: () => clock.at }
  const { store } = await openStore(dir, { clock })
  await mustCommit(store, placing(2))
  clock.at = NOON
  await mustCommit(store, placing())
  await mustCommit(store, batchOf([], { cursors: [{ peer: 'out:restaurant', seq: 4 }] }))
  await store.park([because(5), because(1)])
  const before = await waiting(store)
  await store.close()
  rmSync(path.join(dir, 'plate.db'))
  const next = await openStore(dir, { clock })
  expect(next.loaded).toMatchObject({ head: 6, cursors: [{ peer: 'out:restaurant', seq: 0 }] })
  const byEvent = (rows: { event?: string | undefined }[]) =>
    rows.toSorted((a, b) => ((a.event ?? '') < (b.event ?? '') ? -1 : 1))
  expect(byEvent(await waiting(next.store))).toEqual(byEvent(before))
})
