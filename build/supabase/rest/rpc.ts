/** @file Calls a database function for an API user: role, claims, one transaction, the result as PostgreSQL wrote it. */
import type postgres from 'postgres'
import type { Faults } from '../faults.ts'
import { type Call, type Caller, empty, json, type Reply, text } from '../http.ts'
import { errorReply } from './errors.ts'
import type { DatabaseFunction, Functions } from './functions.ts'

/** Milliseconds a statement may take; as on a hosted project. */
const TIMEOUT: Record<string, number> = { anon: 3000 }
const DEFAULT_TIMEOUT = 8000

/** The status a function asks for its answer; read after the function has run. */
const STATUS = `nullif(current_setting('response.status', true), '') as status`

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`

function statement(fn: DatabaseFunction, given: readonly string[]): string {
  const args = fn.args.filter((arg) => given.includes(arg.name))
  const columns = args.map(({ name, type }) => `${quote(name)} ${type}`).join(', ')
  const from = args.length ? `json_to_record($1::text::json) as args(${columns}), lateral ` : ''
  const passed = args.map(({ name }) => `${quote(name)} := args.${quote(name)}`).join(', ')
  const called = `${from}public.${quote(fn.name)}(${passed}) as result`
  if (fn.set) return `select coalesce(json_agg(result), '[]')::text as body, ${STATUS} from ${called}`
  if (fn.returns === 'row')
    return `select coalesce(json_agg(result) -> 0, 'null')::text as body, ${STATUS} from ${called}`
  return `select coalesce(to_json(result)::text, 'null') as body, ${STATUS} from ${called}`
}

/** The same answer, `ms` later: nothing is read of it before it is all there. */
const slowed = (query: string, ms: number): string =>
  `with answer as materialized (${query}) select answer.*, pg_sleep(${ms / 1000})::text from answer`

/** Makes a transaction the caller's: role, claims and request as PostgREST sets them. */
async function impersonate(sql: postgres.TransactionSql, caller: Caller, call: Call): Promise<void> {
  const settings = {
    role: caller.role,
    'request.jwt.claims': JSON.stringify(caller.claims),
    'request.method': call.method,
    'request.path': call.url.pathname,
    'request.headers': JSON.stringify(call.headers),
    statement_timeout: String(TIMEOUT[caller.role] ?? DEFAULT_TIMEOUT),
  }
  const pairs = Object.entries(settings)
  const list = pairs.map((_, index) => `set_config($${index * 2 + 1}, $${index * 2 + 2}, true)`)
  await sql.unsafe(`select ${list.join(', ')}`, pairs.flat(), { prepare: true })
}

function missing(name: string, given: readonly string[]): Reply {
  const list = given.length ? `(${[...given].sort().join(', ')})` : ' without parameters'
  return json(404, {
    code: 'PGRST202',
    message: `Could not find the function public.${name}${list} in the schema cache`,
    details: `Searched for the function public.${name}${given.length ? ` with parameters ${given.join(', ')}` : ' without parameters'}, but no matches were found in the schema cache.`,
    hint: null,
  })
}

function ambiguous(name: string): Reply {
  return json(300, {
    code: 'PGRST203',
    message: `Could not choose the best candidate function between overloads of public.${name}`,
    details: null,
    hint: 'Try renaming the parameters or the function itself in the database so function overloading can be resolved',
  })
}

/** `.single()` asks for one object instead of a list. */
function single(body: string): Reply {
  const rows = JSON.parse(body) as unknown[]
  if (rows.length === 1) return json(200, rows[0])
  return json(406, {
    code: 'PGRST116',
    message: 'Cannot coerce the result to a single JSON object',
    details: `The result contains ${rows.length} rows`,
    hint: null,
  })
}

function parse(call: Call): Record<string, unknown> | undefined {
  try {
    const args: unknown = JSON.parse(call.body.toString() || '{}')
    return typeof args === 'object' && args !== null && !Array.isArray(args) ? { ...args } : undefined
  } catch {
    return undefined
  }
}

/** What calls of functions need. */
export interface FunctionCalls {
  sql: postgres.Sql
  functions: Functions
  faults: Pick<Faults, 'slowMs'>
}

/** POST /rest/v1/rpc/<name>. Requests run side by side, each on a connection of its own. */
export async function callFunction(
  { sql, functions, faults }: FunctionCalls,
  name: string,
  call: Call,
): Promise<Reply> {
  const args = parse(call)
  if (!args)
    return json(400, { code: 'PGRST102', message: 'Empty or invalid json', details: null, hint: null })
  const given = Object.keys(args)
  try {
    const [fn, second] = await functions.find(name, given)
    if (!fn) return missing(name, given)
    if (second) return ambiguous(name)
    const rows = await sql.begin(fn.readOnly ? 'read only' : '', async (transaction) => {
      await impersonate(transaction, call.caller, call)
      const query = statement(fn, given)
      const values = given.length ? [call.body.toString()] : []
      return await transaction.unsafe<{ body: string; status: string | null }[]>(
        faults.slowMs > 0 ? slowed(query, faults.slowMs) : query,
        values,
        { prepare: true },
      )
    })
    const status = Number(rows[0]?.status ?? 0)
    if (fn.returns === 'nothing') return empty(status || 204)
    const body = rows[0]?.body ?? 'null'
    if (fn.set && call.headers.accept?.includes('vnd.pgrst.object')) return single(body)
    return text(status || 200, body)
  } catch (error) {
    return errorReply(error, call.caller.role)
  }
}
