/** @file The journal: every commit once more, as lines of text beside the database. Appends to and prunes the journal folder. */
import { closeSync, fdatasync, fdatasyncSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'
import type { CommitBatch, DeviceRecord, Home, Log, PeerRecord } from '../../core/ports.ts'
import { DAY_MS } from './backup.ts'
import { ensureFolder } from './connect.ts'
import type { ParkedRow, SpokenRow } from './parked.ts'

/** A commit without the orders' states: events say what they are, only the board flags are not in them. */
export type JournalBatch = Omit<CommitBatch, 'orders' | 'fresh'> & {
  orders: { id: string; open: boolean; closedAt: number | null }[]
}

/** One change of the database. `line` counts per `device`, from 1, without gaps. */
export interface JournalLine {
  v: 1
  at: number
  device: string
  line: number
  /** Sequence number of each of the batch's entries, null for those the log already had. */
  seqs?: (number | null)[]
  batch?: JournalBatch
  putDevice?: DeviceRecord
  putPeer?: PeerRecord
  /** Id of a peer that is none any more. */
  dropPeer?: string
  letter?: string
  home?: Home
  park?: (ParkedRow | SpokenRow)[]
  /** Ids of events that no longer wait. */
  unpark?: string[]
}

/** What a line says, without its place. */
export type JournalChange = Omit<JournalLine, 'v' | 'at' | 'device' | 'line'>

const SYNC_MS = 1000
const NAME = /^journal-(\d{4}-\d\d-\d\d)\.ndjson$/

/** Journal files of a folder, oldest first, with the day (ms UTC) each began. */
export function journalFiles(folder: string): { file: string; day: number }[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    return []
  }
  return names
    .sort()
    .map((name) => ({ file: path.join(folder, name), day: Date.parse(NAME.exec(name)?.[1] ?? '') }))
    .filter(({ day }) => !Number.isNaN(day))
}

/** Removes journal files that are older than `keepDays`. */
export function pruneJournal(folder: string, keepDays: number, now: number): void {
  for (const { file, day } of journalFiles(folder)) {
    if (day < now - (keepDays + 1) * DAY_MS) rmSync(file, { force: true })
  }
}

/** The line of a batch; `batch` is the batch as JSON, without the orders' states. */
export function batchLine(head: Omit<JournalLine, 'batch' | 'v'>, batch: string): string {
  return `${JSON.stringify({ v: 1, ...head }).slice(0, -1)},"batch":${batch}}`
}

export interface Journal {
  /** Writes a line (a {@link JournalLine} as JSON) of `at`, ms UTC. Never throws: the database already has what it says. */
  append(at: number, line: string): void
  /** Whether a line could not be written, so that only a new backup makes recovery complete again. */
  readonly incomplete: boolean
  /** A backup made after the gap has been completed. */
  mended(): void
  close(): void
}

function writeAll(handle: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done)
}

/**
 * Opens the journal for appending. Lines reach the operating system before `append` returns, so a killed process loses at
 * most the line of its last commit, which is written after the answer; the disk has them about every second. SQLite is the
 * durable truth, the journal serves when its file is lost.
 */
export function openJournal(folder: string, log: Log): Journal {
  let current: { day: string; handle: number } | undefined
  let timer: NodeJS.Timeout | undefined
  let incomplete = false

  function syncSoon(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      // A file closed meanwhile was synced when it was closed.
      if (current) fdatasync(current.handle, () => {})
    }, SYNC_MS).unref()
  }
  function closeFile(): void {
    if (!current) return
    try {
      fdatasyncSync(current.handle)
    } finally {
      closeSync(current.handle)
      current = undefined
    }
  }
  function fileOf(at: number): number {
    const day = new Date(at).toISOString().slice(0, 10)
    if (current?.day === day) return current.handle
    closeFile()
    ensureFolder(folder)
    const handle = openSync(path.join(folder, `journal-${day}.ndjson`), 'a', 0o600)
    current = { day, handle }
    // Whatever torn end the file may have stays a line of its own.
    writeAll(handle, '\n')
    return handle
  }
  return {
    append(at, line) {
      try {
        writeAll(fileOf(at), `${line}\n`)
        syncSoon()
      } catch (error) {
        if (!incomplete) log.error('store.journal.failed', { error: String(error) })
        incomplete = true
        // The next line starts by opening the file again, which ends the torn one.
        try {
          closeFile()
        } catch {
          current = undefined
        }
      }
    },
    get incomplete() {
      return incomplete
    },
    mended() {
      incomplete = false
    },
    close() {
      clearTimeout(timer)
      closeFile()
    },
  }
}
