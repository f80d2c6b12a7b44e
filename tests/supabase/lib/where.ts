/** @file Where these tests run: on the local backend, or on a real project named in the environment. Reads and writes the environment. */

const CLUSTER = 'PLATE_TEST_CLUSTER'

export interface RealProject {
  url: string
  publishableKey: string
  secretKey: string
  databaseUrl: string | undefined
}

export const isRealProject = (): boolean => Boolean(process.env.SUPABASE_URL)

/** @throws with what is missing. */
export function realProject(): RealProject | undefined {
  const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY, SUPABASE_DB_URL } = process.env
  if (!SUPABASE_URL) return undefined
  if (!SUPABASE_PUBLISHABLE_KEY || !SUPABASE_SECRET_KEY)
    throw new Error('SUPABASE_URL is set: set SUPABASE_PUBLISHABLE_KEY and SUPABASE_SECRET_KEY as well.')
  return {
    url: SUPABASE_URL.replace(/\/$/, ''),
    publishableKey: SUPABASE_PUBLISHABLE_KEY,
    secretKey: SUPABASE_SECRET_KEY,
    databaseUrl: SUPABASE_DB_URL,
  }
}

/** Tells this process where the cluster is. */
export function publishCluster(port: number): void {
  process.env[CLUSTER] = String(port)
}

export const publishedCluster = (): number | undefined => Number(process.env[CLUSTER]) || undefined

export type Need = 'sql' | 'faults'

/**
 * Options for a test or a describe that needs what not every project allows: SQL as the owner (a real project gives it
 * with SUPABASE_DB_URL), or faults and settings of the backend itself (only the local one has them).
 * Elsewhere it is skipped, and named among the skipped.
 */
export function needs(...wanted: Need[]): { skip: boolean } {
  const has = { sql: !isRealProject() || Boolean(process.env.SUPABASE_DB_URL), faults: !isRealProject() }
  return { skip: wanted.some((need) => !has[need]) }
}
