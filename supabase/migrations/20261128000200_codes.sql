-- @file Codes: what the project's functions say to people and programs is a code of Plate's messages with parameters, no
-- sentence. Plate words it in the language of whoever reads it (`shared/words`); other programs word it themselves.
--
-- A refusal is an error {code: 'PT…', hint: a code for programs, message: 'cloud.…', details: the parameters as JSON}.
-- Devices and programs of version 0.1 show the code where they showed the sentence, and go by the hint as before.

-- Saying it ------------------------------------------------------------------------------------------------------------

-- Refuses a call: HTTP status, a code for programs, the code of a message for people and its parameters.
create function private.refuse(p_status int, p_code text, p_says text, p_params jsonb) returns void
  language plpgsql set search_path = '' as $$
begin
  raise exception using errcode = 'PT' || p_status, message = p_says, hint = p_code, detail = p_params::text;
end $$;

-- Refuses like private.refuse, but keeps what the call has written so far: PostgREST sends the answer with this status,
-- and clients cannot tell it from a raised error.
create function private.refuse_and_keep(p_status int, p_code text, p_says text, p_params jsonb) returns jsonb
  language plpgsql set search_path = '' as $$
begin
  perform set_config('response.status', p_status::text, true);
  return jsonb_build_object('code', 'PT' || p_status, 'message', p_says, 'hint', p_code, 'details', p_params::text);
end $$;

-- Who calls ------------------------------------------------------------------------------------------------------------

-- Beside who removed a device (`revoked_by`, a name alone from now on): in which role.
alter table public.devices add column revoked_role public.person_role;
update public.devices
set revoked_role = substring(revoked_by from '\((manager|admin)\)$')::public.person_role,
  revoked_by = regexp_replace(revoked_by, ' \((manager|admin)\)$', '')
where revoked_by ~ ' \((manager|admin)\)$';
update public.devices set revoked_role = substring(revoked_by from '\w+$')::public.person_role, revoked_by = ''
where revoked_by in ('A manager', 'An admin');

-- Tells a revoked device who did it (a name, if there is one, and the role), so that it is known whom to call, and when,
-- for its own clock's words: at (ms).
create or replace function private.refuse_revoked(p_device public.devices) returns void
  language plpgsql set search_path = '' as $$
begin
  perform private.refuse(403, 'revoked', 'cloud.removed', jsonb_build_object('who', nullif(p_device.revoked_by, ''),
    'role', coalesce(p_device.revoked_role, 'manager'), 'at', floor(extract(epoch from p_device.revoked_at) * 1000)));
end $$;

-- The calling device; raises `revoked` or `notClaimed`.
create or replace function private.require_device() returns public.devices
  language plpgsql stable security definer set search_path = '' as $$
declare
  self public.devices;
begin
  select * into self from public.devices d where d.id = auth.uid();
  if self.id is null then
    perform private.refuse(403, 'notClaimed', 'cloud.noDevice');
  end if;
  if self.revoked_at is not null then
    perform private.refuse_revoked(self);
  end if;
  return self;
end $$;

-- The calling person's role there, when it is one of these; raises `notAllowed` otherwise. Says the same whether the
-- restaurant exists or not.
create or replace function private.require_role(p_restaurant uuid, variadic p_roles public.person_role[]) returns public.person_role
  language plpgsql stable security definer set search_path = '' as $$
declare
  has public.person_role := private.role_in(p_restaurant);
begin
  if has is null or has <> all (p_roles) then
    perform private.refuse(403, 'notAllowed', 'cloud.needsRole', jsonb_build_object('roles', to_jsonb(p_roles)));
  end if;
  return has;
end $$;

-- The caller as the audit log shows them: "Farah (manager)", the role of one without a name, or the device's name.
create or replace function private.caller_name(p_restaurant uuid) returns text
  language sql stable security definer set search_path = '' as $$
  select coalesce(
    (select coalesce(nullif(p.name, '') || ' (' || p.role || ')', p.role::text) from public.profiles p
      where p.user_id = auth.uid() and p.restaurant_id = p_restaurant),
    (select d.name from public.devices d where d.id = auth.uid() and d.restaurant_id = p_restaurant),
    '')
$$;

-- The log --------------------------------------------------------------------------------------------------------------

-- Takes a batch {core, events: [envelope …]} (at most 500) into the calling device's restaurant, in the given order.
-- Answers {results: [{id, seq} | {id, refused: {code}} …], head}. Sending a batch again is harmless.
create or replace function public.append_events(p_batch jsonb) returns jsonb
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
    perform private.refuse(413, 'tooLarge', 'cloud.tooMuchAtOnce');
  end if;
  core := case when jsonb_typeof(p_batch -> 'core') = 'string' then p_batch ->> 'core' end;
  if coalesce(length(core), 0) not between 1 and 64 or jsonb_typeof(p_batch -> 'events') is distinct from 'array' then
    perform private.refuse(400, 'invalid', 'cloud.notABatch');
  end if;
  if jsonb_array_length(p_batch -> 'events') > 500 then
    perform private.refuse(413, 'tooLarge', 'cloud.batchTooLong', '{"most": 500}');
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

-- The log after `p_after`: at most `p_limit` (1–1000) rows and about 1 MB are looked at; those that core `p_core` pushed
-- itself, as this device, are left out but counted in `next`: PCs that were copied from each other share a core id. Where
-- no row is left `next` is the head, whose row may be archived; `last` is the id of the event at `next` where there is one.
-- A device that holds another event (`p_event`) at `p_after` than the log does (`same` is false) gets no events: it would
-- never learn what else it missed. Answers {events: [{seq, event} …], next, head, floor, last, same}.
create or replace function public.pull_events(p_after bigint, p_limit int, p_core text, p_event text default null) returns jsonb
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
    perform private.refuse(400, 'invalid', 'cloud.badPage', '{"most": 1000}');
  end if;
  same := private.same_log(self.restaurant_id, p_after, p_event);
  -- Row by row, so that large ones beyond the page are not even read.
  for row in select o.seq, octet_length(o.data::text) + coalesce(octet_length(o.more::text), 0) + 300 as bytes from public.order_events o
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
create or replace function public.archived_events(p_orders text[]) returns jsonb
  language plpgsql stable security definer set search_path = '' as $$
declare
  self constant public.devices := private.require_device();
begin
  if cardinality(p_orders) > 500 then
    perform private.refuse(413, 'tooLarge', 'cloud.tooManyOrders', '{"most": 500}');
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
create or replace function public.archived_after(p_after bigint, p_until bigint, p_limit int) returns jsonb
  language plpgsql stable security definer set search_path = '' as $$
declare
  self constant public.devices := private.require_device();
  row record;
  size bigint := 0;
  last bigint;
  complete boolean := true;
begin
  if p_after is null or p_after < 0 or coalesce(p_until, -1) < p_after or coalesce(p_limit, 0) not between 1 and 500 then
    perform private.refuse(400, 'invalid', 'cloud.badArchivePage', '{"most": 500}');
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

-- People ---------------------------------------------------------------------------------------------------------------

-- A text as people type it, trimmed; raises `invalid` when it is too long, holds control characters or is missing.
-- p_what: which one it is, as messages name it (`inputs` of the catalogue).
create or replace function private.clean(p_text text, p_max int, p_what text, p_needed boolean default true) returns text
  language plpgsql stable set search_path = '' as $$
declare
  clean text := btrim(coalesce(p_text, ''));
begin
  if length(clean) > p_max then
    perform private.refuse(422, 'invalid', 'cloud.inputTooLong', jsonb_build_object('input', p_what, 'most', p_max));
  elsif clean ~ '[[:cntrl:]]' then
    perform private.refuse(422, 'invalid', 'cloud.inputUnshowable', jsonb_build_object('input', p_what));
  elsif p_needed and clean = '' then
    perform private.refuse(422, 'invalid', 'cloud.inputMissing', jsonb_build_object('input', p_what));
  end if;
  return clean;
end $$;

-- The calling person's id; raises `notAllowed` for devices and for logins without a person.
create or replace function private.require_person() returns uuid
  language plpgsql stable security definer set search_path = '' as $$
begin
  if auth.uid() is null or private.is_anonymous()
    or exists (select from public.devices d where d.id = auth.uid()) then
    perform private.refuse(403, 'notAllowed', 'cloud.onlyPerson');
  end if;
  return auth.uid();
end $$;

-- Makes a restaurant with the caller as its admin. → {restaurant, name}
create or replace function public.create_restaurant(p_name text, p_person text default '') returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  me constant uuid := private.require_person();
  title constant text := private.clean(p_name, 120, 'restaurantName');
  person constant text := private.clean(p_person, 120, 'ownName', false);
  made uuid;
begin
  -- One at a time for each person, so that the limit holds for calls at the same moment, too.
  perform pg_advisory_xact_lock(hashtextextended('create_restaurant ' || me, 0));
  if (select count(*) from public.profiles p where p.user_id = me and p.role = 'admin') >= 50 then
    perform private.refuse(403, 'notAllowed', 'cloud.adminOfMany', '{"most": 50}');
  end if;
  insert into public.restaurants (name) values (title) returning id into made;
  insert into public.profiles (user_id, restaurant_id, role, name) values (me, made, 'admin', person);
  perform private.audit(made, 'restaurant.created', jsonb_build_object('name', title));
  return jsonb_build_object('restaurant', made, 'name', title);
end $$;

-- The role a person has, for the caller who wants to change it to p_wanted (null: to remove it). Admins may do anything
-- but leave the restaurant without an admin; managers look after those below them, so that nobody promotes himself.
create or replace function private.require_may_set(p_restaurant uuid, p_user uuid, p_wanted public.person_role)
  returns public.person_role language plpgsql security definer set search_path = '' as $$
declare
  below constant public.person_role[] := '{server,cook,expo,host}';
  mine public.person_role := private.require_role(p_restaurant, 'manager', 'admin');
  has public.person_role;
begin
  -- One change of people at a time, decided by the roles after the one before: two admins must not remove each other.
  perform from public.restaurants r where r.id = p_restaurant for no key update;
  mine := private.require_role(p_restaurant, 'manager', 'admin');
  select p.role into has from public.profiles p where p.restaurant_id = p_restaurant and p.user_id = p_user;
  if mine = 'manager' and not (coalesce(has, 'server') = any (below) and coalesce(p_wanted, 'server') = any (below)) then
    perform private.refuse(403, 'notAllowed', 'cloud.onlyAdmin');
  end if;
  if has = 'admin' and p_wanted is distinct from 'admin' and not exists (
    select from public.profiles p where p.restaurant_id = p_restaurant and p.role = 'admin' and p.user_id <> p_user) then
    perform private.refuse(403, 'notAllowed', 'cloud.lastAdmin');
  end if;
  return has;
end $$;

-- Gives the person with this e-mail address (who has signed up before and confirmed it: anybody may sign up with anybody's)
-- a role in the restaurant, or changes it.
-- p_staff_id: the member of the staff document this person is. → {user, role, staff_id, name}
create or replace function public.set_person(p_restaurant uuid, p_email text, p_role public.person_role, p_staff_id text default null,
  p_name text default '') returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  person constant text := private.clean(p_name, 120, 'personName', false);
  staff constant text := nullif(private.clean(p_staff_id, 64, 'staffId', false), '');
  target uuid;
  confirmed boolean;
  stored public.profiles;
begin
  perform private.require_role(p_restaurant, 'manager', 'admin');
  if p_role is null then
    perform private.refuse(422, 'invalid', 'cloud.inputMissing', '{"input": "role"}');
  end if;
  select u.id, u.email_confirmed_at is not null into target, confirmed from auth.users u
  where u.email = lower(btrim(p_email)) and not u.is_anonymous and u.deleted_at is null
    and not exists (select from public.devices d where d.id = u.id)
  order by u.is_sso_user, u.created_at limit 1;
  if target is null then
    perform private.refuse(404, 'unknown', 'cloud.nobodySignedUp');
  end if;
  if not confirmed then
    perform private.refuse(422, 'invalid', 'cloud.personNotConfirmed');
  end if;
  perform private.require_may_set(p_restaurant, target, p_role);
  insert into public.profiles as p (user_id, restaurant_id, role, staff_id, name)
  values (target, p_restaurant, p_role, staff, person)
  on conflict (user_id, restaurant_id) do update
    set role = excluded.role, staff_id = excluded.staff_id, name = coalesce(nullif(excluded.name, ''), p.name)
  returning * into stored;
  perform private.audit(p_restaurant, 'person.set',
    jsonb_build_object('user', target, 'role', p_role, 'staff', staff, 'name', stored.name));
  return jsonb_build_object('user', target, 'role', p_role, 'staff_id', staff, 'name', stored.name);
end $$;

-- Devices --------------------------------------------------------------------------------------------------------------

-- Makes a code that lets one new PC in within 15 minutes. → {code: 'XXXXX-XXXXX', expires_at}
create or replace function public.create_device_code(p_restaurant uuid, p_name text default '') returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  pc constant text := private.clean(p_name, 120, 'deviceName', false);
  code constant text := private.new_code();
  expires constant timestamptz := now() + interval '15 minutes';
begin
  perform private.require_role(p_restaurant, 'manager', 'admin');
  -- Used and expired codes have no further use; who used which stands in the audit log.
  delete from public.device_codes c where c.restaurant_id = p_restaurant and (c.expires_at < now() or c.used_at is not null);
  if (select count(*) from public.device_codes c where c.restaurant_id = p_restaurant) >= 50 then
    perform private.refuse(429, 'tooManyTries', 'cloud.manyCodes', '{"most": 50, "minutes": 15}');
  end if;
  insert into public.device_codes (hash, restaurant_id, name, created_by, expires_at)
  values (private.code_hash(code), p_restaurant, pc, auth.uid(), expires);
  perform private.audit(p_restaurant, 'device.codeMade', jsonb_build_object('name', pc));
  return jsonb_build_object('code', left(code, 5) || '-' || right(code, 5), 'expires_at', expires);
end $$;

-- What a device puts before its ticket numbers: its own letter when nobody has it, none for the first device, else the
-- next of AB, AC … AZ, AZB … Never one that any device ever had. The caller holds the restaurant's lock.
create or replace function private.next_letter(p_restaurant uuid, p_own text) returns text
  language plpgsql stable security definer set search_path = '' as $$
declare
  taken constant text[] := array(select d.letter from public.devices d where d.restaurant_id = p_restaurant);
  letter text;
begin
  if p_own <> '' and p_own <> all (taken) then return p_own; end if;
  if cardinality(taken) = 0 then return ''; end if;
  for n in 0 .. 900 loop
    letter := 'A' || repeat('Z', n / 25) || chr(66 + n % 25);
    if letter <> all (taken) then return letter; end if;
  end loop;
  perform private.refuse(403, 'notAllowed', 'cloud.tooManyDevices');
end $$;

-- Uses up a code; the row of nulls when there is no such code (any more), or whoever made it may make none any more.
-- Counts wrong ones: raises `tooManyTries`.
create or replace function private.use_code(p_code text) returns public.device_codes
  language plpgsql security definer set search_path = '' as $$
declare
  tries int;
  found_code public.device_codes;
begin
  -- The lock on this row makes guesses of one login queue up, so that many at once do not slip through.
  insert into private.claim_tries as t (user_id) values (auth.uid())
  on conflict (user_id) do update set wrong = case when t.last < now() - interval '15 minutes' then 0 else t.wrong end
  returning wrong into tries;
  if tries >= 10 then
    perform private.refuse(429, 'tooManyTries', 'cloud.wrongCodes', '{"minutes": 15}');
  end if;
  update public.device_codes c set used_at = now(), used_by = auth.uid()
  where c.hash = private.code_hash(p_code) and c.used_at is null and c.expires_at > now()
    and exists (select from public.profiles p
      where p.user_id = c.created_by and p.restaurant_id = c.restaurant_id and p.role in ('manager', 'admin'))
  returning * into found_code;
  if found_code.hash is null then
    update private.claim_tries t set wrong = t.wrong + 1, last = now() where t.user_id = auth.uid();
  else
    delete from private.claim_tries t where t.user_id = auth.uid();
  end if;
  return found_code;
end $$;

-- Raises when a code leads to another restaurant than a PC belongs to (p_wanted), or to an empty one when the PC is to take
-- over what is there (p_filled): it would be left without a menu. As it raises, the code is not used up.
create or replace function private.check_claim(p_restaurant uuid, p_wanted uuid, p_filled boolean) returns void
  language plpgsql stable security definer set search_path = '' as $$
begin
  if p_wanted <> p_restaurant then
    perform private.refuse(403, 'notAllowed', 'cloud.otherRestaurant');
  end if;
  if p_filled and not exists (select from private.counters c where c.restaurant_id = p_restaurant and c.seq > 0) then
    perform private.refuse(409, 'invalid', 'cloud.stillEmpty');
  end if;
end $$;

-- Makes the calling login (anonymous, of this PC alone) a device of the restaurant whose manager made the code. Called
-- again by a device that belongs to one already, it tells the same once more, whatever the code: an answer may get lost.
-- p_restaurant and p_filled: what must be so for the code to be used (see check_claim).
-- → {device, restaurant, name, letter, head, floor}
create or replace function public.claim_device(p_code text, p_core text, p_name text default '', p_letter text default '',
  p_version text default '', p_restaurant uuid default null, p_filled boolean default false) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  pc constant text := private.clean(p_name, 120, 'deviceName', false);
  core constant text := private.clean(p_core, 64, 'coreId');
  version constant text := private.clean(p_version, 64, 'version', false);
  letter constant text := private.clean(p_letter, 40, 'letter', false);
  self public.devices;
  used public.device_codes;
begin
  if auth.uid() is null or not private.is_anonymous()
    or exists (select from public.profiles p where p.user_id = auth.uid()) then
    perform private.refuse(403, 'notAllowed', 'cloud.personIsNoDevice');
  end if;
  -- Two calls of one device at the same moment must not use up two codes.
  perform pg_advisory_xact_lock(hashtextextended('claim_device ' || auth.uid(), 0));
  if exists (select from public.devices d where d.id = auth.uid()) then
    return private.claimed(private.require_device());
  end if;
  used := private.use_code(p_code);
  if used.hash is null then
    return private.refuse_and_keep(403, 'wrongCode', 'cloud.wrongCode', '{"minutes": 15}');
  end if;
  perform private.check_claim(used.restaurant_id, p_restaurant, p_filled);
  perform from public.restaurants r where r.id = used.restaurant_id for no key update;
  insert into public.devices (id, restaurant_id, core, name, letter, version)
  values (auth.uid(), used.restaurant_id, core, coalesce(nullif(used.name, ''), nullif(pc, ''), 'Device'),
    private.next_letter(used.restaurant_id, letter), version)
  returning * into self;
  perform private.audit(self.restaurant_id, 'device.claimed',
    jsonb_build_object('device', self.id, 'name', self.name, 'letter', self.letter, 'codeBy', used.created_by));
  return private.claimed(self);
end $$;

-- Takes a device's access away, from its very next call on.
create or replace function public.revoke_device(p_device uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  device constant public.devices := private.require_device_of_mine(p_device);
begin
  if device.revoked_at is not null then return; end if;
  update public.devices d set revoked_at = now(), revoked_by = p.name, revoked_role = p.role
  from public.profiles p
  where d.id = p_device and p.user_id = auth.uid() and p.restaurant_id = device.restaurant_id;
  perform private.audit(device.restaurant_id, 'device.revoked', jsonb_build_object('device', p_device, 'name', device.name));
  perform private.tell_device(device);
end $$;

-- Lets a revoked device in again, with its letter and whatever waits in its outbox.
create or replace function public.readmit_device(p_device uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  device constant public.devices := private.require_device_of_mine(p_device);
begin
  if device.revoked_at is null then return; end if;
  update public.devices d set revoked_at = null, revoked_by = null, revoked_role = null where d.id = p_device;
  perform private.audit(device.restaurant_id, 'device.readmitted', jsonb_build_object('device', p_device, 'name', device.name));
  perform private.tell_device(device);
end $$;

-- Orders of other programs ---------------------------------------------------------------------------------------------

-- Parameters of a refusal's code, worth nothing without one. `message` is the sentence that a core of version 0.1 gave instead.
alter table public.order_intake add column params jsonb;

-- Refuses the requests of a restaurant (or this one of them) that nobody took in time. One that a core has just taken is
-- left to it, and one that somebody is at this very moment at is passed over: it comes with the next call.
create or replace function private.expire_intake(p_restaurant uuid, p_id uuid default null) returns void
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
  update public.order_intake i set status = 'refused', code = 'expired', params = null, decided_at = now()
  where i.restaurant_id = p_restaurant and i.id = any (late) and i.status = 'pending';
end $$;

-- What a value must be, as part of a message.
create function private.rule_says(p_rule text) returns jsonb
  language sql immutable set search_path = '' as $$
  select case split_part(p_rule, ':', 1)
    when 'uuid' then '{"code": "cloud.ruleUuid"}'
    when 'key' then '{"code": "cloud.ruleKey", "params": {"most": 64}}'
    when 'text' then jsonb_build_object('code', 'cloud.ruleText',
      'params', jsonb_build_object('most', split_part(p_rule, ':', 2)::int))
    when 'int' then jsonb_build_object('code', 'cloud.ruleInt',
      'params', jsonb_build_object('least', split_part(p_rule, ':', 2)::int, 'most', split_part(p_rule, ':', 3)::int))
    when 'bool' then '{"code": "cloud.ruleBool"}'
    when 'keys' then jsonb_build_object('code', 'cloud.ruleKeys',
      'params', jsonb_build_object('most', split_part(p_rule, ':', 2)::int))
    else jsonb_build_object('code', 'cloud.ruleOneOf',
      'params', jsonb_build_object('choices', string_to_array(p_rule, '|'))) end
$$;

-- Raises `invalid` unless the object has only fields of the rules, each as its rule says. A rule that ends in ! is a
-- field that must be there; null stands for a field that is not. p_what: what it is,
-- as part of a message, like 'Line 3'.
create function private.check_fields(p_object jsonb, p_rules jsonb, p_what jsonb) returns void
  language plpgsql stable set search_path = '' as $$
declare
  field text;
  rule text;
begin
  if jsonb_typeof(p_object) is distinct from 'object' then
    perform private.refuse(422, 'invalid', 'cloud.noObject', jsonb_build_object('what', p_what));
  end if;
  select f into field from jsonb_object_keys(p_object) f where not p_rules ? f limit 1;
  if field is not null then
    perform private.refuse(422, 'invalid', 'cloud.unknownField', jsonb_build_object('what', p_what, 'name', left(field, 40)));
  end if;
  for field, rule in select * from jsonb_each_text(p_rules) loop
    if coalesce(jsonb_typeof(p_object -> field), 'null') = 'null' then
      if rule like '%!' then
        perform private.refuse(422, 'invalid', 'cloud.fieldMissing', jsonb_build_object('what', p_what, 'name', field));
      end if;
    elsif rule not in ('any', 'any!') and private.fits(p_object -> field, rtrim(rule, '!')) is not true then
      perform private.refuse(422, 'invalid', 'cloud.fieldMustBe',
        jsonb_build_object('what', p_what, 'name', field, 'rule', private.rule_says(rtrim(rule, '!'))));
    end if;
  end loop;
end $$;

-- Raises when an order is larger than that. It is made a text only when that is sure to stay small.
create or replace function private.check_order_size(p_order jsonb) returns void
  language plpgsql stable set search_path = '' as $$
begin
  if pg_column_size(p_order) <= 8 * private.max_order_bytes() then
    if not private.printable(p_order) then
      perform private.refuse(422, 'invalid', 'cloud.wildNumber');
    end if;
    if octet_length(p_order::text) <= private.max_order_bytes() then return; end if;
  end if;
  perform private.refuse(413, 'tooLarge', 'cloud.orderTooLarge',
    jsonb_build_object('kilobytes', private.max_order_bytes() / 1000));
end $$;

-- Raises unless this is the shape of an order. What is on the menu only the core knows.
create or replace function private.check_order(p_order jsonb) returns void
  language plpgsql stable set search_path = '' as $$
declare
  line jsonb;
  at bigint;
begin
  perform private.check_order_size(p_order);
  perform private.check_fields(p_order, '{"id": "uuid", "restaurant": "uuid", "type": "dineIn|takeaway|delivery!",
    "table": "key", "covers": "int:0:500", "note": "text:300", "priority": "normal|rush|vip",
    "items": "any!"}', '{"code": "cloud.theOrder"}');
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

-- The restaurant an order is for: the one it names, or the only one where the caller may order. Raises otherwise.
create or replace function private.ordering_in(p_restaurant text) returns uuid
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
    perform private.refuse(403, 'notAllowed', 'cloud.ordersNowhere');
  elsif cardinality(mine) > 1 then
    perform private.refuse(422, 'invalid', 'cloud.ordersInSeveral');
  end if;
  return mine[1];
end $$;

-- Asks the restaurant for an order: {id?, restaurant?, type, table, covers, note, priority, items: [{id?, menuItem,
-- quantity, modifiers, seat, course, note, allergies, hold}]}. Called again with the same id and order it tells the same
-- once more. → {id, status}. Raises notAllowed, invalid, tooLarge, tooManyTries.
create or replace function public.place_order(p_order jsonb) returns jsonb
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
    perform private.refuse(409, 'invalid', 'cloud.orderIdTaken');
  end if;
  return jsonb_build_object('id', stored.id, 'status', stored.status);
end $$;

-- Raises when more orders wait than a kitchen could ever mean to take: somebody's program has gone wild.
create or replace function private.check_room(p_restaurant uuid) returns void
  language plpgsql stable security definer set search_path = '' as $$
declare
  waiting int;
begin
  select count(*) into waiting from (
    select from public.order_intake i where i.restaurant_id = p_restaurant and i.status = 'pending'
      and i.created_at >= now() - private.intake_life() limit 500) w;
  if waiting >= 500 then
    perform private.refuse(429, 'tooManyTries', 'cloud.manyOrdersWait', '{"most": 500}');
  end if;
end $$;

-- What has become of an order that was asked for: one of one's own, or any of one's restaurant for host, manager and
-- admin. Settles one that nobody took in time, so that its sender hears of it even when no core ever comes back.
-- → {id, status: pending|accepted|refused, number, code, params, message, at (ms of the decision, or of asking)}.
create or replace function public.order_status(p_id uuid) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  answer jsonb;
begin
  perform private.expire_intake(p.restaurant_id, p_id) from public.profiles p where p.user_id = auth.uid();
  select jsonb_build_object('id', i.id, 'status', i.status,
      'number', case when i.status = 'accepted' then coalesce(o.number, i.number) end, 'code', i.code,
      'params', case when i.code is not null then i.params end, 'message', i.message,
      'at', floor(extract(epoch from coalesce(i.decided_at, i.created_at)) * 1000)::bigint)
  into answer
  from public.profiles p
  join public.order_intake i on i.restaurant_id = p.restaurant_id and i.id = p_id
  left join public.orders o on o.restaurant_id = i.restaurant_id and o.id = i.id::text
  where p.user_id = auth.uid() and (i.created_by = p.user_id or p.role in ('host', 'manager', 'admin'))
  order by i.created_by = p.user_id desc, i.created_at desc limit 1;
  if answer is null then
    perform private.refuse(404, 'unknown', 'cloud.unknownRequest');
  end if;
  return answer;
end $$;

-- contract: the one below takes what this took, and PostgREST would not know which of the two is meant.
drop function public.refuse_intake(uuid, text, text);

-- A core's refusal of a request it has claimed, as a code with its parameters (a core of version 0.1: and a sentence). One
-- that somebody else has decided or claimed meanwhile stays as it is. Parameters out of all proportion are left out.
create function public.refuse_intake(p_id uuid, p_code text, p_message text default null, p_params jsonb default null)
  returns void language plpgsql security definer set search_path = '' as $$
declare
  self constant public.devices := private.require_device();
  told constant jsonb := case when jsonb_typeof(p_params) = 'object' and pg_column_size(p_params) <= 4000
    and private.printable(p_params) then p_params end;
begin
  perform private.accept_opened(self.restaurant_id, array[p_id]);
  update public.order_intake i
  set status = 'refused', code = left(p_code, 60), params = told, message = left(p_message, 1000), decided_at = now()
  where i.restaurant_id = self.restaurant_id and i.id = p_id and i.status = 'pending' and i.claimed_by = self.id;
end $$;
grant execute on function public.refuse_intake(uuid, text, text, jsonb) to authenticated;

-- What nothing calls any more -----------------------------------------------------------------------------------------

-- contract: private, and called by the functions above alone, in the versions they had before.
drop function private.refuse_and_keep(int, text, text);
-- contract: private, and called by the functions above alone, in the versions they had before.
drop function private.check_fields(jsonb, jsonb, text);
-- contract: private, and called by the functions above alone, in the versions they had before.
drop function private.refuse_order(text);
-- contract: private, and called by the functions above alone, in the versions they had before.
drop function private.rule_words(text);
