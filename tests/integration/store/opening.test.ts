/** @file What the store does with the folder and the file it finds: another process, another version, another program, no rights. */
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { APPLICATION_ID, migrate, SCHEMA } from '../../../main/adapters/sqlite/schema/index.ts'
import { placing } from './orders.ts'
import { crashCopy, eventIds, folder, mustCommit, openStore, startChild, storeIn, works } from './support.ts'

const canUnshare = works('unshare', '-rm', 'true')

test('the id of a core stays', async () => {
  const dir = folder()
  const first = await openStore(dir)
  await first.store.close()
  expect((await openStore(dir)).loaded.device).toBe(first.loaded.device)
})

test('missing folders are made, for their owner only', async () => {
  const dir = path.join(folder(), 'a', 'b')
  const { store } = await openStore(dir)
  await mustCommit(store, placing())
  const mode = (name: string) => statSync(path.join(dir, name)).mode & 0o077
  if (process.platform !== 'win32')
    expect([mode('.'), mode('plate.db'), mode('plate.db-wal'), mode('journal')]).toEqual([0, 0, 0, 0])
})

test('a second store on the folder is refused while the first is open, here and in another process', async () => {
  const dir = folder()
  const { store } = await openStore(dir)
  const inUse = {
    code: 'storeInUse',
    says: { code: 'store.inUse', params: { file: path.join(dir, 'plate.db') } },
  }
  await expect(storeIn(dir).open()).rejects.toMatchObject(inUse)
  await expect(store.open()).rejects.toMatchObject({ code: 'storeInUse' })
  expect(await startChild('hold', dir).next()).toEqual({ error: inUse })
  await store.close()
  await openStore(dir)
})

test('a killed process gives the folder free, and nothing it acknowledged is gone', async () => {
  const dir = folder()
  const child = startChild('commit', dir)
  expect(await child.next()).toBe('open')
  await expect(storeIn(dir).open()).rejects.toMatchObject({ code: 'storeInUse' })
  const acknowledged: string[] = []
  while (acknowledged.length < 200) acknowledged.push(...(await child.next()).acknowledged)
  await child.kill()
  const { store, loaded } = await openStore(dir)
  expect(await eventIds(store)).toEqual(expect.arrayContaining(acknowledged))
  expect(loaded.notices).toEqual([])
  expect(loaded.orders.length).toBe(loaded.head / 2)
})

/** The folder's files with their contents. */
function contents(dir: string) {
  return readdirSync(dir)
    .filter((name) => name !== 'plate.db.lock')
    .map((name) => [name, readFileSync(path.join(dir, name)).toString('base64')])
}

test('a database of a newer Plate is refused and stays as it is', async () => {
  const dir = folder()
  const db = new Database(path.join(dir, 'plate.db'))
  migrate(db, [(d) => void d.exec('CREATE TABLE x (y)')])
  db.pragma(`user_version = ${SCHEMA + 1}`)
  db.close()
  const before = contents(dir)
  await expect(storeIn(dir).open()).rejects.toMatchObject({
    code: 'storeTooNew',
    says: {
      code: 'store.newerSchema',
      params: { schema: SCHEMA + 1, known: SCHEMA, file: path.join(dir, 'plate.db') },
    },
  })
  expect(contents(dir)).toEqual(before)
})

test.each([
  ['with a mark of its own', (db: Database.Database) => void db.pragma('application_id = 4711')],
  ['without a mark', () => undefined],
])('a database of another program is refused and stays as it is: %s', async (_, mark) => {
  const dir = folder()
  const db = new Database(path.join(dir, 'plate.db'))
  db.exec('CREATE TABLE invoices (id)')
  mark(db)
  db.close()
  const before = contents(dir)
  await expect(storeIn(dir).open()).rejects.toMatchObject({
    says: { code: 'store.otherProgram', params: { file: path.join(dir, 'plate.db') } },
  })
  expect(contents(dir)).toEqual(before)
})

test.each([1, 2, 3])(
  'a database of schema %i is backed up, migrated, and keeps its orders',
  async (schema) => {
    const dir = folder()
    const file = path.join(dir, 'plate.db')
    const fixture = new Database(file)
    fixture.exec(readFileSync(path.join(import.meta.dirname, `schema-${schema}.sql`), 'utf8'))
    fixture.close()

    const { store, loaded } = await openStore(dir)
    expect(loaded).toMatchObject({
      device: '0a6f6dd1-8d5c-4b7c-9a55-0d3c2a4b5c6d',
      letter: 'A',
      head: 2,
      cursors: schema === 1 ? [] : [{ peer: '0193-bar', seq: 12 }],
      notices: [],
    })
    expect(loaded.orders.map(({ state }) => state.opened?.number)).toEqual(['A7'])
    expect((await store.eventsAfter(0, 9)).map(({ event }) => event.kind)).toEqual([
      'order.opened',
      'order.changed',
    ])
    expect((await store.devices()).map(({ name }) => name)).toEqual(schema === 1 ? [] : ['Grill'])
    await mustCommit(store, placing())
    await store.putPeer({ device: 'p', name: 'p', url: 'wss://p', token: 't', fingerprint: 'f' })
    const waiting = { seq: 1, lane: 'o', code: 'invalid', says: { code: 'cloud.saidBefore' }, at: 1 }
    await store.park([waiting])
    expect(await store.parked()).toEqual([waiting])

    const [kept = ''] = readdirSync(path.join(dir, 'backups'))
    expect(kept).toMatch(/^backup-.*-schema-\d\.db$/)
    const backup = new Database(path.join(dir, 'backups', kept), { readonly: true })
    expect(backup.pragma('user_version', { simple: true })).toBe(schema)
    expect(backup.prepare('SELECT count(*) AS n FROM events').get()).toEqual({ n: 2 })
    backup.close()
  },
)

test('each migration leads to the next schema and marks the file', () => {
  const db = new Database(':memory:')
  migrate(db)
  expect(db.pragma('user_version', { simple: true })).toBe(SCHEMA)
  expect(db.pragma('application_id', { simple: true })).toBe(APPLICATION_ID)
  migrate(db)
  const failing = () => {
    db.exec('CREATE TABLE half (a)')
    throw new Error('stop')
  }
  expect(() => migrate(db, [...Array(SCHEMA).fill(() => undefined), failing])).toThrow('stop')
  expect(db.pragma('user_version', { simple: true })).toBe(SCHEMA)
  expect(db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'half'").get()).toEqual({ n: 0 })
  db.close()
})

test('where the folder cannot be made, an empty store opens and says what to do', async () => {
  const dir = folder()
  writeFileSync(path.join(dir, 'file'), '')
  const data = path.join(dir, 'file', 'data')
  const { loaded, store } = await openStore(data)
  expect(loaded).toMatchObject({
    orders: [],
    trouble: { code: 'storeReadOnly', says: { code: 'store.readOnly', params: { folder: data } } },
    notices: [{ level: 'alarm', says: { code: 'store.nothingYet', params: { folder: data } } }],
  })
  expect(await store.health()).toMatchObject({ ok: false, freeBytes: 0 })
  rmSync(path.join(dir, 'file'))
  expect(await store.retry()).toEqual({ ok: true, notices: [] })
  await mustCommit(store, placing())
})

test.skipIf(!canUnshare)(
  'a store in a folder that is read-only opens and says what to do, new or used',
  async () => {
    const dir = folder()
    const readOnly = [
      'unshare',
      '-rm',
      'sh',
      '-c',
      `mount --bind '${dir}' '${dir}' && mount -o remount,ro,bind '${dir}' && exec "$@"`,
      'sh',
    ]
    async function opens() {
      const child = startChild('hold', dir, [], readOnly)
      expect(await child.next()).toEqual({
        trouble: { code: 'storeReadOnly', says: { code: 'store.readOnly', params: { folder: dir } } },
      })
      await child.kill()
    }
    await opens()
    const { store } = await openStore(dir)
    await mustCommit(store, placing())
    await store.close()
    await opens()
    expect((await openStore(dir)).loaded.head).toBe(2)
  },
)

test.skipIf(process.platform === 'win32')(
  'a store in a folder without rights to write opens and says so',
  async () => {
    const dir = folder()
    chmodSync(dir, 0o500)
    // Rights hold back root only without this capability of its.
    const held = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override'] : []
    expect(await startChild('hold', dir, [], held).next()).toMatchObject({
      trouble: { code: 'storeReadOnly' },
    })
    chmodSync(dir, 0o700)
  },
)

test('a power cut right after the first start leaves a store that opens', async () => {
  const dir = folder()
  await openStore(dir)
  const { loaded } = await openStore(crashCopy(dir, ['plate.db']))
  expect(loaded.notices).toEqual([])
})

test('before it is open, and after it is closed, the store says so', async () => {
  const store = storeIn(folder())
  await expect(store.devices()).rejects.toMatchObject({
    code: 'storeBroken',
    message: 'store.notOpen',
    says: { code: 'store.notOpen' },
  })
  expect(await store.health()).toMatchObject({ ok: false, says: { code: 'store.notOpen' } })
  await store.close()
  await store.open()
  expect(await store.health()).toMatchObject({ ok: true, lastBackupAt: null, bytes: expect.any(Number) })
  await store.close()
  await expect(store.commit(placing())).rejects.toMatchObject({ code: 'storeBroken' })
})
