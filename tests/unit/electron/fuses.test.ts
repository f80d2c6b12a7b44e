/** @file No fuse of Electron is left to chance. Reads electron-builder.yml. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { FuseV1Options } from '@electron/fuses'
import { expect, test } from 'vitest'
import { MORE_FUSES } from '../../../build/scripts/after-pack.ts'

const yaml = readFileSync(path.resolve(import.meta.dirname, '../../../electron-builder.yml'), 'utf8')
const block = /^electronFuses:\n((?:[ ].*\n)+)/m.exec(yaml)?.[1] ?? ''
const written = new Map(
  [...block.matchAll(/^ {2}(\w+): (true|false)$/gm)].map(([, name, on]) => [name, on === 'true']),
)

const known = Object.values(FuseV1Options).filter((name) => typeof name === 'string')
const camel = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)

test('every fuse that @electron/fuses knows is named exactly once', () => {
  const more = Object.keys(MORE_FUSES).map((fuse) => camel(FuseV1Options[Number(fuse)] ?? fuse))
  expect([...written.keys(), ...more].sort()).toEqual(known.map(camel).sort())
})

test('the fuses that guard the program are set that way', () => {
  expect(Object.fromEntries(written)).toEqual({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  })
})
