/** @file Whether this is the only Plate on its data folder. Knows Electron by type only; tries to write in that folder. */
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { App } from 'electron'

const BYTES = 64 * 1024

/**
 * Takes Electron's lock; the Plate that has it is told what this one was asked for. On a disk that takes no writes Electron
 * may not be able to take it, as if another had it: there the store's own lock decides, which says so in a window.
 */
export function isAlone(
  app: Pick<App, 'requestSingleInstanceLock' | 'getPath'>,
  told: Record<string, unknown>,
): boolean {
  return app.requestSingleInstanceLock(told) || !takesWrites(app.getPath('userData'))
}

function takesWrites(folder: string): boolean {
  const trial = path.join(folder, `trial-${process.pid}`)
  try {
    writeFileSync(trial, Buffer.alloc(BYTES, 1))
    return true
  } catch {
    return false
  } finally {
    rmSync(trial, { force: true })
  }
}
