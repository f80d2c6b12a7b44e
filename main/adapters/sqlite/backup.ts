/** @file Backups beside the database: naming, making in a thread of their own, listing, pruning. Writes the backup folder only. */
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { ensureFolder } from './connect.ts'
import { type CopyJob, copyDatabase, removeDatabase } from './copy.ts'
import { workerUrl } from './threads.ts'

export const DAY_MS = 86_400_000
const PART = '.part'
/** Kept however old they are: a clock that jumps ahead must not make all of them old at once. */
const KEEP_ALWAYS = 3
const NAME = /^backup-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3})Z.*\.db$/

export interface Backup {
  file: string
  /** When it was made, ms UTC. */
  at: number
}

/** Name of a backup made at `now` (ms UTC); colons are not allowed on Windows. */
export function backupName(now: number, note = ''): string {
  return `backup-${new Date(now).toISOString().replaceAll(':', '-')}${note}.db`
}

/** Backups in the folder, newest first. */
export function listBackups(folder: string): Backup[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    return []
  }
  return names
    .flatMap((name) => {
      const found = NAME.exec(name)
      return found
        ? [
            {
              file: path.join(folder, name),
              at: Date.parse(`${found[1]}T${found[2]}:${found[3]}:${found[4]}Z`),
            },
          ]
        : []
    })
    .sort((a, b) => b.at - a.at)
}

/** Newest first as far as can be: those of a day that has not come yet were made under a wrong clock, and come last. */
export function newestFirst(backups: readonly Backup[], now: number): Backup[] {
  const future = (backup: Backup) => backup.at > now + DAY_MS
  return [...backups.filter((backup) => !future(backup)), ...backups.filter(future)]
}

/** Whether a day has passed since the last backup, by a clock that may have been wrong meanwhile. */
export function isBackupDue(backups: readonly Backup[], now: number): boolean {
  return !backups.some(({ at }) => at > now - DAY_MS && at <= now + DAY_MS)
}

/** Removes backups older than `keepDays`, but never the newest few, and what an interrupted backup left. */
export function pruneBackups(folder: string, keepDays: number, now: number): void {
  for (const { file, at } of listBackups(folder).slice(KEEP_ALWAYS)) {
    if (at < now - keepDays * DAY_MS) rmSync(file, { force: true })
  }
  for (const name of readdirSync(folder)) if (name.includes(PART)) removeDatabase(path.join(folder, name))
}

function finish(from: string, to: string): { file: string; bytes: number } {
  renameSync(from, to)
  return { file: to, bytes: statSync(to).size }
}

/** Makes a backup on this thread: before a migration, when nothing else may happen anyway. */
export async function backupHere(file: string, folder: string, now: number, note: string) {
  ensureFolder(folder)
  const to = path.join(folder, backupName(now, note))
  await copyDatabase({ from: file, to: to + PART })
  return finish(to + PART, to)
}

export interface BackupRun {
  /** Rejects when the copy failed or was stopped. */
  done: Promise<{ file: string; bytes: number }>
  stop(): Promise<void>
}

/** Makes a backup in a thread with a connection of its own, so that no commit waits for copying, checking or syncing it. */
export function startBackup(file: string, folder: string, now: number): BackupRun {
  ensureFolder(folder)
  const to = path.join(folder, backupName(now))
  const part = to + PART
  const worker = new Worker(workerUrl(), { workerData: { copy: { from: file, to: part } satisfies CopyJob } })
  const done = new Promise<void>((resolve, reject) => {
    worker.once('error', reject)
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error('The backup was stopped'))))
  }).then(() => finish(part, to))
  return {
    done,
    stop: async () => {
      await worker.terminate()
      await done.catch(() => removeDatabase(part))
    },
  }
}
