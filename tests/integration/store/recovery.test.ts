/** @file A damaged, lost or rolled back database: set aside and rebuilt, with nothing acknowledged lost. Works in temporary folders. */
import {
  appendFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { lastLines, readJournal } from '../../../main/adapters/sqlite/journal-read.ts'
import type { CommitBatch, Loaded, Store } from '../../../main/core/ports.ts'
import { batchOf, cancelled, DAY, idsOf, NOON, orderOf, placed, placing } from './orders.ts'
import {
  crashCopy,
  DAY_MS,
  eventIds,
  folder,
  keptLog,
  mustCommit,
  openStore,
  standingClock,
} from './support.ts'

const at = (dir: string, name: string) => path.join(dir, name)

/** Damages the middle of the file, as a failing disk does. */
function damage(file: string) {
  const bytes = readFileSync(file)
  bytes.fill(0xa5, 4096, Math.floor(bytes.length * 0.8))
  writeFileSync(file, bytes)
}

async function commitAll(store: Store, batches: CommitBatch[]) {
  for (const batch of batches) await mustCommit(store, batch)
}

const sorted = (rows: Loaded['orders']) => rows.toSorted((a, b) => (a.state.id < b.state.id ? -1 : 1))
const ordersOf = (batches: CommitBatch[]) => sorted(batches.flatMap(({ orders }) => orders))
const setAside = (dir: string) =>
  readdirSync(dir).filter((name) => /^plate\.db\.set-aside-[^-]+-\d\d-[^-]+-\d\d-[\d.]+Z$/.test(name))

test('a damaged database is set aside and rebuilt from the backup and the journal since', async () => {
  const dir = folder()
  const { store, loaded: first } = await openStore(dir)
  const device = {
    id: 'd',
    name: 'Grill',
    kind: 'kitchen' as const,
    station: 'grill',
    tokenHash: 'h',
    pairedAt: NOON,
    lastSeen: null,
    revokedAt: null,
    version: null,
  }
  const before = [placing(2), placing()]
  await commitAll(store, before)
  await store.backup()
  const later = [placing(), placing(3), batchOf([], { cursors: [{ peer: 'bar', seq: 9 }] })]
  await commitAll(store, later)
  await store.putDevice(device)
  await store.setLetter('C')
  const home = { restaurant: 'r', name: 'Da Nina', connected: true }
  await store.setHome({ ...home, connected: false })
  await store.setHome(home)
  const audit = await store.audit({ limit: 100 })

  await store.close()
  const dead = crashCopy(dir)
  damage(at(dead, 'plate.db'))
  const next = await openStore(dead)
  expect(next.loaded.notices).toEqual([
    {
      level: 'alarm',
      says: {
        code: 'store.recovered',
        params: {
          found: { code: 'store.setAside', params: { file: expect.stringMatching(/^plate.db.set-aside-/) } },
          source: { code: 'store.fromBackup', params: { at: NOON, count: 7 } },
          rest: { code: 'store.complete' },
        },
      },
    },
  ])
  expect(await eventIds(next.store)).toEqual([...before, ...later].flatMap(idsOf))
  expect(sorted(next.loaded.orders)).toEqual(ordersOf([...before, ...later]))
  expect(next.loaded).toMatchObject({
    letter: 'C',
    home,
    cursors: [{ peer: 'bar', seq: 9 }],
    stamp: later.at(-1)?.stamp,
  })
  expect(next.loaded.counters).toEqual(later[1]?.counters)
  expect(await next.store.devices()).toEqual([device])
  expect(await next.store.audit({ limit: 100 })).toEqual(audit)
  // Answers given before are known, and a new identity keeps reused numbers from being mistaken.
  expect(await next.store.commit(later[0] as CommitBatch)).toEqual({ ok: false, known: later[0]?.receipts })
  expect(next.loaded.device).not.toBe(first.device)
  expect(setAside(dead)).toHaveLength(1)
  await mustCommit(next.store, placing())
  await next.store.close()
  expect((await openStore(dead)).loaded.notices).toEqual([])
})

test.each([
  [
    'not a database at all',
    (file: string) => writeFileSync(file, 'hello, this is not a database'.repeat(100)),
  ],
  ['cut to half a header', (file: string) => truncateSync(file, 50)],
  ['empty', (file: string) => truncateSync(file, 0)],
  ['gone', (file: string) => rmSync(file)],
])('without a backup the journal alone rebuilds it: %s', async (_, ruin) => {
  const dir = folder()
  const { store } = await openStore(dir)
  const batches = [placing(), placing(2)]
  await commitAll(store, batches)
  await store.close()
  ruin(at(dir, 'plate.db'))
  const next = await openStore(dir)
  expect(next.loaded.notices).toMatchObject([
    {
      level: 'alarm',
      says: {
        code: 'store.recovered',
        params: {
          source: { code: 'store.fromJournal', params: { count: 2 } },
          rest: { code: 'store.complete' },
        },
      },
    },
  ])
  expect(sorted(next.loaded.orders)).toEqual(ordersOf(batches))
  expect(await next.store.commit(batches[0] as CommitBatch)).toMatchObject({ ok: false })
})

test('a damaged backup is passed over for an older one', async () => {
  const dir = folder()
  const clock = standingClock()
  const { store } = await openStore(dir, { clock })
  const batches = [placing(), placing(), placing()]
  await mustCommit(store, batches[0] as CommitBatch)
  await store.backup()
  clock.at += 1000
  await mustCommit(store, batches[1] as CommitBatch)
  const { file } = await store.backup()
  damage(file)
  await mustCommit(store, batches[2] as CommitBatch)
  await store.close()
  rmSync(at(dir, 'plate.db'))
  const next = await openStore(dir)
  expect(next.loaded.notices[0]?.says.params).toMatchObject({
    source: { code: 'store.fromBackup', params: { at: NOON, count: 2 } },
  })
  expect(await eventIds(next.store)).toEqual(batches.flatMap(idsOf))
})

test('with neither backup nor journal it starts empty, says so, and deletes nothing', async () => {
  const dir = folder()
  writeFileSync(at(dir, 'plate.db'), 'x'.repeat(5000))
  const { loaded } = await openStore(dir)
  expect(loaded.notices).toMatchObject([
    { level: 'alarm', says: { code: 'store.recovered', params: { found: { code: 'store.setAside' } } } },
  ])
  expect(loaded.orders).toEqual([])
  expect(setAside(dir)).toHaveLength(1)
})

test('damage is found after a kill, though the first pages are whole', async () => {
  const dir = folder()
  const { store } = await openStore(dir)
  const batches = Array.from({ length: 60 }, () => placing(4))
  await commitAll(store, batches)
  await store.close()
  const db = new Database(at(dir, 'plate.db'))
  db.prepare("UPDATE meta SET value = '0' WHERE key = 'clean'").run()
  const { rootpage } = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'orders_day'").get() as {
    rootpage: number
  }
  db.close()
  const bytes = readFileSync(at(dir, 'plate.db'))
  bytes.fill(0xff, (rootpage - 1) * 4096, rootpage * 4096)
  writeFileSync(at(dir, 'plate.db'), bytes)
  const next = await openStore(dir)
  expect(next.loaded.notices).toHaveLength(1)
  expect(sorted(next.loaded.orders)).toEqual(ordersOf(batches))
})

test('damage that only reading shows is repaired at once, though Plate was stopped cleanly', async () => {
  const dir = folder()
  const { store } = await openStore(dir)
  const batches = Array.from({ length: 30 }, () => placing(2))
  await commitAll(store, batches)
  await store.close()
  const db = new Database(at(dir, 'plate.db'))
  const { rootpage } = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'orders'").get() as {
    rootpage: number
  }
  db.close()
  const bytes = readFileSync(at(dir, 'plate.db'))
  bytes.fill(0xff, (rootpage - 1) * 4096, rootpage * 4096)
  writeFileSync(at(dir, 'plate.db'), bytes)
  const next = await openStore(dir)
  expect(next.loaded.notices).toMatchObject([{ level: 'alarm' }])
  expect(sorted(next.loaded.orders)).toEqual(ordersOf(batches))
})

test('damage that shows while running is reported, and repaired at the next start', async () => {
  const dir = folder()
  const { store } = await openStore(dir)
  const batches = Array.from({ length: 60 }, () => placing(4))
  await commitAll(store, batches)
  await store.close()
  const next = await openStore(dir)
  damage(at(dir, 'plate.db'))
  const refused = await next.store.commit(placing(5))
  expect(refused).toMatchObject({
    ok: false,
    error: { code: 'storeBroken', says: { code: 'store.damaged' } },
  })
  expect(await next.store.health()).toMatchObject({ ok: false })
  await next.store.close()
  const last = await openStore(dir)
  expect(last.loaded.notices).toHaveLength(1)
  expect(sorted(last.loaded.orders)).toEqual(ordersOf(batches))
})

test('an older copy of the database in its place is brought up to date from the journal', async () => {
  const dir = folder()
  const { store, loaded } = await openStore(dir)
  const batches = [placing(), placing(), placing(2)]
  await mustCommit(store, batches[0] as CommitBatch)
  const old = crashCopy(dir, ['plate.db', 'plate.db-wal'])
  await commitAll(store, batches.slice(1))
  await store.close()
  renameSync(at(dir, 'journal'), at(old, 'journal'))
  const next = await openStore(old)
  expect(next.loaded.notices).toEqual([
    { level: 'alarm', says: { code: 'store.caughtUp', params: { count: 2 } } },
  ])
  expect(await eventIds(next.store)).toEqual(batches.flatMap(idsOf))
  expect(next.loaded.device).not.toBe(loaded.device)
})

test('a torn last line is passed over, and what is written after it is read', async () => {
  const dir = folder()
  const { store } = await openStore(dir)
  const batches = [placing(), placing()]
  await mustCommit(store, batches[0] as CommitBatch)
  await store.close()
  const [journal = ''] = readdirSync(at(dir, 'journal')).map((name) => at(dir, path.join('journal', name)))
  appendFileSync(journal, '{"v":1,"at":17951,"device":"half a li')
  expect(lastLines(at(dir, 'journal')).map(({ line }) => line)).toEqual([1])
  const next = await openStore(dir)
  expect(next.loaded.notices).toEqual([])
  await mustCommit(next.store, batches[1] as CommitBatch)
  await next.store.close()
  let torn = 0
  expect([...readJournal(at(dir, 'journal'), () => torn++)].map(({ line }) => line)).toEqual([1, 2])
  expect(torn).toBe(1)
  rmSync(at(dir, 'plate.db'))
  expect(await eventIds((await openStore(dir)).store)).toEqual(batches.flatMap(idsOf))
})

test('a hole in the journal is counted, and cursors after it are not believed', async () => {
  const dir = folder()
  const { store } = await openStore(dir)
  const batches = [placing(), placing(), batchOf([], { cursors: [{ peer: 'bar', seq: 50 }] })]
  batches[0]?.cursors.push({ peer: 'bar', seq: 10 })
  await commitAll(store, batches)
  await store.close()
  const [journal = ''] = readdirSync(at(dir, 'journal')).map((name) => at(dir, path.join('journal', name)))
  const lines = readFileSync(journal, 'utf8').split('\n').filter(Boolean)
  writeFileSync(journal, [lines[0], lines[1]?.slice(0, 90), lines[2], ''].join('\n'))
  rmSync(at(dir, 'plate.db'))
  const { loaded } = await openStore(dir)
  expect(loaded.notices[0]?.says.params?.rest).toEqual({ code: 'store.lost', params: { count: 1 } })
  expect(loaded.cursors).toEqual([{ peer: 'bar', seq: 10 }])
})

test('a line longer than what is read at once is read whole', async () => {
  const dir = folder()
  const { store } = await openStore(dir)
  const events = placed(NOON, undefined, 'é'.repeat(400))
  const batch = placing(1500)
  batch.entries.push(...batchOf(events).entries)
  await mustCommit(store, batch)
  await store.close()
  expect(lastLines(at(dir, 'journal'))[0]?.batch?.entries).toHaveLength(3002)
  rmSync(at(dir, 'plate.db'))
  expect(await eventIds((await openStore(dir)).store)).toEqual(idsOf(batch))
})

test('a closed order is closed after recovery, and one that was cancelled stays cancelled', async () => {
  const dir = folder()
  const { store } = await openStore(dir)
  const events = placed()
  const end = cancelled(events[0].order ?? '')
  await mustCommit(store, batchOf(events, { orders: [orderOf(events)] }))
  await mustCommit(store, batchOf([end], { orders: [orderOf([...events, end], NOON)] }))
  await store.close()
  rmSync(at(dir, 'plate.db'))
  const { store: next } = await openStore(dir)
  expect(await next.closedOrders({ limit: 1 })).toEqual([orderOf([...events, end], NOON)])
  expect(await next.ordersOfDay(DAY)).toHaveLength(1)
})

test('a journal that cannot be written does not stop orders; a backup closes the gap', async () => {
  const dir = folder()
  const log = keptLog()
  writeFileSync(at(dir, 'journal'), 'a file where the folder should be')
  const { store } = await openStore(dir, { log })
  const batch = placing()
  await mustCommit(store, batch)
  await mustCommit(store, placing())
  expect(log.lines.filter(({ event }) => event === 'store.journal.failed')).toHaveLength(1)
  rmSync(at(dir, 'journal'))
  await store.backup()
  await mustCommit(store, placing())
  await store.close()
  rmSync(at(dir, 'plate.db'))
  const { loaded } = await openStore(dir)
  expect(loaded.head).toBe(6)
  expect(loaded.notices[0]?.says.params?.rest).toEqual({ code: 'store.complete' })
})

test('a clock that jumped ahead and back again loses nothing', async () => {
  const dir = folder()
  const clock = standingClock()
  const { store } = await openStore(dir, { clock })
  const events = placed()
  const batches = [placing(), placing(), batchOf(events, { orders: [orderOf(events)] })]
  await mustCommit(store, batches[0] as CommitBatch)
  clock.at += 20_000 * DAY_MS
  await store.backup()
  await mustCommit(store, batches[1] as CommitBatch)
  await store.setLetter('X')
  await mustCommit(store, batches[2] as CommitBatch)
  clock.at -= 20_000 * DAY_MS
  const closing = batchOf([], {
    orders: [orderOf(events, NOON)],
    cursors: [{ peer: 'bar', seq: 3, event: 'e3' }],
  })
  await mustCommit(store, closing)
  await store.setLetter('Y')
  const peer = { device: 'p1', name: 'Bar', url: 'wss://bar', token: 't', fingerprint: 'f' }
  for (const device of ['p1', 'p2', 'p3']) await store.putPeer({ ...peer, device })
  await store.dropPeer('p1')
  await store.dropPeer('p2')
  await store.putPeer({ ...peer, device: 'p2' })
  const more = placing()
  await mustCommit(store, more)
  await store.close()
  rmSync(at(dir, 'plate.db'))
  const next = await openStore(dir)
  expect(next.loaded.notices[0]?.says.params?.rest).toEqual({ code: 'store.complete' })
  expect((await next.store.peers()).map(({ device }) => device).sort()).toEqual(['p2', 'p3'])
  expect(next.loaded).toMatchObject({ letter: 'Y', cursors: [{ peer: 'bar', seq: 3, event: 'e3' }] })
  expect(sorted(next.loaded.orders)).toEqual(
    sorted([...ordersOf([...batches.slice(0, 2), more]), orderOf(events, NOON)]),
  )
  expect((await eventIds(next.store)).toSorted()).toEqual([...batches, more].flatMap(idsOf).toSorted())
})
