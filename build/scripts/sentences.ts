/** @file Checks that sentences for people stand in shared/words alone: core, adapters and what they share hold codes. Reads the sources, or the files it is given, only. */
import './lib/node-version.ts'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { inRoot, ROOT } from './lib/run.ts'
import { sentencesIn } from './lib/sentences.ts'

const FOLDERS = ['main/core', 'main/adapters', 'shared']
const SHOWN = 80

/** Where text is no sentence of Plate's own, and why. */
const EXEMPT: Readonly<Record<string, string>> = {
  'shared/words/': 'the catalogue itself',
  'main/core/demo/': 'what the people of a demo evening wrote on their orders',
}

const ADVICE = `Nobody can word a sentence that is born here in another language. Say it as a code with parameters:
add the code to shared/domain/messages/<area>.ts (a failure: shared/domain/errors.ts) and its sentence to
shared/words/en/<area>.ts, and hold say('<area>.<code>', {…}) or fail('<code>', {…}) here.`

/** Files git knows or would take. */
function files(): string[] {
  const listed = spawnSync('git', ['ls-files', '-co', '--exclude-standard', ...FOLDERS], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return listed.stdout
    .split('\n')
    .filter((file) => /\.(ts|mts|cts)$/.test(file) && existsSync(inRoot(file)))
    .filter((file) => !Object.keys(EXEMPT).some((folder) => file.startsWith(folder)))
}

const cut = (text: string) => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text)

const named = process.argv.slice(2)
const looked = named.length ? named : files()
const found = looked.flatMap((file) =>
  sentencesIn(readFileSync(path.resolve(ROOT, file), 'utf8')).map(
    ({ line, text }) => `${file}:${line}: ${cut(text)}`,
  ),
)
console.log(`${looked.length} files, ${found.length} sentences`)
for (const sentence of found) console.error(sentence)
if (found.length) console.error(`\n${ADVICE}`)
// A check that looks at nothing finds nothing.
process.exit(found.length || !looked.length ? 1 : 0)
