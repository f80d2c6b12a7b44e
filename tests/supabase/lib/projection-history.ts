/** @file Lays 200,000 orders straight into the tables, as years of evenings leave them, and measures queries on them. Test kit; writes the backend as the owner. */
import type { TestBackend } from './backend.ts'

/** Orders of the large restaurant; each has two items, and two events in the log. */
export const ORDERS = 200_000
/** Tables that no query may read from end to end. */
export const BIG = ['order_events', 'orders', 'order_items', 'order_intake', 'audit_log', 'order_archive']

const AT = `timestamptz '2026-03-02 12:00Z' - (${ORDERS} - n) * interval '4 minutes'`
const OPEN = `n > ${ORDERS} - 60`

const order = `'order-' || n`
const ms = `(extract(epoch from ${AT}) * 1000)::bigint`
const OPENED = `{"number":"%s","day":"2026-03-02","type":"dineIn","table":null,"covers":2,"server":null,"note":"%s","priority":"normal"}`
const MOVED = `{"moves":[{"item":"item-%s-1","task":"t","cycle":0,"rank":3}]}`

/** Around the middle and at the end, where pages of the log are measured, events are as large as those of dishes. */
const SIZED = `case when abs(n - ${ORDERS / 2}) < 600 or n > ${ORDERS - 600} then repeat('x', 900) else '' end`

const LOG = [
  `insert into order_events (restaurant_id, seq, id, order_id, kind, v, at, stamp, device, staff, command, data, pushed_by, pushed_core, received_at)
   select $1, n * 2 - 2 + k, 'event-' || n || '-' || k, ${order}, e.kind, 1, ${ms}, lpad(${ms}::text, 15, '0') || '-000000-site', 'site', null,
     'command', format(e.data, n, ${SIZED})::jsonb, '00000000-0000-4000-8000-000000000000', 'core', ${AT}
   from generate_series(1, ${ORDERS}) n, (values (1, 'order.opened', '${OPENED}'), (2, 'tasks.moved', '${MOVED}')) e (k, kind, data)`,
]
const MODELS = [
  `insert into orders (restaurant_id, id, number, day, type, table_id, covers, server_id, server_name, note, priority, status, opened_at,
     in_kitchen, total, updated_seq, updated_at)
   select $1, ${order}, n % 400, to_char(${AT}, 'YYYY-MM-DD'), 'dineIn', 't' || n % 40, 2, 'server-' || n % 20, 'Sam', '', 'normal',
     case when ${OPEN} then 'preparing' else 'served' end, ${AT}, true, 3000, n * 2, ${AT} from generate_series(1, ${ORDERS}) n`,
  `insert into order_items (restaurant_id, order_id, id, position, menu_item, name, price, quantity, modifiers, note, allergens, allergies,
     held, released, released_at, status, tasks, added_at)
   select $1, ${order}, 'item-' || n || '-' || k, k, 'burger', 'Burger', 1500, 1, '[]', '', '{}', '{}', false, true, ${AT},
     case when ${OPEN} then 'preparing' else 'served' end, '[]', ${AT} from generate_series(1, ${ORDERS}) n, generate_series(1, 2) k`,
  `insert into order_intake (restaurant_id, id, body, digest, status, created_by, by_id, by_name, by_role, created_at, decided_at)
   select $1, lpad(to_hex(n), 32, '0')::uuid, '{}', '', 'accepted', '00000000-0000-4000-8000-000000000000', 'pos', 'POS', 'host', ${AT}, ${AT}
   from generate_series(1, ${ORDERS / 4}) n`,
  `insert into audit_log (restaurant_id, at, action) select $1, ${AT}, 'history' from generate_series(1, ${ORDERS / 4}) n`,
  `insert into order_archive (restaurant_id, order_id, events) select $1, 'archived-' || n,
     jsonb_build_array(jsonb_build_object('seq', n, 'received', ${AT}, 'event', jsonb_build_object('id', 'old-' || n)))
   from generate_series(1, ${ORDERS / 10}) n`,
  `update private.counters set seq = ${ORDERS * 2} where restaurant_id = $1`,
]

/** Foreign keys are checked once at the end instead of for each row; triggers do not run. */
export async function layOut(backend: TestBackend, restaurant: string): Promise<void> {
  const keys = await backend.sql<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and conrelid::regclass::text = any ($1)`,
    [BIG],
  )
  await backend.sql('alter table order_events disable trigger user')
  for (const { table, name } of keys) await backend.sql(`alter table ${table} drop constraint ${name}`)
  const load = async (statements: readonly string[]) => {
    for (const statement of statements) await backend.sql(statement, [restaurant])
  }
  await Promise.all([load(LOG), load(MODELS)])
  for (const { table, name, definition } of keys)
    await backend.sql(`alter table ${table} add constraint ${name} ${definition}`)
  await backend.sql('alter table order_events enable trigger user')
  await Promise.all(BIG.map((table) => backend.sql(`analyze ${table}`)))
}

export interface Measured {
  /** ms of each execution, planning included. */
  ms: number[]
  /** Big tables that were read from end to end, in the query or in any function it calls. */
  scanned: string[]
  /** Pages of 8 kB it looked at, in memory or on disk: the same on every machine. */
  pages: number
  rows: number
  plan: string
}

// Each execution is undone, so that all of them find the same.
const INSTALL = `create function private.test_measure(p_claims text, p_query text, p_times int) returns jsonb language plpgsql as $$
declare
  start timestamptz;
  took float[] := '{}';
  found bigint;
  plan json;
  scanned jsonb;
begin
  perform set_config('request.jwt.claims', p_claims, true);
  perform set_config('role', 'authenticated', true);
  for n in 0 .. p_times loop
    begin
      start := clock_timestamp();
      execute 'select count(q) from (' || p_query || ') q' into found;
      -- The first is to warm up.
      if n > 0 then took := took || (extract(epoch from clock_timestamp() - start) * 1000)::float; end if;
      raise exception using errcode = 'UNDO1';
    exception when sqlstate 'UNDO1' then null;
    end;
  end loop;
  begin
    execute 'explain (analyze, buffers, format json) ' || p_query into plan;
    raise exception using errcode = 'UNDO1';
  exception when sqlstate 'UNDO1' then null;
  end;
  perform set_config('role', 'none', true);
  select coalesce(jsonb_agg(relname), '[]') into scanned from pg_stat_xact_user_tables
    where seq_scan > 0 and relname = any ('{${BIG.join(',')}}');
  return jsonb_build_object('ms', to_jsonb(took), 'scanned', scanned, 'rows', found, 'plan', plan);
end $$`

interface Plan {
  Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number }
}

/** Runs a query `times` as somebody: with the role and the claims that the API gives them. */
export async function measurer(backend: TestBackend) {
  await backend.sql(INSTALL)
  return async (sub: string, query: string, times: number): Promise<Measured> => {
    const claims = JSON.stringify({ sub, role: 'authenticated' })
    const [row] = await backend.sql<{ measured: Omit<Measured, 'plan' | 'pages'> & { plan: Plan[] } }>(
      'select private.test_measure($1, $2, $3) as measured',
      [claims, query, times],
    )
    const top = row?.measured.plan[0]?.Plan
    if (!row || !top) throw new Error('no answer')
    const pages = top['Shared Hit Blocks'] + top['Shared Read Blocks']
    return { ...row.measured, pages, plan: JSON.stringify(row.measured.plan) }
  }
}
