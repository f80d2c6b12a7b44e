/** @file Where things are: the user's data, and what came with the program. Looks at the file system, changes nothing. */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The data folder where the platform expects one. */
export function defaultDataDir(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const home = homedir()
  if (platform === 'win32') return path.join(env.APPDATA || path.join(home, 'AppData', 'Roaming'), 'Plate')
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Plate')
  return path.join(env.XDG_DATA_HOME || path.join(home, '.local', 'share'), 'plate')
}

/** The program's own folder: the nearest one above this file with a package.json, in the sources as in the build. */
export function programDir(from = path.dirname(fileURLToPath(import.meta.url))): string {
  if (existsSync(path.join(from, 'package.json'))) return from
  const above = path.dirname(from)
  if (above === from) throw new Error('Plate is not installed completely: its package.json is missing.')
  return programDir(above)
}

/** What came with the program. */
export interface Program {
  packageFile: string
  /** The built windows. */
  rendererDir: string
  demoRestaurant: string
}

export function program(dir = programDir()): Program {
  return {
    packageFile: path.join(dir, 'package.json'),
    rendererDir: path.join(dir, 'out', 'renderer'),
    demoRestaurant: path.join(dir, 'resources', 'demo-restaurant.json'),
  }
}
