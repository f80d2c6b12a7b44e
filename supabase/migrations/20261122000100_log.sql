-- @file The log: what happened in each restaurant, append-only and gapless. Devices write and read it through the functions here only.
--
-- Appending locks the restaurant's counter row until the transaction ends, so that `seq` has no gaps and follows the order
-- of commits: whoever has read up to a `seq` will never find anything new below it. `seq` says nothing about meaning.

-- The newest seq of each restaurant, and the retention floor: below it the log has holes, 0 while nothing was archived.
create table private.counters (
  restaurant_id uuid primary key references public.restaurants (id) on delete cascade,
  seq bigint not null default 0,
  floor bigint not null default 0
);
insert into private.counters (restaurant_id) select id from public.restaurants;

create function private.count_for_new_restaurant() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into private.counters (restaurant_id) values (new.id);
  return null;
end $$;
create trigger count_events after insert on public.restaurants
  for each row execute function private.count_for_new_restaurant();

-- Ids and stamps compare by their bytes, as in the app, whatever language the database sorts in.
create table public.order_events (
  -- No cascade: a restaurant that has a history cannot be deleted.
  restaurant_id uuid not null references public.restaurants (id),
  seq bigint not null,
  id text collate "C" not null,
  order_id text collate "C",
  kind text not null,
  v int not null,
  at bigint not null,
  stamp text collate "C" not null,
  device text not null,
  staff jsonb,
  command text not null,
  data jsonb not null,
  pushed_by uuid not null,
  pushed_core text collate "C" not null,
  received_at timestamptz not null default now(),
  primary key (restaurant_id, seq),
  unique (restaurant_id, id)
);
create index order_events_of_order on public.order_events (restaurant_id, order_id, seq);
-- What belongs to no order (documents, the 86 list) is little among much.
create index order_events_of_house on public.order_events (restaurant_id, kind, seq) where order_id is null;

-- Orders that were closed long ago: their events as [{seq, received, event}], in the order of seq. `last_seq` is where a
-- device finds what was archived beyond its cursor; `bytes` is known without unpacking the events.
create table public.order_archive (
  restaurant_id uuid not null references public.restaurants (id),
  order_id text collate "C" not null,
  archived_at timestamptz not null default now(),
  events jsonb not null,
  last_seq bigint generated always as ((events -> -1 -> 'seq')::bigint) stored,
  bytes int generated always as (octet_length(events::text)) stored,
  primary key (restaurant_id, order_id)
);
create index order_archive_by_seq on public.order_archive (restaurant_id, last_seq);

-- Documents and 86 notes that newer ones replaced are dropped; their ids stay, so that they are never taken for new.
create table private.superseded (
  restaurant_id uuid not null references public.restaurants (id),
  id text collate "C" not null,
  seq bigint not null,
  primary key (restaurant_id, id)
);

alter table public.order_events enable row level security;
alter table public.order_archive enable row level security;

-- Append-only for everybody, whatever was granted: only archive_orders may delete, and it says so.
create function private.refuse_rewriting() returns trigger
  language plpgsql set search_path = '' as $$
begin
  if tg_op = 'DELETE' and current_setting('plate.archiving', true) = 'on'
    and pg_has_role(current_user, (select relowner from pg_class where oid = tg_relid), 'USAGE') then
    return null;
  end if;
  raise exception using errcode = '42501', message = 'What happened cannot be changed: the log is append-only.',
    hint = 'Use private.archive_orders to move old orders out of it.';
end $$;
create trigger append_only before update or delete or truncate on public.order_events
  for each statement execute function private.refuse_rewriting();

-- An event as it travels. Without a search path of its own and no more than stable, it becomes part of the queries that
-- use it for thousands of rows.
create function private.envelope(e public.order_events) returns jsonb
  language sql stable as $$
  select pg_catalog.jsonb_build_object('id', e.id, 'v', e.v, 'kind', e.kind, 'order', e.order_id, 'at', e.at,
    'stamp', e.stamp, 'device', e.device, 'staff', e.staff, 'command', e.command, 'data', e.data)
$$;

-- The kinds of events there are, and what their data must look like (documents: by name), in so far as the read models
-- rely on it. The app's own schemas are stricter. A new kind is a row added by a later migration.
create table private.shapes (
  kind text not null,
  document text not null default '',
  orderless boolean not null default false,
  shape jsonpath not null,
  primary key (kind, document)
);
-- Read for every event: kept in its row.
alter table private.shapes alter column shape set storage main;

-- Words for shapes: predicates that are always true or false, for a path `p`. Lax mode looks into arrays by itself; only
-- `type()` tells them from what they hold.
create function pg_temp.bool(p text) returns text language sql as $$ select format('%s.type() == "boolean"', p) $$;
create function pg_temp.txt(p text) returns text language sql as $$ select format('%s.type() == "string"', p) $$;
-- Asking for one character too many is thirty times faster than matching a bounded repetition to the end.
create function pg_temp.upto(p text, length int) returns text language sql as $$
  select format('(%1$s.type() == "string" && !(%1$s like_regex ".{%2$s}" flag "s"))', p, length + 1)
$$;
create function pg_temp.obj(p text) returns text language sql as $$ select format('%s.type() == "object"', p) $$;
create function pg_temp.key(p text) returns text language sql as $$
  select format('(%s != "" && %s)', p, pg_temp.upto(p, 64))
$$;
create function pg_temp.num(p text, low bigint default -2147483648, high bigint default 2147483647) returns text language sql as $$
  select format('(%1$s.type() == "number" && %1$s >= %2$s && %1$s <= %3$s)', p, low, high)
$$;
create function pg_temp.int(p text, low bigint default -2147483648, high bigint default 2147483647) returns text language sql as $$
  select format('(%s && %2$s == %2$s.floor())', pg_temp.num(p, low, high), p)
$$;
create function pg_temp.list(p text, each text) returns text language sql as $$
  select format('(%1$s.type() == "array" && !exists(%1$s[*].type() ? (@ == "array")) && !exists(%1$s[*] ? (!(%2$s))))', p, each)
$$;
create function pg_temp.may(p text, rule text) returns text language sql as $$ select format('(!exists(%s) || %s)', p, rule) $$;
create function pg_temp.or_null(p text, rule text) returns text language sql as $$
  select format('(%s.type() == "null" || %s)', p, rule)
$$;
create function pg_temp.both(variadic rules text[]) returns text language sql as $$
  select '(' || array_to_string(rules, ' && ') || ')'
$$;
create function pg_temp.named(p text) returns text language sql as $$
  select pg_temp.both(pg_temp.obj(p), pg_temp.key(p || '.id'), pg_temp.txt(p || '.name'))
$$;
create function pg_temp.course(p text) returns text language sql as $$
  select pg_temp.or_null(p, pg_temp.both(pg_temp.named(p), pg_temp.int(p || '.order')))
$$;
create function pg_temp.words(p text) returns text language sql as $$ select pg_temp.list(p, pg_temp.key('@')) $$;
create function pg_temp.modifiers(p text) returns text language sql as $$
  select pg_temp.list(p, pg_temp.both(pg_temp.named('@'), pg_temp.int('@.price'), pg_temp.may('@.allergens', pg_temp.words('@.allergens'))))
$$;

do $$
declare
  own constant text := pg_temp.both(pg_temp.or_null('$.table', pg_temp.named('$.table')), pg_temp.int('$.covers'),
    pg_temp.or_null('$.server', pg_temp.named('$.server')), pg_temp.txt('$.note'), '($.priority == "normal" || $.priority == "rush" || $.priority == "vip")');
  line constant text := pg_temp.both(pg_temp.obj('$.line'), pg_temp.key('$.line.menuItem'), pg_temp.txt('$.line.name'), pg_temp.int('$.line.price'),
    pg_temp.int('$.line.quantity', 1), pg_temp.modifiers('$.line.modifiers'), pg_temp.or_null('$.line.seat', pg_temp.int('$.line.seat')),
    pg_temp.course('$.line.course'), pg_temp.txt('$.line.note'), pg_temp.words('$.line.allergens'), pg_temp.words('$.line.allergies'));
  document constant text := pg_temp.both(pg_temp.int('$.version'), pg_temp.obj('$.body'));
  route constant text := pg_temp.may('@.route', '@.route.type() == "array"');
begin
  insert into private.shapes (kind, shape) values
    ('order.opened', pg_temp.both(pg_temp.txt('$.number'), pg_temp.upto('$.day', 64),
      '($.type == "dineIn" || $.type == "takeaway" || $.type == "delivery")', own,
      pg_temp.may('$.training', '$.training == true'))::jsonpath),
    ('order.changed', pg_temp.both(pg_temp.obj('$.fields'),
      pg_temp.may('$.fields.table', pg_temp.or_null('$.fields.table', pg_temp.named('$.fields.table'))),
      pg_temp.may('$.fields.covers', pg_temp.int('$.fields.covers')),
      pg_temp.may('$.fields.server', pg_temp.or_null('$.fields.server', pg_temp.named('$.fields.server'))),
      pg_temp.may('$.fields.note', pg_temp.txt('$.fields.note')),
      pg_temp.may('$.fields.priority', '($.fields.priority == "normal" || $.fields.priority == "rush" || $.fields.priority == "vip")'))::jsonpath),
    ('order.cancelled', pg_temp.txt('$.reason')::jsonpath),
    ('item.added', pg_temp.both(pg_temp.key('$.item'), line, '$.tasks.size() >= 1',
      pg_temp.list('$.tasks', pg_temp.both(pg_temp.key('@.id'), pg_temp.key('@.station'), pg_temp.int('@.step'))),
      pg_temp.bool('$.held'), pg_temp.may('$.from', pg_temp.key('$.from')))::jsonpath),
    ('item.changed', pg_temp.both(pg_temp.key('$.item'), pg_temp.obj('$.fields'), pg_temp.bool('$.notify'),
      pg_temp.may('$.fields.quantity', pg_temp.int('$.fields.quantity', 1)),
      pg_temp.may('$.fields.modifiers', pg_temp.modifiers('$.fields.modifiers')),
      pg_temp.may('$.fields.note', pg_temp.txt('$.fields.note')),
      pg_temp.may('$.fields.seat', pg_temp.or_null('$.fields.seat', pg_temp.int('$.fields.seat'))),
      pg_temp.may('$.fields.course', pg_temp.course('$.fields.course')))::jsonpath),
    ('item.voided', pg_temp.both(pg_temp.key('$.item'), pg_temp.txt('$.reason'), pg_temp.bool('$.notify'))::jsonpath),
    ('course.fired', pg_temp.key('$.course')::jsonpath),
    ('items.fired', pg_temp.words('$.items')::jsonpath),
    ('tasks.moved', pg_temp.list('$.moves', pg_temp.both(pg_temp.key('@.item'), pg_temp.key('@.task'),
      pg_temp.int('@.cycle', 0), pg_temp.int('@.rank', 0, 3)))::jsonpath),
    ('changes.acknowledged', pg_temp.both(pg_temp.key('$.station'), '$.seen.type() == "array"')::jsonpath);
  insert into private.shapes (kind, document, orderless, shape) values
    ('stock.set', '', true, pg_temp.both(pg_temp.key('$.menuItem'), pg_temp.bool('$.out'))::jsonpath),
    ('document.published', 'staff', true, document::jsonpath),
    ('document.published', 'settings', true, document::jsonpath),
    ('document.published', 'menu', true, pg_temp.both(document,
      pg_temp.list('$.body.courses', pg_temp.both(pg_temp.named('@'), pg_temp.int('@.order'))),
      pg_temp.list('$.body.categories', pg_temp.both(pg_temp.named('@'), pg_temp.may('@.course', pg_temp.key('@.course')), route)),
      pg_temp.list('$.body.modifierGroups', pg_temp.both(pg_temp.named('@'), pg_temp.int('@.min'), pg_temp.int('@.max'), pg_temp.modifiers('@.options'))),
      pg_temp.list('$.body.items', pg_temp.both(pg_temp.named('@'), pg_temp.key('@.category'), pg_temp.int('@.price'), pg_temp.may('@.course', pg_temp.key('@.course')),
        pg_temp.words('@.allergens'), pg_temp.words('@.modifierGroups'), route)))::jsonpath),
    ('document.published', 'floor', true, pg_temp.both(document,
      pg_temp.list('$.body.areas', pg_temp.named('@')),
      pg_temp.list('$.body.tables', pg_temp.both(pg_temp.named('@'), pg_temp.key('@.area'), pg_temp.int('@.seats', 1, 100),
        pg_temp.num('@.x', 0, 1), pg_temp.num('@.y', 0, 1), pg_temp.num('@.w', 0, 1), pg_temp.num('@.h', 0, 1), pg_temp.txt('@.shape'))))::jsonpath),
    ('document.published', 'stations', true, pg_temp.both(document,
      pg_temp.list('$.body.stations', pg_temp.both(pg_temp.named('@'), pg_temp.int('@.warnAfter'), pg_temp.int('@.lateAfter'))),
      pg_temp.may('$.body.defaultStation', pg_temp.key('$.body.defaultStation')))::jsonpath);
  -- What every event carries, whatever its version.
  insert into private.shapes (kind, shape) values
    ('', pg_temp.both(pg_temp.key('$.id'), pg_temp.int('$.v', 1), pg_temp.upto('$.kind', 60), pg_temp.or_null('$.order', pg_temp.key('$.order')),
      pg_temp.int('$.at', -9007199254740991, 9007199254740991), '$.stamp like_regex "^0[0-9]{14}-[0-9]{6}-." flag "s"', pg_temp.upto('$.stamp', 87), pg_temp.key('$.device'),
      pg_temp.or_null('$.staff', pg_temp.named('$.staff')), pg_temp.key('$.command'))::jsonpath);
end $$;
