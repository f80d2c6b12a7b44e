/** @file `npm run bench [NAME …]`: runs the measuring programs of tests/bench one after the other. Runs programs. */
import './lib/node-version.ts'
import { existsSync, readdirSync } from 'node:fs'
import { buildIfStale } from './lib/build-if-stale.ts'
import { COMPILED, inRoot, runNode } from './lib/run.ts'
import { stop } from './lib/say.ts'

const SUFFIX = '.bench.ts'
const folder = inRoot('tests/bench')
const known = existsSync(folder)
  ? readdirSync(folder)
      .filter((file) => file.endsWith(SUFFIX))
      .map((file) => file.slice(0, -SUFFIX.length))
      .sort()
  : []

const args = process.argv.slice(2)
const firstOption = args.findIndex((arg) => arg.startsWith('-'))
const names = firstOption < 0 ? args : args.slice(0, firstOption)
const options = firstOption < 0 ? [] : args.slice(firstOption)

const unknown = names.filter((name) => !known.includes(name))
if (unknown.length)
  stop(`No such bench: ${unknown.join(', ')}. There are: ${known.join(', ') || 'none yet'}.`)

buildIfStale()
let failed = 0
// stdout carries the JSON lines alone, so progress goes to stderr.
for (const name of names.length ? names : known) {
  console.error(`bench ${name}`)
  if (runNode([`tests/bench/${name}${SUFFIX}`, ...options], { env: COMPILED }) !== 0) failed++
}
process.exit(failed ? 1 : 0)
