/** @file Standing by until the data folder takes writes: holds the folder, lets it be read, and says when to open it in earnest. Changes nothing there. */
import type { Loaded, Log } from '../../core/ports.ts'
import { isRefusal, type StoreError, storeError, troubleOf } from './errors.ts'
import { lockIfPossible, type Release } from './lock.ts'
import { tryRoom } from './room.ts'
import type { StoreConfig } from './rpc.ts'
import type { Sql } from './sql.ts'
import { openStandIn, type Position, type StandIn } from './standin.ts'

export interface Standby {
  /** Why nothing can be written. */
  readonly failure: StoreError
  /** What is being read; undefined while the folder is being opened in earnest, or once it can no longer be read. */
  readonly sql: Sql | undefined
  /** What the caller knows of the store: how far that goes, and whether it lacks what only a writable one could read. */
  readonly position: Position
  readonly partial: boolean
  /** Lets go of the folder, so that it can be opened in earnest. Throws when it takes no writes, and nothing has changed then. */
  leave(): void
  /** Stands by again, because opening failed with `error`. */
  stay(now: number, error: unknown): Promise<void>
  close(): void
}

/** How long (ms) a folder is left alone that has some room, but not enough to open: trying may mean to copy all of it. */
const PATIENCE_MS = 30_000

/** Begins to stand by. Rejects with what to tell people when the folder cannot be read either. */
export async function createStandby(
  config: StoreConfig,
  folder: string,
  now: number,
  log: Log,
  why: StoreError,
): Promise<{ standby: Standby; loaded: Loaded }> {
  let failure = why
  let release: Release = lockIfPossible(config.file)
  let reading: StandIn | undefined
  let notBefore = 0

  function close(): void {
    reading?.close()
    reading = undefined
    release()
    release = () => undefined
  }

  async function read(at: number): Promise<StandIn> {
    try {
      reading = await openStandIn(config, at, log)
      return reading
    } catch (error) {
      close()
      log.error('store.unreadable', { error: String(error) })
      const other = storeError(error, folder)
      throw isRefusal(other) ? failure : other
    }
  }

  const { position, partial, loaded } = await read(now)
  const standby: Standby = {
    get failure() {
      return failure
    },
    get sql() {
      return reading?.sql
    },
    position,
    partial,
    leave() {
      if (performance.now() < notBefore) throw failure
      tryRoom(config.file)
      // Within a process SQLite writes no file that it has opened to read.
      close()
    },
    async stay(at, error) {
      failure = storeError(error, folder)
      if (reading) return
      if (isRefusal(failure)) notBefore = performance.now() + PATIENCE_MS
      try {
        release = lockIfPossible(config.file)
        await read(at)
      } catch {
        // What is in memory is all there is to show now.
      }
    },
    close,
  }
  return { standby, loaded: { ...loaded, trouble: troubleOf(failure) } }
}
