-- @file A log that can grow: events keep all members they come with, each kind has its own version, and what this schema cannot read yet is kept and passed on.
--
-- An event is `unread` when its kind is unknown, its version is later than the kind's, or it is a document of an unknown
-- name: then nothing of its data was looked at. A migration that knows more adds to private.shapes and private.features
-- and ends with `select private.project_everything()`.

-- Members of the envelope that have no column: what the event needs, its signature, and those of later versions.
alter table public.order_events add column more jsonb, add column unread boolean not null default false;

-- The newest version of each kind that `shape` describes.
alter table private.shapes add column v int not null default 1;

-- What events may need their reader to know (`needs`), and this schema does.
create table private.features (name text collate "C" primary key);
alter table private.features enable row level security;

-- An event may say what it needs and carry its device's signature.
update private.shapes set shape = (shape::text || ' && (!exists($.needs) || ($.needs.type() == "array" && $.needs.size() <= 20'
  || ' && !exists($.needs[*].type() ? (@ == "array")) && !exists($.needs[*] ? (!(@.type() == "string" && @ != "" && !(@ like_regex ".{61}" flag "s"))))))'
  || ' && (!exists($.sig) || ($.sig.type() == "string" && !($.sig like_regex ".{201}" flag "s"))) && $.kind != ""')::jsonpath
  where kind = '';

create or replace function private.envelope(e public.order_events) returns jsonb
  language sql stable as $$
  select coalesce(e.more, '{}') operator(pg_catalog.||) pg_catalog.jsonb_build_object('id', e.id, 'v', e.v, 'kind', e.kind, 'order', e.order_id, 'at', e.at,
    'stamp', e.stamp, 'device', e.device, 'staff', e.staff, 'command', e.command, 'data', e.data)
$$;

-- The members of an envelope that have no column; null when there are none.
create function private.more_of(p_event jsonb) returns jsonb
  language sql immutable set search_path = '' as $$
  select nullif(p_event - array['id', 'v', 'kind', 'order', 'at', 'stamp', 'device', 'staff', 'command', 'data'], '{}')
$$;

-- Whether two envelopes say the same, in all members; one that is absent says null.
create or replace function private.says_same(a jsonb, b jsonb) returns boolean
  language sql immutable set search_path = '' as $$
  select not exists (
    select from (select jsonb_object_keys(a) union select jsonb_object_keys(b)) as m (name)
    where coalesce(a -> m.name, 'null') <> coalesce(b -> m.name, 'null'))
$$;

create function private.document_of(p_kind text, p_data jsonb) returns text
  language sql immutable set search_path = '' as $$
  select case when p_kind = 'document.published' and jsonb_typeof(p_data -> 'name') = 'string' then p_data ->> 'name' else '' end
$$;

-- Whether only a later version can read this event: its kind is unknown, or newer than shapes describe, or it is a
-- well-formed document of an unknown name.
create function private.is_later(p_kind text, p_v int, p_order text, p_data jsonb) returns boolean
  language plpgsql stable set search_path = '' as $$
begin
  if not exists (select from private.shapes k where k.kind = p_kind and p_v <= k.v) then return true; end if;
  return p_kind = 'document.published' and p_order is null and coalesce(p_data @@
      '$.name.type() == "string" && $.name != "" && !($.name like_regex ".{65}" flag "s") && $.version.type() == "number" && $.version == $.version.floor()', false)
    and not exists (select from private.shapes k where k.kind = p_kind and k.document = p_data ->> 'name');
end $$;

-- Whether what was unread when it came can be read by now.
create function private.readable(p_kind text, p_v int, p_order text, p_data jsonb) returns boolean
  language sql stable set search_path = '' as $$
  select exists (select from private.shapes k
    where k.kind = p_kind and k.document = private.document_of(p_kind, p_data) and p_kind <> '' and p_v <= k.v
      and k.orderless = (p_order is null) and coalesce(p_data @@ k.shape, false))
$$;

-- Whether ignoring an event could hurt: it needs what this schema does not know, or it is of a kind that is otherwise read.
create function private.is_missed(p_kind text, p_v int, p_order text, p_data jsonb, p_unread boolean, p_needs jsonb) returns boolean
  language plpgsql stable set search_path = '' as $$
begin
  if p_needs is not null and exists (select from jsonb_array_elements_text(p_needs) as n (feature)
      where not exists (select from private.features f where f.name = n.feature)) then
    return true;
  end if;
  return p_unread and exists (select from private.shapes k where k.kind = p_kind and p_kind <> '')
    and not private.readable(p_kind, p_v, p_order, p_data);
end $$;

-- Why each of these events can never be taken, as a code; null when it can. What only a later version can read is taken
-- unread. Of an event that cannot be written out only what names it comes back.
create or replace function private.faults_of(p_restaurant uuid, p_events jsonb) returns table (n bigint, event jsonb, fault text)
  language plpgsql stable rows 100 set search_path = '' as $$
declare
  -- Asked of all at once: honest devices send none.
  wild constant boolean := not private.printable(p_events);
begin
  return query
    select b.n, b.event, case
      when b.wild then 'invalid'
      -- The database writes JSON with spaces; what counts is what was sent. None as small as that takes up 4 MB.
      when pg_column_size(b.event) > 4 * 1024 * 1024 then 'tooLarge'
      when octet_length(b.event::text) > 512 * 1024 and octet_length(private.canonical(b.event)) > 512 * 1024 then 'tooLarge'
      when jsonb_typeof(b.event) <> 'object' or not coalesce(b.event @@ e.shape, false) then 'invalid'
      when private.is_later(b.event ->> 'kind', (b.event -> 'v')::int, b.event ->> 'order', b.event -> 'data') then null
      when s.kind is null or s.orderless <> (b.event -> 'order' = 'null') or jsonb_typeof(b.event -> 'data') is distinct from 'object'
        or not coalesce(b.event -> 'data' @@ s.shape, false) then 'invalid'
      when s.kind = 'document.published'
        and (b.event -> 'data' -> 'version')::int > private.highest_version(p_restaurant, s.document) then 'invalid'
    end
    from (
      select e.n, e.wild, case when e.wild then private.words_of(e.event) else e.event end as event
      from (
        select l.n, l.event, wild and not private.printable(l.event) as wild
        from jsonb_array_elements(p_events) with ordinality as l (event, n)
      ) e
    ) b
    join private.shapes e on e.kind = ''
    left join private.shapes s on s.kind = b.event ->> 'kind' and s.document = private.document_of(b.event ->> 'kind', b.event -> 'data');
end $$;

-- Puts what is new into the log, after `p_head`. Answers per event {id, seq} or {id, refused: {code}}.
create or replace function private.insert_events(p_self public.devices, p_core text, p_events jsonb, p_head bigint) returns jsonb
  language plpgsql set search_path = '' as $$
declare
  results jsonb;
begin
  with judged as materialized (
    select j.* from private.judge(p_self.restaurant_id, p_events) j
  ), fresh as materialized (
    select j.n, p_head + row_number() over (order by j.n) as seq, j.event as e
    from judged j where j.seq is null and j.code is null and j.n = j.first
  ), inserted as (
    insert into public.order_events (restaurant_id, seq, id, order_id, kind, v, at, stamp, device, staff, command, data, more, unread, pushed_by, pushed_core)
    select p_self.restaurant_id, f.seq, f.e ->> 'id', f.e ->> 'order', f.e ->> 'kind', (f.e -> 'v')::int, (f.e -> 'at')::bigint, f.e ->> 'stamp',
      f.e ->> 'device', nullif(f.e -> 'staff', 'null'), f.e ->> 'command', coalesce(f.e -> 'data', 'null'), private.more_of(f.e),
      private.is_later(f.e ->> 'kind', (f.e -> 'v')::int, f.e ->> 'order', f.e -> 'data'), p_self.id, p_core
    from fresh f order by f.seq
  )
  select jsonb_agg(case
      when j.code is not null then jsonb_build_object('id', j.event -> 'id', 'refused', jsonb_build_object('code', j.code))
      else jsonb_build_object('id', j.id, 'seq', coalesce(j.seq, f.seq)) end order by j.n)
    into results
  from judged j left join fresh f on f.n = j.first;
  return coalesce(results, '[]');
end $$;

-- contract: only functions of this schema called it, and they do so no more.
drop function private.fault_message(text);

-- Events of these orders, from the log and the archive, whether this version understands them or not.
create function private.order_events_of(p_restaurant uuid, p_orders text[])
  returns table (order_id text, seq bigint, received timestamptz, kind text, v int, at bigint, stamp text, staff jsonb, data jsonb,
    needs jsonb, unread boolean, archived boolean)
  language plpgsql stable set search_path = '' as $$
begin
  return query
    select e.order_id, e.seq, e.received_at, e.kind, e.v, e.at, e.stamp, e.staff, e.data, e.more -> 'needs', e.unread, false
      from public.order_events e
      where e.restaurant_id = p_restaurant and e.order_id = any (p_orders)
    union all
    select a.order_id, (old.entry -> 'seq')::bigint, (old.entry ->> 'received')::timestamptz, old.entry -> 'event' ->> 'kind',
        (old.entry -> 'event' -> 'v')::int, (old.entry -> 'event' -> 'at')::bigint, old.entry -> 'event' ->> 'stamp',
        old.entry -> 'event' -> 'staff', old.entry -> 'event' -> 'data', old.entry -> 'event' -> 'needs',
        coalesce((old.entry -> 'unread')::boolean, false), true
      from public.order_archive a, jsonb_array_elements(a.events) as old (entry)
      where a.restaurant_id = p_restaurant and a.order_id = any (p_orders);
end $$;

create or replace function private.order_log(p_restaurant uuid, p_orders text[])
  returns table (order_id text, seq bigint, received timestamptz, kind text, at bigint, stamp text, data jsonb, mark jsonb, archived boolean)
  language plpgsql stable set search_path = '' as $$
begin
  return query
    select l.order_id, l.seq, l.received, l.kind, l.at, l.stamp, l.data,
      case when count(*) over (partition by l.order_id, l.stamp) > 1
        then jsonb_build_object('at', l.at, 'stamp', l.stamp, 'by', l.staff) end, l.archived
    from private.order_events_of(p_restaurant, p_orders) l
    where not l.unread or private.readable(l.kind, l.v, l.order_id, l.data);
end $$;

-- Whether this version can show all of an order. While it cannot, the order is never ready or served here.
alter table public.orders add column incomplete boolean not null default false;

-- Those of these orders that are not whole as this version reads them.
create function private.incomplete_orders(p_restaurant uuid, p_orders text[]) returns table (id text)
  language plpgsql stable set search_path = '' as $$
begin
  return query
    select distinct l.order_id collate "C" from private.order_events_of(p_restaurant, p_orders) l
    where (l.unread or l.needs is not null)
      and private.is_missed(l.kind, l.v, l.order_id, l.data, l.unread, l.needs);
end $$;

create or replace function private.project_orders(p_restaurant uuid, p_orders text[]) returns void
  -- How many events there are is not known beforehand; taken for few, they would be compared each with each.
  language plpgsql set search_path = '' set jit = off set enable_nestloop = off as $$
begin
  with orders as materialized (
    select * from private.folded_orders(p_restaurant, p_orders)
  ), items as materialized (
    select i.* from private.folded_items(p_restaurant, p_orders) i where i.order_id in (select o.id from orders o)
  ), missed as materialized (
    select m.id from private.incomplete_orders(p_restaurant, p_orders) m
  ), sums as (
    select i.order_id, bool_or(i.released) as in_kitchen,
      -- No sum that a program could make up may fail.
      greatest(-1e15, least(1e15, coalesce(sum(i.price::numeric * i.quantity) filter (where i.status <> 'voided'), 0)))::bigint as total,
      count(*) filter (where i.status <> 'voided') as alive,
      count(*) filter (where i.status = 'served') as served,
      count(*) filter (where i.status in ('served', 'ready')) as done,
      count(*) filter (where i.status in ('served', 'ready', 'preparing')) as begun
    from items i group by i.order_id
  ), items_saved as (
    insert into public.order_items as known select i.* from items i
    on conflict (restaurant_id, order_id, id) do update set
      position = excluded.position, menu_item = excluded.menu_item, name = excluded.name, price = excluded.price,
      quantity = excluded.quantity, modifiers = excluded.modifiers, seat = excluded.seat, course_id = excluded.course_id,
      course_name = excluded.course_name, note = excluded.note, allergens = excluded.allergens, allergies = excluded.allergies,
      held = excluded.held, released = excluded.released, released_at = excluded.released_at, status = excluded.status,
      tasks = excluded.tasks, added_at = excluded.added_at, voided_at = excluded.voided_at, void_reason = excluded.void_reason,
      split_from = excluded.split_from
    where known is distinct from excluded
  )
  insert into public.orders as known (restaurant_id, id, number, day, type, table_id, table_name, covers, server_id, server_name, note, priority,
      status, opened_at, cancelled_at, cancel_reason, in_kitchen, total, updated_seq, updated_at, archived, incomplete)
    select p_restaurant, o.id, o.fields ->> 'number', o.fields ->> 'day', o.fields ->> 'type',
      o.fields -> 'table' ->> 'id', o.fields -> 'table' ->> 'name', (o.fields -> 'covers')::int,
      o.fields -> 'server' ->> 'id', o.fields -> 'server' ->> 'name', o.fields ->> 'note', o.fields ->> 'priority',
      case
        when o.cancelled_at is not null or s.alive = 0 then 'cancelled'
        when m.id is not null and s.done = s.alive then 'preparing'
        when s.served = s.alive then 'served'
        when s.done = s.alive then 'ready'
        when s.begun > 0 then 'preparing'
        else 'confirmed'
      end,
      private.moment(o.opened_at), private.moment(o.cancelled_at), o.cancel_reason, coalesce(s.in_kitchen, false), coalesce(s.total, 0),
      o.seq, o.received, o.archived, m.id is not null
    from orders o left join sums s on s.order_id = o.id left join missed m on m.id = o.id
    on conflict (restaurant_id, id) do update set
      number = excluded.number, day = excluded.day, type = excluded.type, table_id = excluded.table_id, table_name = excluded.table_name,
      covers = excluded.covers, server_id = excluded.server_id, server_name = excluded.server_name, note = excluded.note,
      priority = excluded.priority, status = excluded.status, opened_at = excluded.opened_at, cancelled_at = excluded.cancelled_at,
      cancel_reason = excluded.cancel_reason, in_kitchen = excluded.in_kitchen, total = excluded.total,
      updated_seq = excluded.updated_seq, updated_at = excluded.updated_at, archived = excluded.archived, incomplete = excluded.incomplete
    where known is distinct from excluded;
end $$;

create or replace function private.project() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  perform private.project_new(f.restaurant_id,
      array_agg(distinct f.order_id) filter (where f.order_id is not null and f.kind <> 'changes.acknowledged'),
      array_agg(f.seq) filter (where f.order_id is null and not f.unread))
    from fresh f group by f.restaurant_id;
  -- What is not folded is in the log all the same: such an order is to be archived once more.
  update public.orders o set archived = false from fresh f
    where (f.unread or f.kind = 'changes.acknowledged') and o.restaurant_id = f.restaurant_id and o.id = f.order_id and o.archived;
  return null;
end $$;

create or replace function private.merge_documents(p_restaurant uuid, p_seqs bigint[]) returns void
  language plpgsql set search_path = '' as $$
declare
  changed record;
begin
  for changed in
    insert into private.documents as known (restaurant_id, name, version, stamp, body)
      select distinct on (e.name) p_restaurant, e.name, e.version, e.stamp, e.body
      from (
        select o.data ->> 'name' as name, (o.data -> 'version')::int as version, o.stamp, o.data -> 'body' as body,
          count(*) over (partition by o.data ->> 'name', (o.data -> 'version')::int, o.stamp) > 1 as twin
        from public.order_events o
        where o.restaurant_id = p_restaurant and o.seq = any (p_seqs) and o.kind = 'document.published'
          and (not o.unread or private.readable(o.kind, o.v, null, o.data))
      ) e
      where e.version >= 0
      order by e.name, e.version desc, e.stamp desc, case when e.twin then private.canonical(e.body) end collate "C" desc
    on conflict (restaurant_id, name) do update
      set version = excluded.version, stamp = excluded.stamp, body = excluded.body
      where (excluded.version, excluded.stamp) > (known.version, known.stamp)
        or (excluded.version, excluded.stamp) = (known.version, known.stamp)
          and private.canonical(excluded.body) collate "C" > private.canonical(known.body) collate "C"
    returning known.name, known.body
  loop
    case changed.name
      when 'menu' then perform private.lay_out_menu(p_restaurant, changed.body);
      when 'floor' then perform private.lay_out_floor(p_restaurant, changed.body);
      when 'stations' then perform private.lay_out_stations(p_restaurant, changed.body);
      else null;
    end case;
  end loop;
end $$;

create or replace function private.merge_stock(p_restaurant uuid, p_seqs bigint[]) returns void
  language plpgsql set search_path = '' as $$
begin
  with changed as (
    insert into public.stock as known (restaurant_id, menu_item, out, at, stamp)
      select distinct on (e.data ->> 'menuItem') p_restaurant, e.data ->> 'menuItem', (e.data -> 'out')::boolean, private.moment(e.at), e.stamp
      from public.order_events e
      where e.restaurant_id = p_restaurant and e.seq = any (p_seqs) and e.kind = 'stock.set'
        and (not e.unread or private.readable(e.kind, e.v, null, e.data))
      order by e.data ->> 'menuItem', e.stamp desc, (e.data -> 'out')::boolean desc, e.at desc
    on conflict (restaurant_id, menu_item) do update
      set out = excluded.out, at = excluded.at, stamp = excluded.stamp
      where (excluded.stamp, excluded.out, excluded.at) > (known.stamp, known.out, known.at)
    returning known.menu_item, known.out
  )
  update public.menu_items m set out = c.out from changed c
    where m.restaurant_id = p_restaurant and m.id = c.menu_item and m.out <> c.out;
end $$;

-- Old documents and 86 notes that a newer one replaced. The newest of each stays, however old; so does what is unread.
create or replace function private.superseded_seqs(p_restaurant uuid, p_before timestamptz) returns bigint[]
  language plpgsql stable set search_path = '' as $$
begin
  return array(
    select h.seq from (
      select e.seq, e.received_at, row_number() over (partition by e.kind, e.about order by e.version desc nulls last, e.stamp desc,
        case when e.twin then private.canonical(e.value) end collate "C" desc, e.at desc) as place
      from (
        select o.seq, o.received_at, o.kind, o.at, o.stamp, coalesce(o.data ->> 'name', o.data ->> 'menuItem') as about,
          (o.data -> 'version')::int as version, coalesce(o.data -> 'body', o.data -> 'out') as value,
          count(*) over (partition by o.kind, coalesce(o.data ->> 'name', o.data ->> 'menuItem'), (o.data -> 'version')::int, o.stamp) > 1 as twin
        from public.order_events o
        where o.restaurant_id = p_restaurant and o.order_id is null and not o.unread and o.kind in ('document.published', 'stock.set')
      ) e
    ) h
    where h.place > 1 and h.received_at < p_before);
end $$;

create or replace function private.archive_orders(p_restaurant uuid, p_older_than interval) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  before constant timestamptz := now() - p_older_than;
  old text[];
  gone bigint[];
  moved int;
  reached bigint;
begin
  perform from private.counters c where c.restaurant_id = p_restaurant for update;
  old := array(
    select o.id from public.orders o
    where o.restaurant_id = p_restaurant and o.status in ('served', 'cancelled') and not o.archived and o.updated_at < before
      and not exists (select from public.order_events e
        where e.restaurant_id = p_restaurant and e.order_id = o.id and e.received_at >= before)
    order by o.updated_at limit 300);

  insert into public.order_archive as known (restaurant_id, order_id, events)
    select p_restaurant, e.order_id, jsonb_agg(
      jsonb_build_object('seq', e.seq, 'received', e.received_at, 'event', private.envelope(e))
        || case when e.unread then jsonb '{"unread": true}' else '{}' end order by e.seq)
    from public.order_events e where e.restaurant_id = p_restaurant and e.order_id = any (old)
    group by e.order_id
  on conflict (restaurant_id, order_id) do update set events = known.events || excluded.events, archived_at = now();
  update public.orders o set archived = true where o.restaurant_id = p_restaurant and o.id = any (old);

  gone := private.superseded_seqs(p_restaurant, before);
  insert into private.superseded (restaurant_id, id, seq)
    select p_restaurant, e.id, e.seq from public.order_events e where e.restaurant_id = p_restaurant and e.seq = any (gone);

  perform set_config('plate.archiving', 'on', true);
  with deleted as (
    delete from public.order_events e
      where e.restaurant_id = p_restaurant and (e.order_id = any (old) or e.seq = any (gone))
    returning e.seq
  )
  select count(*), max(d.seq) into moved, reached from deleted d;
  perform set_config('plate.archiving', 'off', true);

  update private.counters c set floor = greatest(c.floor, coalesce(reached, 0)) where c.restaurant_id = p_restaurant
    returning c.floor into reached;
  return jsonb_build_object('orders', cardinality(old), 'events', moved, 'floor', reached);
end $$;

-- Builds the read models of all restaurants anew: the last step of a migration that reads more than those before.
create function private.project_everything() returns void
  language plpgsql security definer set search_path = '' as $$
begin
  perform private.project_all(r.id) from public.restaurants r;
end $$;
