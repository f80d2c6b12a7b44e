/** @file Whether orders could be saved: tried with something small that is gone at once, beside the database or in it. */
import { randomFillSync } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ensureFolder } from './connect.ts'
import { setMeta } from './meta.ts'
import type { Sql } from './sql.ts'

/** Enough for SQLite's side files and a few orders. */
const FILE_BYTES = 256 * 1024
/** More than most orders take. A single page would fit into what the refused write left behind. */
const COMMIT_BYTES = 128 * 1024

/** Throws what a commit would throw now. */
export function tryCommit(sql: Sql): void {
  sql.atomic(() => setMeta(sql, 'probe', 'x'.repeat(COMMIT_BYTES)))
  setMeta(sql, 'probe', '')
}

/** Throws what saving beside `file` would throw now. Whatever happens, nothing that was there has changed. */
export function tryRoom(file: string): void {
  ensureFolder(path.dirname(file))
  const trial = `${file}.room`
  try {
    // Not zeros: those take no room on disks that compress.
    writeFileSync(trial, randomFillSync(Buffer.alloc(FILE_BYTES)), { mode: 0o600, flush: true })
  } finally {
    remove(trial)
  }
}

function remove(trial: string): void {
  try {
    rmSync(trial, { force: true })
  } catch {
    // What kept it from being written says more.
  }
}
