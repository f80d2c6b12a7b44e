/** @file Finds out whether Electron can run here, fetching its binary once if needed. Reads the disk, may download. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { binOf, packageFolder, runNode } from './run.ts'

const DOWNLOAD_MS = 60_000

type Runtime = { ok: true; file: string } | { ok: false; why: string }

const electronFolder = packageFolder('electron')

/** The binary the electron package would start, without letting it download anything by itself. */
function installed(): string | undefined {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const pathFile = path.join(electronFolder, 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : undefined
  if (override) return path.join(override, name ?? 'electron')
  const file = name && path.join(electronFolder, 'dist', name)
  return file && existsSync(file) ? file : undefined
}

/** Electron 45 has no install script: its binary is fetched at first use, from a host a kitchen may not reach. */
export function electronRuntime(): Runtime {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const present = installed()
  if (override && !(present && existsSync(present)))
    return { ok: false, why: `ELECTRON_OVERRIDE_DIST_PATH names ${override}, but no Electron is there` }
  if (present) return { ok: true, file: present }
  console.log('Fetching Electron (once) …')
  runNode([binOf('electron', 'install-electron')], { quiet: true, timeout: DOWNLOAD_MS })
  const file = installed()
  return file ? { ok: true, file } : { ok: false, why: 'its binary could not be downloaded from github.com' }
}

/** A window needs a screen; the override may bring its own. */
export function hasDisplay(): boolean {
  if (process.platform !== 'linux' || process.env.ELECTRON_OVERRIDE_DIST_PATH) return true
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

export const isRoot = (): boolean => process.getuid?.() === 0
