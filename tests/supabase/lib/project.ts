/** @file What every kind of project gives a test, local or real; and the real one. Talks to the project in the environment. */
import postgres from 'postgres'
import type { Faults } from '../../../build/supabase/faults.ts'
import type { RealProject } from './where.ts'

export interface Project {
  url: string
  publishableKey: string
  secretKey: string
  sql<T = Record<string, unknown>>(text: string, params?: unknown[]): Promise<T[]>
  /** Missing where nothing can be made to go wrong. */
  faults?: Faults
  restart(): Promise<void>
  close(): Promise<void>
}

export interface BackendOptions {
  /** Seconds an access token is valid; needs 'faults'. */
  jwtExpiry?: number
  /** What the platform brings, without this project's migrations; needs 'faults'. */
  bare?: boolean
  /** Grants that new tables and functions get by themselves: none on new projects, all on older ones; needs 'faults'. */
  defaults?: 'none' | 'all'
}

type Sql = postgres.Sql

export const query =
  (sql: Sql | undefined) =>
  async <T>(text: string, params: unknown[] = []): Promise<T[]> => {
    if (!sql) throw new Error("This needs SUPABASE_DB_URL: mark the test with needs('sql').")
    return [...(await sql.unsafe(text, params as never[]))] as T[]
  }

export function openReal({ url, publishableKey, secretKey, databaseUrl }: RealProject): Project {
  const sql = databaseUrl
    ? postgres(databaseUrl, { max: 2, idle_timeout: 20, onnotice: () => {} })
    : undefined
  return {
    url,
    publishableKey,
    secretKey,
    sql: query(sql),
    restart: () =>
      Promise.reject(new Error("A real project cannot be restarted: mark the test with needs('faults').")),
    close: async () => {
      await sql?.end({ timeout: 2 })
    },
  }
}
