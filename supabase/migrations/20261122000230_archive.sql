-- @file Archiving: orders closed long ago leave the log, so that it stays small and new devices catch up fast. For operators only.

-- Moves closed orders of which nothing was heard for `p_older_than` to order_archive (at most 300 of them: call it again
-- until `orders` is 0), drops documents and 86 notes that newer ones replaced, and raises the floor over what is gone.
-- Appending to this restaurant waits meanwhile, to the end of the transaction. Answers {orders, events, floor}.
create function private.archive_orders(p_restaurant uuid, p_older_than interval) returns jsonb
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
      jsonb_build_object('seq', e.seq, 'received', e.received_at, 'event', private.envelope(e)) order by e.seq)
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

-- One step of archiving all restaurants: some orders of this one (the first, when none is said). Answers where to go on:
-- here as long as something was moved, else at the next one; null at the end. To be committed after each step, so that
-- what waits to be appended goes in between:
--   do $$ declare place uuid := private.archive_step('90 days'); begin
--     while place is not null loop commit; place := private.archive_step('90 days', place); end loop; end $$
-- (A procedure that commits could have no search path of its own.) What one restaurant meets holds up no other.
create function private.archive_step(p_older_than interval, p_place uuid default null) returns uuid
  language plpgsql security definer set search_path = '' as $$
declare
  place constant uuid := coalesce(p_place, (select r.id from public.restaurants r order by r.id limit 1));
begin
  if place is null then return null; end if;
  -- Whoever waited for the lock gets it first.
  perform pg_sleep(0.05);
  begin
    if (private.archive_orders(place, p_older_than) -> 'orders')::int > 0 then return place; end if;
  exception when others then
    raise warning 'Orders of restaurant % were not archived: %', place, sqlerrm;
  end;
  return (select r.id from public.restaurants r where r.id > place order by r.id limit 1);
end $$;

-- Old documents and 86 notes that a newer one replaced. The newest of each stays, however old.
create function private.superseded_seqs(p_restaurant uuid, p_before timestamptz) returns bigint[]
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
        where o.restaurant_id = p_restaurant and o.order_id is null and o.v = 1 and o.kind in ('document.published', 'stock.set')
      ) e
    ) h
    where h.place > 1 and h.received_at < p_before);
end $$;
