/** @file `npm run check`: format and lint, types, architecture, sentences, dead code. Runs the tools, changes nothing. */
import './lib/node-version.ts'
import { runBin, runNode } from './lib/run.ts'
import { heading, seconds } from './lib/say.ts'

// In a log, colour codes around every letter of a diff make it unreadable.
const colours = process.stdout.isTTY ? [] : ['--colors=off']

const steps: [name: string, step: () => number][] = [
  ['format and lint (biome)', () => runBin('@biomejs/biome', ['ci', ...colours, '.'])],
  ['types (tsc -b)', () => runBin('typescript', ['-b'])],
  ['architecture (who imports whom)', () => runNode(['build/scripts/architecture.ts'])],
  ['sentences (only in the catalogue)', () => runNode(['build/scripts/sentences.ts'])],
  ['unused files, exports and dependencies (knip)', () => runBin('knip', [])],
]

// All of them run, so that one look shows everything there is to do.
const failed = steps.filter(([name, step]) => {
  const since = performance.now()
  heading(name)
  const code = step()
  console.log(`${code === 0 ? 'ok' : 'FAILED'} after ${seconds(since)}`)
  return code !== 0
})

console.log(failed.length ? `\nFailed: ${failed.map(([name]) => name).join(', ')}` : '\nAll checks passed.')
process.exit(failed.length ? 1 : 0)
