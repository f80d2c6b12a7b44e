-- @file Documents and the 86 list: merges them from events (the newest wins) and lays the menu, the floor and the stations out as tables.

-- One text for one value, whatever the order of its keys: decides between two writes with one stamp as the app does.
create function private.canonical(p jsonb) returns text
  language plpgsql immutable set search_path = '' as $$
begin
  case jsonb_typeof(p)
    when 'object' then
      return '{' || coalesce((select string_agg(to_json(m.key)::text || ':' || private.canonical(m.value), ',' order by m.key collate "C")
        from jsonb_each(p) m), '') || '}';
    when 'array' then
      return '[' || coalesce((select string_agg(private.canonical(m.value), ',' order by m.n)
        from jsonb_array_elements(p) with ordinality as m (value, n)), '') || ']';
    when 'number' then return trim_scale(p::numeric)::text;
    else return p::text;
  end case;
end $$;

-- A moment of the app (ms UTC) as a timestamp. What no calendar holds becomes its nearest end.
create function private.moment(p_ms bigint) returns timestamptz
  language sql immutable strict set search_path = '' as $$
  select timestamptz '1970-01-01 00:00:00+00' + least(greatest(p_ms, 0), 8640000000000000) * interval '1 millisecond'
$$;

create function private.texts(p jsonb) returns text[]
  language plpgsql immutable set search_path = '' as $$
begin
  return array(select jsonb_array_elements_text(p));
end $$;

-- The name of the first member of a list [{id, name} …] with this id.
create function private.name_in(p_list jsonb, p_id text) returns text
  language sql immutable set search_path = '' as $$
  select l.e ->> 'name' from jsonb_array_elements(p_list) with ordinality as l (e, n) where l.e ->> 'id' = p_id order by l.n limit 1
$$;

create function private.lay_out_menu(p_restaurant uuid, p_body jsonb) returns void
  language plpgsql set search_path = '' as $$
begin
  delete from public.menu_categories t where t.restaurant_id = p_restaurant;
  delete from public.menu_items t where t.restaurant_id = p_restaurant;
  delete from public.menu_modifiers t where t.restaurant_id = p_restaurant;

  insert into public.menu_categories (restaurant_id, id, position, name, course_id, course_name, route)
    select p_restaurant, c.e ->> 'id', c.n, c.e ->> 'name', c.e ->> 'course', private.name_in(p_body -> 'courses', c.e ->> 'course'), c.e -> 'route'
    from jsonb_array_elements(p_body -> 'categories') with ordinality as c (e, n) order by c.n
    on conflict do nothing;

  insert into public.menu_items (restaurant_id, id, position, name, category_id, price, course_id, course_name, allergens, modifier_groups, route, out)
    select p_restaurant, i.e ->> 'id', i.n, i.e ->> 'name', i.e ->> 'category', (i.e -> 'price')::int, coalesce(i.e ->> 'course', c.course_id),
      case when i.e ? 'course' then private.name_in(p_body -> 'courses', i.e ->> 'course') else c.course_name end,
      private.texts(i.e -> 'allergens'), private.texts(i.e -> 'modifierGroups'), coalesce(i.e -> 'route', c.route), coalesce(s.out, false)
    from jsonb_array_elements(p_body -> 'items') with ordinality as i (e, n)
    left join public.menu_categories c on c.restaurant_id = p_restaurant and c.id = i.e ->> 'category'
    left join public.stock s on s.restaurant_id = p_restaurant and s.menu_item = i.e ->> 'id'
    order by i.n
    on conflict do nothing;

  insert into public.menu_modifiers (restaurant_id, group_id, id, group_position, position, group_name, min, max, name, price, allergens)
    select p_restaurant, g.e ->> 'id', o.e ->> 'id', g.n, o.n, g.e ->> 'name', (g.e -> 'min')::int, (g.e -> 'max')::int,
      o.e ->> 'name', (o.e -> 'price')::int, private.texts(o.e -> 'allergens')
    from jsonb_array_elements(p_body -> 'modifierGroups') with ordinality as g (e, n),
      jsonb_array_elements(g.e -> 'options') with ordinality as o (e, n)
    order by g.n, o.n
    on conflict do nothing;
end $$;

create function private.lay_out_floor(p_restaurant uuid, p_body jsonb) returns void
  language plpgsql set search_path = '' as $$
begin
  delete from public.tables t where t.restaurant_id = p_restaurant;
  insert into public.tables (restaurant_id, id, position, name, area_id, area_name, seats, x, y, w, h, shape)
    select p_restaurant, t.e ->> 'id', t.n, t.e ->> 'name', t.e ->> 'area', private.name_in(p_body -> 'areas', t.e ->> 'area'),
      (t.e -> 'seats')::int, (t.e -> 'x')::numeric, (t.e -> 'y')::numeric, (t.e -> 'w')::numeric, (t.e -> 'h')::numeric, t.e ->> 'shape'
    from jsonb_array_elements(p_body -> 'tables') with ordinality as t (e, n) order by t.n
    on conflict do nothing;
  insert into public.seats (restaurant_id, table_id, seat)
    select p_restaurant, t.id, s from public.tables t, generate_series(1, t.seats) s where t.restaurant_id = p_restaurant;
end $$;

create function private.lay_out_stations(p_restaurant uuid, p_body jsonb) returns void
  language plpgsql set search_path = '' as $$
begin
  delete from public.stations t where t.restaurant_id = p_restaurant;
  insert into public.stations (restaurant_id, id, position, name, warn_after, late_after, is_default)
    select p_restaurant, s.e ->> 'id', s.n, s.e ->> 'name', (s.e -> 'warnAfter')::int, (s.e -> 'lateAfter')::int,
      s.e ->> 'id' is not distinct from p_body ->> 'defaultStation'
    from jsonb_array_elements(p_body -> 'stations') with ordinality as s (e, n) order by s.n
    on conflict do nothing;
end $$;

-- Merges the documents among these events of the log: the greatest (version, stamp) counts. A version below 0 is older
-- than nothing.
create function private.merge_documents(p_restaurant uuid, p_seqs bigint[]) returns void
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
        where o.restaurant_id = p_restaurant and o.seq = any (p_seqs) and o.kind = 'document.published' and o.v = 1
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

-- Merges the 86 list's notes among these events of the log: the newest stamp counts; of two with one stamp, "out" does.
create function private.merge_stock(p_restaurant uuid, p_seqs bigint[]) returns void
  language plpgsql set search_path = '' as $$
begin
  with changed as (
    insert into public.stock as known (restaurant_id, menu_item, out, at, stamp)
      select distinct on (e.data ->> 'menuItem') p_restaurant, e.data ->> 'menuItem', (e.data -> 'out')::boolean, private.moment(e.at), e.stamp
      from public.order_events e
      where e.restaurant_id = p_restaurant and e.seq = any (p_seqs) and e.kind = 'stock.set' and e.v = 1
      order by e.data ->> 'menuItem', e.stamp desc, (e.data -> 'out')::boolean desc, e.at desc
    on conflict (restaurant_id, menu_item) do update
      set out = excluded.out, at = excluded.at, stamp = excluded.stamp
      where (excluded.stamp, excluded.out, excluded.at) > (known.stamp, known.out, known.at)
    returning known.menu_item, known.out
  )
  update public.menu_items m set out = c.out from changed c
    where m.restaurant_id = p_restaurant and m.id = c.menu_item and m.out <> c.out;
end $$;
