-- @file Rights: who may read what and call what, all of it in this one place. Nobody writes a table; the functions do.
--
-- A later migration that makes a table or function grants it itself: everything new begins closed (see the foundation).

revoke all on all tables in schema public, private from public, anon, authenticated, service_role;
revoke all on all sequences in schema public, private from public, anon, authenticated, service_role;
revoke all on all functions in schema public, private from public, anon, authenticated, service_role;

-- Whose rows ---------------------------------------------------------------------------------------------------------
-- Policies ask these once per query, as `(select private.…)`, never per row; so every right is a comparison of columns
-- with values known beforehand, which indexes can serve. A query that also says `restaurant_id = …` uses them best.

-- The restaurant of the calling device; null when it is none, or was revoked.
create function private.device_restaurant() returns uuid
  language sql stable security definer set search_path = '' as $$
  select d.restaurant_id from public.devices d where d.id = auth.uid() and d.revoked_at is null
$$;

-- The restaurants where the calling person has one of these roles; by default any.
create function private.works_in(variadic p_roles public.person_role[] default '{server,cook,expo,host,manager,admin}')
  returns uuid[] language sql stable security definer set search_path = '' as $$
  select coalesce(array_agg(p.restaurant_id), '{}') from public.profiles p
  where p.user_id = auth.uid() and p.role = any (p_roles)
$$;

-- Who the calling person is among the staff of the restaurants where they are a server.
create function private.serves_as() returns text[]
  language sql stable security definer set search_path = '' as $$
  select coalesce(array_agg(p.staff_id), '{}') from public.profiles p
  where p.user_id = auth.uid() and p.role = 'server' and p.staff_id is not null
$$;

-- The same with the restaurant before it, because two restaurants may know two people by one id.
create function private.serves_where() returns text[]
  language sql stable security definer set search_path = '' as $$
  select coalesce(array_agg(p.restaurant_id || ' ' || p.staff_id), '{}') from public.profiles p
  where p.user_id = auth.uid() and p.role = 'server' and p.staff_id is not null
$$;

grant usage on schema private to authenticated, service_role;
grant execute on function private.device_restaurant(), private.works_in(public.person_role[]), private.serves_as(),
  private.serves_where() to authenticated;

-- Devices: their restaurant's log, and who else belongs to it ---------------------------------------------------------
create policy "devices read their log" on public.order_events for select to authenticated
  using (restaurant_id = (select private.device_restaurant()));
create policy "devices read their archive" on public.order_archive for select to authenticated
  using (restaurant_id = (select private.device_restaurant()));
create policy "devices see each other, managers see them all" on public.devices for select to authenticated
  using (restaurant_id = (select private.device_restaurant())
    or restaurant_id = any ((select private.works_in('manager', 'admin'))::uuid[]));
create policy "devices and people read where they work" on public.restaurants for select to authenticated
  using (id = (select private.device_restaurant()) or id = any ((select private.works_in())::uuid[]));

-- People ---------------------------------------------------------------------------------------------------------------
create policy "people read themselves, managers their people" on public.profiles for select to authenticated
  using (user_id = (select auth.uid())
    or restaurant_id = any ((select private.works_in('manager', 'admin'))::uuid[]));
create policy "managers read the audit log" on public.audit_log for select to authenticated
  using (restaurant_id = any ((select private.works_in('manager', 'admin'))::uuid[]));
create policy "managers read what transcription costs" on public.transcription_usage for select to authenticated
  using (restaurant_id = any ((select private.works_in('manager', 'admin'))::uuid[]));

create policy "the house reads requests, people their own" on public.order_intake for select to authenticated
  using (restaurant_id = any ((select private.works_in('host', 'manager', 'admin'))::uuid[])
    or (created_by = (select auth.uid()) and restaurant_id = any ((select private.works_in())::uuid[])));

-- What every person of the house may know.
create policy "people read their stations" on public.stations for select to authenticated
  using (restaurant_id = any ((select private.works_in())::uuid[]));
create policy "people read their tables" on public.tables for select to authenticated
  using (restaurant_id = any ((select private.works_in())::uuid[]));
create policy "people read their seats" on public.seats for select to authenticated
  using (restaurant_id = any ((select private.works_in())::uuid[]));
create policy "people read their menu's categories" on public.menu_categories for select to authenticated
  using (restaurant_id = any ((select private.works_in())::uuid[]));
create policy "people read their menu" on public.menu_items for select to authenticated
  using (restaurant_id = any ((select private.works_in())::uuid[]));
create policy "people read their menu's modifiers" on public.menu_modifiers for select to authenticated
  using (restaurant_id = any ((select private.works_in())::uuid[]));
create policy "people read what is out" on public.stock for select to authenticated
  using (restaurant_id = any ((select private.works_in())::uuid[]));

-- Orders ---------------------------------------------------------------------------------------------------------------
-- Hosts, managers and admins: all. Cooks and the expo: what has reached the kitchen, and never stops having reached it.
-- Servers: the orders that are theirs.
create policy "the house, the kitchen and servers read orders" on public.orders for select to authenticated
  using (restaurant_id = any ((select private.works_in('host', 'manager', 'admin'))::uuid[])
    or (in_kitchen and restaurant_id = any ((select private.works_in('cook', 'expo'))::uuid[]))
    or (restaurant_id = any ((select private.works_in('server'))::uuid[])
      and server_id = any ((select private.serves_as())::text[])
      and restaurant_id || ' ' || server_id = any ((select private.serves_where())::text[])));

-- The policy of orders holds inside this one, too; the server is compared all the same, because a person may be a cook
-- somewhere else.
create policy "the house, the kitchen and servers read items" on public.order_items for select to authenticated
  using (restaurant_id = any ((select private.works_in('host', 'manager', 'admin'))::uuid[])
    or (released and restaurant_id = any ((select private.works_in('cook', 'expo'))::uuid[]))
    or (restaurant_id = any ((select private.works_in('server'))::uuid[])
      and exists (select from public.orders o where o.restaurant_id = order_items.restaurant_id and o.id = order_items.order_id
        and o.server_id = any ((select private.serves_as())::text[])
        and o.restaurant_id || ' ' || o.server_id = any ((select private.serves_where())::text[]))));

-- Grants ---------------------------------------------------------------------------------------------------------------
-- Reading only, and not even that of device_codes. service_role has none: its key in a wrong hand reads nothing by the API.
grant select on public.restaurants, public.profiles, public.devices, public.audit_log, public.transcription_usage,
  public.order_events, public.order_archive, public.order_intake, public.orders, public.order_items, public.stations,
  public.tables, public.seats, public.menu_categories, public.menu_items, public.menu_modifiers, public.stock
  to authenticated;

grant execute on function public.claim_device(text, text, text, text, text, uuid, boolean), public.append_events(jsonb),
  public.pull_events(bigint, int, text, text), public.archived_events(text[]),
  public.archived_after(bigint, bigint, int), public.report_device(jsonb),
  public.claim_intake(int), public.refuse_intake(uuid, text, text) to authenticated;
grant execute on function public.create_restaurant(text, text), public.my_restaurants(), public.create_device_code(uuid, text),
  public.revoke_device(uuid), public.readmit_device(uuid), public.set_person(uuid, text, public.person_role, text, text),
  public.remove_person(uuid, uuid) to authenticated;
grant execute on function public.place_order(jsonb), public.order_status(uuid) to authenticated;
grant execute on function private.archive_orders(uuid, interval) to service_role;

-- Realtime -------------------------------------------------------------------------------------------------------------
-- A device hears its restaurant's topic. Nobody may send: there is no policy for insert, the database alone tells.
-- Realtime asks when a channel is joined and when its token is renewed, not for each message.
create policy "devices hear their restaurant" on realtime.messages for select to authenticated
  using (extension = 'broadcast'
    and (select realtime.topic()) = 'restaurant:' || (select private.device_restaurant()));

-- Nothing joins the publication supabase_realtime, so no table needs a replica identity other than its key: changes that
-- leave a reader's rights are never told by postgres_changes, and each is checked for each listener. The topic's hints and
-- the log's cursor do both better.

-- Setup asks this first, with the publishable key alone: no such function means no migrations. `schema` counts what
-- clients must know about; `now` is the server's clock, ms UTC.
create function public.check_project() returns jsonb
  language sql stable set search_path = '' as $$
  select jsonb_build_object('schema', 1, 'now', floor(extract(epoch from clock_timestamp()) * 1000)::bigint)
$$;
grant execute on function public.check_project() to anon, authenticated;
