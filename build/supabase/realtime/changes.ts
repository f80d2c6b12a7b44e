/** @file postgres_changes: rows that changed, to those subscribers who may read them now. Reads the catalogue, puts triggers on published tables. */
import type postgres from 'postgres'
import type { Access, Row, Table } from './access.ts'
import { keyOf } from './access.ts'
import { type ChangeSubscription, type Channel, push } from './channel.ts'
import type { DatabaseChange } from './feed.ts'
import { matches, parseFilter } from './filter.ts'

const PUBLISHED = `
  select p.schemaname as schema, p.tablename as name,
    array(select a.attname::text from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
      where i.indrelid = c.oid and i.indisprimary order by a.attnum) as key,
    (select json_agg(json_build_object('name', a.attname, 'type', t.typname) order by a.attnum)
      from pg_attribute a join pg_type t on t.oid = a.atttypid
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    exists (select from pg_trigger g where g.tgrelid = c.oid and g.tgname = 'zz_realtime') as told
  from pg_publication_tables p join pg_namespace n on n.nspname = p.schemaname
    join pg_class c on c.relname = p.tablename and c.relnamespace = n.oid
  where p.pubname = 'supabase_realtime'`

let nextId = 1

/** Reads what a client asks for when joining. @throws with a sentence when a filter cannot be understood. */
export function subscriptions(wanted: unknown): ChangeSubscription[] {
  if (!Array.isArray(wanted)) return []
  return wanted.map((each: Record<string, string>) => ({
    id: nextId++,
    event: each.event ?? '*',
    schema: each.schema ?? 'public',
    ...(each.table ? { table: each.table } : {}),
    ...(each.filter ? { filter: each.filter } : {}),
    conditions: parseFilter(each.filter),
  }))
}

const isAbout = (wanted: ChangeSubscription, change: DatabaseChange): boolean =>
  (wanted.schema === '*' || wanted.schema === change.schema) &&
  (wanted.table === undefined || wanted.table === '*' || wanted.table === change.table) &&
  (wanted.event === '*' || wanted.event.toUpperCase() === change.type) &&
  // As hosted: what is deleted cannot be filtered.
  (change.row === null || matches(wanted.conditions, change.row))

export function createChanges(sql: postgres.Sql, access: Access, channels: ReadonlySet<Channel>) {
  let tables = new Map<string, Table>()
  let waiting: DatabaseChange[] = []
  let running = false

  /** Which of these rows may the channel's caller read now? */
  async function readable(
    channel: Channel,
    table: Table,
    changes: readonly DatabaseChange[],
  ): Promise<Map<string, Row>> {
    const keys = changes.filter(({ type }) => type !== 'DELETE').map(({ key }) => key)
    if (!keys.length) return new Map()
    return access.visible(channel.caller, table, keys).catch(() => new Map())
  }

  function tell(
    channel: Channel,
    table: Table,
    change: DatabaseChange,
    ids: number[],
    record: Row | undefined,
  ): void {
    const { schema, type } = change
    if (type !== 'DELETE' && !record) return
    const data = {
      schema,
      table: change.table,
      type,
      commit_timestamp: change.at,
      columns: table.columns,
      errors: null,
      ...(type === 'DELETE' ? {} : { record }),
      ...(type === 'INSERT' ? {} : { old_record: change.key }),
    }
    push(channel, 'postgres_changes', { ids, data })
  }

  async function deliver(batch: readonly DatabaseChange[], channel: Channel): Promise<void> {
    const idsOf = (change: DatabaseChange) =>
      channel.changes.filter((wanted) => isAbout(wanted, change)).map(({ id }) => id)
    const wanted = batch.filter((change) => idsOf(change).length > 0)
    const visible = new Map<Table, Map<string, Row>>()
    for (const table of new Set(wanted.map((change) => tables.get(`${change.schema}.${change.table}`))))
      if (table) {
        const own = wanted.filter((change) => change.schema === table.schema && change.table === table.name)
        visible.set(table, await readable(channel, table, own))
      }
    for (const change of wanted) {
      const table = tables.get(`${change.schema}.${change.table}`)
      if (table)
        tell(channel, table, change, idsOf(change), visible.get(table)?.get(keyOf(table, change.key)))
    }
  }

  async function drain(): Promise<void> {
    running = true
    while (waiting.length) {
      const batch = waiting.splice(0, 100)
      const interested = [...channels].filter(({ changes }) => changes.length > 0)
      await Promise.all(interested.map((channel) => deliver(batch, channel)))
    }
    running = false
  }

  return {
    add(change: DatabaseChange): void {
      waiting.push(change)
      if (!running) void drain()
    },
    /** Learns which tables are published, and lets them tell. Nobody pays for it before somebody subscribes. */
    async sync(): Promise<void> {
      const found = await sql.unsafe<(Table & { told: boolean })[]>(PUBLISHED)
      for (const { schema, name, key, told } of found) {
        if (told || !key.length) continue
        const columns = key.map((column) => `'${column}'`).join(', ')
        await sql.unsafe(`create or replace trigger zz_realtime after insert or update or delete on "${schema}"."${name}"
          for each row execute function realtime.tell_change(${columns})`)
      }
      tables = new Map(found.map((table) => [`${table.schema}.${table.name}`, table]))
    },
    stop(): void {
      waiting = []
    },
  }
}

export type Changes = ReturnType<typeof createChanges>
