/** @file Opening the database file: whose it is, how it is written, whether it is whole. Touches the file it is given. */
import { closeSync, mkdirSync, openSync, readSync, statSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { say } from '../../../shared/domain/messages/index.ts'
import { isCorrupt, StoreError } from './errors.ts'
import { APPLICATION_ID, SCHEMA } from './schema/index.ts'

/** `missing` includes the empty file SQLite makes before its first write. */
export type Found = 'missing' | 'ours' | 'damaged'

const HEADER = 100
const MAGIC = 'SQLite format 3\0'
const PAGE_SIZE_AT = 16
const VERSION_AT = 60
const APPLICATION_AT = 68

/** Makes a folder only its owner can read: it holds guests' orders. */
export function ensureFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
}

/** Makes the file (empty) readable by its owner alone; SQLite gives its side files the same mode. */
export function ensureFile(file: string): void {
  ensureFolder(path.dirname(file))
  closeSync(openSync(file, 'a', 0o600))
}

function readHeader(file: string): Buffer {
  const header = Buffer.alloc(HEADER)
  const handle = openSync(file, 'r')
  try {
    return header.subarray(0, readSync(handle, header, 0, HEADER, 0))
  } finally {
    closeSync(handle)
  }
}

/**
 * Looks at a file without SQLite, so that one that is not for this build stays exactly as it was.
 * @throws StoreError when a newer Plate or another program wrote it.
 */
export function identify(file: string): Found {
  const header = readHeader(file)
  if (header.length === 0) return 'missing'
  if (header.length < HEADER || header.toString('latin1', 0, MAGIC.length) !== MAGIC) return 'damaged'
  const application = header.readUInt32BE(APPLICATION_AT)
  if (application !== APPLICATION_ID && (application !== 0 || hasTables(file, header))) {
    throw new StoreError('storeTooNew', say('store.otherProgram', { file }))
  }
  refuseFuture(file, header.readUInt32BE(VERSION_AT))
  return 'ours'
}

/** Tables need a second page. With a log beside it the file may be ours, stopped before its first page was written back. */
function hasTables(file: string, header: Buffer): boolean {
  const page = header.readUInt16BE(PAGE_SIZE_AT)
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
  return log === 0 && statSync(file).size > page
}

/** @throws StoreError when `schema` is beyond what this build knows. */
function refuseFuture(file: string, schema: number): void {
  if (schema <= SCHEMA) return
  throw new StoreError('storeTooNew', say('store.newerSchema', { schema, known: SCHEMA, file }))
}

/** Opens the file for writing, with every commit on the platter before it returns. */
export function connect(file: string): Database.Database {
  const db = new Database(file, { timeout: 5000 })
  try {
    db.pragma('journal_mode = WAL')
    // Kitchens lose power, and WAL with NORMAL may then roll back what was already confirmed.
    db.pragma('synchronous = FULL')
    if (process.platform === 'darwin') {
      // Only this makes macOS flush the drive's own cache.
      db.pragma('fullfsync = 1')
      db.pragma('checkpoint_fullfsync = 1')
    }
    db.pragma('foreign_keys = ON')
    db.pragma('journal_size_limit = 67108864')
    refuseFuture(file, db.pragma('user_version', { simple: true }) as number)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Whether the file is whole, as far as reading all of its pages tells. Takes seconds on a large file. */
export function isWhole(db: Database.Database): boolean {
  try {
    return db.pragma('quick_check(1)', { simple: true }) === 'ok'
  } catch (error) {
    if (isCorrupt(error)) return false
    throw error
  }
}
