-- @file Fields of an order that later versions add: a row and a column each, and no function has to be written anew.
--
-- A migration that adds one (docs/recipes/field.md) calls private.add_order_field, adds a generated column to
-- public.orders and ends with `select private.project_everything()`.

create table private.order_fields (
  name text collate "C" primary key,
  -- As in private.fits: text:<max>, int:<min>:<max>, bool, or words divided by |.
  rule text not null,
  -- What its value must be in an event, at the path $.name.
  shape jsonpath not null,
  -- Whether other programs may say it in place_order. Only once every PC reads it: one of the version before takes their
  -- order without it.
  asked boolean not null default false
);
alter table private.order_fields enable row level security;

-- What the newest writes say of those fields, by name.
alter table public.orders add column fields jsonb not null default '{}';

-- Whether an event's value at this path is of the rule's type. Of a text any length is taken, so that a limit may be raised.
create function private.rule_shape(p_path text, p_rule text) returns text
  language sql immutable set search_path = '' as $$
  select case split_part(p_rule, ':', 1)
    when 'bool' then format('%s.type() == "boolean"', p_path)
    when 'int' then format('%1$s.type() == "number" && %1$s == %1$s.floor() && %1$s >= -2147483648 && %1$s <= 2147483647', p_path)
    when 'text' then format('%s.type() == "string"', p_path)
    else (select string_agg(format('%s == %s', p_path, to_json(w.word)), ' || ') from regexp_split_to_table(p_rule, '\|') as w (word)) end
$$;

-- Lets events say a field of an order: `order.opened` and `order.changed`.
create function private.add_order_field(p_name text, p_rule text) returns void
  language plpgsql set search_path = '' as $$
begin
  insert into private.order_fields (name, rule, shape)
    values (p_name, p_rule, private.rule_shape('$.' || p_name, p_rule)::jsonpath);
  update private.shapes k
    set shape = format('(%s) && (!exists(%s) || (%s))', k.shape, o.path, private.rule_shape(o.path, p_rule))::jsonpath
    from (values ('order.opened', '$.' || p_name), ('order.changed', '$.fields.' || p_name)) as o (kind, path)
    where k.kind = o.kind;
end $$;

-- What orders themselves say, from opened, changed and cancelled.
create or replace function private.folded_orders(p_restaurant uuid, p_orders text[])
  returns table (id text, opened_at bigint, fields jsonb, cancelled_at bigint, cancel_reason text, seq bigint, received timestamptz, archived boolean)
  language plpgsql stable set search_path = '' as $$
declare
  known constant text[] := array['table', 'covers', 'server', 'note', 'priority'] || array(select f.name from private.order_fields f);
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
      where e.kind = 'order.changed' and f.key = any (known)
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
  ), later as (
    -- Of the right shape: what came before a field's migration was not looked at then.
    select o.id, jsonb_object_agg(f.name, o.fields -> f.name) as fields
    from orders o join private.order_fields f on o.fields ? f.name and o.fields @@ f.shape group by o.id
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
      status, opened_at, cancelled_at, cancel_reason, in_kitchen, total, updated_seq, updated_at, archived, incomplete, fields)
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
      o.seq, o.received, o.archived, m.id is not null,
      coalesce(l.fields, '{}')
    from orders o left join sums s on s.order_id = o.id left join missed m on m.id = o.id left join later l on l.id = o.id
    on conflict (restaurant_id, id) do update set
      number = excluded.number, day = excluded.day, type = excluded.type, table_id = excluded.table_id, table_name = excluded.table_name,
      covers = excluded.covers, server_id = excluded.server_id, server_name = excluded.server_name, note = excluded.note,
      priority = excluded.priority, status = excluded.status, opened_at = excluded.opened_at, cancelled_at = excluded.cancelled_at,
      cancel_reason = excluded.cancel_reason, in_kitchen = excluded.in_kitchen, total = excluded.total,
      updated_seq = excluded.updated_seq, updated_at = excluded.updated_at, archived = excluded.archived, incomplete = excluded.incomplete,
      fields = excluded.fields
    where known is distinct from excluded;
end $$;

-- Raises unless this is the shape of an order. What is on the menu only the core knows.
create or replace function private.check_order(p_order jsonb) returns void
  language plpgsql stable set search_path = '' as $$
declare
  line jsonb;
  at bigint;
begin
  perform private.check_order_size(p_order);
  perform private.check_fields(p_order, (jsonb '{"id": "uuid", "restaurant": "uuid", "type": "dineIn|takeaway|delivery!",
    "table": "key", "covers": "int:0:500", "note": "text:300", "priority": "normal|rush|vip",
    "items": "any!"}') || (select coalesce(jsonb_object_agg(f.name, f.rule), '{}') from private.order_fields f where f.asked),
    '{"code": "cloud.theOrder"}');
  if jsonb_typeof(p_order -> 'items') <> 'array' or jsonb_array_length(p_order -> 'items') not between 1 and 500 then
    perform private.refuse(422, 'invalid', 'cloud.orderItems', '{"most": 500}');
  end if;
  for line, at in select * from jsonb_array_elements(p_order -> 'items') with ordinality loop
    perform private.check_fields(line, '{"id": "uuid", "menuItem": "key!", "quantity": "int:1:999!", "modifiers": "keys:30",
      "seat": "int:1:200", "course": "key", "note": "text:300", "allergies": "keys:14", "hold": "bool"}',
      jsonb_build_object('code', 'cloud.line', 'params', jsonb_build_object('number', at)));
  end loop;
  if (select count(*) <> count(distinct i ->> 'id') from jsonb_array_elements(p_order -> 'items') i
    where i ->> 'id' is not null) then
    perform private.refuse(422, 'invalid', 'cloud.sameLine');
  end if;
end $$;
