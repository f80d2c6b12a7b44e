/** @file A store whose disk takes no writes: what was saved can be read, nothing is touched, and it goes on by itself. Real disks, full or read-only, of a process of its own. */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { readAsItIs } from '../../../main/adapters/sqlite/reading.ts'
import { MIGRATIONS, migrate } from '../../../main/adapters/sqlite/schema/index.ts'
import type { Loaded } from '../../../main/core/ports.ts'
import { canMount, FILL, MAKE_ROOM, READ_ONLY, smallDisk, WRITABLE } from '../../support/small-disk.ts'
import { batchOf, NOON, placed, placing } from './orders.ts'
import {
  childFile,
  crashCopy,
  eventIds,
  folder,
  folderOf01,
  mustCommit,
  openStore,
  startChild,
  storeIn,
} from './support.ts'

const KILLED = ['plate.db', 'plate.db-wal', 'plate.db-shm', 'plate.db.lock', 'journal', 'backups']
const GRILL = {
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

/** A store with two backed up orders, two later ones, and a paired screen; still open. */
async function used() {
  const dir = folder()
  const { store } = await openStore(dir)
  await mustCommit(store, placing(2))
  await store.putDevice(GRILL)
  await store.backup()
  await mustCommit(store, placing(2))
  return { dir, store }
}

/** Folders as Plate may find them at start. */
const FOUND: Record<string, () => Promise<string>> = {
  'stopped cleanly': async () => {
    const { dir, store } = await used()
    await store.close()
    return dir
  },
  'killed, with changes in SQLite’s log': async () => crashCopy((await used()).dir, KILLED),
  'with a log and no index of it': async () => crashCopy((await used()).dir),
  'behind its journal': async () => {
    const { dir, store } = await used()
    const early = crashCopy(dir)
    await mustCommit(store, placing())
    await store.close()
    rmSync(path.join(early, 'journal'), { recursive: true })
    return crashCopy(mixed(early, dir))
  },
  damaged: async () => {
    const { dir, store } = await used()
    await store.close()
    const file = path.join(dir, 'plate.db')
    writeFileSync(file, readFileSync(file).fill(0xa5, 4096))
    return dir
  },
  gone: async () => crashCopy((await used()).dir, ['journal', 'backups']),
  'of an older Plate': async () => older(3),
  'of version 0.1': async () => folderOf01(),
  'of the schema before this one': async () => older(MIGRATIONS.length - 1),
  'with events that were not understood before': async () => {
    const { dir, store } = await used()
    const entries = placed().map((event) => ({ event, applied: false, source: 'upstairs' }))
    const garbage = placed().map((raw) => ({ source: 'upstairs', raw }))
    await mustCommit(store, batchOf([], { entries, garbage }))
    await store.close()
    return dir
  },
  new: async () => folder(),
}

/** A folder of an older schema, 3 or later. */
function older(schema: number): string {
  const dir = folder()
  const db = new Database(path.join(dir, 'plate.db'))
  db.exec(readFileSync(path.join(import.meta.dirname, 'schema-3.sql'), 'utf8'))
  migrate(db, MIGRATIONS.slice(0, schema))
  db.close()
  return dir
}

/** `early` with the journal of `late`. */
function mixed(early: string, late: string): string {
  mkdirSync(path.join(early, 'journal'))
  for (const name of ['journal-2026-11-20.ndjson'])
    copyFileSync(path.join(late, 'journal', name), path.join(early, 'journal', name))
  return early
}

const DISKS = {
  full: { prepare: FILL, over: MAKE_ROOM, code: 'storeFull', says: 'store.full' },
  'read-only': { prepare: READ_ONLY, over: WRITABLE, code: 'storeReadOnly', says: 'store.readOnly' },
}

const LIST = 'find . -type f ! -name "filler*" -exec sha256sum {} + | sort -k2'

const asJson = (value: unknown) => JSON.parse(JSON.stringify(value))
/** All but what is made anew at each recovery, and what the disk has to do with. */
function content({ device: _d, notices: _n, trouble: _t, ...rest }: Loaded) {
  return asJson(rest)
}

test('a database is read where it lies when that needs no change beside it', async () => {
  const { dir, store } = await used()
  const read = (from: string) => {
    const db = readAsItIs(path.join(from, 'plate.db'))
    const orders = db?.prepare('SELECT count(*) FROM orders').pluck().get()
    db?.close()
    return orders
  }
  expect(read(crashCopy(dir, KILLED))).toBe(4)
  expect(read(crashCopy(dir))).toBeUndefined()
  await store.close()
  expect(read(crashCopy(dir))).toBe(4)
})

test('nothing is made of a folder that cannot be read', async () => {
  const dir = folder()
  mkdirSync(path.join(dir, 'plate.db'))
  const refused = { code: 'storeReadOnly', says: { code: 'store.readOnly', params: { folder: dir } } }
  await expect(storeIn(dir).open()).rejects.toMatchObject(refused)
})

describe.skipIf(!canMount)('a disk that takes no writes', () => {
  const cases = [
    ...Object.keys(FOUND).map((found) => ['full', found] as const),
    // Those that are read in different ways; the others are copies like one of these.
    ...Object.keys(FOUND)
      .slice(0, 3)
      .concat('new')
      .map((found) => ['read-only', found] as const),
  ]
  test.each(cases)('%s: a store %s is read as a start would read it, and goes on', async (disk, found) => {
    const { prepare, over, code, says } = DISKS[disk]
    const from = (await FOUND[found]?.()) ?? ''
    const usual = await openStore(crashCopy(from, KILLED.slice(0, 2).concat('journal', 'backups')))
    const events = await eventIds(usual.store)

    const out = folder()
    const dir = path.join(out, 'disk')
    mkdirSync(dir)
    const small = smallDisk(dir, { from, prepare: `${LIST} > '${out}/before' && ${prepare}` })
    const child = startChild('stand-in', dir, [], small.wrap)
    expect(await child.next()).toEqual({ trouble: { code, says: { code: says, params: { folder: dir } } } })
    const shown = await child.next()
    expect(content(shown.loaded)).toEqual(content(usual.loaded))
    expect(shown.events).toEqual(events)
    expect(shown.devices).toEqual(asJson(await usual.store.devices()))
    expect(shown.health).toMatchObject({ ok: false, says: shown.loaded.trouble.says })

    child.tell()
    expect(await child.next()).toEqual({
      retried: { ok: false, error: shown.loaded.trouble },
      committed: { ok: false, error: shown.loaded.trouble },
    })
    const pid = child.process.pid ?? 0
    small.inside(pid, `${LIST} > '${out}/after'`)
    expect(readFileSync(path.join(out, 'after'), 'utf8')).toBe(readFileSync(path.join(out, 'before'), 'utf8'))

    small.inside(pid, over)
    child.tell()
    const { retried, committed } = await child.next()
    expect(retried).toMatchObject({ ok: true })
    expect(retried.notices).toHaveLength(usual.loaded.notices.length)
    expect(committed).toMatchObject({ ok: true })
    small.inside(pid, `cp -a . '${out}/saved'`)
    await child.kill()
    const next = await openStore(crashCopy(path.join(out, 'saved')))
    expect(next.loaded).toMatchObject({ device: shown.loaded.device, notices: [] })
    expect((await eventIds(next.store)).slice(0, -2)).toEqual(events)
    expect(next.loaded.head).toBe(events.length + 2)
  })

  /** Puts a read-only view of the folder before a process. */
  const readOnlyView = (dir: string) => [
    'unshare',
    '-rm',
    'sh',
    '-c',
    `mount --bind '${dir}' '${dir}' && mount -o remount,ro,bind '${dir}' && cd '${dir}' && exec "$@"`,
    'sh',
  ]

  test('who only reads keeps others from writing, and does not read what somebody writes', async () => {
    const { dir, store } = await used()
    expect(await startChild('stand-in', dir, [], readOnlyView(dir)).next()).toMatchObject({
      error: { code: 'storeInUse' },
    })
    await store.close()
    const child = startChild('stand-in', dir, [], readOnlyView(dir))
    expect(await child.next()).toMatchObject({ trouble: { code: 'storeReadOnly' } })
    await expect(storeIn(dir).open()).rejects.toMatchObject({ code: 'storeInUse' })
    await child.kill()
    await openStore(dir)
  })

  test('a full disk has room for the lock', async () => {
    const from = crashCopy((await used()).dir, KILLED)
    const dir = path.join(folder(), 'disk')
    mkdirSync(dir)
    const small = smallDisk(dir, { from, prepare: FILL })
    const child = startChild('stand-in', dir, [], small.wrap)
    expect(await child.next()).toMatchObject({ trouble: { code: 'storeFull' } })
    const second = small.inside(child.process.pid ?? 0, `'${process.execPath}' '${childFile}' hold '${dir}'`)
    expect(JSON.parse(second)).toMatchObject({ error: { code: 'storeInUse' } })
  })

  test('a disk with too little room to recover on shows all the same, and loses nothing', async () => {
    const { store, dir: usual } = await used()
    await mustCommit(store, placing(400))
    await store.close()
    const out = folder()
    const dir = path.join(out, 'disk')
    mkdirSync(dir)
    const small = smallDisk(dir, {
      from: crashCopy(usual, ['journal']),
      prepare: 'dd if=/dev/zero of=filler bs=1k 2>/dev/null; truncate -s -600K filler',
    })
    const child = startChild('stand-in', dir, [], small.wrap)
    expect(await child.next()).toMatchObject({ trouble: { code: 'storeFull' } })
    expect((await child.next()).loaded.orders).toHaveLength(404)
    child.tell()
    expect((await child.next()).retried).toMatchObject({ error: { code: 'storeFull' } })
    small.inside(child.process.pid ?? 0, `cp -a . '${out}/saved'`)
    await child.kill()
    expect((await openStore(path.join(out, 'saved'))).loaded.orders).toHaveLength(404)
  })

  test('what another Plate wrote meanwhile is not written on', async () => {
    const { dir, store } = await used()
    await store.close()
    rmSync(path.join(dir, 'plate.db.lock'))
    const child = startChild('stand-in', dir, [], readOnlyView(dir))
    expect(await child.next()).toMatchObject({ trouble: { code: 'storeReadOnly' } })
    const { loaded } = await child.next()
    const other = await openStore(dir)
    await mustCommit(other.store, placing())
    smallDisk(dir).inside(child.process.pid ?? 0, 'mount -o remount,rw,bind .')

    child.tell()
    expect((await child.next()).retried).toMatchObject({
      ok: false,
      error: { code: 'storeBroken', says: { code: 'store.inUse' } },
    })
    await other.store.close()
    child.tell()
    expect(await child.next()).toMatchObject({
      retried: { ok: false, changed: true },
      committed: { ok: false, error: { code: expect.any(String) } },
    })
    await child.kill()
    expect((await openStore(dir)).loaded.head).toBe(loaded.head + 2)
  })

  test('what it cannot read again without room for a copy is missing until it starts again', async () => {
    const { dir: from, store } = await used()
    const entries = placed().map((event) => ({ event, applied: false, source: 'upstairs' }))
    await mustCommit(store, batchOf([], { entries }))
    await store.close()
    const dir = path.join(folder(), 'disk')
    mkdirSync(dir)
    // Nothing may be written where temporary files go, either.
    const prepare = `${FILL}; mount -t tmpfs -o ro none /dev/shm`
    const small = smallDisk(dir, { from, prepare })
    const child = startChild('stand-in', dir, [], ['env', 'TMPDIR=/dev/shm', ...small.wrap])
    expect(await child.next()).toMatchObject({ trouble: { code: 'storeFull' } })
    const { loaded } = await child.next()
    expect(loaded).toMatchObject({ head: 10, raw: 2, orders: { length: 4 } })
    const pid = child.process.pid ?? 0
    small.inside(pid, MAKE_ROOM)
    child.tell()
    expect(await child.next()).toMatchObject({
      retried: { ok: false, changed: true },
      committed: { ok: false, error: { code: 'storeFull' } },
    })
    const saved = path.join(folder(), 'saved')
    small.inside(pid, `cp -a . '${saved}'`)
    await child.kill()
    expect((await openStore(saved)).loaded).toMatchObject({ head: 10, raw: 0, orders: { length: 5 } })
  })

  test('a database of a newer Plate is still refused', async () => {
    const { dir, store } = await used()
    await store.close()
    const db = new Database(path.join(dir, 'plate.db'))
    db.pragma('user_version = 1000')
    db.pragma('wal_checkpoint(TRUNCATE)')
    db.close()
    expect(await startChild('stand-in', dir, [], readOnlyView(dir)).next()).toMatchObject({
      error: { code: 'storeTooNew' },
    })
  })
})
