/** @file From a path to a database that is ours, whole, current and complete; whatever that takes. Works in the data folder. */
import type { Database } from 'better-sqlite3'
import type { Loaded, Log } from '../../core/ports.ts'
import { backupHere } from './backup.ts'
import { connect, ensureFile, identify, isWhole } from './connect.ts'
import { isCorrupt } from './errors.ts'
import { getMeta } from './meta.ts'
import { canRebuild, catchUp, caughtUpNotice, rebuild, recoveryNotice, setAside } from './recover.ts'
import type { StoreConfig } from './rpc.ts'
import { migrate, SCHEMA, schemaOf } from './schema/index.ts'
import { createSql, type Sql } from './sql.ts'

export interface Opened {
  db: Database
  sql: Sql
  notices: Loaded['notices']
  /** Whether Plate was killed, or something was repaired: then a fresh backup is due. */
  disturbed: boolean
}

/** Where to open it. */
export interface Place extends StoreConfig {
  /** A working copy: what it was stays where it came from, so nothing of it needs to be backed up. */
  copied?: boolean
}

type State = 'new' | 'lost' | 'damaged' | { clean: boolean }

/** Looks into the file: what to do with it. Migrates nothing yet. */
async function examine(config: Place, now: number): Promise<State> {
  ensureFile(config.file)
  const found = identify(config.file)
  if (found === 'damaged') return 'damaged'
  const absent = canRebuild(config) ? 'lost' : 'new'
  if (found === 'missing') return absent
  try {
    const db = connect(config.file)
    try {
      const schema = schemaOf(db)
      // Stopped before the first start was over, or cut back to that.
      if (schema === 0 || getMeta(createSql(db), 'device') === undefined) return absent
      // Written at every close; a process that was killed, or a power cut, leaves it as it was at start.
      const clean = getMeta(createSql(db), 'clean') === '1'
      if (!clean && !isWhole(db)) return 'damaged'
      if (schema < SCHEMA && !config.copied)
        await backupHere(config.file, config.backupDir, now, `-schema-${schema}`)
      return { clean }
    } finally {
      db.close()
    }
  } catch (error) {
    if (isCorrupt(error)) return 'damaged'
    throw error
  }
}

async function repair(state: State, config: Place, now: number, log: Log): Promise<Loaded['notices']> {
  if (state !== 'damaged' && state !== 'lost') return []
  const aside = setAside(config.file, now)
  const recovery = await rebuild(config, now, log)
  const says = recoveryNotice(recovery, state === 'damaged' ? aside : undefined, config.copied === true)
  return [{ level: 'alarm', says }]
}

/**
 * Opens the database, after migrating, checking and recovering it as needed. The folder must be locked.
 * `known`: damage was seen already, so there is nothing to examine.
 */
export async function openDatabase(config: Place, now: number, log: Log, known?: 'damaged'): Promise<Opened> {
  const state = known ?? (await examine(config, now))
  const notices = await repair(state, config, now, log)
  const db = connect(config.file)
  try {
    migrate(db)
    const sql = createSql(db)
    const caught = catchUp(sql, config, now)
    if (caught) notices.push({ level: 'alarm', says: caughtUpNotice(caught) })
    const clean = state === 'new' || (typeof state === 'object' && state.clean)
    return { db, sql, notices, disturbed: !clean || notices.length > 0 }
  } catch (error) {
    db.close()
    throw error
  }
}
