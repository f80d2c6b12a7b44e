-- @file Reading the log: pages after a cursor, archived orders, and the report with which a device learns how far the log is.

-- Whether this restaurant's log has event `p_event` at `p_seq`; true where nobody can tell: no event is named, or what was
-- there may have been archived. A device whose own is not there took it from a log that has since been put back.
create function private.same_log(p_restaurant uuid, p_seq bigint, p_event text) returns boolean
  language sql stable security definer set search_path = '' as $$
  select p_event is null or coalesce(
    (select o.id = p_event from public.order_events o where o.restaurant_id = p_restaurant and o.seq = p_seq),
    (select c.floor >= p_seq from private.counters c where c.restaurant_id = p_restaurant))
$$;

-- The log after `p_after`: at most `p_limit` (1–1000) rows and about 1 MB are looked at; those that core `p_core` pushed
-- itself, as this device, are left out but counted in `next`: PCs that were copied from each other share a core id. Where
-- no row is left `next` is the head, whose row may be archived; `last` is the id of the event at `next` where there is one.
-- A device that holds another event (`p_event`) at `p_after` than the log does (`same` is false) gets no events: it would
-- never learn what else it missed. Answers {events: [{seq, event} …], next, head, floor, last, same}.
create function public.pull_events(p_after bigint, p_limit int, p_core text, p_event text default null) returns jsonb
  language plpgsql stable security definer set search_path = '' as $$
declare
  self constant public.devices := private.require_device();
  row record;
  size bigint := 0;
  last bigint;
  page jsonb;
  same boolean;
begin
  if p_after is null or p_after < 0 or coalesce(p_limit, 0) not between 1 and 1000 then
    perform private.refuse(400, 'invalid', 'Events are read in pages of 1 to 1000, after a cursor of 0 or more. Update Plate on this PC.');
  end if;
  same := private.same_log(self.restaurant_id, p_after, p_event);
  -- Row by row, so that large ones beyond the page are not even read.
  for row in select o.seq, octet_length(o.data::text) + 300 as bytes from public.order_events o
    where o.restaurant_id = self.restaurant_id and o.seq > p_after and same order by o.seq limit p_limit
  loop
    size := size + row.bytes;
    exit when size > 1000000 and last is not null;
    last := row.seq;
  end loop;
  select jsonb_build_object(
      'events', coalesce(jsonb_agg(jsonb_build_object('seq', e.seq, 'event', private.envelope(e)) order by e.seq)
        filter (where e.seq is not null and (e.pushed_core = p_core and e.pushed_by = self.id) is not true), '[]'),
      'next', case when same then coalesce(last, greatest(p_after, c.seq)) else p_after end, 'head', c.seq, 'floor', c.floor,
      'last', max(e.id) filter (where e.seq = last), 'same', same)
    into page
  from private.counters c
  left join public.order_events e on e.restaurant_id = c.restaurant_id and e.seq > p_after and e.seq <= last
  where c.restaurant_id = self.restaurant_id
  group by c.seq, c.floor;
  return page;
end $$;

-- The archived events of these orders (at most 500) as envelopes: what a device that was away too long asks for.
create function public.archived_events(p_orders text[]) returns jsonb
  language plpgsql stable security definer set search_path = '' as $$
declare
  self constant public.devices := private.require_device();
begin
  if cardinality(p_orders) > 500 then
    perform private.refuse(413, 'tooLarge', 'Ask for the archived events of at most 500 orders at once.');
  end if;
  return (select coalesce(jsonb_agg(old.entry -> 'event' order by (old.entry -> 'seq')::bigint), '[]')
    from public.order_archive a, jsonb_array_elements(a.events) as old (entry)
    where a.restaurant_id = self.restaurant_id and a.order_id = any (p_orders));
end $$;

-- Orders of the archive whose last event is after `p_after` and not after `p_until`, in the order of those: at most `p_limit`
-- (1–500) of them and about 500 kB, one at least, with all their events. Answers {events: [envelope …], next}: what to
-- go on after; `p_until` when there is no more.
--
-- What a device missed below the floor it finds so, when it has taken in the log up to `p_until` and begins at the cursor it
-- had before: an order that something is still added to moves further up, never out of sight.
create function public.archived_after(p_after bigint, p_until bigint, p_limit int) returns jsonb
  language plpgsql stable security definer set search_path = '' as $$
declare
  self constant public.devices := private.require_device();
  row record;
  size bigint := 0;
  last bigint;
  complete boolean := true;
begin
  if p_after is null or p_after < 0 or coalesce(p_until, -1) < p_after or coalesce(p_limit, 0) not between 1 and 500 then
    perform private.refuse(400, 'invalid', 'The archive is read in pages of 1 to 500 orders, from a cursor of 0 or more to a later one. Update Plate on this PC.');
  end if;
  for row in select a.last_seq, a.bytes from public.order_archive a
    where a.restaurant_id = self.restaurant_id and a.last_seq > p_after and a.last_seq <= p_until order by a.last_seq limit p_limit + 1
  loop
    size := size + row.bytes;
    p_limit := p_limit - 1;
    complete := last is null or (p_limit >= 0 and size <= 500000);
    exit when not complete;
    last := row.last_seq;
  end loop;
  return (select jsonb_build_object('next', case when complete then p_until else last end,
      'events', coalesce(jsonb_agg(old.entry -> 'event' order by a.last_seq, (old.entry -> 'seq')::bigint), '[]'))
    from public.order_archive a, jsonb_array_elements(a.events) as old (entry)
    where a.restaurant_id = self.restaurant_id and a.last_seq > p_after and a.last_seq <= last);
end $$;

-- A count as a program reported it; 0 when it is none.
create function private.whole(p jsonb) returns int
  language sql immutable set search_path = '' as $$
  select case when jsonb_typeof(p) = 'number' then least(greatest(p::numeric, 0), 2147483647)::int else 0 end
$$;

-- Cores that a manager has removed from a restaurant, those removed last first: none that is let in under any entry, as a
-- PC that was given a new code has an old one, too. Devices hear it with every report, to let go of them on the LAN.
create function private.removed_cores(p_restaurant uuid) returns jsonb
  language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(gone.core order by gone.last desc), '[]') from (
    select d.core, max(d.revoked_at) as last from public.devices d where d.restaurant_id = p_restaurant
    group by d.core having bool_and(d.revoked_at is not null) order by 2 desc limit 100) gone
$$;

-- A word as a program reported it; null when it is none. Only texts are looked into: what else a few bytes can stand for
-- may be endless once it is written out.
create function private.word(p jsonb) returns text
  language sql immutable set search_path = '' as $$
  select case when jsonb_typeof(p) = 'string' then left(p #>> '{}', 64) end
$$;

-- Notes how a device is ({core, version, cursor, event, outbox, parked}) for the manager who looks after the devices, at most every
-- 15 s unless it begins or ceases to hold something back. Answers {head, same, now (ms), intake, name, letter,
-- removed}. `same`: whether the log has `event` at `cursor`; `intake`: what waits of other programs' orders, which
-- 000400_intake counts; `removed`: cores.
create function public.report_device(p_report jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  self constant public.devices := private.require_device();
  waits constant int := private.whole(p_report -> 'outbox');
  stuck constant int := private.whole(p_report -> 'parked');
begin
  update public.devices d set last_seen = now(), core = coalesce(private.word(p_report -> 'core'), d.core),
      version = coalesce(private.word(p_report -> 'version'), d.version),
      cursor = private.whole(p_report -> 'cursor'), outbox = waits, parked = stuck
    where d.id = self.id and (d.last_seen is null or d.last_seen < now() - interval '15 seconds'
      or (d.outbox = 0) <> (waits = 0) or (d.parked = 0) <> (stuck = 0));
  return (select jsonb_build_object('head', c.seq,
      'same', private.same_log(r.id, private.whole(p_report -> 'cursor'), private.word(p_report -> 'event')), 'now', floor(extract(epoch from clock_timestamp()) * 1000),
      'intake', private.waiting_intake(r.id), 'name', r.name, 'letter', self.letter,
      'removed', private.removed_cores(r.id))
    from private.counters c join public.restaurants r on r.id = c.restaurant_id where c.restaurant_id = self.restaurant_id);
end $$;
