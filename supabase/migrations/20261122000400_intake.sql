-- @file Intake: orders that other programs (a POS, a website) ask for, until a core has decided them; and what spoken
-- orders cost. The only writer of order_intake.

create table public.order_intake (
  restaurant_id uuid not null references public.restaurants (id) on delete cascade,
  -- Also the id of the order it becomes.
  id uuid not null,
  -- Arguments of the command placeOrder, with every id filled in: cores that decide it twice make one order of it.
  body jsonb not null,
  -- What was asked for, to tell a repeated request from another one under the same id.
  digest bytea not null,
  status text not null default 'pending' check (status in ('pending', 'accepted', 'refused')),
  number text,
  code text,
  message text,
  created_by uuid not null,
  -- Who asked, as the core shall know them: the member of the staff document, if they are one.
  by_id text not null,
  by_name text not null,
  by_role public.person_role not null,
  created_at timestamptz not null default now(),
  claimed_by uuid,
  claimed_at timestamptz,
  decided_at timestamptz,
  primary key (restaurant_id, id)
);
create index order_intake_pending on public.order_intake (restaurant_id, created_at) where status = 'pending';
create index order_intake_decided on public.order_intake (restaurant_id, decided_at) where status <> 'pending';
create index order_intake_of_person on public.order_intake (created_by, restaurant_id, created_at);
alter table public.order_intake enable row level security;

-- What each transcription cost. Written by the devices that listen; a row per call of the service.
create table public.transcription_usage (
  restaurant_id uuid not null references public.restaurants (id) on delete cascade,
  id text not null,
  at timestamptz not null default now(),
  device text not null,
  model text not null,
  seconds numeric not null check (seconds >= 0),
  micro_dollars bigint not null check (micro_dollars >= 0),
  order_id text,
  primary key (restaurant_id, id)
);
create index transcription_usage_newest on public.transcription_usage (restaurant_id, at desc);
alter table public.transcription_usage enable row level security;

-- How long a request waits for a kitchen. What nobody took by then must not be cooked the next morning.
create function private.intake_life() returns interval language sql immutable set search_path = '' as $$ select interval '60 minutes' $$;

-- How long a core that took a request has time to decide it.
create function private.claim_life() returns interval language sql immutable set search_path = '' as $$ select interval '30 seconds' $$;

-- How long a decided request is remembered: its body may say things about a guest that nobody needs any longer.
create function private.intake_memory() returns interval language sql immutable set search_path = '' as $$ select interval '90 days' $$;

-- Forgets the requests of a restaurant that were decided long ago, the oldest first and some at a time: each new one makes
-- room. The order that became of one stays, and its id is still taken.
create function private.forget_intake(p_restaurant uuid) returns void
  language sql volatile security definer set search_path = '' as $$
  with old as materialized (
    select i.restaurant_id, i.id from public.order_intake i
    where i.restaurant_id = p_restaurant and i.status <> 'pending' and i.decided_at < now() - private.intake_memory()
    order by i.decided_at limit 20
    for update skip locked
  )
  delete from public.order_intake i using old where i.restaurant_id = old.restaurant_id and i.id = old.id
$$;

-- Whether an order stands in the log (or the archive), and the number it was opened with: also when the read models could
-- not be brought up to date with it. No row when it does not.
create function private.opened(p_restaurant uuid, p_id uuid) returns table (number text)
  language plpgsql stable security definer set search_path = '' as $$
begin
  return query
    select l.data ->> 'number' from (
      select e.stamp, e.data from public.order_events e
        where e.restaurant_id = p_restaurant and e.order_id = p_id::text and e.kind = 'order.opened'
      union all
      select (old.entry -> 'event' ->> 'stamp') collate "C", old.entry -> 'event' -> 'data'
        from public.order_archive a, jsonb_array_elements(a.events) as old (entry)
        where a.restaurant_id = p_restaurant and a.order_id = p_id::text and old.entry -> 'event' ->> 'kind' = 'order.opened'
    ) l order by l.stamp limit 1;
end $$;

-- Accepts those of these requests whose order stands in the log: whatever else is about to be said of them, it is cooked.
create function private.accept_opened(p_restaurant uuid, p_ids uuid[]) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  update public.order_intake i
  set status = 'accepted', number = o.number, code = null, message = null, decided_at = coalesce(i.decided_at, now())
  from unnest(p_ids) as asked (id) cross join lateral private.opened(p_restaurant, asked.id) o
  where i.restaurant_id = p_restaurant and i.id = asked.id and i.status <> 'accepted';
end $$;

-- Refuses the requests of a restaurant (or this one of them) that nobody took in time. One that a core has just taken is
-- left to it, and one that somebody is at this very moment at is passed over: it comes with the next call.
create function private.expire_intake(p_restaurant uuid, p_id uuid default null) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  late uuid[];
begin
  -- Functions that are called by GET may only read.
  if current_setting('transaction_read_only')::boolean then return; end if;
  late := array(
    select i.id from public.order_intake i
    where i.restaurant_id = p_restaurant and i.status = 'pending' and (p_id is null or i.id = p_id)
      and i.created_at < now() - private.intake_life()
      and (i.claimed_at is null or i.claimed_at < now() - private.claim_life())
    for update skip locked);
  perform private.accept_opened(p_restaurant, late);
  update public.order_intake i set status = 'refused', code = 'expired', decided_at = now(),
    message = 'No kitchen took this order within an hour. Send it again if it is still wanted.'
  where i.restaurant_id = p_restaurant and i.id = any (late) and i.status = 'pending';
end $$;

create function private.refuse_order(p_message text) returns void
  language sql set search_path = '' as $$
  select private.refuse(422, 'invalid', p_message)
$$;

-- Whether a JSON value is what an order may have there. p_rule: uuid, key, text:<max>, int:<min>:<max>, bool, keys:<max>
-- (a list of keys), or words divided by | of which it must be one.
create function private.fits(p_value jsonb, p_rule text) returns boolean
  language plpgsql immutable set search_path = '' as $$
declare
  kind constant text := split_part(p_rule, ':', 1);
  type constant text := jsonb_typeof(p_value);
  word constant text := case when type = 'string' then p_value #>> '{}' end;
begin
  return case
    when kind = 'uuid' then word ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    when kind = 'key' then length(word) between 1 and 64 and word !~ '[[:cntrl:]]'
    when kind = 'text' then length(word) <= split_part(p_rule, ':', 2)::int
      and translate(word, E'\t\n', '') !~ '[[:cntrl:]]'
    -- Digits only: a number of the wrong kind or size never becomes one here.
    when kind = 'int' then case when type = 'number' and p_value::text ~ '^\d{1,6}$' then
      p_value::text::int between split_part(p_rule, ':', 2)::int and split_part(p_rule, ':', 3)::int end
    when kind = 'bool' then type = 'boolean'
    when kind = 'keys' then case when type = 'array' then jsonb_array_length(p_value) <= split_part(p_rule, ':', 2)::int
      and not exists (select from jsonb_array_elements(p_value) e where private.fits(e, 'key') is not true) end
    else word = any (string_to_array(p_rule, '|'))
  end;
end $$;

-- A rule in words, to follow "must be".
create function private.rule_words(p_rule text) returns text
  language sql immutable set search_path = '' as $$
  select case split_part(p_rule, ':', 1)
    when 'uuid' then 'a lower-case UUID'
    when 'key' then 'an id of 1 to 64 characters'
    when 'text' then 'a text of at most ' || split_part(p_rule, ':', 2) || ' characters without control characters'
    when 'int' then 'a whole number from ' || split_part(p_rule, ':', 2) || ' to ' || split_part(p_rule, ':', 3)
    when 'bool' then 'true or false'
    when 'keys' then 'a list of at most ' || split_part(p_rule, ':', 2) || ' ids'
    else replace(p_rule, '|', ' or ') end
$$;

-- Raises `invalid` unless the object has only fields of the rules, each as its rule says. A rule that ends in ! is a
-- field that must be there; null stands for a field that is not. p_what begins the sentence, like 'Line 3'.
create function private.check_fields(p_object jsonb, p_rules jsonb, p_what text) returns void
  language plpgsql stable set search_path = '' as $$
declare
  field text;
  rule text;
begin
  if jsonb_typeof(p_object) is distinct from 'object' then
    perform private.refuse_order(p_what || ' must be an object.');
  end if;
  select f into field from jsonb_object_keys(p_object) f where not p_rules ? f limit 1;
  if field is not null then
    perform private.refuse_order(p_what || ' has a field nobody knows: ' || left(field, 40) || '.');
  end if;
  for field, rule in select * from jsonb_each_text(p_rules) loop
    if coalesce(jsonb_typeof(p_object -> field), 'null') = 'null' then
      if rule like '%!' then perform private.refuse_order(p_what || ' needs ' || field || '.'); end if;
    elsif rule not in ('any', 'any!') and private.fits(p_object -> field, rtrim(rule, '!')) is not true then
      perform private.refuse_order(p_what || ': ' || field || ' must be ' || private.rule_words(rtrim(rule, '!')) || '.');
    end if;
  end loop;
end $$;

-- The largest order anybody may send (bytes of JSON text); 500 lines with notes fit.
create function private.max_order_bytes() returns int language sql immutable set search_path = '' as $$ select 400000 $$;

-- Raises when an order is larger than that. It is made a text only when that is sure to stay small.
create function private.check_order_size(p_order jsonb) returns void
  language plpgsql stable set search_path = '' as $$
begin
  if pg_column_size(p_order) <= 8 * private.max_order_bytes() then
    if not private.printable(p_order) then
      perform private.refuse_order('The order has a number that is out of all proportion.');
    end if;
    if octet_length(p_order::text) <= private.max_order_bytes() then return; end if;
  end if;
  perform private.refuse(413, 'tooLarge', 'The order is too large: at most '
    || private.max_order_bytes() / 1000 || ' kB. Send it as several orders.');
end $$;

-- Raises unless this is the shape of an order. What is on the menu only the core knows.
create function private.check_order(p_order jsonb) returns void
  language plpgsql stable set search_path = '' as $$
declare
  line jsonb;
  at bigint;
begin
  perform private.check_order_size(p_order);
  perform private.check_fields(p_order, '{"id": "uuid", "restaurant": "uuid", "type": "dineIn|takeaway|delivery!",
    "table": "key", "covers": "int:0:500", "note": "text:300", "priority": "normal|rush|vip", "items": "any!"}', 'The order');
  if jsonb_typeof(p_order -> 'items') <> 'array' or jsonb_array_length(p_order -> 'items') not between 1 and 500 then
    perform private.refuse_order('The order needs between 1 and 500 items.');
  end if;
  for line, at in select * from jsonb_array_elements(p_order -> 'items') with ordinality loop
    perform private.check_fields(line, '{"id": "uuid", "menuItem": "key!", "quantity": "int:1:999!", "modifiers": "keys:30",
      "seat": "int:1:200", "course": "key", "note": "text:300", "allergies": "keys:14", "hold": "bool"}', 'Line ' || at);
  end loop;
  if (select count(*) <> count(distinct i ->> 'id') from jsonb_array_elements(p_order -> 'items') i
    where i ->> 'id' is not null) then
    perform private.refuse_order('Two lines have the same id.');
  end if;
end $$;

-- The command's arguments: fields that were left out stay out, ids that were left out are made.
create function private.order_body(p_id uuid, p_order jsonb) returns jsonb
  language sql volatile set search_path = '' as $$
  select jsonb_strip_nulls(p_order - 'id' - 'restaurant' - 'items') || jsonb_build_object('order', p_id, 'items',
    (select jsonb_agg(jsonb_build_object('id', gen_random_uuid()) || jsonb_strip_nulls(line) order by at)
     from jsonb_array_elements(p_order -> 'items') with ordinality l (line, at)))
$$;

-- The restaurant an order is for: the one it names, or the only one where the caller may order. Raises otherwise.
create function private.ordering_in(p_restaurant text) returns uuid
  language plpgsql stable security definer set search_path = '' as $$
declare
  mine uuid[];
begin
  if p_restaurant is not null then
    perform private.require_role(p_restaurant::uuid, 'server', 'host', 'expo', 'manager', 'admin');
    return p_restaurant::uuid;
  end if;
  mine := array(select p.restaurant_id from public.profiles p where p.user_id = auth.uid() and p.role <> 'cook');
  if cardinality(mine) = 0 then
    perform private.refuse(403, 'notAllowed', 'You may not order in any restaurant. Ask a manager for a role there.');
  elsif cardinality(mine) > 1 then
    perform private.refuse_order('You work in several restaurants: say in "restaurant" which one this order is for.');
  end if;
  return mine[1];
end $$;

-- Asks the restaurant for an order: {id?, restaurant?, type, table, covers, note, priority, items: [{id?, menuItem,
-- quantity, modifiers, seat, course, note, allergies, hold}]}. Called again with the same id and order it tells the same
-- once more. → {id, status}. Raises notAllowed, invalid, tooLarge, tooManyTries.
create function public.place_order(p_order jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  place uuid;
  wanted uuid;
  hash bytea;
  stored public.order_intake;
begin
  perform private.require_person();
  perform private.check_order(coalesce(p_order, 'null'));
  hash := sha256(convert_to(p_order::text, 'UTF8'));
  place := private.ordering_in(p_order ->> 'restaurant');
  wanted := coalesce((p_order ->> 'id')::uuid, gen_random_uuid());
  perform private.expire_intake(place, wanted);
  select * into stored from public.order_intake i where i.restaurant_id = place and i.id = wanted;
  if stored.id is null then
    perform private.check_room(place);
    insert into public.order_intake (restaurant_id, id, body, digest, created_by, by_id, by_name, by_role)
    select place, wanted, private.order_body(wanted, p_order), hash, p.user_id, coalesce(p.staff_id, p.user_id::text), p.name, p.role
    from public.profiles p where p.user_id = auth.uid() and p.restaurant_id = place
    -- The id of an order the restaurant knows already is taken, too.
    and not exists (select from private.opened(place, wanted))
    on conflict do nothing;
    if found then
      perform private.forget_intake(place);
      perform realtime.send('{}', 'intake', 'restaurant:' || place, true);
    end if;
    select * into stored from public.order_intake i where i.restaurant_id = place and i.id = wanted;
  end if;
  if stored.id is null or stored.created_by <> auth.uid() or stored.digest <> hash then
    perform private.refuse(409, 'invalid', 'This id is taken. Use a new id for a new order.');
  end if;
  return jsonb_build_object('id', stored.id, 'status', stored.status);
end $$;

-- Raises when more orders wait than a kitchen could ever mean to take: somebody's program has gone wild.
create function private.check_room(p_restaurant uuid) returns void
  language plpgsql stable security definer set search_path = '' as $$
declare
  waiting int;
begin
  select count(*) into waiting from (
    select from public.order_intake i where i.restaurant_id = p_restaurant and i.status = 'pending'
      and i.created_at >= now() - private.intake_life() limit 500) w;
  if waiting >= 500 then
    perform private.refuse(429, 'tooManyTries',
      'The restaurant has 500 orders waiting to be decided. Send this one again when its PCs are back.');
  end if;
end $$;

-- What has become of an order that was asked for: one of one's own, or any of one's restaurant for host, manager and
-- admin. Settles one that nobody took in time, so that its sender hears of it even when no core ever comes back.
-- → {id, status: pending|accepted|refused, number, code, message, at (ms of the decision, or of asking)}.
create function public.order_status(p_id uuid) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  answer jsonb;
begin
  perform private.expire_intake(p.restaurant_id, p_id) from public.profiles p where p.user_id = auth.uid();
  select jsonb_build_object('id', i.id, 'status', i.status,
      'number', case when i.status = 'accepted' then coalesce(o.number, i.number) end, 'code', i.code, 'message', i.message,
      'at', floor(extract(epoch from coalesce(i.decided_at, i.created_at)) * 1000)::bigint)
  into answer
  from public.profiles p
  join public.order_intake i on i.restaurant_id = p.restaurant_id and i.id = p_id
  left join public.orders o on o.restaurant_id = i.restaurant_id and o.id = i.id::text
  where p.user_id = auth.uid() and (i.created_by = p.user_id or p.role in ('host', 'manager', 'admin'))
  order by i.created_by = p.user_id desc, i.created_at desc limit 1;
  if answer is null then
    perform private.refuse(404, 'unknown', 'There is no such order among those you may see. Check the id.');
  end if;
  return answer;
end $$;

-- Takes requests to decide: those nobody has, and those somebody took half a minute ago and did not decide; refuses those
-- that have waited too long. No request is ever both: one that may be taken is younger than one that may be refused.
-- → [{id, order, by: {id, name, role}}], oldest first.
create function public.claim_intake(p_limit int default 20) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  self constant public.devices := private.require_device();
  requests jsonb;
begin
  perform private.expire_intake(self.restaurant_id);
  with free as (
    select i.restaurant_id, i.id from public.order_intake i
    where i.restaurant_id = self.restaurant_id and i.status = 'pending'
      and i.created_at >= now() - private.intake_life()
      and (i.claimed_at is null or i.claimed_at < now() - private.claim_life())
    order by i.created_at limit least(greatest(coalesce(p_limit, 20), 0), 50)
    for update skip locked
  ), taken as (
    update public.order_intake i set claimed_by = self.id, claimed_at = now() from free
    where i.restaurant_id = free.restaurant_id and i.id = free.id returning i.*
  )
  select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'order', t.body,
    'by', jsonb_build_object('id', t.by_id, 'name', t.by_name, 'role', t.by_role)) order by t.created_at), '[]')
  into requests from taken t;
  return requests;
end $$;

-- A core's refusal of a request it has claimed. One that somebody else has decided or claimed meanwhile stays as it is.
create function public.refuse_intake(p_id uuid, p_code text, p_message text) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  self constant public.devices := private.require_device();
begin
  perform private.accept_opened(self.restaurant_id, array[p_id]);
  update public.order_intake i
  set status = 'refused', code = left(p_code, 60), message = left(p_message, 1000), decided_at = now()
  where i.restaurant_id = self.restaurant_id and i.id = p_id and i.status = 'pending' and i.claimed_by = self.id;
end $$;

-- How many requests wait for a core, be it only to be refused; devices hear it with every report.
create or replace function private.waiting_intake(p_restaurant uuid) returns int
  language sql stable security definer set search_path = '' as $$
  select count(*)::int from public.order_intake i where i.restaurant_id = p_restaurant and i.status = 'pending'
    and (i.claimed_at is null or i.claimed_at < now() - private.claim_life())
$$;

-- Orders stand in the log: whoever asked for one hears its number. The log is the truth, even after a refusal (by a core
-- that did not know that another had accepted it while offline). Said with everything that becomes of an order, so that
-- one whose opening could not be told is told later.
create or replace function private.on_projected(p_restaurant uuid, p_orders text[]) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  update public.order_intake i
  set status = 'accepted', number = o.number, code = null, message = null, decided_at = coalesce(i.decided_at, now())
  from public.orders o
  where i.restaurant_id = p_restaurant and i.status <> 'accepted' and o.restaurant_id = p_restaurant and o.id = i.id::text
    and i.id = any (array(select asked.id::uuid from unnest(p_orders) as asked (id)
      where asked.id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'));
end $$;
