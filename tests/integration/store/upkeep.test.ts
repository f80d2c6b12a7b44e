/** @file What is done by the clock: daily backups that hold nobody up, and what is thrown away when it is old. Works in temporary folders. */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { createHost } from '../../../main/adapters/sqlite/host.ts'
import type { CommitBatch } from '../../../main/core/ports.ts'
import { idsOf, NOON, placing } from './orders.ts'
import { crashCopy, DAY_MS, eventIds, folder, keptLog, mustCommit, openStore } from './support.ts'

const HOUR_MS = 3_600_000

/** The store without its caller, so that a test says what time it is. */
async function hostIn(dir: string, keepDays = 30, now = NOON) {
  const log = keptLog()
  const at = (name: string) => path.join(dir, name)
  const host = createHost(
    {
      file: at('plate.db'),
      backupDir: at('backups'),
      journalDir: at('journal'),
      keepDays,
      newDevice: randomUUID(),
    },
    log,
  )
  await host.open(now)
  onTestFinished(() => host.close(now))
  return { host, log }
}

const backups = (dir: string) => readdirSync(path.join(dir, 'backups')).sort()

function commitsIn(file: string): number {
  const db = new Database(file, { readonly: true })
  try {
    expect(db.pragma('quick_check', { simple: true })).toBe('ok')
    return (db.prepare('SELECT count(*) AS n FROM events').get() as { n: number }).n / 2
  } finally {
    db.close()
  }
}

test('a backup is made on the first day and then once a day', async () => {
  const dir = folder()
  const { host } = await hostIn(dir)
  await host.tick(NOON)
  expect(backups(dir)).toEqual(['backup-2026-11-20T12-00-00.000Z.db'])
  await host.tick(NOON + 23 * HOUR_MS)
  expect(backups(dir)).toHaveLength(1)
  await host.tick(NOON + 24 * HOUR_MS)
  expect(backups(dir)).toHaveLength(2)
  expect(await host.health(NOON)).toMatchObject({ lastBackupAt: NOON + DAY_MS })
  await host.close(NOON)
  const next = await hostIn(dir, 30, NOON + 25 * HOUR_MS)
  await next.host.tick(NOON + 25 * HOUR_MS)
  expect(backups(dir)).toHaveLength(2)
})

test('a clock that was wrong neither stops the daily backup nor throws the others away', async () => {
  const dir = folder()
  const { host } = await hostIn(dir)
  await host.tick(NOON)
  const wrong = NOON + 20_000 * DAY_MS
  await host.tick(wrong)
  await host.tick(NOON + 1000)
  expect(backups(dir)).toHaveLength(2)
  await host.tick(NOON + DAY_MS + 1000)
  expect(backups(dir)).toHaveLength(3)
  expect(await host.health(NOON + DAY_MS + 1000)).toMatchObject({ lastBackupAt: NOON + DAY_MS + 1000 })
  await host.tick(0)
  expect(backups(dir)).toHaveLength(4)
})

test('after a kill a fresh backup is due at once', async () => {
  const dir = folder()
  const { host } = await hostIn(dir)
  await host.tick(NOON)
  await host.commit(NOON, placing())
  const dead = crashCopy(dir)
  const { host: next } = await hostIn(dead)
  await next.tick(NOON + 1000)
  expect(backups(dead)).toHaveLength(2)
})

test('commits go on while a backup is made, and the backup holds a whole number of them', async () => {
  const dir = folder()
  const { store } = await openStore(dir, { sameThread: false })
  const batches: CommitBatch[] = []
  const commit = async () => {
    const batch = placing()
    batches.push(batch)
    await mustCommit(store, batch)
  }
  for (let n = 0; n < 50; n++) await commit()
  let made = false
  const backup = store.backup().finally(() => {
    made = true
  })
  expect(store.backup()).toBeInstanceOf(Promise)
  let during = 0
  while (!made) {
    await commit()
    during++
  }
  const { file, bytes } = await backup
  expect(bytes).toBeGreaterThan(0)
  expect(during).toBeGreaterThan(3)
  const held = commitsIn(file)
  expect(Number.isInteger(held)).toBe(true)
  expect(held).toBeGreaterThanOrEqual(50)
  expect(await eventIds(store)).toEqual(batches.flatMap(idsOf))
  expect(backups(dir)).toHaveLength(1)
})

test('two who ask for a backup at once get the same one', async () => {
  const { host } = await hostIn(folder())
  const [one, two] = await Promise.all([host.backup(NOON), host.backup(NOON + 5)])
  expect(one).toEqual(two)
})

test('old backups and journals go; of backups the newest three stay, and so does what is not ours', async () => {
  const dir = folder()
  const { host } = await hostIn(dir, 2)
  for (let day = 0; day < 4; day++) {
    await host.commit(NOON + day * DAY_MS, placing())
    host.afterReply()
    await host.tick(NOON + day * DAY_MS)
  }
  writeFileSync(path.join(dir, 'backups', 'readme.txt'), 'mine')
  writeFileSync(path.join(dir, 'backups', 'backup-2026-11-20T11-00-00.000Z.db.part'), 'half')
  await host.tick(NOON + 3 * DAY_MS)
  expect(backups(dir)).toEqual([
    ...['21', '22', '23'].map((day) => `backup-2026-11-${day}T12-00-00.000Z.db`),
    'readme.txt',
  ])
  expect(readdirSync(path.join(dir, 'journal'))).toEqual(
    ['21', '22', '23'].map((day) => `journal-2026-11-${day}.ndjson`),
  )
  await host.close(NOON)
  const later = NOON + 100 * DAY_MS
  const { host: next } = await hostIn(dir, 2, later)
  rmSync(path.join(dir, 'backups', 'readme.txt'))
  await next.tick(later)
  expect(backups(dir)).toEqual(
    ['2026-11-22', '2026-11-23', '2027-02-28'].map((day) => `backup-${day}T12-00-00.000Z.db`),
  )
})

test('answers to commands are forgotten after a week', async () => {
  const { host } = await hostIn(folder())
  const old = placing(1, NOON)
  const young = placing(1, NOON + DAY_MS)
  await host.commit(NOON, old)
  await host.commit(NOON, young)
  await host.tick(NOON + 7.5 * DAY_MS)
  const again = (batch: CommitBatch) => ({ ...batch, entries: [] })
  expect(await host.commit(NOON, again(young))).toMatchObject({ ok: false })
  expect(await host.commit(NOON, again(old))).toMatchObject({ ok: true })
})

test('a backup that cannot be made is reported, and orders go on', async () => {
  const dir = folder()
  writeFileSync(path.join(dir, 'backups'), 'a file where the folder should be')
  const { host } = await hostIn(dir)
  await expect(host.backup(NOON)).rejects.toMatchObject({
    says: {
      code: 'store.backupFailed',
      params: { folder: path.join(dir, 'backups'), error: expect.stringContaining('EEXIST') },
    },
  })
  expect(await host.commit(NOON, placing())).toMatchObject({ ok: true })
  rmSync(path.join(dir, 'backups'))
  mkdirSync(path.join(dir, 'backups', 'backup-2026-11-20T12-00-00.000Z.db.part'), { recursive: true })
  await expect(host.backup(NOON)).rejects.toMatchObject({ code: expect.any(String) })
  expect(existsSync(path.join(dir, 'backups', 'backup-2026-11-20T12-00-00.000Z.db'))).toBe(false)
})

test('closing does not wait for a backup', async () => {
  const dir = folder()
  const { host } = await hostIn(dir)
  const backup = host.backup(NOON)
  const refused = expect(backup).rejects.toMatchObject({
    says: { code: 'store.backupFailed' },
  })
  await host.close(NOON)
  await refused
  expect(backups(dir)).toEqual([])
})

test('what takes longer than 40 ms is logged', async () => {
  const { host, log } = await hostIn(folder())
  await host.commit(NOON, placing(3000))
  expect(log.lines).toContainEqual({
    level: 'warn',
    event: 'store.slow',
    fields: { method: 'commit', ms: expect.any(Number), entries: 6000 },
  })
})
