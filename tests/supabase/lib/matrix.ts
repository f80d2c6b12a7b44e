/** @file The rights matrix: asks the API for everybody, table by table and call by call, and says where it differs from what was expected. */
import type { PostgrestError } from '@supabase/supabase-js'
import { CALLS, TABLES } from './matrix-parts.ts'
import { ACTORS, type Actor, type Side, type World } from './matrix-world.ts'

const SIDES = ['own', 'other'] as const
const VERBS = ['insert', 'update', 'delete'] as const

/** What is expected: per row (a table or a call) and actor a word. */
export type Expected = Record<string, Record<Actor, string>>

/** Reads a table of words: the actors on the first line, then a row per line, its name first. */
export function parseTable(text: string): Expected {
  const [head = [], ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s{2,}/))
  const columns = head.flatMap((cell) => cell.split(' '))
  if (columns.join() !== ACTORS.join()) throw new Error(`the columns must be ${ACTORS.join(' ')}`)
  return Object.fromEntries(
    rows.map(([name = '', ...rest]) => {
      const words = rest.flatMap((cell) => cell.split(' '))
      if (words.length !== ACTORS.length)
        throw new Error(`${name}: ${words.length} words for ${ACTORS.length} actors`)
      return [
        name,
        Object.fromEntries(ACTORS.map((actor, n) => [actor, words[n] ?? ''])) as Record<Actor, string>,
      ]
    }),
  )
}

/** 'no' where the right itself is missing; otherwise the hint or code of the refusal. */
function wordFor(error: PostgrestError): string {
  if (error.code === '42501' && error.message.startsWith('permission denied')) return 'no'
  return error.code === '42501'
    ? 'no row'
    : error.hint && error.code.startsWith('PT')
      ? error.hint
      : error.code
}

interface Truth {
  key: string
  side: Side | 'elsewhere'
  owner: string | null
  kitchen: boolean
}

/** What a table holds, as its owner sees it. */
async function truthOf(world: World, table: string): Promise<Truth[]> {
  const { place, key, owner = 'null', kitchen = 'false' } = TABLES[table] ?? { place: 'id', key: ['id'] }
  const rows = await world.backend.sql<{
    place: string
    key: unknown[]
    owner: string | null
    kitchen: boolean
  }>(
    `select t.${place} as place, jsonb_build_array(${key.map((column) => `t.${column}`)}) as key,
       (${owner})::text as owner, (${kitchen}) as kitchen from public.${table} t`,
  )
  const sides: Record<string, Side> = { [world.own.restaurant]: 'own', [world.other.restaurant]: 'other' }
  return rows.map((row) => ({
    key: JSON.stringify(row.key.map(String)),
    side: sides[row.place] ?? 'elsewhere',
    owner: row.owner,
    kitchen: row.kitchen,
  }))
}

const same = (seen: Set<string>, rows: Truth[]) =>
  seen.size === rows.length && rows.every(({ key }) => seen.has(key))

/** Which rows of their restaurant somebody sees, as a word. */
function wordForRows(world: World, actor: Actor, seen: Set<string>, own: Truth[]): string {
  if (seen.size === 0) return 'none'
  if (same(seen, own)) return 'all'
  if (
    same(
      seen,
      own.filter(({ owner }) => owner === world.ids[actor]),
    )
  )
    return 'mine'
  if (
    same(
      seen,
      own.filter(({ kitchen }) => kitchen),
    )
  )
    return 'kitchen'
  return `${seen.size} of ${own.length}`
}

/** What an actor reads of a table: a word for their restaurant, and how many rows of others. */
async function read(
  world: World,
  actor: Actor,
  table: string,
  truth: Truth[],
): Promise<{ own: string; others: number }> {
  const key = TABLES[table]?.key ?? ['id']
  const { data, error } = await world.clients[actor].from(table).select(key.join())
  if (error) return { own: wordFor(error), others: 0 }
  const rows = data as unknown as Record<string, unknown>[]
  const seen = new Set(rows.map((row) => JSON.stringify(key.map((column) => String(row[column])))))
  const own = truth.filter(({ side }) => side === 'own')
  const seenOwn = new Set(own.map((row) => row.key).filter((rowKey) => seen.has(rowKey)))
  return { own: wordForRows(world, actor, seenOwn, own), others: seen.size - seenOwn.size }
}

async function write(
  world: World,
  actor: Actor,
  table: string,
  verb: (typeof VERBS)[number],
  side: Side,
): Promise<string> {
  const place = TABLES[table]?.place ?? 'restaurant_id'
  const rows = world.clients[actor].from(table)
  // Without generated types the client knows no columns.
  const values = { [place]: world[side].restaurant } as never
  const change = verb === 'update' ? rows.update(values) : rows.delete()
  const { error } = await (verb === 'insert' ? rows.insert(values) : change.eq(place, world[side].restaurant))
  return error ? wordFor(error) : 'done'
}

/** What an actor may do with a table besides reading; nothing is expected. */
async function writes(world: World, actor: Actor, table: string): Promise<string[]> {
  const lines: string[] = []
  for (const verb of VERBS) {
    for (const side of SIDES) {
      const word = await write(world, actor, table, verb, side)
      // Without the right to the table itself no row makes a difference.
      if (word === 'no') break
      lines.push(`${actor} may ${verb} ${table} (${side}): ${word}`)
    }
  }
  return lines
}

async function readings(world: World, table: string, expected: Record<Actor, string>): Promise<string[]> {
  const truth = await truthOf(world, table)
  const found = await Promise.all(
    ACTORS.map(async (actor) => {
      const { own, others } = await read(world, actor, table, truth)
      return [
        ...(own === expected[actor] ? [] : [`${actor} reads ${table}: ${own}, not ${expected[actor]}`]),
        ...(others === 0 ? [] : [`${actor} reads ${table} of another restaurant: ${others} rows`]),
      ]
    }),
  )
  return found.flat()
}

/** Where reading differs from what is expected: a line per difference, none when all is well. */
export async function readingDifferences(
  world: World,
  expected: Expected,
  tables = Object.keys(expected),
): Promise<string[]> {
  const lines: string[] = []
  for (const table of tables) {
    const row = expected[table]
    if (row) lines.push(...(await readings(world, table, row)))
  }
  return lines
}

/** Where anybody may insert, update or delete anything. */
export async function writingDifferences(world: World, tables: readonly string[]): Promise<string[]> {
  const lines: string[] = []
  for (const table of tables) {
    const found = await Promise.all(ACTORS.map((actor) => writes(world, actor, table)))
    lines.push(...found.flat())
  }
  return lines
}

async function call(world: World, actor: Actor, fn: string, side: Side): Promise<string> {
  const { error } = await world.clients[actor].rpc(fn, CALLS[fn]?.(world[side]) ?? {})
  return error ? wordFor(error) : 'ok'
}

/** Where calls differ from what is expected: `ok`, `no` (may not even call it), or the hint of the refusal. */
export async function callingDifferences(world: World, expected: Expected): Promise<string[]> {
  const lines: string[] = []
  for (const [name, expectedWords] of Object.entries(expected)) {
    const [fn = '', side = 'own'] = name.split(' ')
    const words = await Promise.all(ACTORS.map((actor) => call(world, actor, fn, side as Side)))
    ACTORS.forEach((actor, n) => {
      if (words[n] !== expectedWords[actor])
        lines.push(`${actor} calls ${name}: ${words[n]}, not ${expectedWords[actor]}`)
    })
  }
  return lines
}

/** Tables whose rows would not tell rights apart: a restaurant without rows, or `mine` and `kitchen` that are all or nothing. */
export async function uselessTables(world: World): Promise<string[]> {
  const useless: string[] = []
  for (const [table, { owner, kitchen }] of Object.entries(TABLES)) {
    const truth = await truthOf(world, table)
    const own = truth.filter(({ side }) => side === 'own')
    const parts = [own, truth.filter(({ side }) => side === 'other')]
    const some = [
      ...(owner ? [own.filter((row) => row.owner === world.ids.server)] : []),
      ...(kitchen ? [own.filter((row) => row.kitchen)] : []),
    ]
    if (parts.some(({ length }) => length === 0)) useless.push(`${table} is empty`)
    if (some.some(({ length }) => length === 0 || length === own.length))
      useless.push(`${table} has no other rows`)
  }
  return useless
}
