/** @file The environment the hub goes by: what was set for the process, then `.env` files. Reads files, changes no variable. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import type { Environment } from './values.ts'

/** What `dir/.env` sets; nothing when there is none. Throws an Error for people when it cannot be read. */
export function envFile(dir: string): Environment {
  const file = path.join(dir, '.env')
  try {
    return parseEnv(readFileSync(file, 'utf8'))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return {}
    throw new Error(`${file} cannot be read (${message}). Put it right, or remove it.`)
  }
}

/**
 * The environment over the `.env` of the working directory, and once the data folder is known over that one's too, which
 * is nearer to this hub. An empty variable counts as set: that is how one takes a line of a file back.
 */
export function withEnvFiles(env: Environment, workingDir: string, dataDir?: string): Environment {
  return { ...envFile(workingDir), ...(dataDir === undefined ? {} : envFile(dataDir)), ...env }
}
