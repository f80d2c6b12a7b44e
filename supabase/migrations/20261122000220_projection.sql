-- @file Projection: folds the log's events into orders and their items, by the app's own merge rules. Runs with every insertion.
--
-- An order's rows are computed from all of its events each time, so that they cannot depend on the order in which those
-- arrived: of a fact that can happen once the smallest stamp counts (opened, added, voided, cancelled, fired), of a field
-- the greatest, of a task the furthest (cycle, rank). Between two events with one stamp their content decides.

-- The events of these orders that this version understands, from the log and the archive. `mark` is there only when
-- another event of the order has the same stamp.
create function private.order_log(p_restaurant uuid, p_orders text[])
  returns table (order_id text, seq bigint, received timestamptz, kind text, at bigint, stamp text, data jsonb, mark jsonb, archived boolean)
  language plpgsql stable set search_path = '' as $$
begin
  return query
    select l.order_id, l.seq, l.received, l.kind, l.at, l.stamp, l.data,
      case when count(*) over (partition by l.order_id, l.stamp) > 1
        then jsonb_build_object('at', l.at, 'stamp', l.stamp, 'by', l.staff) end, l.archived
    from (
      select e.order_id, e.seq, e.received_at as received, e.kind, e.v, e.at, e.stamp, e.staff, e.data, false as archived
        from public.order_events e
        where e.restaurant_id = p_restaurant and e.order_id = any (p_orders)
      union all
      select a.order_id, (old.entry -> 'seq')::bigint, (old.entry ->> 'received')::timestamptz, old.entry -> 'event' ->> 'kind',
          (old.entry -> 'event' -> 'v')::int, (old.entry -> 'event' -> 'at')::bigint, old.entry -> 'event' ->> 'stamp',
          old.entry -> 'event' -> 'staff', old.entry -> 'event' -> 'data', true
        from public.order_archive a, jsonb_array_elements(a.events) as old (entry)
        where a.restaurant_id = p_restaurant and a.order_id = any (p_orders)
    ) l
    where l.v = 1;
end $$;

-- The items of these orders as they stand now. An item is there once its `item.added` has arrived.
create function private.folded_items(p_restaurant uuid, p_orders text[]) returns setof public.order_items
  language plpgsql stable set search_path = '' as $$
begin
  return query
    with e as materialized (
      select l.order_id collate "C" as order_id, l.kind, l.at, l.stamp collate "C" as stamp, l.data, l.mark
      from private.order_log(p_restaurant, p_orders) l
    ), added as (
      select distinct on (e.order_id, (e.data ->> 'item') collate "C")
        e.order_id, (e.data ->> 'item') collate "C" as item, e.at, e.stamp, e.data
      from e where e.kind = 'item.added'
      order by e.order_id, (e.data ->> 'item') collate "C", e.stamp,
        case when e.mark is not null then private.canonical(e.mark || e.data - 'item') end collate "C"
    ), voided as (
      select distinct on (e.order_id, (e.data ->> 'item') collate "C")
        e.order_id, (e.data ->> 'item') collate "C" as item, e.at, e.data ->> 'reason' as reason
      from e where e.kind = 'item.voided'
      order by e.order_id, (e.data ->> 'item') collate "C", e.stamp,
        case when e.mark is not null then private.canonical(e.mark || e.data - 'item') end collate "C"
    ), writes as (
      select distinct on (e.order_id, (e.data ->> 'item') collate "C", f.key)
        e.order_id, (e.data ->> 'item') collate "C" as item, f.key, f.value
      from e, jsonb_each(e.data -> 'fields') f
      where e.kind = 'item.changed' and f.key in ('quantity', 'modifiers', 'note', 'seat', 'course')
      order by e.order_id, (e.data ->> 'item') collate "C", f.key, e.stamp desc, case when e.mark is not null then
        private.canonical(e.mark || jsonb_build_object('value', f.value, 'notify', e.data -> 'notify')) end collate "C" desc
    ), changed as (
      select w.order_id, w.item, jsonb_object_agg(w.key, w.value) as fields from writes w group by w.order_id, w.item
    ), fired as (
      select distinct on (e.order_id, i.item collate "C") e.order_id, i.item collate "C" as item, e.at
      from e, jsonb_array_elements_text(e.data -> 'items') as i (item) where e.kind = 'items.fired'
      order by e.order_id, i.item collate "C", e.stamp, case when e.mark is not null then private.canonical(e.mark) end collate "C"
    ), courses as (
      select distinct on (e.order_id, (e.data ->> 'course') collate "C", e.stamp)
        e.order_id, (e.data ->> 'course') collate "C" as course, e.stamp, e.at
      from e where e.kind = 'course.fired'
      order by e.order_id, (e.data ->> 'course') collate "C", e.stamp,
        case when e.mark is not null then private.canonical(e.mark) end collate "C" desc
    ), reached as (
      select e.order_id, (m.move ->> 'item') collate "C" as item, (m.move ->> 'task') collate "C" as task,
        max((m.move -> 'cycle')::bigint * 4 + (m.move -> 'rank')::bigint) as way
      from e, jsonb_array_elements(e.data -> 'moves') as m (move) where e.kind = 'tasks.moved'
      group by e.order_id, (m.move ->> 'item') collate "C", (m.move ->> 'task') collate "C"
    ), worked as (
      select a.order_id, a.item, min(coalesce(r.way, 0) % 4) as least, max(coalesce(r.way, 0) % 4) as most,
        jsonb_agg(t.task || jsonb_build_object('cycle', coalesce(r.way, 0) / 4, 'rank', coalesce(r.way, 0) % 4) order by t.n) as tasks
      from added a cross join jsonb_array_elements(a.data -> 'tasks') with ordinality as t (task, n)
      left join reached r on r.order_id = a.order_id and r.item = a.item and r.task = t.task ->> 'id'
      group by a.order_id, a.item
    ), lines as (
      select a.order_id, a.item, a.at, a.stamp, (a.data -> 'held')::boolean as held, a.data ->> 'from' as split_from,
        (a.data -> 'line') || coalesce(c.fields, '{}') as line, w.least, w.most, w.tasks, v.at as voided_at, v.reason, f.at as fired_at
      from added a
      join worked w on w.order_id = a.order_id and w.item = a.item
      left join changed c on c.order_id = a.order_id and c.item = a.item
      left join voided v on v.order_id = a.order_id and v.item = a.item
      left join fired f on f.order_id = a.order_id and f.item = a.item
    ), waiting as (
      select l.order_id, l.item, (l.line -> 'course' ->> 'id') collate "C" as course, l.stamp
      from lines l where l.held and l.fired_at is null and l.line -> 'course' ->> 'id' is not null
    ), with_course as (
      -- The first time its course was fired after it was added: a line added and held after that waits for its own fire.
      -- Found by going through lines and fires once, the latest first; each with each would be a million pairs.
      select w.order_id, w.item, w.next[2]::bigint as at
      from (
        select b.order_id, b.item, min(array[b.stamp, b.fired_at::text collate "C"]) filter (where b.item is null) over (
          partition by b.order_id, b.course order by b.stamp desc groups between unbounded preceding and 1 preceding) as next
        from (
          select l.order_id, l.course, l.stamp, l.item, null::bigint as fired_at from waiting l
          union all select c.order_id, c.course, c.stamp, null, c.at from courses c
        ) b
      ) w
      where w.item is not null
    ), released as (
      select l.*, case when not l.held then l.at else coalesce(l.fired_at, w.at) end as released_at
      from lines l left join with_course w on w.order_id = l.order_id and w.item = l.item
    )
    select p_restaurant, r.order_id, r.item, row_number() over (partition by r.order_id order by r.stamp, r.item)::int,
      r.line ->> 'menuItem', r.line ->> 'name',
      (r.line -> 'price')::bigint + coalesce((select sum((m -> 'price')::bigint)::bigint from jsonb_array_elements(r.line -> 'modifiers') m), 0),
      (r.line -> 'quantity')::int, r.line -> 'modifiers', nullif(r.line -> 'seat', 'null')::int, r.line -> 'course' ->> 'id', r.line -> 'course' ->> 'name',
      r.line ->> 'note', private.allergens_of(r.line), private.texts(r.line -> 'allergies'), r.held,
      r.released_at is not null, private.moment(r.released_at),
      case
        when r.voided_at is not null then 'voided'
        -- Served before held: a course changed elsewhere at the same time does not take the plate back from the guest.
        when r.least >= 3 then 'served'
        when r.released_at is null then 'held'
        when r.least >= 2 then 'ready'
        when r.most > 0 then 'preparing'
        else 'confirmed'
      end,
      r.tasks, private.moment(r.at), private.moment(r.voided_at), r.reason, r.split_from
    from released r;
end $$;

-- What orders themselves say, from opened, changed and cancelled.
create function private.folded_orders(p_restaurant uuid, p_orders text[])
  returns table (id text, opened_at bigint, fields jsonb, cancelled_at bigint, cancel_reason text, seq bigint, received timestamptz, archived boolean)
  language plpgsql stable set search_path = '' as $$
begin
  return query
    with e as materialized (
      select l.order_id collate "C" as order_id, l.seq, l.received, l.kind, l.at, l.stamp collate "C" as stamp, l.data, l.mark, l.archived
      from private.order_log(p_restaurant, p_orders) l
    ), once as (
      select distinct on (e.order_id, e.kind) e.order_id, e.kind, e.at, e.data
      from e where e.kind in ('order.opened', 'order.cancelled')
      order by e.order_id, e.kind, e.stamp, case when e.mark is not null then private.canonical(e.mark || e.data) end collate "C"
    ), writes as (
      select distinct on (e.order_id, f.key) e.order_id, f.key, f.value
      from e, jsonb_each(e.data -> 'fields') f
      where e.kind = 'order.changed' and f.key in ('table', 'covers', 'server', 'note', 'priority')
      order by e.order_id, f.key, e.stamp desc, case when e.mark is not null then
        private.canonical(e.mark || jsonb_build_object('value', f.value, 'notify', false)) end collate "C" desc
    ), changed as (
      select w.order_id, jsonb_object_agg(w.key, w.value) as fields from writes w group by w.order_id
    ), newest as (
      select e.order_id, max(e.seq) as seq, max(e.received) as received, bool_and(e.archived) as archived from e group by e.order_id
    )
    select o.order_id, o.at, o.data || coalesce(w.fields, '{}'), c.at, c.data ->> 'reason', n.seq, n.received, n.archived
    from once o
    join newest n on n.order_id = o.order_id
    left join once c on c.order_id = o.order_id and c.kind = 'order.cancelled'
    left join changed w on w.order_id = o.order_id
    where o.kind = 'order.opened';
end $$;

-- What a dish contains as it is ordered: its own allergens and those of its modifiers, each once.
create function private.allergens_of(p_line jsonb) returns text[]
  language plpgsql immutable set search_path = '' as $$
declare
  own constant text[] := private.texts(p_line -> 'allergens');
begin
  if not p_line @? '$.modifiers[*].allergens[*]' then return own; end if;
  return own || array(
    select distinct a.name from jsonb_array_elements(p_line -> 'modifiers') m, jsonb_array_elements_text(m -> 'allergens') as a (name)
    where a.name <> all (own) order by a.name);
end $$;

-- Brings the rows of these orders up to date. Rows that stay as they are are not written.
create function private.project_orders(p_restaurant uuid, p_orders text[]) returns void
  -- How many events there are is not known beforehand; taken for few, they would be compared each with each.
  language plpgsql set search_path = '' set jit = off set enable_nestloop = off as $$
begin
  with orders as materialized (
    select * from private.folded_orders(p_restaurant, p_orders)
  ), items as materialized (
    select i.* from private.folded_items(p_restaurant, p_orders) i where i.order_id in (select o.id from orders o)
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
      status, opened_at, cancelled_at, cancel_reason, in_kitchen, total, updated_seq, updated_at, archived)
    select p_restaurant, o.id, o.fields ->> 'number', o.fields ->> 'day', o.fields ->> 'type',
      o.fields -> 'table' ->> 'id', o.fields -> 'table' ->> 'name', (o.fields -> 'covers')::int,
      o.fields -> 'server' ->> 'id', o.fields -> 'server' ->> 'name', o.fields ->> 'note', o.fields ->> 'priority',
      case
        when o.cancelled_at is not null or s.alive = 0 then 'cancelled'
        when s.served = s.alive then 'served'
        when s.done = s.alive then 'ready'
        when s.begun > 0 then 'preparing'
        else 'confirmed'
      end,
      private.moment(o.opened_at), private.moment(o.cancelled_at), o.cancel_reason, coalesce(s.in_kitchen, false), coalesce(s.total, 0),
      o.seq, o.received, o.archived
    from orders o left join sums s on s.order_id = o.id
    on conflict (restaurant_id, id) do update set
      number = excluded.number, day = excluded.day, type = excluded.type, table_id = excluded.table_id, table_name = excluded.table_name,
      covers = excluded.covers, server_id = excluded.server_id, server_name = excluded.server_name, note = excluded.note,
      priority = excluded.priority, status = excluded.status, opened_at = excluded.opened_at, cancelled_at = excluded.cancelled_at,
      cancel_reason = excluded.cancel_reason, in_kitchen = excluded.in_kitchen, total = excluded.total,
      updated_seq = excluded.updated_seq, updated_at = excluded.updated_at, archived = excluded.archived
    where known is distinct from excluded;
end $$;

-- The rows of these orders are up to date. Migration 000400 tells the programs that asked for them.
create function private.on_projected(p_restaurant uuid, p_orders text[]) returns void
  language plpgsql set search_path = '' as $$
begin
end $$;

-- Brings the read models up to date with new events: some of orders, some of the house.
create function private.project_new(p_restaurant uuid, p_orders text[], p_house bigint[]) returns void
  language plpgsql set search_path = '' as $$
begin
  if p_house is not null then
    perform private.merge_stock(p_restaurant, p_house);
    perform private.merge_documents(p_restaurant, p_house);
  end if;
  if p_orders is not null then
    perform private.project_orders(p_restaurant, p_orders);
    perform private.on_projected(p_restaurant, p_orders);
  end if;
exception when others then
  -- What is over in a moment (a deadlock, a lock, no memory, a stop) or wrong with the server is no fault of these events:
  -- nothing of the call is taken, and it comes again.
  if left(sqlstate, 2) in ('40', '53', '55', '57', '58', 'XX') then raise; end if;
  -- Else the log goes on, whatever the read models meet: it is the truth, they can be built anew.
  if coalesce(cardinality(p_orders), 0) + coalesce(cardinality(p_house), 0) > 1 then
    -- Only what cannot be read stays behind.
    perform private.project_new(p_restaurant, array[o.id], null) from unnest(p_orders) as o (id);
    perform private.project_new(p_restaurant, null, array[h.seq]) from unnest(p_house) as h (seq);
    return;
  end if;
  raise warning 'The read models of restaurant % were not brought up to date: %', p_restaurant, sqlerrm;
  perform private.audit(p_restaurant, 'projection.failed',
    jsonb_build_object('orders', p_orders, 'events', p_house, 'code', sqlstate, 'message', sqlerrm));
end $$;

create function private.project() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  perform private.project_new(f.restaurant_id,
      array_agg(distinct f.order_id) filter (where f.v = 1 and f.order_id is not null and f.kind <> 'changes.acknowledged'),
      array_agg(f.seq) filter (where f.v = 1 and f.order_id is null))
    from fresh f group by f.restaurant_id;
  -- What is not folded is in the log all the same: such an order is to be archived once more.
  update public.orders o set archived = false from fresh f
    where (f.v <> 1 or f.kind = 'changes.acknowledged') and o.restaurant_id = f.restaurant_id and o.id = f.order_id and o.archived;
  return null;
end $$;
create trigger project after insert on public.order_events
  referencing new table as fresh for each statement execute function private.project();

-- The events of a restaurant that belong to no order.
create function private.house_seqs(p_restaurant uuid) returns bigint[]
  language sql stable set search_path = '' as $$
  select array(select e.seq from public.order_events e where e.restaurant_id = p_restaurant and e.order_id is null)
$$;

-- Builds a restaurant's read models anew from the log and the archive, e.g. after an upgrade that understands more events.
create function private.project_all(p_restaurant uuid) returns void
  language plpgsql security definer set search_path = '' set jit = off as $$
declare
  ids text[];
begin
  -- Nothing may be appended meanwhile.
  perform from private.counters c where c.restaurant_id = p_restaurant for update;
  delete from public.order_items i where i.restaurant_id = p_restaurant;
  delete from public.orders o where o.restaurant_id = p_restaurant;
  for ids in
    select array_agg(k.id) from (
      select o.id, row_number() over () / 500 as part from (
        select e.order_id as id from public.order_events e where e.restaurant_id = p_restaurant and e.order_id is not null
        union select a.order_id from public.order_archive a where a.restaurant_id = p_restaurant) o) k
    group by k.part
  loop
    perform private.project_orders(p_restaurant, ids);
    perform private.on_projected(p_restaurant, ids);
  end loop;
  delete from public.stock s where s.restaurant_id = p_restaurant;
  delete from private.documents d where d.restaurant_id = p_restaurant;
  perform private.merge_stock(p_restaurant, private.house_seqs(p_restaurant));
  perform private.merge_documents(p_restaurant, private.house_seqs(p_restaurant));
end $$;
