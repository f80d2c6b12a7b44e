/** @file Finds sentences for people in a source: what stands in one language in the code, and no screen can word. Pure. */
import { type Expression, parseSync } from '@swc/core'

/** A sentence in a source, and the line (from 1) it begins on. */
export interface Sentence {
  line: number
  text: string
}

/** Three words of lower-case letters in a row. Codes, names of events and lists of columns have fewer. */
const WORDS = /(^|[^\w.-])[a-z][a-z’']*( +[a-z][a-z’']*){2,}(?![\w-])/
/** A parameter of a template, which is no word. */
const PARAMETER = '{}'
const SQL = /^\s*(--|SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|PRAGMA|WITH|BEGIN|COMMIT|ANALYZE)\b/
/** Thrown for a bug, which the log shows to whoever mends it. */
const BUGS: ReadonlySet<string> = new Set(['Error', 'TypeError', 'RangeError', 'RegExp'])
const LEVELS: ReadonlySet<string> = new Set(['debug', 'info', 'warn', 'error'])

type Node = { type: string; span?: { start: number } } & Record<string, unknown>

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

/** The last name of `a.b.c`. */
function nameOf(callee: Expression | Node): string {
  const { type, value, property } = callee as Node
  if (type === 'Identifier') return String(value)
  return type === 'MemberExpression' && isNode(property) ? nameOf(property) : ''
}

/** Whether what is inside is read by developers alone: bugs that are thrown, the fields of a log line, types. */
function isForDevelopers(node: Node): boolean {
  if (node.type.startsWith('Ts') && node.type.endsWith('Type')) return true
  const callee = node.callee as Node | undefined
  if (node.type === 'NewExpression' && callee) return BUGS.has(nameOf(callee))
  if (node.type !== 'CallExpression' || callee?.type !== 'MemberExpression') return false
  return LEVELS.has(nameOf(callee)) && nameOf(callee.object as Node) === 'log'
}

function textOf(node: Node): string | null {
  if (node.type === 'StringLiteral') return String(node.value)
  if (node.type !== 'TemplateLiteral') return null
  return (node.quasis as { cooked?: string; raw: string }[])
    .map(({ cooked, raw }) => cooked ?? raw)
    .join(PARAMETER)
}

function* literals(value: unknown): Generator<[text: string, start: number]> {
  if (Array.isArray(value)) {
    for (const one of value) yield* literals(one)
    return
  }
  if (typeof value !== 'object' || value === null) return
  if (isNode(value)) {
    if (isForDevelopers(value)) return
    const text = textOf(value)
    if (text !== null) yield [text, value.span?.start ?? 0]
  }
  for (const one of Object.values(value)) yield* literals(one)
}

/** The sentences of a TypeScript source, in its order. */
export function sentencesIn(source: string): Sentence[] {
  // Places count on from whatever was parsed before; a first token makes known where this source begins.
  const text = `;${source}`
  const module = parseSync(text, { syntax: 'typescript', target: 'es2024' })
  const bytes = Buffer.from(text)
  const lineAt = (place: number) =>
    bytes
      .subarray(0, place - module.span.start)
      .toString()
      .split('\n').length
  return [...literals(module.body)]
    .filter(([one]) => WORDS.test(one) && !SQL.test(one))
    .map(([one, place]) => ({ line: lineAt(place), text: one }))
}
