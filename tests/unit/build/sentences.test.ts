/** @file The check for sentences outside the catalogue: what it finds, where, and what it leaves alone. Runs it once over a planted one. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sentencesIn } from '../../../build/scripts/lib/sentences.ts'

const texts = (source: string) => sentencesIn(source).map(({ text }) => text)

test.each([
  ['a literal', `const x = 'The disk is full now.'`, 'The disk is full now.'],
  ['a template', `const x = \`\${dish} is not ready yet.\``, '{} is not ready yet.'],
  ['what is handed on', `raise('a', 'alarm', "Set it to the right time.")`, 'Set it to the right time.'],
  ['a field', `export const x = { y: [{ message: 'free some space' }] }`, 'free some space'],
  ['a fragment', `const x = full ? 'its quota is used up' : ''`, 'its quota is used up'],
  ['a default', `function f(why = 'nobody knows the reason') {}`, 'nobody knows the reason'],
  [
    'an error that people are shown',
    `throw new StoreError('a', 'Free some space here.')`,
    'Free some space here.',
  ],
])('%s is found', (_, source, text) => {
  expect(texts(source)).toEqual([text])
})

test.each([
  ['codes and names', `say('store.full', { folder: 'the folder' }); on('order.opened', 'in-use by name')`],
  [
    'a bug',
    `if (x) throw new Error(\`no such thing as \${x} here\`); new TypeError('this is not a function')`,
  ],
  [
    'a line of the log',
    `options.log.warn('x', { why: 'the disk is full now' }); log.info(\`a b \${'and so on it goes'}\`)`,
  ],
  [
    'SQL',
    'sql.all(`SELECT a FROM t -- what the columns do not say\n WHERE b`); db.exec("CREATE TABLE x (a b c d)")',
  ],
  ['a pattern', `const x = /and so on it goes/; new RegExp('and so on it goes')`],
  ['types', `type X = 'one or the other' | \`\${string} or the other\`; let y: 'one or the other'`],
  ['what is said of the code', `/** This does what it says. */ const x = 1 // and so on it goes`],
])('%s are left alone', (_, source) => {
  expect(texts(source)).toEqual([])
})

test('its line is told, whatever was read before and stands before it', () => {
  const source = `/** @file “Ümläute” – and more. */\n\nconst a = 'é'\nconst b = [\n  'The disk is full now.',\n  \`so is\n the other one\`,\n]\n`
  for (const _ of [1, 2]) {
    expect(sentencesIn(source).map(({ line }) => line)).toEqual([5, 6])
  }
})

test('a planted sentence ends the check with its place and what to do', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'plate-sentences-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const file = path.join(dir, 'planted.ts')
  const check = (text: string) => {
    writeFileSync(file, `/** @file Planted. */\nexport const x = '${text}'\n`)
    return spawnSync(process.execPath, ['build/scripts/sentences.ts', file], { encoding: 'utf8' })
  }
  const found = check('The disk is full now.')
  expect(found.status).toBe(1)
  expect(found.stderr).toContain(`${file}:2: The disk is full now.`)
  expect(found.stderr).toMatch(/add the code to shared\/domain\/messages/)
  expect(check('store.full')).toMatchObject({ status: 0, stderr: '' })
})
