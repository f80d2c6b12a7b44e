/** @file The programs of Debian that the system tests run: which packages, what to type, where they are. Reads the disk. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { inRoot, onPath } from './run.ts'

/** One package a line; .ci/run installs the same list. */
const LIST = 'tests/system/packages.txt'
const POSTGRES = '/usr/lib/postgresql'
/** Where servers are, which are not on everybody's PATH. */
const SERVERS = ['/usr/sbin', '/sbin']

/** What installs everything the system tests need. */
export function installLine(): string {
  const packages = readFileSync(inRoot(LIST), 'utf8').trim().split(/\s+/)
  return `sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`
}

const missing = (what: string): Error =>
  new Error(`The system tests need ${what}. On Debian or Ubuntu type:  ${installLine()}`)

/** A program's path. @throws with the line that installs it. */
export function program(name: string): string {
  const found =
    onPath(name) ?? SERVERS.map((folder) => path.join(folder, name)).find((file) => existsSync(file))
  if (!found) throw missing(name)
  return found
}

/** The folder of the programs of Debian's own PostgreSQL, the newest there. @throws with the line that installs it. */
export function debianPostgres(): string {
  const versions = existsSync(POSTGRES) ? readdirSync(POSTGRES).map(Number).filter(Number.isFinite) : []
  const bin = versions
    .sort((a, b) => b - a)
    .map((version) => path.join(POSTGRES, String(version), 'bin'))
    .find((folder) => existsSync(path.join(folder, 'initdb')))
  if (!bin) throw missing('PostgreSQL')
  return bin
}
