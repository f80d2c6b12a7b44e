/** @file Builds out/ when it is missing or older than the sources. Reads timestamps, runs electron-vite. */
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { inRoot, runBin } from './run.ts'
import { heading, stop } from './say.ts'

const SOURCES = ['main', 'preload', 'renderer', 'shared', 'resources']
const MARKER = inRoot('out/.built')
const FILES = ['electron.vite.config.ts', 'package.json', 'package-lock.json']

/** The latest change under a path; 0 when there is nothing. Folders count, so that a deleted file shows. */
function newest(target: string): number {
  const stat = statSync(target, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(target).map((name) => newest(path.join(target, name))))
}

function isStale(): boolean {
  const built = statSync(MARKER, { throwIfNoEntry: false })?.mtimeMs
  if (!built) return true
  return Math.max(...[...SOURCES, ...FILES].map((name) => newest(inRoot(name)))) > built
}

/** The marker is written last and dated to the start: an interrupted build, or a source saved meanwhile, counts as stale. */
export function buildNow(): void {
  heading('Building')
  const start = new Date()
  rmSync(MARKER, { force: true })
  if (runBin('electron-vite', ['build', '--logLevel', 'warn']) !== 0) stop('The build failed (see above).')
  mkdirSync(inRoot('out'), { recursive: true })
  writeFileSync(MARKER, '')
  utimesSync(MARKER, start, start)
}

export function buildIfStale(): void {
  if (isStale()) buildNow()
}
