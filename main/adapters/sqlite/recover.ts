/** @file When the database is damaged, gone, or behind its journal: sets it aside and rebuilds it. Renames and writes in the data folder. */
import { existsSync, renameSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import type { Log } from '../../core/ports.ts'
import { type Backup, listBackups, newestFirst } from './backup.ts'
import { connect, ensureFile, identify, isWhole } from './connect.ts'
import { copyDatabase, removeDatabase } from './copy.ts'
import { lastLines } from './journal-read.ts'
import { getMeta, journaledUpto, renewDevice } from './meta.ts'
import { type Replayed, replay } from './replay.ts'
import type { StoreConfig } from './rpc.ts'
import { migrate } from './schema/index.ts'
import { createSql, type Sql } from './sql.ts'

/**
 * Renames a database and its side files, so that nothing is ever deleted. Returns the new path. Side files without a
 * database go too: SQLite would take them for a part of whatever gets that name next.
 */
export function setAside(file: string, now: number): string {
  const name = `${file}.set-aside-${new Date(now).toISOString().replaceAll(':', '-')}`
  let to = name
  for (let n = 2; existsSync(to); n++) to = `${name}-${n}`
  for (const end of ['-wal', '-shm', '']) if (existsSync(file + end)) renameSync(file + end, to + end)
  return to
}

/** Whether a file is a whole Plate database that this build can open. Leaves it as it is. */
export function isUsable(file: string): boolean {
  try {
    if (identify(file) !== 'ours') return false
    const db = new Database(file, { readonly: true })
    try {
      return isWhole(db)
    } finally {
      db.close()
    }
  } catch {
    return false
  }
}

/** Puts a copy of a backup in the database's place, appearing there whole or not at all. */
export async function putInPlace(backup: string, file: string): Promise<void> {
  const part = `${file}.part`
  removeDatabase(part)
  // Through SQLite: a set-aside database may have changes in a log of its own beside it.
  await copyDatabase({ from: backup, to: part })
  renameSync(part, file)
}

export interface Recovery extends Replayed {
  backup: Backup | undefined
}

/** Rebuilds the database from the newest usable backup and the journal since. The core gets a new id. */
export async function rebuild(config: StoreConfig, now: number, log: Log): Promise<Recovery> {
  const backup = newestFirst(listBackups(config.backupDir), now).find(({ file }) => isUsable(file))
  const part = `${config.file}.part`
  removeDatabase(part)
  try {
    if (backup) await copyDatabase({ from: backup.file, to: part })
    else ensureFile(part)
    const replayed = takeOver(part, config, now)
    // Whole or not at all: a database that lacks the journal would not know what it lacks.
    renameSync(part, config.file)
    log.warn('store.recovered', { backup: backup?.file, ...replayed })
    return { backup, ...replayed }
  } catch (error) {
    removeDatabase(part)
    throw error
  }
}

/** Takes the journal over into the database of another file, under a new id. */
function takeOver(file: string, config: StoreConfig, now: number): Replayed {
  const db = connect(file)
  try {
    migrate(db)
    const sql = createSql(db)
    renewDevice(sql, now, config.newDevice)
    const replayed = replay(sql, config.journalDir)
    // One file, so that one renaming is all it takes.
    db.pragma('journal_mode = DELETE')
    return replayed
  } finally {
    db.close()
  }
}

/** Whether there is anything to rebuild from. */
export function canRebuild(config: StoreConfig): boolean {
  return listBackups(config.backupDir).length > 0 || lastLines(config.journalDir).length > 0
}

/** Whether the journal has what the database lost: it was put back from an older copy, or a disk dropped what it had confirmed. */
export function isBehind(sql: Sql, config: StoreConfig): boolean {
  const own = getMeta(sql, 'device')
  return lastLines(config.journalDir).some(({ device, line }) => {
    const upto = journaledUpto(sql, device)
    // A journal this database never heard of belongs to another one.
    return line > upto && (upto > 0 || device === own)
  })
}

/** Takes over what the database lost. The core gets a new id then. Returns undefined when the database is not behind. */
export function catchUp(sql: Sql, config: StoreConfig, now: number): Replayed | undefined {
  if (!isBehind(sql, config)) return undefined
  renewDevice(sql, now, config.newDevice)
  return replay(sql, config.journalDir)
}

/**
 * What a person must know after a rebuild. `aside` is where the damaged file went; undefined when the file was gone.
 * `copied`: it was rebuilt in a copy, and nothing has happened to the database itself yet.
 */
export function recoveryNotice(recovery: Recovery, aside: string | undefined, copied: boolean): Message {
  const { backup, lines: count, missing } = recovery
  const moved = (file: string) => (copied ? say('store.wasDamaged') : say('store.setAside', { file }))
  return say('store.recovered', {
    found: aside ? moved(path.basename(aside)) : say('store.gone'),
    source: backup ? say('store.fromBackup', { at: backup.at, count }) : say('store.fromJournal', { count }),
    rest: missing ? say('store.lost', { count: missing }) : say('store.complete'),
  })
}

/** What a person must know after {@link catchUp}. */
export function caughtUpNotice({ lines, missing }: Replayed): Message {
  const caughtUp = say('store.caughtUp', { count: lines })
  return missing ? say('store.caughtUpInPart', { caughtUp, count: missing }) : caughtUp
}
