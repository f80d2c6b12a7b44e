/** @file Functions of the database say codes of the catalogue with their parameters, and no sentences. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MESSAGES } from '../../shared/domain/messages/index.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'

interface Source {
  name: string
  body: string
}

/** Literals of three words or more that nobody reads but who looks after the database: its log, and what writes SQL by hand. */
const FOR_OPERATORS: readonly string[] = [
  'The read models of restaurant % were not brought up to date: %',
  'Orders of restaurant % were not archived: %',
  'What happened cannot be changed: the log is append-only.',
  'Use private.archive_orders to move old orders out of it.',
]

const withoutComments = (body: string) => body.replace(/--[^\n]*/g, '').replace(/\/\*[\s\S]*?\*\//g, '')

/** What stands between quotes. */
const literals = (body: string): string[] =>
  [...withoutComments(body).matchAll(/'((?:[^']|'')*)'/g)].map(([, text = '']) => text.replaceAll("''", "'"))

/** Three words in a row, as people write them: JSON, SQL and lists of values have signs in between. */
const isSentence = (text: string) => /\p{L}{2,}[,:;.]? \p{L}+[,:;.]? \p{L}{2,}/u.test(text)

/** Sentences of these functions, but for those that are none for people. */
function sentences(sources: readonly Source[]): string[] {
  return sources.flatMap(({ name, body }) =>
    literals(body)
      .filter((text) => isSentence(text) && !FOR_OPERATORS.includes(text))
      .map((text) => `${name}: ${text}`),
  )
}

describe('a sentence', () => {
  test.each([
    'Only a person can do this. Sign in with e-mail and password.',
    ' is too long: at most ',
    "This restaurant's PC is away.",
  ])('is found: %s', (text) => {
    const body = `begin perform refuse(403, 'no', '${text.replaceAll("'", "''")}'); end`
    expect(sentences([{ name: 'private.f', body }])).toEqual([`private.f: ${text}`])
  })

  test('is neither a comment, nor a path, nor a list', () => {
    const body = `-- It's what nobody hears.
      select 'server,cook,expo,host,manager,admin', '$.** ? (@.type() == "number")', '{"code": "cloud.line"}', '15 minutes'`
    expect(sentences([{ name: 'private.f', body }])).toEqual([])
  })
})

describe('functions of the database', needs('sql'), () => {
  let backend: TestBackend
  let sources: Source[]
  beforeAll(async () => {
    backend = await openBackend()
    sources = await backend.sql<Source>(
      `select n.nspname || '.' || p.proname as name, p.prosrc as body
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('public', 'private')`,
    )
  })
  afterAll(() => backend.close())

  test('say no sentences', () => {
    expect(sources.length).toBeGreaterThan(50)
    expect(sentences(sources)).toEqual([])
  })

  test('say codes that the catalogue has', () => {
    const said = sources.flatMap(({ body }) =>
      [...withoutComments(body).matchAll(/\bcloud\.(\w+)/g)].map(([, code = '']) => code),
    )
    expect(said.length).toBeGreaterThan(40)
    expect(said.filter((code) => !Object.hasOwn(MESSAGES.cloud, code))).toEqual([])
  })
})
