/** @file Puts a backup in the database's place, because a person wants it. Works in the data folder, while Plate does not run. */
import { randomUUID } from 'node:crypto'
import { existsSync, renameSync } from 'node:fs'
import path from 'node:path'
import { say } from '../../../shared/domain/messages/index.ts'
import { backupHere } from './backup.ts'
import { connect, ensureFolder, identify } from './connect.ts'
import { StoreError, storeError } from './errors.ts'
import { lockFolder } from './lock.ts'
import { renewDevice, setMeta } from './meta.ts'
import { isUsable, putInPlace, setAside } from './recover.ts'
import { forgetJournal, type Replayed, replay } from './replay.ts'
import { migrate } from './schema/index.ts'
import { createSql } from './sql.ts'

export interface RestoreOptions {
  /** The database to replace. */
  file: string
  /** The backup, or a database that was set aside. */
  backup: string
  /** Takes over what the journal knows since the backup was made. */
  journal?: boolean
  /** Default: `journal` beside the file. */
  journalDir?: string
  /** Default: `backups` beside the file. */
  backupDir?: string
  /** ms UTC. */
  now: number
}

export interface Restored extends Replayed {
  /** Where the database that was there went; undefined when there was none. */
  aside: string | undefined
  /** The core's new id, and the one the backup had. */
  device: string
  former: string | undefined
}

function refuseUnusable(backup: string): void {
  if (!existsSync(backup)) throw new StoreError('storeBroken', say('store.noFile', { file: backup }))
  if (identify(backup) === 'ours' && isUsable(backup)) return
  throw new StoreError('storeBroken', say('store.notWhole', { file: backup }))
}

/**
 * Replaces the database by a checked copy of the backup; the old one is set aside. The core gets a new id, so that
 * sequence numbers and stamps it gives a second time are not taken for the first. Cursors into other cores' logs stay:
 * they are as old as the backup, so whatever those cores have since comes again.
 * @throws StoreError when Plate runs on the folder, the backup is not usable, or the disk refuses; the database is as it was then.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const folder = path.dirname(options.file)
  try {
    refuseUnusable(options.backup)
    ensureFolder(folder)
    const release = lockFolder(options.file)
    try {
      return await replace(options)
    } finally {
      release()
    }
  } catch (error) {
    throw storeError(error, folder)
  }
}

async function replace(options: RestoreOptions): Promise<Restored> {
  const { file, backup, now, journal = false } = options
  const folder = path.dirname(file)
  const journalDir = options.journalDir ?? path.join(folder, 'journal')
  // The copy is made before anything moves: a full disk shows here.
  const ready = `${file}.restoring`
  await putInPlace(backup, ready)
  const there = existsSync(file)
  const aside = setAside(file, now)
  renameSync(ready, file)
  const db = connect(file)
  let restored: Restored
  try {
    migrate(db)
    const sql = createSql(db)
    const ids = renewDevice(sql, now, randomUUID())
    if (!journal) forgetJournal(sql, journalDir)
    const replayed = journal ? replay(sql, journalDir) : { lines: 0, missing: 0 }
    setMeta(sql, 'clean', '1')
    restored = { ...ids, ...replayed, aside: there ? aside : undefined }
  } finally {
    db.close()
  }
  // So that the newest backup is of the restored database, should it ever be needed.
  await backupHere(file, options.backupDir ?? path.join(folder, 'backups'), now, '-restored')
  return restored
}
