/** @file Beginning an empty database in the place of another: all of the old or all of the new, whenever it is killed. Works in temporary folders. */
import { cpSync, existsSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { restoreBackup } from '../../../main/adapters/sqlite/restore.ts'
import { SCHEMA } from '../../../main/adapters/sqlite/schema/index.ts'
import { batchOf, idsOf, NOON, placing } from './orders.ts'
import {
  crashCopy,
  eventIds,
  folder,
  mustCommit,
  openStore,
  standingClock,
  startChild,
  storeIn,
} from './support.ts'

/** A closed store with orders, a backup and a journal that knows more. */
async function used(dir = folder()) {
  const { store, loaded } = await openStore(dir)
  const batches = [placing(2), placing(), batchOf([], { cursors: [{ peer: 'bar', seq: 3 }] })]
  const [first, ...later] = batches
  if (first) await mustCommit(store, first)
  await store.backup()
  for (const batch of later) await mustCommit(store, batch)
  await store.setLetter('C')
  await store.setHome({ restaurant: 'r', name: 'Da Nina', connected: true })
  await store.close()
  return { dir, device: loaded.device, events: batches.flatMap(idsOf), file: path.join(dir, 'plate.db') }
}

const named = (dir: string, part: string) => readdirSync(dir).filter((name) => name.includes(part))

test('the old database is kept whole, the new one is empty and somebody else', async () => {
  const { dir, device, events, file } = await used()
  const aside = await storeIn(dir).setAside()
  expect(aside).toBe(`${file}.set-aside-2026-11-20T12-00-00.000Z`)
  expect(existsSync(file)).toBe(false)
  const { store, loaded } = await openStore(dir)
  expect(loaded).toMatchObject({
    letter: '',
    home: null,
    orders: [],
    cursors: [],
    counters: [],
    head: 0,
    notices: [],
  })
  expect(loaded.device).not.toBe(device)
  await mustCommit(store, placing())
  await store.close()
  expect(named(dir, 'fresh')).toEqual([])
  expect(readdirSync(path.join(dir, 'backups'))).toHaveLength(2)

  await restoreBackup({ file, backup: aside ?? '', now: NOON + 5000 })
  const old = await openStore(dir)
  expect(await eventIds(old.store)).toEqual(events)
  expect(old.loaded.letter).toBe('C')
})

test('after a kill, too, all of it goes along', async () => {
  const dir = folder()
  const child = startChild('commit', dir)
  await child.next()
  const acknowledged: string[] = []
  while (acknowledged.length < 100) acknowledged.push(...(await child.next()).acknowledged)
  await child.kill()
  const aside = await storeIn(dir).setAside()
  expect(named(dir, '-wal')).toEqual([])
  const db = new Database(aside ?? '', { readonly: true })
  const ids = db.prepare('SELECT id FROM events').pluck().all()
  db.close()
  expect(ids).toEqual(expect.arrayContaining(acknowledged))
  expect((await openStore(dir)).loaded).toMatchObject({ head: 0, notices: [] })
})

test('where nothing is, nothing is set aside; a second time changes nothing', async () => {
  const dir = folder()
  expect(await storeIn(path.join(dir, 'new')).setAside()).toBeNull()
  expect(readdirSync(path.join(dir, 'new'))).toEqual(['plate.db.lock'])
  await used(dir)
  expect(await storeIn(dir).setAside()).toContain('set-aside')
  expect(await storeIn(dir).setAside()).toBeNull()
  expect((await openStore(dir)).loaded).toMatchObject({ head: 0, notices: [] })
})

test('a database that is gone is not rebuilt when an empty one is wanted', async () => {
  const { dir, file } = await used()
  rmSync(file)
  expect(await storeIn(dir).setAside()).toBeNull()
  expect((await openStore(dir)).loaded).toMatchObject({ head: 0, notices: [] })
})

test('the old restaurant does not come back when the new database is lost', async () => {
  const { dir, file } = await used()
  const clock = standingClock()
  await storeIn(dir, { clock }).setAside()
  const { store } = await openStore(dir, { clock })
  const batch = placing()
  await mustCommit(store, batch)
  await store.close()
  rmSync(file)
  const next = await openStore(dir, { clock })
  expect(next.loaded.notices).toHaveLength(1)
  expect(await eventIds(next.store)).toEqual(idsOf(batch))
  await next.store.close()
  // Not even from the journal alone.
  rmSync(file)
  rmSync(path.join(dir, 'backups'), { recursive: true })
  expect(await eventIds((await openStore(dir, { clock })).store)).toEqual(idsOf(batch))
})

test('what is open, of another program or of a newer Plate stays where it is', async () => {
  const { dir, file, events } = await used()
  const { store } = await openStore(dir)
  await expect(store.setAside()).rejects.toMatchObject({ code: 'storeInUse' })
  await expect(storeIn(dir).setAside()).rejects.toMatchObject({ code: 'storeInUse' })
  expect(await eventIds(store)).toEqual(events)
  await store.close()
  const db = new Database(file)
  db.pragma(`user_version = ${SCHEMA + 1}`)
  db.close()
  await expect(storeIn(dir).setAside()).rejects.toMatchObject({ code: 'storeTooNew' })
  expect(existsSync(file)).toBe(true)
  expect(named(dir, 'fresh')).toEqual([])
})

test('a damaged database goes, too', async () => {
  const { dir, file } = await used()
  writeFileSync(file, 'x'.repeat(9000))
  expect(await storeIn(dir).setAside()).toContain('set-aside')
  expect((await openStore(dir)).loaded).toMatchObject({ head: 0, notices: [] })
})

test('it works in the thread that owns the file', async () => {
  const { dir } = await used()
  const store = storeIn(dir, { sameThread: false })
  expect(await store.setAside()).toContain('set-aside')
  expect((await store.open()).head).toBe(0)
})

test('stopped before the old database moved, it stays', async () => {
  const { dir, device, events, file } = await used()
  cpSync(file, path.join(dir, 'kept'))
  await storeIn(dir).setAside()
  cpSync(path.join(dir, 'kept'), file)
  const { store, loaded } = await openStore(dir)
  expect(loaded).toMatchObject({ device, letter: 'C', notices: [] })
  expect(await eventIds(store)).toEqual(events)
  expect(named(dir, 'fresh')).toEqual([])
})

test('stopped while the next open finishes it, the one after does', async () => {
  const { dir } = await used()
  await storeIn(dir).setAside()
  // The journal has moved and the backup was made, but the empty database is not in its place.
  const fresh = crashCopy(dir, ['plate.db.fresh'])
  await (await openStore(dir)).store.close()
  rmSync(path.join(dir, 'plate.db'))
  cpSync(path.join(fresh, 'plate.db.fresh'), path.join(dir, 'plate.db.fresh'))
  expect((await openStore(dir)).loaded).toMatchObject({ head: 0, notices: [] })
})

test('the journal of the old database is not believed, should it come back', async () => {
  const { dir } = await used()
  await storeIn(dir).setAside()
  await (await openStore(dir)).store.close()
  cpSync(path.join(dir, named(dir, 'journal.set-aside')[0] ?? ''), path.join(dir, 'journal'), {
    recursive: true,
  })
  expect((await openStore(dir)).loaded).toMatchObject({ head: 0, notices: [] })
})

/** Resolves as soon as something of such a name appears in a folder. */
function appears(dir: string, wanted: RegExp): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(dir, (_, name) => {
      if (!name || !wanted.test(name)) return
      watcher.close()
      resolve()
    })
  })
}

test.each([
  ['the empty database is made', '.', /fresh\.part$/],
  ['the empty database is there', '.', /fresh$/],
  ['the old database has moved', '.', /^plate\.db\.set-aside/],
  ['its journal moves', '.', /^journal\.set-aside/],
  ['the empty database is backed up', 'backups', /-new\.db$/],
])('killed when %s, it leaves all of the old or all of the new', async (_, where, wanted) => {
  const { dir, device, events } = await used()
  const moment = appears(path.join(dir, where), wanted)
  const child = startChild('set-aside', dir)
  await moment
  await child.kill()
  const moved = named(dir, 'plate.db.set-aside').length > 0
  const { store, loaded } = await openStore(dir)
  expect(loaded.notices).toEqual([])
  expect(loaded.device === device).toBe(!moved)
  expect(await eventIds(store)).toEqual(moved ? [] : events)
  expect(named(dir, 'fresh')).toEqual([])
})
