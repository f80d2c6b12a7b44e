/** @file The app's vault over a keychain made here: what is kept, what is refused, what is said. Makes a folder of its own. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createKeychainVault, type Keychain } from '../../../main/electron/vault.ts'
import { quietLog } from '../../support/ports.ts'

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plate-vault-'))
  file = path.join(folder, 'vault.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Reverses the text: enough to see whether it went through here. `owner` stands for the person whose keychain it is. */
function keychain(owner = 'ana', more: Partial<Keychain> = {}): Keychain {
  return {
    isAsyncEncryptionAvailable: async () => true,
    encryptStringAsync: async (text) => Buffer.from(`${owner}|${[...text].reverse().join('')}`),
    decryptStringAsync: async (bytes) => {
      const [whose, text = ''] = bytes.toString().split('|')
      if (whose !== owner) throw new Error('Error while decrypting the ciphertext provided.')
      return { shouldReEncrypt: false, result: [...text].reverse().join('') }
    },
    ...more,
  }
}

const listening = () => ({ ...quietLog, warn: vi.fn() })
const mode = () => statSync(file).mode & 0o777

describe('with a keychain', () => {
  test('values come back, also to the next start, and are forgotten when told so', async () => {
    const log = listening()
    const vault = createKeychainVault(file, log, keychain())
    expect(await vault.read('session')).toBeNull()
    await Promise.all([vault.write('session', 'refresh-1'), vault.write('link', '{"name":"Zum Ötscher"}')])
    expect(readFileSync(file, 'utf8')).not.toContain('refresh-1')

    const next = createKeychainVault(file, log, keychain())
    expect(await next.read('session')).toBe('refresh-1')
    expect(await next.read('link')).toBe('{"name":"Zum Ötscher"}')
    await next.write('session', null)
    expect(await next.read('session')).toBeNull()
    expect(await next.read('link')).not.toBeNull()
    expect(log.warn).not.toHaveBeenCalled()
  })

  test('nobody else may read the file, whatever was left beside it', async () => {
    writeFileSync(`${file}.new`, 'half')
    chmodSync(`${file}.new`, 0o666)
    await createKeychainVault(file, quietLog, keychain()).write('a', '1')
    if (process.platform !== 'win32') expect(mode()).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['vault.json'])
  })

  test('what another person’s keychain locked cannot be read, and can be written anew', async () => {
    await createKeychainVault(file, quietLog, keychain('ana')).write('session', 'secret-1')
    const log = listening()
    const vault = createKeychainVault(file, log, keychain('emil'))
    await expect(vault.read('session')).rejects.toThrow('keychain')
    expect(log.warn).toHaveBeenCalledWith('vault.unreadable', expect.objectContaining({ name: 'session' }))
    expect(JSON.stringify(log.warn.mock.calls)).not.toContain('secret-1')
    await vault.write('session', 'secret-2')
    expect(await vault.read('session')).toBe('secret-2')
  })
})

describe('without a keychain', () => {
  test.each([
    ['basic_text', keychain('ana', { getSelectedStorageBackend: () => 'basic_text' })],
    ['none', keychain('ana', { isAsyncEncryptionAvailable: async () => false })],
    [
      'one that fails',
      keychain('ana', { isAsyncEncryptionAvailable: () => Promise.reject(new Error('dbus')) }),
    ],
  ])('%s: still keeps values, and says so once', async (_name, without) => {
    const log = listening()
    const vault = createKeychainVault(file, log, without)
    await vault.write('a', '1')
    await vault.write('b', '2')
    expect(await vault.read('a')).toBe('1')
    expect(log.warn.mock.calls.map(([event]) => event)).toEqual(['vault.noKeychain'])
    if (process.platform !== 'win32') expect(mode()).toBe(0o600)

    // Once there is a keychain, old values are still read and new ones locked.
    const later = createKeychainVault(file, log, keychain())
    expect(await later.read('b')).toBe('2')
    await later.write('b', '3')
    expect(await later.read('b')).toBe('3')
    expect(JSON.parse(readFileSync(file, 'utf8')).b).toMatch(/^keychain:/)
  })
})

describe('the file', () => {
  test.each(['', '[]', '{"a":1}', '{"a"'])('%j is set aside', async (text) => {
    writeFileSync(file, text)
    const log = listening()
    const vault = createKeychainVault(file, log, keychain())
    await expect(vault.read('a')).rejects.toThrow('damaged')
    expect(log.warn).toHaveBeenCalledWith('vault.damaged', expect.anything())
    expect(readdirSync(folder)).toEqual(['vault.json.unreadable'])
    await vault.write('a', '1')
    expect(await vault.read('a')).toBe('1')
  })

  test('a value that cannot be kept is an error, and the next one can be', async () => {
    const vault = createKeychainVault(path.join(folder, 'later', 'vault.json'), quietLog, keychain())
    await expect(vault.write('a', '1')).rejects.toThrow('ENOENT')
    await expect(vault.read('a')).resolves.toBeNull()
  })
})
