/** @file Helpers of the store's tests: stores on real folders, processes of their own, what a crash leaves behind. */

import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { createSqliteStore, type SqliteStoreOptions } from '../../../main/adapters/sqlite/store.ts'
import type { CommitBatch, Log, Store } from '../../../main/core/ports.ts'
import { NOON } from './orders.ts'

export const DAY_MS = 86_400_000

/** A fresh folder, gone when the test is over. */
export function folder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'plate-store-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A folder as version 0.1 left it. */
export function folderOf01(): string {
  const dir = folder()
  const written = path.join(import.meta.dirname, 'version-0.1')
  const db = new Database(path.join(dir, 'plate.db'))
  db.exec(readFileSync(path.join(written, 'plate.sql'), 'utf8'))
  db.close()
  cpSync(path.join(written, 'journal'), path.join(dir, 'journal'), { recursive: true })
  return dir
}

/** A clock that stands still until it is told. */
export function standingClock(at = NOON) {
  return {
    at,
    now() {
      return this.at
    },
  }
}

export interface LogLine {
  level: keyof Log
  event: string
  fields: Record<string, unknown>
}

/** A log that is kept. */
export function keptLog(): Log & { lines: LogLine[] } {
  const lines: LogLine[] = []
  const at =
    (level: keyof Log) =>
    (event: string, fields: Record<string, unknown> = {}) => {
      lines.push({ level, event, fields })
    }
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** A store on `dir/plate.db`, not yet open; closed when the test is over. */
export function storeIn(dir: string, options: Partial<SqliteStoreOptions> = {}): Store {
  const store = createSqliteStore({
    file: path.join(dir, 'plate.db'),
    clock: standingClock(),
    log: keptLog(),
    sameThread: true,
    ...options,
  })
  onTestFinished(() => store.close())
  return store
}

/** A store that is open, with what it said at opening. */
export async function openStore(dir: string, options: Partial<SqliteStoreOptions> = {}) {
  const store = storeIn(dir, options)
  return { store, loaded: await store.open() }
}

/** Commits, and fails the test when the store refuses. */
export async function mustCommit(store: Store, batch: CommitBatch): Promise<(number | null)[]> {
  const result = await store.commit(batch)
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result)}`)
  return result.seqs
}

/** Ids of all events in the log, in its order. */
export async function eventIds(store: Store): Promise<string[]> {
  return (await store.eventsAfter(0, 1_000_000)).map(({ event }) => event.id)
}

/**
 * Copies a data folder as a power cut would leave it: without SQLite's shared memory, which is rebuilt, and without the
 * lock. The store must be idle.
 */
export function crashCopy(dir: string, parts = ['plate.db', 'plate.db-wal', 'journal', 'backups']): string {
  const copy = folder()
  for (const part of parts) {
    if (existsSync(path.join(dir, part)))
      cpSync(path.join(dir, part), path.join(copy, part), { recursive: true })
  }
  return copy
}

/** Runs a program of the system. False when there is none, or it may not do what it is asked. */
export const works = (program: string, ...args: string[]) => spawnSync(program, args).status === 0

/** A process that runs child.ts, and what it says. */
export interface Child {
  process: ChildProcessWithoutNullStreams
  /** The next thing it says; undefined once it has ended. */
  // biome-ignore lint/suspicious/noExplicitAny: each mode says things of its own
  next(): Promise<any>
  /** Lets it go on. */
  tell(): void
  /** Kills it as the out-of-memory killer would. */
  kill(): Promise<void>
}

/** The program that {@link startChild} runs. */
export const childFile = fileURLToPath(new URL('./child.ts', import.meta.url))

/** Starts child.ts, through `wrap` if given (a command line to put in front). Gone when the test is over. */
export function startChild(mode: string, dir: string, more: string[] = [], wrap: string[] = []): Child {
  const [command = '', ...args] = [...wrap, process.execPath, childFile, mode, dir, ...more]
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  let complaints = ''
  child.stderr.on('data', (text) => {
    complaints += text
  })
  return {
    process: child,
    async next() {
      const line = await lines.next()
      if (line.done && complaints) throw new Error(complaints)
      return line.done ? undefined : JSON.parse(line.value)
    },
    tell: () => void child.stdin.write('\n'),
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
