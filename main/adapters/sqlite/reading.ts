/** @file Reading a database without touching anything beside it, while nothing can be written there. Reads the file it is given. */
import { existsSync, statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'

/**
 * Makes SQLite understand names with parameters, which it is told once per process, before the first database is opened,
 * and on the main thread: other threads change only a copy of the environment.
 */
export function allowParameters(): void {
  process.env.SQLITE_USE_URI = '1'
}

/**
 * The database with all that was committed, read where it lies; no side file is made or changed. Undefined when that
 * cannot be: there is a log without the index beside it, or a write that was interrupted.
 */
export function readAsItIs(file: string): Database.Database | undefined {
  const logged = (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0
  if (existsSync(`${file}-journal`) || (logged && !existsSync(`${file}-shm`))) return undefined
  // With a log, SQLite keeps an index of its own in memory; without one, it must be told that nobody writes.
  const how = logged ? 'readonly_shm=1' : 'immutable=1'
  let db: Database.Database | undefined
  try {
    db = new Database(`${pathToFileURL(file)}?${how}`, { readonly: true })
    db.pragma('user_version')
    return db
  } catch {
    db?.close()
    return undefined
  }
}
