/** @file Finds the database function a call means, by the names of its arguments as PostgREST does. Reads the catalogue. */
import type postgres from 'postgres'

export interface DatabaseFunction {
  name: string
  args: { name: string; type: string; optional: boolean }[]
  returns: 'nothing' | 'value' | 'row'
  set: boolean
  readOnly: boolean
}

interface Row {
  names: string[] | null
  modes: string[] | null
  types: string[]
  defaults: number
  set: boolean
  volatility: string
  kind: string
  type: string
}

const LOOK = `
  select p.proargnames as names, p.proargmodes::text[] as modes, p.pronargdefaults as defaults, p.proretset as set,
    p.provolatile as volatility, t.typtype as kind, t.typname as type,
    array(select format_type(a, null) from unnest(p.proargtypes) with ordinality as x(a, n) order by n) as types
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_type t on t.oid = p.prorettype
  where n.nspname = 'public' and p.proname = $1 and p.prokind = 'f'`

const isInput = (mode: string | undefined): boolean =>
  mode === undefined || mode === 'i' || mode === 'b' || mode === 'v'

function toFunction(name: string, row: Row): DatabaseFunction {
  const names = (row.names ?? []).filter((_, index) => isInput(row.modes?.[index]))
  const required = row.types.length - row.defaults
  const hasColumns = row.modes?.some((mode) => mode === 't' || mode === 'o' || mode === 'b')
  const isRow = hasColumns || row.kind === 'c' || row.type === 'record'
  return {
    name,
    args: row.types.map((type, index) => ({ name: names[index] ?? '', type, optional: index >= required })),
    returns: row.type === 'void' ? 'nothing' : isRow ? 'row' : 'value',
    set: row.set,
    readOnly: row.volatility !== 'v',
  }
}

/** Remembers what it found until `forget`: a call then needs no look at the catalogue. */
export function createFunctions(sql: postgres.Sql) {
  let known = new Map<string, Promise<DatabaseFunction[]>>()

  async function look(name: string): Promise<DatabaseFunction[]> {
    const rows = await sql.unsafe<Row[]>(LOOK, [name])
    return rows.map((row) => toFunction(name, row))
  }

  function named(name: string): Promise<DatabaseFunction[]> {
    const found = known.get(name) ?? look(name)
    known.set(name, found)
    // What is not there yet may come with the next migration.
    found.then((all) => all.length || known.delete(name)).catch(() => known.delete(name))
    return found
  }

  return {
    forget: () => {
      known = new Map()
    },
    /** Those that take exactly these arguments, optional ones aside. */
    async find(name: string, given: readonly string[]): Promise<DatabaseFunction[]> {
      const fits = ({ args }: DatabaseFunction) =>
        given.every((key) => args.some((arg) => arg.name === key)) &&
        args.every((arg) => arg.optional || given.includes(arg.name))
      return (await named(name)).filter(fits)
    },
  }
}

export type Functions = ReturnType<typeof createFunctions>
