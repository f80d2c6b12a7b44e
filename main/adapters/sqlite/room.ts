/** @file Whether the data folder takes writes: tried with a file that is gone at once. Writes that file only. */
import { randomFillSync } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ensureFolder } from './connect.ts'

/** Enough for SQLite's side files and a few orders; less might fit into what a refused write left behind. */
const BYTES = 256 * 1024

/** Throws what saving beside `file` would throw now. Whatever happens, nothing that was there has changed. */
export function tryRoom(file: string): void {
  ensureFolder(path.dirname(file))
  const trial = `${file}.room`
  try {
    // Not zeros: those take no room on disks that compress.
    writeFileSync(trial, randomFillSync(Buffer.alloc(BYTES)), { mode: 0o600, flush: true })
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
