/** @file A database handle with its statements prepared once each. */
import type { Database, Statement } from 'better-sqlite3'

type Value = string | number | null

/** SQL by text. Every text is compiled once per connection, so texts must be constants. */
export interface Sql {
  /** Runs a statement; returns how many rows it changed and the last row id. */
  run(text: string, ...values: Value[]): { changes: number; rowid: number }
  get<Row>(text: string, ...values: Value[]): Row | undefined
  all<Row>(text: string, ...values: Value[]): Row[]
  /** Runs `work` in one transaction: all of it or nothing. */
  atomic<T>(work: () => T): T
}

/** Wraps a connection. */
export function createSql(db: Database): Sql {
  const cache = new Map<string, Statement>()
  const prepared = (text: string): Statement => {
    let statement = cache.get(text)
    if (!statement) {
      statement = db.prepare(text)
      cache.set(text, statement)
    }
    return statement
  }
  return {
    run(text, ...values) {
      const { changes, lastInsertRowid } = prepared(text).run(...values)
      return { changes, rowid: Number(lastInsertRowid) }
    },
    get: <Row>(text: string, ...values: Value[]) => prepared(text).get(...values) as Row | undefined,
    all: <Row>(text: string, ...values: Value[]) => prepared(text).all(...values) as Row[],
    // Immediate: the write lock is taken at once, so a transaction never fails half-way for want of it.
    atomic: (work) => db.transaction(work).immediate(),
  }
}
