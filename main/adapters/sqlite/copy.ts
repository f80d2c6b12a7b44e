/** @file A whole, checked copy of a database while it is in use. Reads one file, writes another. */
import { rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { isWhole } from './connect.ts'

/** From where to where. `to` must not exist. */
export interface CopyJob {
  from: string
  to: string
}

/** Removes a database file with its side files; nothing happens when they are not there. */
export function removeDatabase(file: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(file + end, { force: true })
}

/**
 * Copies `from` as it is now, checks the copy and leaves it as one self-contained file.
 * @throws when the copy cannot be written or is not whole; nothing is left at `to` then.
 */
export async function copyDatabase({ from, to }: CopyJob): Promise<void> {
  try {
    const source = new Database(from, { readonly: true, timeout: 5000 })
    try {
      // All pages in one step: the step holds a snapshot, so writers neither wait for it nor make it start again.
      await source.backup(to, { progress: () => 0x7fffffff })
    } finally {
      source.close()
    }
    const copy = new Database(to)
    try {
      copy.pragma('journal_mode = DELETE')
      if (!isWhole(copy)) throw new Error(`The copy of ${from} is not whole`)
    } finally {
      copy.close()
    }
  } catch (error) {
    removeDatabase(to)
    throw error
  }
}
