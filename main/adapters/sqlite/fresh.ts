/** @file Begins an empty database in the place of another, because this PC joins another restaurant. Works in the data folder. */
import { existsSync, renameSync } from 'node:fs'
import path from 'node:path'
import type { Log } from '../../core/ports.ts'
import { backupHere, DAY_MS, listBackups } from './backup.ts'
import { connect, ensureFile, ensureFolder, identify } from './connect.ts'
import { removeDatabase } from './copy.ts'
import { isCorrupt } from './errors.ts'
import { lockFolder } from './lock.ts'
import { deviceOf, setMeta } from './meta.ts'
import { canRebuild, setAside } from './recover.ts'
import { forgetJournal } from './replay.ts'
import type { StoreConfig } from './rpc.ts'
import { migrate } from './schema/index.ts'
import { createSql } from './sql.ts'

/** The empty database until it takes the place: there only while a change of restaurant is under way. */
export const freshOf = ({ file }: StoreConfig) => `${file}.fresh`
const partOf = ({ file }: StoreConfig) => `${file}.fresh.part`

/** Makes the empty database, with an identity of its own and no memory of the journal; appearing whole or not at all. */
function prepare(config: StoreConfig): void {
  const part = partOf(config)
  removeDatabase(part)
  ensureFile(part)
  const db = connect(part)
  try {
    migrate(db)
    const sql = createSql(db)
    deviceOf(sql, config.newDevice)
    forgetJournal(sql, config.journalDir)
    setMeta(sql, 'clean', '1')
    // One file, so that one renaming is all it takes.
    db.pragma('journal_mode = DELETE')
  } finally {
    db.close()
  }
  renameSync(part, freshOf(config))
}

/** Brings what SQLite still has in its log into the database file, so that moving the file moves all of it. */
function gather(file: string): void {
  if (identify(file) !== 'ours') return
  try {
    const db = connect(file)
    try {
      db.pragma('wal_checkpoint(TRUNCATE)')
    } finally {
      db.close()
    }
  } catch (error) {
    // It goes as it is, with its side files.
    if (!isCorrupt(error)) throw error
  }
}

/**
 * Moves the database out of the way; nothing is deleted. Moving it is the one step that counts: whoever is killed before
 * has the old database, whoever is killed after has an empty one.
 * Returns where it went, null when there was none.
 * @throws StoreError when the folder is in use, or a newer Plate or another program wrote the file; it stays then.
 */
export function beginFresh(config: StoreConfig, now: number, log: Log): string | null {
  ensureFolder(path.dirname(config.file))
  const release = lockFolder(config.file)
  try {
    const aside = makeRoom(config, now)
    log.info('store.set.aside', { aside })
    return aside
  } finally {
    release()
  }
}

function makeRoom(config: StoreConfig, now: number): string | null {
  const { file } = config
  const there = existsSync(file)
  if (there) gather(file)
  else if (!canRebuild(config)) return null
  prepare(config)
  return there ? setAside(file, now) : null
}

/** Named after every backup there is, as far as clocks allow: should the new database be lost, this is what counts. */
function backupTime({ backupDir }: StoreConfig, now: number): number {
  const times = listBackups(backupDir).map(({ at }) => at + 1)
  return Math.max(now, ...times.filter((at) => at <= now + DAY_MS))
}

/** Finishes at the next open what {@link beginFresh} began. The folder must be locked. Nothing happens when it began nothing, or did not get far. */
export async function finishFresh(config: StoreConfig, now: number, log: Log): Promise<void> {
  const fresh = freshOf(config)
  removeDatabase(partOf(config))
  if (!existsSync(fresh)) return
  if (existsSync(config.file)) return removeDatabase(fresh)
  try {
    // Even a rebuild from the journal alone must not bring the other restaurant back.
    if (existsSync(config.journalDir)) setAside(config.journalDir, now)
  } catch (error) {
    log.warn('store.journal.stays', { error: String(error) })
  }
  await backupHere(fresh, config.backupDir, backupTime(config, now), '-new')
  renameSync(fresh, config.file)
  log.info('store.fresh', { file: config.file })
}
