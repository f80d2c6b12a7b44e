/** @file The vault in a file: private, whole after any interruption, in order. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFileVault } from '../../../main/adapters/vault/index.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plate-vault-'))
  file = path.join(folder, 'inner', 'vault.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('keeps, replaces and forgets, also for the next process', async () => {
  const vault = createFileVault(file)
  expect(await vault.read('a')).toBeNull()
  await vault.write('a', 'one')
  await vault.write('b', 'two')
  await vault.write('a', 'three')
  expect(await createFileVault(file).read('a')).toBe('three')
  await vault.write('a', null)
  expect(await createFileVault(file).read('a')).toBeNull()
  expect(await createFileVault(file).read('b')).toBe('two')
})

test('names that every object has are names like others', async () => {
  const vault = createFileVault(file)
  await vault.write('a', '1')
  expect(await vault.read('constructor')).toBeNull()
  expect(await vault.read('__proto__')).toBeNull()
})

test.skipIf(process.platform === 'win32')(
  'only this user may read it, whatever was there before',
  async () => {
    const vault = createFileVault(file)
    await vault.write('a', '1')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
    writeFileSync(`${file}.new`, 'left over')
    chmodSync(`${file}.new`, 0o644)
    await vault.write('a', '2')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(path.dirname(file))).toEqual(['vault.json'])
  },
)

test.each([['{"a":"1'], ['[]'], ['{"a":1}'], ['\0\0\0\0']])(
  '%o is set aside, which whoever reads is told once, and counts as empty',
  async (text) => {
    const vault = createFileVault(file)
    await vault.write('a', '1')
    writeFileSync(file, text)
    await expect(vault.read('a')).rejects.toThrow('damaged')
    expect(await vault.read('a')).toBeNull()
    expect(readFileSync(`${file}.corrupt`, 'utf8')).toBe(text)
    await vault.write('b', '2')
    expect(await vault.read('b')).toBe('2')
  },
)

test('writes at the same time lose nothing', async () => {
  const vault = createFileVault(file)
  const names = Array.from({ length: 50 }, (_, i) => `n${i}`)
  await Promise.all(names.map((name) => vault.write(name, name.toUpperCase())))
  expect(await Promise.all(names.map((name) => vault.read(name)))).toEqual(names.map((n) => n.toUpperCase()))
})

test('rejects when it cannot keep a secret, and works again later', async () => {
  writeFileSync(path.join(folder, 'inner'), 'a file where the folder should be')
  const vault = createFileVault(file)
  await expect(vault.read('a')).rejects.toThrow()
  await expect(vault.write('a', '1')).rejects.toThrow()
  rmSync(path.join(folder, 'inner'))
  await vault.write('a', '1')
  expect(await vault.read('a')).toBe('1')
})

test('a killed process leaves the old or the new', async () => {
  await createFileVault(file).write('a', 'old')
  const script = `
    import { createFileVault } from ${JSON.stringify(path.resolve('main/adapters/vault/index.ts'))}
    const vault = createFileVault(${JSON.stringify(file)})
    for (let i = 0; ; i++) { await vault.write('a', 'new'.repeat(10_000)); if (i === 5) process.kill(process.pid, 'SIGKILL') }
  `
  expect(() =>
    execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: 'ignore' }),
  ).toThrow()
  expect(['old', 'new'.repeat(10_000)]).toContain(await createFileVault(file).read('a'))
})
