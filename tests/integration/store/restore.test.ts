/** @file Putting a backup back: checked, with a new identity, with or without what came later; never while Plate runs. Works in temporary folders. */
import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { restoreBackup } from '../../../main/adapters/sqlite/restore.ts'
import type { CommitBatch } from '../../../main/core/ports.ts'
import { batchOf, idsOf, NOON, placing } from './orders.ts'
import { eventIds, folder, mustCommit, openStore } from './support.ts'

/** A closed store with three commits, and a backup made after the first. */
async function used() {
  const dir = folder()
  const { store, loaded } = await openStore(dir)
  const batches = [placing(), placing(2), batchOf([], { cursors: [{ peer: 'bar', seq: 7 }] })] as [
    CommitBatch,
    CommitBatch,
    CommitBatch,
  ]
  await mustCommit(store, batches[0])
  const { file } = await store.backup()
  await mustCommit(store, batches[1])
  await mustCommit(store, batches[2])
  await store.close()
  return { dir, batches, device: loaded.device, backup: file, file: path.join(dir, 'plate.db') }
}

test('the backup takes the place, the old database is kept, the core is a new one', async () => {
  const { dir, file, backup, batches, device } = await used()
  const restored = await restoreBackup({ file, backup, now: NOON + 5000 })
  expect(restored).toEqual({
    aside: `${file}.set-aside-2026-11-20T12-00-05.000Z`,
    device: expect.any(String),
    former: device,
    lines: 0,
    missing: 0,
  })
  expect(restored.device).not.toBe(device)
  const { store, loaded } = await openStore(dir)
  expect(loaded).toMatchObject({ device: restored.device, head: 2, cursors: [], notices: [] })
  expect(await eventIds(store)).toEqual(idsOf(batches[0]))
  await mustCommit(store, placing())
})

test('what was left behind on purpose does not come back, even when the file is lost later', async () => {
  const { dir, file, backup, batches } = await used()
  await restoreBackup({ file, backup, now: NOON + 5000 })
  const { store } = await openStore(dir)
  const later = placing()
  await mustCommit(store, later)
  await store.close()
  rmSync(file)
  const next = await openStore(dir)
  expect(next.loaded.notices).toHaveLength(1)
  expect(await eventIds(next.store)).toEqual([...idsOf(batches[0]), ...idsOf(later)])
})

test('with the journal nothing is lost', async () => {
  const { dir, file, backup, batches, device } = await used()
  const restored = await restoreBackup({ file, backup, journal: true, now: NOON + 5000 })
  expect(restored).toMatchObject({ lines: 2, missing: 0 })
  const { store, loaded } = await openStore(dir)
  expect(await eventIds(store)).toEqual(batches.flatMap(idsOf))
  expect(loaded.cursors).toEqual([{ peer: 'bar', seq: 7 }])
  expect(loaded.device).not.toBe(device)
})

test('a database that was set aside can be put back with all it had', async () => {
  const { dir, file, backup, batches } = await used()
  const { aside = '' } = await restoreBackup({ file, backup, now: NOON + 5000 })
  await restoreBackup({ file, backup: aside, now: NOON + 6000 })
  const { store } = await openStore(dir)
  expect(await eventIds(store)).toEqual(batches.flatMap(idsOf))
})

test('a new computer starts from a backup', async () => {
  const { backup, batches } = await used()
  const dir = path.join(folder(), 'fresh')
  expect((await restoreBackup({ file: path.join(dir, 'plate.db'), backup, now: NOON })).aside).toBeUndefined()
  expect(await eventIds((await openStore(dir)).store)).toEqual(idsOf(batches[0]))
})

test('nothing moves while Plate runs, or when the backup is no good', async () => {
  const { dir, file, backup, batches } = await used()
  const bad = path.join(dir, 'bad.db')
  writeFileSync(bad, 'x'.repeat(9000))
  await expect(restoreBackup({ file, backup: bad, now: NOON })).rejects.toMatchObject({
    says: { code: 'store.notWhole', params: { file: bad } },
  })
  await expect(restoreBackup({ file, backup: `${bad}2`, now: NOON })).rejects.toMatchObject({
    says: { code: 'store.noFile', params: { file: `${bad}2` } },
  })
  const { store } = await openStore(dir)
  await expect(restoreBackup({ file, backup, now: NOON })).rejects.toMatchObject({ code: 'storeInUse' })
  expect(await eventIds(store)).toEqual(batches.flatMap(idsOf))
  expect(readdirSync(dir).filter((name) => name.includes('set-aside') || name.includes('restoring'))).toEqual(
    [],
  )
})

const program = path.resolve(import.meta.dirname, '../../../main/headless/restore.ts')
function restore(args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  return { status, stdout, stderr }
}

test('the command line says what it did and what to do next', async () => {
  const { dir, backup, batches } = await used()
  expect(restore(['--data', dir]).stdout).toContain(backup)
  const done = restore([backup, '--data', dir, '--journal'])
  expect(done).toMatchObject({ status: 0, stderr: '' })
  expect(done.stdout).toMatch(/2 later changes were taken over[\s\S]*new identity[\s\S]*What to do next/)
  const { store } = await openStore(dir)
  expect(await eventIds(store)).toEqual(batches.flatMap(idsOf))
  expect(restore([backup], { PLATE_DATA: dir })).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('already running'),
  })
})

test('the command line refuses what it does not understand', () => {
  expect(restore(['--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('--journal') })
  expect(restore(['--nonsense'])).toMatchObject({ status: 2, stderr: expect.stringContaining('--data DIR') })
  expect(restore(['a', 'b'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('one backup at a time'),
  })
  const home = folder()
  const nowhere = { HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, APPDATA: home, PLATE_DATA: '' }
  expect(restore(['a'], nowhere)).toMatchObject({ status: 2, stderr: expect.stringContaining('--data') })
})
