/** @file One process per data folder. Holds a lock on a tiny side database, which the operating system drops when the process dies. */
import Database from 'better-sqlite3'
import { say } from '../../../shared/domain/messages/index.ts'
import { StoreError } from './errors.ts'

/** Gives the folder free again. */
export type Release = () => void

/**
 * Takes the folder of `file` for this process.
 * A side file, because the database itself may have to be renamed while the folder is ours. Nothing may read that file
 * with node:fs: closing any handle on it would drop the lock (POSIX locks belong to the process, not to the handle).
 * @throws StoreError `storeInUse` when another process (or another store in this one) has it.
 */
export function lockFolder(file: string): Release {
  const side = new Database(`${file}.lock`, { timeout: 0 })
  try {
    // Without a journal file, which would need room.
    side.pragma('journal_mode = MEMORY')
    side.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    side.close()
    if (!/^SQLITE_(BUSY|LOCKED)/.test((error as { code?: string }).code ?? '')) throw error
    throw new StoreError('storeInUse', say('store.inUse', { file }))
  }
  return () => side.close()
}

/**
 * Takes the folder as far as it can be taken while it takes no writes: a lock file that is there keeps others from
 * writing, even if it may only be read; where there is none and none can be made, nothing does.
 * @throws StoreError `storeInUse` when another process has it.
 */
export function lockIfPossible(file: string): Release {
  try {
    return lockFolder(file)
  } catch (error) {
    if (error instanceof StoreError) throw error
    return () => undefined
  }
}
