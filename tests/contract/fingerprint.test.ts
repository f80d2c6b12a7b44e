/** @file The wire's fingerprint: nothing on the wire changes unseen, and what the version before cannot follow raises CONTRACT_VERSION. Reads the contract's sources. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { actions, CONTRACT_VERSION, queries, streams, WIRE_NAMES } from '../../shared/contract/contract.ts'
import { clientFrame } from '../../shared/contract/wire.ts'
import { commandSchemas } from '../../shared/domain/commands.ts'
import { documentSchemas } from '../../shared/domain/documents.ts'
import { readerText } from '../../shared/domain/events/reader.ts'
import recorded from './fingerprint.json' with { type: 'json' }

const root = path.resolve(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(path.join(root, 'shared', file), 'utf8')

/** A source without comments and white space: only what it says. */
function bare(source: string): string {
  return source
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '')
    .replace(/\s+/g, '')
}

/** The declarations `export interface X {…}` and `export type X = …` of a source; all of them, or those named. */
function typesOf(source: string, names?: readonly string[]): string {
  const declarations = source.split(/\n(?=(?:export |const |type |interface |function |\/\*\*))/)
  return declarations
    .filter((text) => {
      const [, name] = text.match(/^export (?:interface|type) (\w+)/) ?? []
      return name !== undefined && (!names || names.includes(name))
    })
    .map(bare)
    .join('\n')
}

const shape = (schema: z.core.$ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
const shapes = (all: Record<string, z.core.$ZodType>) =>
  Object.fromEntries(Object.entries(all).map(([name, schema]) => [name, shape(schema)]))
const methods = (all: Record<string, { read: string | null; args: z.core.$ZodType }>) =>
  Object.fromEntries(Object.entries(all).map(([name, { read, args }]) => [name, { read, args: shape(args) }]))

/** Everything two versions of Plate must agree on, in parts, so that a failure names what changed. */
const parts: Record<string, unknown> = {
  commands: shapes(commandSchemas),
  queries: methods(queries),
  actions: methods(actions),
  streams: methods(streams),
  clientFrame: shape(clientFrame),
  documents: shapes(documentSchemas),
  events: readerText(),
  names: WIRE_NAMES,
  // Codes of messages and reasons may be added: what an older Plate has no words for, it says so.
  messageTypes: [
    typesOf(read('domain/errors.ts'), ['Failure']),
    typesOf(read('domain/messages/message.ts'), ['Message', 'Param', 'Params']),
  ],
  contractTypes: [
    typesOf(read('contract/contract.ts')),
    // Its codes may be added to.
    typesOf(read('domain/decide/work.ts'), ['Left']),
  ].join('\n'),
  wireTypes: typesOf(read('contract/wire.ts')),
  viewTypes: [
    typesOf(read('domain/view.ts'), ['TicketView', 'ItemView', 'TaskView', 'TicketFilter']),
    typesOf(read('domain/unseen.ts'), ['Difference']),
  ].join('\n'),
}

const hash = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)

test('the wire is what it was when its version was given', () => {
  const found = {
    version: CONTRACT_VERSION,
    parts: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, hash(part)])),
  }
  expect(
    found,
    `The wire has changed. If a screen or PC of the version before cannot go on with that, raise CONTRACT_VERSION in shared/contract/contract.ts and serve the one before beside it (docs/recipes/field.md). Then record the new fingerprint in tests/contract/fingerprint.json:\n${JSON.stringify(found, null, 2)}\n`,
  ).toEqual(recorded)
})

test('every part of the fingerprint is there', () => {
  for (const [name, part] of Object.entries(parts))
    expect(JSON.stringify(part).length, name).toBeGreaterThan(60)
  for (const name of ['TicketView', 'ItemView', 'TaskView', 'Difference'])
    expect(parts.viewTypes).toMatch(new RegExp(`${name}(extends\\w+)?{`))
  expect(parts.wireTypes).toContain('ServerFrame=')
  for (const name of ['StatusTopics', 'Left']) expect(parts.contractTypes).toContain(`${name}{`)
  expect(parts.messageTypes).toEqual([
    expect.stringContaining('Failure{'),
    expect.stringMatching(/Param=.*Message\{/s),
  ])
  expect(JSON.stringify(parts.events)).toContain('document.published')
})

test('comments and layout do not count, words do', () => {
  expect(bare('a: 1 // one\n/* two */ b')).toBe(bare('a:1 b'))
  expect(bare('url: "http://x"')).toContain('http://x')
  expect(bare('a: 1')).not.toBe(bare('a: 2'))
})
