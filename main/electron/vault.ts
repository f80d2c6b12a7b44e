/** @file Small secrets under the operating system's keychain, in one private file of userData. Knows Electron by type only. */
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises'
import type { SafeStorage } from 'electron'
import type { Log, Vault } from '../core/ports.ts'

/** What is needed of Electron's safeStorage, so that tests can make one. `getSelectedStorageBackend` is there on Linux only. */
export type Keychain = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'
> &
  Partial<Pick<SafeStorage, 'getSelectedStorageBackend'>>

/** How a value is written: by the keychain, or as it is where there is none. */
const LOCKED = 'keychain:'
const OPEN = 'plain:'

type Values = Record<string, string>

/**
 * A vault in `file`, readable by its owner alone. Without a keychain (a Linux desktop that has none) it still keeps
 * secrets, unencrypted, and says so once in the log. To be used after Electron is ready.
 */
export function createKeychainVault(file: string, log: Log, keychain: Keychain): Vault {
  // Two writes at once would lose one of them.
  let queue: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const result = queue.then(task)
    queue = result.catch(() => {})
    return result
  }
  let usable: Promise<boolean> | undefined
  const locks = () => {
    usable ??= hasKeychain(keychain).then((real) => {
      if (!real)
        log.warn('vault.noKeychain', { file, why: 'This desktop has no keychain: secrets lie unencrypted.' })
      return real
    })
    return usable
  }

  async function encoded(value: string): Promise<string> {
    if (!(await locks())) return OPEN + Buffer.from(value).toString('base64')
    return LOCKED + (await keychain.encryptStringAsync(value)).toString('base64')
  }

  async function decoded(name: string, text: string): Promise<string> {
    if (text.startsWith(OPEN)) return Buffer.from(text.slice(OPEN.length), 'base64').toString()
    try {
      const { result } = await keychain.decryptStringAsync(Buffer.from(text.slice(LOCKED.length), 'base64'))
      return result
    } catch (error) {
      // Another user's profile, or a copied folder: only this person's keychain on this machine opens it.
      log.warn('vault.unreadable', { file, name, error: String(error) })
      throw new Error(`The keychain of this computer does not open "${name}".`)
    }
  }

  return {
    read: (name) =>
      inTurn(async () => {
        const values = await load(file, log)
        if (!values) throw new Error(`${file} was damaged and is set aside.`)
        const text = values[name]
        return text === undefined ? null : decoded(name, text)
      }),
    write: (name, value) =>
      inTurn(async () => {
        const { [name]: _former, ...others } = (await load(file, log)) ?? {}
        await save(file, value === null ? others : { ...others, [name]: await encoded(value) })
      }),
  }
}

/** Whether values are really protected. `basic_text` is Chromium's password that everybody knows. */
async function hasKeychain(keychain: Keychain): Promise<boolean> {
  if (keychain.getSelectedStorageBackend?.() === 'basic_text') return false
  return keychain.isAsyncEncryptionAvailable().catch(() => false)
}

/** What the file holds; nothing when there is none. Undefined when it was damaged: it is set aside. Rejects when it cannot be read. */
async function load(file: string, log: Log): Promise<Values | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return {}
  const values = parsed(text)
  if (values) return values
  log.warn('vault.damaged', { file })
  await rename(file, `${file}.unreadable`)
  return undefined
}

function parsed(text: string): Values | undefined {
  try {
    const values: unknown = JSON.parse(text)
    if (!values || typeof values !== 'object' || Array.isArray(values)) return undefined
    return Object.values(values).every((value) => typeof value === 'string') ? (values as Values) : undefined
  } catch {
    return undefined
  }
}

/** Written beside and renamed, so that a power cut leaves the old file or the new one. */
async function save(file: string, values: Values): Promise<void> {
  const beside = `${file}.new`
  // An old one may have been left readable for others; only a file made here surely is not.
  await rm(beside, { force: true })
  await writeFile(beside, JSON.stringify(values, null, 2), { mode: 0o600, flush: true })
  await chmod(beside, 0o600)
  await rename(beside, file)
}
