/** @file Migrations: they build a project from nothing, twice is once, and later ones never break PCs that run the previous version. */
import { createHash } from 'node:crypto'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addresses } from '../../build/supabase/cluster.ts'
import { prepareDatabase } from '../../build/supabase/prepare.ts'
import { versionBefore } from '../support/frozen.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { unsafeStatements } from './lib/migration-lint.ts'
import { publishedCluster } from './lib/where.ts'

const FOLDER = path.resolve(import.meta.dirname, '../../supabase/migrations')
/** The newest migration of the first release: before it there were no PCs to break. */
const FIRST_RELEASE = '20261122000500'

const files = readdirSync(FOLDER).sort()
const read = (file: string) => readFileSync(path.join(FOLDER, file), 'utf8')

describe('the files', () => {
  test('are named as the Supabase CLI wants them, each with a version of its own', () => {
    const versions = files.map((file) => /^(\d{14})_[a-z_]+\.sql$/.exec(file)?.[1])
    expect(versions).not.toContain(undefined)
    expect(new Set(versions).size).toBe(files.length)
  })

  test.each(files)('%s says what it is for, and leaves its transaction to whoever applies it', (file) => {
    const sql = read(file)
    expect(sql).toMatch(/^-- @file \S/)
    expect(sql).not.toMatch(/^\s*(begin|commit|rollback)\s*;/im)
    expect(sql).not.toMatch(/\bconcurrently\b/i)
  })

  test('that a version before has applied are as it applied them', async () => {
    const { migrations } = await versionBefore()
    const hash = (file: string) => createHash('sha256').update(read(file)).digest('hex')
    expect(Object.keys(migrations)).toEqual(files.filter((file) => file in migrations))
    for (const [file, was] of Object.entries(migrations)) expect(hash(file), file).toBe(was)
    // What came since is applied after them, as the Supabase CLI goes by the names.
    const last = Object.keys(migrations).at(-1) ?? ''
    expect(files.filter((file) => !(file in migrations) && file < last)).toEqual([])
  })

  test('of later releases are safe while PCs run the version before', () => {
    const later = files.filter((file) => file.slice(0, 14) > FIRST_RELEASE)
    expect(later.flatMap((file) => unsafeStatements(read(file)).map((found) => `${file}: ${found}`))).toEqual(
      [],
    )
  })
})

describe('what is not safe while PCs run the version before', () => {
  test.each([
    ['alter table orders drop column note', 'drops'],
    ['drop function public.pull_events(bigint, int, text)', 'drops'],
    ['alter table orders rename column note to remark', 'renames'],
    ['alter table orders rename note to remark', 'renames'],
    ['alter table orders\n  alter column total type numeric', 'changes a type'],
    ['alter table orders alter total set data type numeric', 'changes a type'],
    ['alter table orders alter column table_id set not null', 'forbids nulls'],
    ['alter table orders add column tip int not null', 'no default'],
    ['alter table orders add tip int default 0, add gift text not null', 'no default'],
    ['revoke execute on function place_order(jsonb) from authenticated', 'takes a right away'],
    ['-- A comment; with a semicolon.\ndrop table stock', 'drops'],
  ])('%s', (sql, why) => {
    expect(unsafeStatements(`create table a ();\n${sql};`).join('\n')).toContain(why)
  })

  test.each([
    'alter table orders add column tip int',
    'alter table orders add column tip int not null default 0',
    'alter table orders add column tip int, add column gift boolean not null default false',
    'create table tips (id text not null, note text not null)',
    'create or replace function f() returns void language sql as $$ delete from x; drop table y $$',
    "comment on table orders is 'we used to drop table, rename to and revoke'",
    "-- contract: it wasn't read; not since version 0.3\nalter table orders drop column note",
  ])('is not: %s', (sql) => {
    expect(unsafeStatements(`${sql};`)).toEqual([])
  })
})

describe('applied to an empty project', needs('faults'), () => {
  let backend: TestBackend
  beforeAll(async () => {
    backend = await openBackend({ bare: true })
  })
  afterAll(() => backend.close())

  test('they make it one that setup recognises, and applied again they change nothing', async () => {
    const before = await backend.anon().rpc('check_project')
    expect(before.error?.code).toBe('PGRST202')

    const [row] = await backend.sql<{ name: string }>('select current_database() as name')
    const cluster = addresses(publishedCluster() ?? 0)
    const applied = await prepareDatabase(cluster, row?.name ?? '')
    expect(applied).toEqual(files.map((file) => file.replace(/\.sql$/, '')))
    expect(await prepareDatabase(cluster, row?.name ?? '')).toEqual([])

    const { data } = await backend.anon().rpc('check_project')
    expect(data.schema).toBe(1)
    expect(Math.abs(data.now - Date.now())).toBeLessThan(60_000)
  })
})

describe('applied to a project of version 0.1', needs('faults'), () => {
  let backend: TestBackend
  const folder = mkdtempSync(path.join(tmpdir(), 'plate-'))
  beforeAll(async () => {
    backend = await openBackend({ bare: true })
  })
  afterAll(async () => {
    await backend.close()
    rmSync(folder, { recursive: true })
  })

  test('removed devices are told by whom as before, and requests that were refused keep their sentence', async () => {
    for (const file of files.filter((name) => name.slice(0, 14) <= FIRST_RELEASE))
      copyFileSync(path.join(FOLDER, file), path.join(folder, file))
    const [row] = await backend.sql<{ name: string }>('select current_database() as name')
    const cluster = addresses(publishedCluster() ?? 0)
    await prepareDatabase(cluster, row?.name ?? '', { migrations: folder })
    await backend.sql("insert into restaurants (name) values ('Roma')")
    const by = ['Farah (manager)', 'Gus (admin)', 'A manager', 'An admin', 'Ana (Bar) (manager)', '', null]
    for (const [index, who] of by.entries()) {
      const id = `00000000-0000-4000-8000-00000000000${index}`
      await backend.sql('insert into auth.users (id, is_anonymous) values ($1, true)', [id])
      await backend.sql(
        `insert into devices (id, restaurant_id, core, name, letter, revoked_at, revoked_by)
         select $1, r.id, 'core', 'PC', $2, now(), $3 from restaurants r`,
        [id, `X${index}`, who],
      )
    }
    await backend.sql(
      `insert into order_intake (restaurant_id, id, body, digest, status, code, message, created_by, by_id, by_name, by_role)
       select r.id, gen_random_uuid(), '{}', '', 'refused', 'soldOut', 'Soup is 86.', gen_random_uuid(), 'a', 'A', 'host'
       from restaurants r`,
    )
    await prepareDatabase(cluster, row?.name ?? '')
    const told = await backend.sql<{ by: string | null; role: string | null }>(
      'select revoked_by as by, revoked_role as role from devices order by letter',
    )
    expect(told).toEqual([
      { by: 'Farah', role: 'manager' },
      { by: 'Gus', role: 'admin' },
      { by: '', role: 'manager' },
      { by: '', role: 'admin' },
      { by: 'Ana (Bar)', role: 'manager' },
      { by: '', role: null },
      { by: null, role: null },
    ])
    const [intake] = await backend.sql('select code, params, message from order_intake')
    expect(intake).toEqual({ code: 'soldOut', params: null, message: 'Soup is 86.' })
    const refused = `do $$ declare d public.devices; begin
      select * into d from public.devices where letter = 'X6'; perform private.refuse_revoked(d); end $$`
    await expect(backend.sql(refused)).rejects.toMatchObject({
      message: 'cloud.removed',
      detail: expect.stringMatching(/"who": null.*"role": "manager"|"role": "manager".*"who": null/),
    })
  })
})
