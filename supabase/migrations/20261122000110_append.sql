-- @file Appending to the log: what of a batch is known, refused or new; the one way in for devices.

-- What the log already holds of these ids: order_events, the archive of the orders they claim to belong to, and what was
-- superseded (whose content is gone: null).
create function private.known_events(p_restaurant uuid, p_ids text[], p_orders text[])
  returns table (id text, seq bigint, event jsonb)
  language plpgsql stable rows 20 set search_path = '' as $$
begin
  return query
    select e.id, e.seq, private.envelope(e) from public.order_events e
      where e.restaurant_id = p_restaurant and e.id = any (p_ids)
    union all
    select old.entry -> 'event' ->> 'id', (old.entry -> 'seq')::bigint, old.entry -> 'event'
      from public.order_archive a, jsonb_array_elements(a.events) as old (entry)
      where a.restaurant_id = p_restaurant and a.order_id = any (p_orders) and old.entry -> 'event' ->> 'id' = any (p_ids)
    union all
    select s.id, s.seq, null from private.superseded s where s.restaurant_id = p_restaurant and s.id = any (p_ids);
end $$;

-- Whether no number in this is out of all proportion. 1e131071 is kept in a few bytes and written with as many digits:
-- what somebody sent may only be made a text, hashed or told again after this.
create function private.printable(p jsonb) returns boolean
  language plpgsql immutable set search_path = '' as $$
begin
  return not exists (select from jsonb_path_query(p, 'strict $.** ? (@.type() == "number")') as each (n)
    where abs(each.n::numeric) > 1e16 or scale(each.n::numeric) > 64);
end $$;

-- Of an event with such numbers, what names it.
create function private.words_of(p_event jsonb) returns jsonb
  language plpgsql immutable set search_path = '' as $$
begin
  if jsonb_typeof(p_event) <> 'object' then return 'null'; end if;
  return (select coalesce(jsonb_object_agg(m.key, m.value), '{}') from jsonb_each(p_event) m
    where m.key in ('id', 'kind', 'order') and jsonb_typeof(m.value) = 'string');
end $$;

-- The newest version a document may come with. Versions count one by one: one that is far ahead would only be there so
-- that nobody's next one counts. A restaurant that moves here may begin late.
create function private.highest_version(p_restaurant uuid, p_name text) returns int
  language plpgsql stable set search_path = '' as $$
begin
  return coalesce((select least(d.version::bigint + 10000, 2147483647) from private.documents d
    where d.restaurant_id = p_restaurant and d.name = p_name), 1000000);
end $$;

-- Why each of these events can never be taken, as a code; null when it can. Events of a later version are taken unread.
-- Of an event that cannot be written out only what names it comes back.
create function private.faults_of(p_restaurant uuid, p_events jsonb) returns table (n bigint, event jsonb, fault text)
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
      when (b.event -> 'v')::bigint > 1 then null
      when b.event ->> 'kind' = '' or not exists (select from private.shapes k where k.kind = b.event ->> 'kind') then 'unknownKind'
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
    left join private.shapes s on s.kind = b.event ->> 'kind'
      and s.document = case when s.kind = 'document.published' then b.event -> 'data' ->> 'name' else '' end;
end $$;

-- The sentence for a fault, in the words of the buttons it leads to; the same for all orders with that fault, so that the
-- manager's page can put them together.
create function private.fault_message(p_code text) returns text
  language sql stable set search_path = '' as $$
  select case p_code
    when 'tooLarge' then 'This is too large for the cloud: more than 512 kB in one change. Choose "Give up" and enter it again in smaller parts.'
    when 'unknownKind' then 'The cloud is older than Plate on this PC. Ask your IT person to apply the newest migrations, then choose "Send again".'
    when 'idTaken' then 'Another change with the same id is already there. This PC was probably copied or restored from a backup: choose "Give up" and enter it again.'
    when 'behind' then 'An earlier change of this order was refused. Decide about that one first.'
    else 'The cloud cannot read a change. Update Plate on this PC, then choose "Send again"; if that does not help, "Give up".'
  end
$$;

-- Whether two envelopes say the same; members that no envelope has do not count.
create function private.says_same(a jsonb, b jsonb) returns boolean
  language sql immutable set search_path = '' as $$
  select not exists (
    select from unnest(array['id', 'v', 'kind', 'order', 'at', 'stamp', 'device', 'staff', 'command', 'data']) as m (name)
    where coalesce(a -> m.name, 'null') <> coalesce(b -> m.name, 'null'))
$$;

-- Decides about a batch, in its order: the known seq, or why an event is refused, or neither (it is new). A second event
-- with the id of an earlier one stands or falls with it (`n > first`). Once something of an order is refused, so is all
-- that follows of it: nothing arrives before what it builds on.
create function private.judge(p_restaurant uuid, p_events jsonb)
  returns table (n bigint, first bigint, id text, event jsonb, seq bigint, code text)
  language plpgsql stable rows 100 set search_path = '' as $$
begin
  return query
    with batch as materialized (
      select b.n, b.event, b.fault, b.event ->> 'id' as id, b.event ->> 'order' as lane,
        case when b.event ->> 'id' is null then b.n else min(b.n) over (partition by b.event ->> 'id') end as first
      from private.faults_of(p_restaurant, p_events) b
    ), known as materialized (
      select k.* from private.known_events(p_restaurant,
        (select array_agg(b.id) from batch b), (select array_agg(distinct b.lane) from batch b where b.lane is not null)) k
    ), alone as materialized (
      select b.n, b.first, b.id, b.event, b.lane, k.seq as known_seq, case
        when k.id is not null and (k.event is null or private.says_same(b.event, k.event)) then null
        when k.id is not null or b.n > b.first and not private.says_same(b.event, earlier.event) then 'idTaken'
        else b.fault end as fault
      from batch b
      left join known k on k.id = b.id
      left join batch earlier on earlier.n = b.first
    ), told as materialized (
      select a.*, a.lane is not null and bool_or(a.fault is not null) over (partition by a.lane order by a.n) as blocked
      from alone a
    )
    select t.n, t.first, t.id, t.event, case when t.fault is null then t.known_seq end,
      case when t.fault is not null then t.fault
        when t.known_seq is null and f.blocked then 'behind' end
    from told t join told f on f.n = t.first
    order by t.n;
end $$;

-- Puts what is new into the log, after `p_head`. Answers per event {id, seq} or {id, refused}.
create function private.insert_events(p_self public.devices, p_core text, p_events jsonb, p_head bigint) returns jsonb
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
    insert into public.order_events (restaurant_id, seq, id, order_id, kind, v, at, stamp, device, staff, command, data, pushed_by, pushed_core)
    select p_self.restaurant_id, f.seq, f.e ->> 'id', f.e ->> 'order', f.e ->> 'kind', (f.e -> 'v')::int, (f.e -> 'at')::bigint, f.e ->> 'stamp',
      f.e ->> 'device', nullif(f.e -> 'staff', 'null'), f.e ->> 'command', coalesce(f.e -> 'data', 'null'), p_self.id, p_core
    from fresh f order by f.seq
  )
  select jsonb_agg(case
      when j.code is not null then jsonb_build_object('id', j.event -> 'id', 'refused',
        jsonb_build_object('code', j.code, 'message', private.fault_message(j.code)))
      else jsonb_build_object('id', j.id, 'seq', coalesce(j.seq, f.seq)) end order by j.n)
    into results
  from judged j left join fresh f on f.n = j.first;
  return coalesce(results, '[]');
end $$;

-- Tells all devices of the restaurant that the log grew, with the events when they are small. A hint: it may get lost.
create function private.broadcast_events(p_restaurant uuid, p_first bigint, p_last bigint, p_core text) returns void
  language plpgsql set search_path = '' as $$
declare
  hint jsonb := jsonb_build_object('first', p_first, 'last', p_last, 'core', p_core, 'events', null);
  -- Not while a device revoked lately may still be listening (migration 000350).
  small constant boolean := p_last - p_first < 50 and not private.overheard(p_restaurant) and (select sum(octet_length(e.data::text)) < 6000
    from public.order_events e where e.restaurant_id = p_restaurant and e.seq between p_first and p_last);
  complete jsonb;
begin
  if small then
    select hint || jsonb_build_object('events', jsonb_agg(jsonb_build_object('seq', e.seq, 'event', private.envelope(e)) order by e.seq))
      into complete
      from public.order_events e where e.restaurant_id = p_restaurant and e.seq between p_first and p_last;
    if octet_length(complete::text) <= 6000 then hint := complete; end if;
  end if;
  perform realtime.send(hint, 'log', 'restaurant:' || p_restaurant, true);
end $$;

-- Takes a batch {core, events: [envelope …]} (at most 500) into the calling device's restaurant, in the given order.
-- Answers {results: [{id, seq} | {id, refused: {code, message}} …], head}. Sending a batch again is harmless.
create function public.append_events(p_batch jsonb) returns jsonb
  -- Compiling or planning these queries takes longer than they do: planned once per connection, and for a large log,
  -- however small it is at that moment.
  language plpgsql security definer set search_path = ''
  set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  self constant public.devices := private.require_device();
  core text;
  head bigint;
  added bigint;
  results jsonb;
begin
  if pg_column_size(p_batch) > 8 * 1024 * 1024 then
    perform private.refuse(413, 'tooLarge', 'This is too much at once. Send it in parts.');
  end if;
  core := case when jsonb_typeof(p_batch -> 'core') = 'string' then p_batch ->> 'core' end;
  if coalesce(length(core), 0) not between 1 and 64 or jsonb_typeof(p_batch -> 'events') is distinct from 'array' then
    perform private.refuse(400, 'invalid', 'This is no batch of events: it needs {core, events: […]}. Update Plate on this PC.');
  end if;
  if jsonb_array_length(p_batch -> 'events') > 500 then
    perform private.refuse(413, 'tooLarge', 'A batch holds at most 500 events. Send it in parts.');
  end if;
  -- Before anything is looked up: what another call is about to insert must be visible to the search for known ids.
  select c.seq into strict head from private.counters c where c.restaurant_id = self.restaurant_id for update;
  results := private.insert_events(self, core, p_batch -> 'events', head);
  select coalesce(max(e.seq) - head, 0) into added
    from public.order_events e where e.restaurant_id = self.restaurant_id and e.seq > head;
  if added > 0 then
    update private.counters c set seq = c.seq + added where c.restaurant_id = self.restaurant_id;
    perform private.broadcast_events(self.restaurant_id, head + 1, head + added, core);
  end if;
  return jsonb_build_object('results', results, 'head', head + added);
end $$;
