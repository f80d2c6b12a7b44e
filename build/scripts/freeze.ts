/** @file `node build/scripts/freeze.ts`: keeps this version of Plate under tests/frozen/, to be played against later ones. Writes that folder. */
import './lib/node-version.ts'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'vite'
import { CONTRACT_VERSION } from '../../shared/contract/contract.ts'
import { inRoot } from './lib/run.ts'

const folder = inRoot(`tests/frozen/contract-${CONTRACT_VERSION}`)
const migrations = inRoot('supabase/migrations')

/** The migrations a project of this version has, by name and content: they are never edited, so no copy is needed. */
function migrationList(): string {
  const names = readdirSync(migrations).sort()
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(path.join(migrations, name)))
      .digest('hex')
  return `${JSON.stringify(Object.fromEntries(names.map((name) => [name, hash(name)])), null, 2)}\n`
}

rmSync(folder, { recursive: true, force: true })
await build({
  configFile: false,
  root: inRoot('.'),
  logLevel: 'warn',
  build: {
    ssr: true,
    outDir: folder,
    minify: true,
    target: 'node24',
    copyPublicDir: false,
    rolldownOptions: {
      input: {
        hub: inRoot('main/headless/index.ts'),
        'store-worker': inRoot('main/adapters/sqlite/worker.ts'),
        plate: inRoot('tests/frozen/plate.ts'),
      },
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
})
writeFileSync(path.join(folder, 'migrations.json'), migrationList())
console.log(`Kept in ${path.relative(inRoot('.'), folder)}`)
