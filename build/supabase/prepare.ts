/** @file Makes an empty database into a project's: what the platform brings, the migrations, the seed. Writes the database it is given. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import postgres from 'postgres'
import { inRoot } from '../scripts/lib/run.ts'
import type { ClusterAddresses } from './cluster.ts'

const SUPABASE = inRoot('supabase')
const PLATFORM = ['platform.sql', 'auth.sql', 'realtime.sql', 'defaults.sql']

/** Before 2026 a new project granted everything in `public` to everybody; both kinds are about. */
export type Defaults = 'none' | 'all'

export interface Preparation {
  /** Grants that new tables and functions in `public` get by themselves. */
  defaults?: Defaults
  /** Folder with <version>_<name>.sql files; null for none. */
  migrations?: string | null
  seed?: boolean
}

type Sql = postgres.Sql

async function withDatabase<T>(url: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}

/** Brings what a hosted database has on its first day. Does nothing the second time. */
async function installPlatform(
  cluster: ClusterAddresses,
  database: string,
  defaults: Defaults,
): Promise<void> {
  await withDatabase(cluster.adminUrl(database), async (sql) => {
    const [found] = await sql`select to_regclass('auth.users') is not null as there`
    if (found?.there) return
    const texts = PLATFORM.map((file) => readFileSync(path.join(import.meta.dirname, 'sql', file), 'utf8'))
    const all = texts
      .join('\n')
      .replaceAll(':"database"', `"${database}"`)
      .replaceAll(':defaults', `'${defaults}'`)
    await sql.begin((transaction) => transaction.unsafe(all).simple())
  })
}

function migrationFiles(folder: string): { version: string; name: string; text: string }[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const [, version, name] = /^(\d+)_(.*)\.sql$/.exec(file) ?? []
      if (!version || !name) return []
      return [{ version, name, text: readFileSync(path.join(folder, file), 'utf8') }]
    })
}

/** Applies what is not applied yet, in order, each file in one transaction, remembered where the Supabase CLI looks. */
async function migrate(sql: Sql, folder: string): Promise<string[]> {
  await sql.unsafe(`create schema if not exists supabase_migrations;
    create table if not exists supabase_migrations.schema_migrations (version text primary key, statements text[], name text)`)
  const rows = await sql`select version from supabase_migrations.schema_migrations`
  const done = new Set(rows.map((row) => row.version as string))
  const applied: string[] = []
  for (const { version, name, text } of migrationFiles(folder).filter((file) => !done.has(file.version))) {
    try {
      await sql.begin(async (transaction) => {
        await transaction.unsafe(text).simple()
        await transaction`insert into supabase_migrations.schema_migrations (version, name, statements) values (${version}, ${name}, ${[text]})`
      })
    } catch (error) {
      throw new Error(`Migration ${version}_${name}.sql failed: ${whatFailed(error, text)}`, { cause: error })
    }
    applied.push(`${version}_${name}`)
  }
  return applied
}

/** The database's words, with the line of the file they are about. */
function whatFailed(error: unknown, text: string): string {
  const { message, position, where } = error as { message: string; position?: string; where?: string }
  const line = position ? `, line ${text.slice(0, Number(position)).split('\n').length}` : ''
  return `${message}${line}${where ? `\n${where}` : ''}`
}

/**
 * Prepares a database that exists; safe to repeat. Migrations run as `postgres`, who is no superuser, as on a hosted project.
 * The seed runs only together with the very first migrations.
 * @returns the migrations applied now.
 */
export async function prepareDatabase(
  cluster: ClusterAddresses,
  database: string,
  options: Preparation = {},
): Promise<string[]> {
  await installPlatform(cluster, database, options.defaults ?? 'none')
  if (options.migrations === null) return []
  const folder = options.migrations ?? path.join(SUPABASE, 'migrations')
  return withDatabase(cluster.url(database), async (sql) => {
    const [before] = await sql`select to_regclass('supabase_migrations.schema_migrations') is null as fresh`
    const applied = await migrate(sql, folder)
    const seed = path.join(SUPABASE, 'seed.sql')
    if (options.seed && before?.fresh && existsSync(seed))
      await sql.unsafe(readFileSync(seed, 'utf8')).simple()
    // Whoever serves the API learns of new tables and functions.
    await sql`notify pgrst, 'reload schema'`
    return applied
  })
}

/** Creates a database, as a copy of `template` when given; a copy does not belong to the template's owner by itself. */
export async function createDatabase(
  cluster: ClusterAddresses,
  database: string,
  template?: string,
): Promise<void> {
  // A copy of files is several times faster than one through the log, which matters only to a standby.
  const from = template ? ` owner postgres template "${template}" strategy file_copy` : ''
  await withDatabase(cluster.adminUrl('postgres'), (sql) =>
    sql.unsafe(`create database "${database}"${from}`),
  )
}

export async function dropDatabase(cluster: ClusterAddresses, database: string): Promise<void> {
  await withDatabase(cluster.adminUrl('postgres'), (sql) =>
    sql.unsafe(`drop database if exists "${database}" with (force)`),
  )
}
