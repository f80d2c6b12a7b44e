/** @file Small secrets in a file that only this user may read, for hosts without a keychain. Reads and writes that file. */
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod/mini'
import type { Vault } from '../../core/ports.ts'

const secretsSchema = z.record(z.string(), z.string())
type Secrets = z.infer<typeof secretsSchema>

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code

/** The file's secrets; null when it is no vault (any more). Rejects when it exists and may not be read. */
async function readSecrets(file: string): Promise<Secrets | null> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return {}
    throw error
  }
  try {
    return secretsSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** Makes a rename last through a power cut. Windows has no way to ask for it, and needs none. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}

/** Writes beside the file and renames, so that a power cut leaves the old or the new one. */
async function replace(file: string, secrets: Secrets): Promise<void> {
  const folder = path.dirname(file)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const fresh = `${file}.new`
  const handle = await open(fresh, 'w', 0o600)
  try {
    await handle.writeFile(JSON.stringify(secrets))
    await handle.sync()
  } finally {
    await handle.close()
  }
  // One left over from a crash would have kept its own mode.
  await chmod(fresh, 0o600)
  await rename(fresh, file)
  await syncFolder(folder)
}

/**
 * A vault in `file` (JSON, mode 0600). A file that is none is set aside beside it; whoever finds that out while reading is
 * told, and from then on it counts as empty: the device then needs a new code.
 */
export function createFileVault(file: string): Vault {
  let last: Promise<unknown> = Promise.resolve()

  /** One after the other: each change is made to what the one before wrote. */
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = last.then(task)
    last = turn.catch(() => {})
    return turn
  }

  async function secrets(): Promise<Secrets | null> {
    const found = await readSecrets(file)
    if (!found) await rename(file, `${file}.corrupt`)
    return found
  }

  return {
    read: (name) =>
      inTurn(async () => {
        const all = await secrets()
        if (!all) throw new Error(`${file} was damaged and is set aside.`)
        return Object.hasOwn(all, name) ? (all[name] ?? null) : null
      }),
    write: (name, value) =>
      inTurn(async () => {
        const { [name]: _old, ...rest } = (await secrets()) ?? {}
        await replace(file, value === null ? rest : { ...rest, [name]: value })
      }),
  }
}
