/** @file What a subscriber may do, asked of the database under the subscriber's own role. Reads, and undoes its probes. */
import type postgres from 'postgres'
import type { Caller } from '../http.ts'

type Transaction = postgres.TransactionSql

export interface Access {
  /** May the caller read this private topic? By the policies on realtime.messages. */
  mayRead(caller: Caller, topic: string): Promise<boolean>
  maySend(caller: Caller, topic: string): Promise<boolean>
  /** The rows with these primary keys that the caller can read now, by key. */
  visible(caller: Caller, table: Table, keys: readonly Row[]): Promise<Map<string, Row>>
}

export type Row = Record<string, unknown>

export interface Table {
  schema: string
  name: string
  /** Columns of the primary key. */
  key: string[]
  columns: { name: string; type: string }[]
}

class Undo extends Error {}

export const keyOf = (table: Table, row: Row): string =>
  JSON.stringify(table.key.map((column) => String(row[column])))

async function become(sql: Transaction, caller: Caller, topic: string): Promise<void> {
  const claims = JSON.stringify(caller.claims)
  await sql`select set_config('role', ${caller.role}, true), set_config('request.jwt.claims', ${claims}, true),
    set_config('request.jwt.claim.sub', ${caller.claims.sub ?? ''}, true), set_config('realtime.topic', ${topic}, true)`
}

export function createAccess(sql: postgres.Sql): Access {
  /** Runs work in a transaction that leaves nothing behind. */
  async function probe<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    let result: { value: T } | undefined
    try {
      await sql.begin(async (transaction) => {
        result = { value: await work(transaction) }
        throw new Undo()
      })
    } catch (error) {
      if (!(error instanceof Undo) || !result) throw error
    }
    if (!result) throw new Error('A probe ended without an answer')
    return result.value
  }

  return {
    mayRead: (caller, topic) =>
      probe(async (transaction) => {
        await transaction`insert into realtime.messages (topic, extension, private) values (${topic}, 'broadcast', true)`
        await become(transaction, caller, topic)
        return (await transaction`select 1 from realtime.messages where topic = ${topic} limit 1`).length > 0
      }),

    maySend: (caller, topic) =>
      probe(async (transaction) => {
        await become(transaction, caller, topic)
        await transaction`insert into realtime.messages (topic, extension, private) values (${topic}, 'broadcast', true)`
        return true
      }).catch(() => false),

    async visible(caller, table, keys) {
      const columns = table.key.map((column) => `x."${column}"`).join(', ')
      // The values are cast, not the columns: the primary key's index serves.
      const types = table.key.map((key) => table.columns.find(({ name }) => name === key)?.type ?? 'text')
      const place = (row: number, at: number) => `$${row * types.length + at + 1}::text::"${types[at]}"`
      const tuples = keys.map((_, row) => `(${types.map((__, at) => place(row, at)).join(', ')})`)
      const values = keys.flatMap((key) => table.key.map((column) => String(key[column])))
      const query = `select to_jsonb(x) as row from "${table.schema}"."${table.name}" x where (${columns}) in (${tuples.join(', ')})`
      const rows = await sql.begin('read only', async (transaction) => {
        await become(transaction, caller, '')
        return await transaction.unsafe<{ row: Row }[]>(query, values)
      })
      return new Map(rows.map(({ row }) => [keyOf(table, row), row]))
    },
  }
}
