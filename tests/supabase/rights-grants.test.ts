/** @file What the catalogue says of rights, whatever the API shows: grants, policies, functions; on projects that open new things by themselves and on those that do not. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'

const ROLES = "('anon', 'authenticated', 'service_role')"

/** Tables that people and devices may read at all; policies say which rows. */
const READABLE = [
  'audit_log',
  'devices',
  'menu_categories',
  'menu_items',
  'menu_modifiers',
  'order_archive',
  'order_events',
  'order_intake',
  'order_items',
  'orders',
  'profiles',
  'restaurants',
  'seats',
  'stations',
  'stock',
  'tables',
  'transcription_usage',
]

/** Functions that somebody besides the owner may call, and who. */
const CALLABLE: Record<string, string> = {
  'private.archive_orders': 'service_role',
  'private.device_restaurant': 'authenticated',
  'private.serves_as': 'authenticated',
  'private.serves_where': 'authenticated',
  'private.works_in': 'authenticated',
  'public.append_events': 'authenticated',
  'public.archived_after': 'authenticated',
  'public.archived_events': 'authenticated',
  'public.check_project': 'anon authenticated',
  'public.claim_device': 'authenticated',
  'public.claim_intake': 'authenticated',
  'public.create_device_code': 'authenticated',
  'public.create_restaurant': 'authenticated',
  'public.my_restaurants': 'authenticated',
  'public.order_status': 'authenticated',
  'public.place_order': 'authenticated',
  'public.pull_events': 'authenticated',
  'public.readmit_device': 'authenticated',
  'public.refuse_intake': 'authenticated',
  'public.remove_person': 'authenticated',
  'public.report_device': 'authenticated',
  'public.revoke_device': 'authenticated',
  'public.set_person': 'authenticated',
}

describe.each(['none', 'all'] as const)('on a project whose default grants are: %s', (defaults) => {
  let backend: TestBackend
  beforeAll(async () => {
    if (!needs('faults').skip) backend = await openBackend({ defaults })
  })
  afterAll(() => backend?.close())

  const ours = "('public'::regnamespace, 'private'::regnamespace)"

  test('tables are granted for reading only, to those who sign in', needs('faults'), async () => {
    const rows = await backend.sql<{ grant: string }>(
      `select format('%s.%s: %s to %s', c.relnamespace::regnamespace, c.relname, a.privilege_type,
         case when a.grantee = 0 then 'public' else a.grantee::regrole::text end) as grant
       from pg_class c, aclexplode(c.relacl) a
       where c.relnamespace in ${ours} and a.grantee <> c.relowner order by 1`,
    )
    expect(rows.map((row) => row.grant)).toEqual(
      READABLE.map((table) => `public.${table}: SELECT to authenticated`),
    )
    const columns = await backend.sql(
      `select attrelid::regclass from pg_attribute a join pg_class c on c.oid = a.attrelid
       where c.relnamespace in ${ours} and a.attacl is not null`,
    )
    expect(columns).toEqual([])
  })

  test('functions are granted to whom they are for', needs('faults'), async () => {
    const rows = await backend.sql<{ name: string; to: string }>(
      `select format('%s.%s', p.pronamespace::regnamespace, p.proname) as name,
         string_agg(case when a.grantee = 0 then 'public' else a.grantee::regrole::text end, ' ' order by a.grantee::regrole::text) as to
       from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
       where p.pronamespace in ${ours} and a.grantee <> p.proowner group by 1 order by 1`,
    )
    expect(Object.fromEntries(rows.map(({ name, to }) => [name, to]))).toEqual(CALLABLE)
  })

  test('what a later migration makes is closed until it says otherwise', needs('faults'), async () => {
    await backend.sql('create table public.later (id bigint generated always as identity primary key)')
    await backend.sql('create function public.later() returns int language sql as $$ select 1 $$')
    const open = await backend.sql(
      `select r.rolname from pg_roles r where r.rolname in ${ROLES} and (
         has_table_privilege(r.oid, 'public.later', 'select, insert, update, delete, truncate, references, trigger')
         or has_sequence_privilege(r.oid, 'public.later_id_seq', 'usage, select, update')
         or has_function_privilege(r.oid, 'public.later()', 'execute'))`,
    )
    expect(open).toEqual([])
    await backend.sql('drop table public.later; drop function public.later()')
  })
})

describe('the schema', needs('sql'), () => {
  let backend: TestBackend
  beforeAll(async () => {
    backend = await openBackend()
  })
  afterAll(() => backend.close())

  const functions = "pronamespace in ('public'::regnamespace, 'private'::regnamespace)"

  test('has row level security on every table', async () => {
    const open = await backend.sql(
      "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relrowsecurity",
    )
    expect(open).toEqual([])
  })

  test('has no view, which would read as its owner', async () => {
    const views = await backend.sql(
      "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')",
    )
    expect(views).toEqual([])
  })

  test('gives every function an empty search path, so that nobody can slip another object under its names', async () => {
    const loose = await backend.sql(
      `select oid::regprocedure::text as name, prosecdef as definer from pg_proc where ${functions}
       and not coalesce(proconfig @> array['search_path=""'], false)`,
    )
    // Becomes part of the queries that use it, which a search path of its own would forbid; it writes its one name in full.
    expect(loose).toEqual([{ name: 'private.envelope(order_events)', definer: false }])
  })

  test('lets nobody create anything', async () => {
    const may = await backend.sql(
      `select r.rolname, n.nspname from pg_roles r, pg_namespace n
       where r.rolname in ${ROLES} and n.nspname in ('public', 'private') and has_schema_privilege(r.oid, n.oid, 'create')`,
    )
    expect(may).toEqual([])
  })

  test('has policies for reading only, and for those who signed in', async () => {
    const others = await backend.sql(
      `select policyname from pg_policies where (schemaname = 'public' or (schemaname, tablename) = ('realtime', 'messages'))
       and (cmd <> 'SELECT' or roles <> '{authenticated}' or permissive <> 'PERMISSIVE')`,
    )
    expect(others).toEqual([])
  })

  test('asks who is calling once per query, never per row', async () => {
    const policies = await backend.sql<{ name: string; qual: string }>(
      "select tablename || ': ' || policyname as name, qual from pg_policies where schemaname in ('public', 'realtime')",
    )
    expect(policies.length).toBeGreaterThan(15)
    const perRow = policies.filter(({ qual }) => {
      const calls = qual.match(/(?:private|auth|realtime)\.\w+\(/g) ?? []
      const once = qual.match(/\( SELECT (?:private|auth|realtime)\.\w+\(/g) ?? []
      return calls.length !== once.length
    })
    expect(perRow).toEqual([])
  })

  test('publishes no table: live news are broadcast', async () => {
    const tables = await backend.sql(
      "select tablename from pg_publication_tables where pubname = 'supabase_realtime'",
    )
    expect(tables).toEqual([])
  })
})
