/** @file Versions of Plate kept under tests/frozen/: the hub of each as a program, and what reads events and speaks to a core. Reads that folder. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { OLDEST_CONTRACT } from '../../shared/contract/contract.ts'
import type * as Plate from '../frozen/plate.ts'

const folder = path.resolve(import.meta.dirname, '../frozen')
const PREFIX = 'contract-'

export interface Frozen {
  /** Its contract. */
  contract: number
  /** The program of its hub, for `startHub`. */
  hub: string
  /** What of its sources tests use. */
  plate: typeof Plate
  /** Name and SHA-256 of each migration that a project of that version has. */
  migrations: Record<string, string>
}

async function load(contract: number): Promise<Frozen> {
  const dir = path.join(folder, `${PREFIX}${contract}`)
  return {
    contract,
    hub: path.join(dir, 'hub.js'),
    plate: (await import(pathToFileURL(path.join(dir, 'plate.js')).href)) as typeof Plate,
    migrations: JSON.parse(readFileSync(path.join(dir, 'migrations.json'), 'utf8')),
  }
}

/** The contracts that are kept, oldest first. */
export const frozenContracts = (): number[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => Number(name.slice(PREFIX.length)))
    .sort((a, b) => a - b)

/** The oldest version that is still spoken with. */
export const versionBefore = (): Promise<Frozen> => load(OLDEST_CONTRACT)
