/** @file The store itself, on the thread that owns the file: answers every call of the port. Works in the data folder. */
import { statfsSync, statSync } from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Database } from 'better-sqlite3'
import { say } from '../../../shared/domain/messages/index.ts'
import type { CommitResult, Loaded, Log, Retried } from '../../core/ports.ts'
import {
  type BackupRun,
  DAY_MS,
  isBackupDue,
  listBackups,
  newestFirst,
  pruneBackups,
  startBackup,
} from './backup.ts'
import { writeBatch } from './commit.ts'
import { isCorrupt, isRefusal, StoreError, storeError, troubleOf } from './errors.ts'
import { readAgain } from './folding.ts'
import { beginFresh, finishFresh } from './fresh.ts'
import {
  batchLine,
  type Journal,
  type JournalChange,
  type JournalLine,
  openJournal,
  pruneJournal,
} from './journal.ts'
import { lockFolder, type Release } from './lock.ts'
import { journaledUpto, setJournaled, setMeta } from './meta.ts'
import { type Opened, openDatabase } from './opening.ts'
import { type Packed, type PackedBatch, pack } from './packing.ts'
import { allParked, park, unpark } from './parked.ts'
import * as queries from './queries.ts'
import { tryCommit, tryRoom } from './room.ts'
import type { Host, StoreConfig } from './rpc.ts'
import type { Sql } from './sql.ts'
import { createStandby, type Standby } from './standby.ts'
import { type Position, positionOf } from './standin.ts'

const SLOW_MS = 40
/** Receipts are for retries; nobody retries a command after a week. */
const RECEIPT_DAYS = 7
const LOW_SPACE = 512 * 1024 * 1024

interface Session {
  db: Database
  sql: Sql
  journal: Journal
  release: Release
  device: string
  /** Number of the newest journal line. */
  line: number
  /** A backup is due whatever the age of the last one. */
  backupDue: boolean
  backup: BackupRun | undefined
  /** The last commit's line for the journal, until its caller has the answer. */
  unwritten: { at: number; line: string } | undefined
  /** Why the last write failed; undefined when it did not. */
  failing: StoreError | undefined
  damaged: boolean
}

const isSame = (a: Position, b: Position) => a.device === b.device && a.head === b.head && a.line === b.line

/** Opens nothing before `open` is called. */
export function createHost(config: StoreConfig, log: Log): Host {
  const folder = path.dirname(config.file)
  let session: Session | undefined
  /** In the session's place while the folder takes no writes. */
  let standby: Standby | undefined
  let opening = false
  let retrying: Promise<unknown> | undefined
  /** What people must hear of any attempt to open: what one has repaired, the next does not see. */
  const notices: Loaded['notices'] = []

  function opened(): Session {
    if (session) return session
    throw standby?.failure ?? new StoreError('storeBroken', say('store.notOpen'))
  }

  function readable(): Sql {
    return session?.sql ?? standby?.sql ?? opened().sql
  }

  /** Reads what is needed at start, before anything is written. */
  function start(found: Opened, now: number): Loaded {
    const { db, sql, disturbed } = found
    for (const notice of found.notices)
      if (!notices.some(({ says }) => isDeepStrictEqual(says, notice.says))) notices.push(notice)
    const better = readAgain(sql)
    if (better) log.info('store.events.read', { events: better })
    const loaded = queries.load(sql, now, config.newDevice)
    const { device } = loaded
    const line = journaledUpto(sql, device)
    const journal = openJournal(config.journalDir, log)
    setMeta(sql, 'clean', '0')
    db.pragma('optimize = 0x10002')
    const state = {
      backupDue: disturbed,
      backup: undefined,
      unwritten: undefined,
      failing: undefined,
      damaged: false,
    }
    session = { db, sql, journal, release: () => undefined, device, line, ...state }
    return { ...loaded, notices: [...notices], trouble: null }
  }

  async function startOnce(now: number, known?: 'damaged'): Promise<Loaded> {
    const found = await openDatabase(config, now, log, known)
    try {
      return start(found, now)
    } catch (error) {
      session = undefined
      found.db.close()
      throw error
    }
  }

  async function openSession(now: number): Promise<Loaded> {
    const release = lockFolder(config.file)
    try {
      await finishFresh(config, now, log)
      // Damage may show only while reading, however cleanly Plate was stopped: then once more, from the backup.
      const loaded = await startOnce(now).catch((error) => {
        if (!isCorrupt(error)) throw error
        return startOnce(now, 'damaged')
      })
      opened().release = release
      return loaded
    } catch (error) {
      release()
      throw error
    }
  }

  async function openAnyhow(now: number): Promise<Loaded> {
    try {
      // First, so that a folder that takes no writes is left exactly as it is.
      tryRoom(config.file)
      return await openSession(now)
    } catch (error) {
      const failure = storeError(error, folder)
      if (!isRefusal(failure)) throw failure
      log.error('store.refused', { code: failure.code, cause: String(failure.cause) })
      const found = await createStandby(config, folder, now, log, failure)
      standby = found.standby
      return { ...found.loaded, notices: [...notices, ...found.loaded.notices] }
    }
  }

  async function open(now: number): Promise<Loaded> {
    if (session || standby || opening) throw new StoreError('storeInUse', say('store.alreadyOpen'))
    opening = true
    const began = performance.now()
    try {
      const loaded = await openAnyhow(now)
      log.info('store.opened', { ms: Math.round(performance.now() - began), head: loaded.head })
      return loaded
    } catch (error) {
      throw storeError(error, folder)
    } finally {
      opening = false
    }
  }

  /** Tries whether what refused the last write is over. */
  async function retry(now: number): Promise<Retried> {
    if (standby) {
      const resuming = resume(now, standby)
      retrying = resuming
      return resuming
    }
    const own = opened()
    if (own.failing) tryAgain(own)
    return own.failing ? { ok: false, error: troubleOf(own.failing) } : { ok: true, notices: [] }
  }

  /** Opens in earnest what could only be read so far. */
  async function resume(now: number, own: Standby): Promise<Retried> {
    try {
      own.leave()
      const loaded = await openSession(now)
      if (!own.partial && isSame(own.position, positionOf(opened().sql, loaded))) {
        standby = undefined
        log.info('store.opened', { head: loaded.head })
        return { ok: true, notices: loaded.notices }
      }
      // Somebody else has written it meanwhile, or only now all of it could be read: what the caller knows is not what it holds.
      log.warn('store.changed', { was: own.position, partial: own.partial })
      await closeSession()
      return { ok: false, changed: true }
    } catch (error) {
      await own.stay(now, error)
      return { ok: false, error: troubleOf(own.failure) }
    }
  }

  function setAside(now: number): string | null {
    if (session || standby || opening) throw new StoreError('storeInUse', say('store.alreadyOpen'))
    try {
      return beginFresh(config, now, log)
    } catch (error) {
      throw storeError(error, folder)
    }
  }

  function note(now: number, change: JournalChange): void {
    const { journal, device, line } = opened()
    afterReply()
    journal.append(now, JSON.stringify({ v: 1, at: now, device, line, ...change } satisfies JournalLine))
  }

  /** What a failed write means, now and for health. */
  function failed(error: unknown): StoreError {
    const failure = seen(error)
    log.error('store.write.failed', { code: failure.code, cause: String(failure.cause) })
    if (session) session.failing = failure
    return failure
  }

  /** Turns what was thrown into a failure, and remembers damage for the next start. */
  function seen(error: unknown): StoreError {
    const failure = storeError(error, folder)
    if (session && isCorrupt(error)) Object.assign(session, { damaged: true, failing: failure })
    return failure
  }

  /** Only writing tells whether what refused a write is over. */
  function tryAgain(own: Session): void {
    try {
      tryCommit(own.sql)
      worked()
    } catch (error) {
      own.failing = seen(error)
    }
  }

  function worked(): void {
    const own = opened()
    // A damaged file may take some writes and not others.
    if (!own.damaged) own.failing = undefined
  }

  function commitPacked(now: number, { text, bodies }: Packed): CommitResult {
    if (standby) return { ok: false, error: troubleOf(standby.failure) }
    const own = opened()
    afterReply()
    const began = performance.now()
    const batch = JSON.parse(text) as PackedBatch
    try {
      const result = writeBatch(own.sql, batch, bodies, { device: own.device, line: own.line + 1 }, now)
      if (!result.ok) return result
      own.line++
      worked()
      // The database is the truth that an answer waits for; its copy in the journal need not be waited for, too.
      const { device, line } = own
      own.unwritten = { at: now, line: batchLine({ at: now, device, line, seqs: result.seqs }, text) }
      return result
    } catch (error) {
      return { ok: false, error: troubleOf(failed(error)) }
    } finally {
      slow('commit', began, { entries: batch.entries.length })
    }
  }

  function afterReply(): void {
    const unwritten = session?.unwritten
    if (!session || !unwritten) return
    session.unwritten = undefined
    session.journal.append(unwritten.at, unwritten.line)
  }

  /** Writes outside of a batch: registries, the letter, the restaurant. Numbered in the journal, as `work` words it, like a batch. */
  function write(now: number, work: (sql: Sql) => JournalChange): void {
    const own = opened()
    try {
      const change = own.sql.atomic(() => {
        const words = work(own.sql)
        setJournaled(own.sql, own.device, own.line + 1)
        return words
      })
      own.line++
      worked()
      note(now, change)
    } catch (error) {
      throw failed(error)
    }
  }

  function slow(method: string, began: number, fields: Record<string, unknown> = {}): void {
    const ms = performance.now() - began
    if (ms > SLOW_MS) log.warn('store.slow', { method, ms: Math.round(ms), ...fields })
  }

  function read<T>(method: string, work: (sql: Sql) => T): T {
    const sql = readable()
    const began = performance.now()
    try {
      return work(sql)
    } catch (error) {
      throw seen(error)
    } finally {
      slow(method, began)
    }
  }

  async function backup(now: number): Promise<{ file: string; bytes: number }> {
    const own = opened()
    if (own.backup) return own.backup.done
    const gap = own.journal.incomplete
    try {
      own.backup = startBackup(config.file, config.backupDir, now)
      const made = await own.backup.done
      if (gap) own.journal.mended()
      own.backupDue = false
      log.info('store.backup', made)
      return made
    } catch (error) {
      throw backupError(error)
    } finally {
      own.backup = undefined
    }
  }

  function backupError(error: unknown): StoreError {
    const { code, cause } = storeError(error, config.backupDir)
    const about = { folder: config.backupDir, error: String(cause) }
    return new StoreError(code, say('store.backupFailed', about), cause)
  }

  async function tick(now: number): Promise<void> {
    if (standby) return
    const { sql, db, backupDue, journal } = opened()
    const due = backupDue || journal.incomplete || isBackupDue(listBackups(config.backupDir), now)
    // In slices, so that a week's worth never holds up an order.
    sql.run('DELETE FROM receipts WHERE at < ? LIMIT 2000', now - RECEIPT_DAYS * DAY_MS)
    db.pragma('optimize')
    if (due) await backup(now)
    // Only after a backup holds what they say.
    pruneJournal(config.journalDir, config.keepDays, now)
    pruneBackups(config.backupDir, config.keepDays, now)
  }

  const bytesOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

  function freeBytes(): number {
    try {
      const { bavail, bsize } = statfsSync(folder)
      return bavail * bsize
    } catch (error) {
      // A folder that could not even be made has no room.
      if (standby) return 0
      throw error
    }
  }

  function health(now: number) {
    if (session?.failing) tryAgain(session)
    const failure = standby ? standby.failure : opened().failing
    const free = freeBytes()
    const low = say('store.lowSpace', { megabytes: Math.floor(free / 1_000_000), folder })
    return {
      ok: !failure,
      says: failure?.says ?? (free < LOW_SPACE ? low : null),
      bytes: bytesOf(config.file) + bytesOf(`${config.file}-wal`),
      freeBytes: free,
      lastBackupAt: newestFirst(listBackups(config.backupDir), now)[0]?.at ?? null,
    }
  }

  async function close(): Promise<void> {
    await retrying?.catch(() => undefined)
    standby?.close()
    standby = undefined
    await closeSession()
  }

  async function closeSession(): Promise<void> {
    if (!session) return
    const { db, sql, journal, release, backup: running, damaged } = session
    await running?.stop()
    afterReply()
    session = undefined
    try {
      journal.close()
      // Damage seen while running must be looked into at the next start.
      if (!damaged) setMeta(sql, 'clean', '1')
    } catch (error) {
      log.warn('store.close', { error: String(error) })
    } finally {
      db.close()
      release()
    }
  }

  return {
    open,
    commit: (now, batch) => commitPacked(now, pack(batch)),
    commitPacked,
    orders: (_now, ids) => read('orders', (sql) => queries.ordersById(sql, ids)),
    closedOrders: (_now, query) => read('closedOrders', (sql) => queries.closedOrders(sql, query)),
    ordersOfDay: (_now, day) => read('ordersOfDay', (sql) => queries.ordersOfDay(sql, day)),
    eventsAfter: (_now, seq, limit) => read('eventsAfter', (sql) => queries.eventsAfter(sql, seq, limit)),
    audit: (_now, query) => read('audit', (sql) => queries.auditTrail(sql, query)),
    devices: () => read('devices', queries.allDevices),
    peers: () => read('peers', queries.allPeers),
    putDevice: (now, putDevice) => write(now, (sql) => ({ putDevice: queries.putDevice(sql, putDevice) })),
    putPeer: (now, putPeer) => write(now, (sql) => ({ putPeer: queries.putPeer(sql, putPeer) })),
    dropPeer: (now, dropPeer) => write(now, (sql) => ({ dropPeer: queries.dropPeer(sql, dropPeer) })),
    setLetter: (now, letter) =>
      write(now, (sql) => {
        setMeta(sql, 'letter', letter)
        return { letter }
      }),
    setHome: (now, home) =>
      write(now, (sql) => {
        setMeta(sql, 'home', JSON.stringify(home))
        return { home }
      }),
    eventsBySeq: (_now, seqs) => read('eventsBySeq', (sql) => queries.eventsBySeq(sql, seqs)),
    parked: () => read('parked', allParked),
    park: (now, events) => write(now, (sql) => ({ park: park(sql, events) })),
    unpark: (now, seqs) => write(now, (sql) => ({ unpark: unpark(sql, seqs) })),
    setAside,
    retry,
    backup,
    health,
    tick,
    close,
    afterReply,
  }
}
