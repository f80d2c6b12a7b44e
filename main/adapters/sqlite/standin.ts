/** @file The store while its folder takes no writes: all that was saved can be read, as a normal start would have it. Reads the data folder; writes only where temporary files go. */
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Loaded, Log } from '../../core/ports.ts'
import { identify, isWhole } from './connect.ts'
import { isCorrupt, isRefusal, StoreError, storeError } from './errors.ts'
import { canReadAgain, readAgain } from './folding.ts'
import { freshOf } from './fresh.ts'
import { getMeta, journaledUpto } from './meta.ts'
import { openDatabase } from './opening.ts'
import { load } from './queries.ts'
import { readAsItIs } from './reading.ts'
import { canRebuild, isBehind } from './recover.ts'
import type { StoreConfig } from './rpc.ts'
import { migrate, SCHEMA, schemaOf } from './schema/index.ts'
import { createSql, type Sql } from './sql.ts'

/** How far a store has come: every change of it moves one of these. */
export interface Position {
  device: string
  head: number
  /** Number of the newest journal line. */
  line: number
}

export function positionOf(sql: Sql, { device, head }: Pick<Loaded, 'device' | 'head'>): Position {
  return { device, head, line: journaledUpto(sql, device) }
}

export interface StandIn {
  sql: Sql
  loaded: Omit<Loaded, 'trouble'>
  position: Position
  /** It lacks what a start would read again, which needs a database that can be written. */
  partial: boolean
  close(): void
}

interface Found {
  db: Database.Database
  notices: Loaded['notices']
  partial: boolean
  discard(): void
}

const nothing = () => undefined

/** Opens what can be read now. Changes nothing in the data folder. Rejects when there is something and no way to read it. */
export async function openStandIn(config: StoreConfig, now: number, log: Log): Promise<StandIn> {
  const file = sourceOf(config)
  if (!file && !canRebuild(config)) return using(empty(config), config, now)
  try {
    const found = file === config.file ? asItIs(config) : undefined
    if (found && !found.partial) return using(found, config, now)
    // Not beside a copy being made of it: closing a file drops the locks of whoever else has it open in this process.
    found?.db.close()
  } catch (error) {
    // Damage may show only while reading, however cleanly Plate was stopped.
    if (!isCorrupt(error)) throw error
    return using(await workingCopy(config, file, now, log, 'damaged'), config, now)
  }
  try {
    return using(await workingCopy(config, file, now, log), config, now)
  } catch (error) {
    // Without room for a copy, boards that say what they lack are better than none.
    const found =
      file === config.file && isRefusal(storeError(error, config.file)) ? asItIs(config) : undefined
    if (!found) throw error
    return using(found, config, now)
  }
}

/** The database: it or, in the middle of a change of restaurant, the empty one that is to be it. Undefined when there is none yet. */
function sourceOf(config: StoreConfig): string | undefined {
  return [config.file, freshOf(config)].find((file) => {
    // Not to be looked at is not the same as absent: that throws.
    return statSync(file, { throwIfNoEntry: false }) && identify(file) !== 'missing'
  })
}

function using({ db, notices, partial, discard }: Found, { newDevice }: StoreConfig, now: number): StandIn {
  const close = () => {
    db.close()
    discard()
  }
  try {
    const sql = createSql(db)
    if (!db.readonly) readAgain(sql)
    const loaded = { ...load(sql, now, newDevice), notices }
    return { sql, loaded, position: positionOf(sql, loaded), partial, close }
  } catch (error) {
    close()
    throw error
  }
}

/** Nothing was ever saved. */
function empty({ file }: StoreConfig): Found {
  const db = new Database(':memory:')
  migrate(db)
  const says = say('store.nothingYet', { folder: path.dirname(file) })
  return { db, notices: [{ level: 'alarm', says }], partial: false, discard: nothing }
}

/** The database where it lies, if a start would change nothing in it before reading. */
function asItIs(config: StoreConfig): Found | undefined {
  if (identify(config.file) !== 'ours') return undefined
  const db = readAsItIs(config.file)
  if (!db) return undefined
  try {
    const sql = createSql(db)
    if (isCurrent(db, sql) && !isBehind(sql, config))
      return { db, notices: [], partial: canReadAgain(sql), discard: nothing }
  } catch (error) {
    db.close()
    throw error
  }
  db.close()
  return undefined
}

function isCurrent(db: Database.Database, sql: Sql): boolean {
  if (schemaOf(db) !== SCHEMA || getMeta(sql, 'device') === undefined) return false
  return getMeta(sql, 'clean') === '1' || isWhole(db)
}

/** Where a copy may find room: what is memory takes it although every disk is full. */
function places(): string[] {
  return process.platform === 'linux' ? [tmpdir(), '/dev/shm'] : [tmpdir()]
}

/** A copy of the database, opened as a start would open the database itself: migrated, caught up, rebuilt. */
async function workingCopy(
  config: StoreConfig,
  from: string | undefined,
  now: number,
  log: Log,
  known?: 'damaged',
): Promise<Found> {
  let why: unknown
  for (const place of places()) {
    let dir: string | undefined
    const discard = () => {
      if (dir) rmSync(dir, { recursive: true, force: true })
    }
    try {
      dir = mkdtempSync(path.join(place, 'plate-'))
      const file = path.join(dir, path.basename(config.file))
      for (const end of ['', '-wal', '-journal'])
        if (from && existsSync(from + end)) copyFileSync(from + end, file + end)
      const { db, notices } = await openDatabase({ ...config, file, copied: true }, now, log, known)
      return { db, notices, partial: false, discard }
    } catch (error) {
      discard()
      if (error instanceof StoreError) throw error
      why = error
    }
  }
  throw why
}
