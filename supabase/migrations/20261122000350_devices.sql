-- @file Devices: codes that let them in, claiming, taking access away and giving it back. The only writer of device_codes and,
-- but for what devices report of themselves, of devices.

-- Wrong device codes per login, so that nobody can go on guessing. Forgotten 15 minutes after the last one.
create table private.claim_tries (
  user_id uuid primary key references auth.users (id) on delete cascade,
  wrong int not null default 0,
  last timestamptz not null default now()
);

-- Refuses like private.refuse, but keeps what the call has written so far: PostgREST sends the answer with this status,
-- and clients cannot tell it from a raised error.
create function private.refuse_and_keep(p_status int, p_code text, p_message text) returns jsonb
  language plpgsql set search_path = '' as $$
begin
  perform set_config('response.status', p_status::text, true);
  return jsonb_build_object('code', 'PT' || p_status, 'message', p_message, 'hint', p_code, 'details', null);
end $$;

-- Ten random characters of Crockford's base 32 (50 bits): no I, L, O or U that could be misread.
create function private.new_code() returns text
  language sql volatile set search_path = '' as $$
  select string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + get_byte(r.bytes, i) % 32, 1), '' order by i)
  from (select sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) as bytes offset 0) r,
    generate_series(0, 9) i
$$;

-- The hash of a code however it was typed: lower case, dashes, spaces, O for 0, I or L for 1.
create function private.code_hash(p_code text) returns bytea
  language sql immutable set search_path = '' as $$
  select sha256(convert_to(
    translate(regexp_replace(upper(left(p_code, 100)), '[^0-9A-Z]', '', 'g'), 'OIL', '011'), 'UTF8'))
$$;

-- Makes a code that lets one new PC in within 15 minutes. → {code: 'XXXXX-XXXXX', expires_at}
create function public.create_device_code(p_restaurant uuid, p_name text default '') returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  pc constant text := private.clean(p_name, 120, 'The name of the device', false);
  code constant text := private.new_code();
  expires constant timestamptz := now() + interval '15 minutes';
begin
  perform private.require_role(p_restaurant, 'manager', 'admin');
  -- Used and expired codes have no further use; who used which stands in the audit log.
  delete from public.device_codes c where c.restaurant_id = p_restaurant and (c.expires_at < now() or c.used_at is not null);
  if (select count(*) from public.device_codes c where c.restaurant_id = p_restaurant) >= 50 then
    perform private.refuse(429, 'tooManyTries', 'There are 50 unused codes already. Use one of them, or wait 15 minutes.');
  end if;
  insert into public.device_codes (hash, restaurant_id, name, created_by, expires_at)
  values (private.code_hash(code), p_restaurant, pc, auth.uid(), expires);
  perform private.audit(p_restaurant, 'device.codeMade', jsonb_build_object('name', pc));
  return jsonb_build_object('code', left(code, 5) || '-' || right(code, 5), 'expires_at', expires);
end $$;

-- What a device puts before its ticket numbers: its own letter when nobody has it, none for the first device, else the
-- next of AB, AC … AZ, AZB … Never one that any device ever had. The caller holds the restaurant's lock.
create function private.next_letter(p_restaurant uuid, p_own text) returns text
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
  perform private.refuse(403, 'notAllowed', 'This restaurant has had too many devices. Let in one of the old ones instead.');
end $$;

-- What a device learns when it belongs to its restaurant.
create function private.claimed(p_device public.devices) returns jsonb
  language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('device', p_device.id, 'restaurant', r.id, 'name', r.name, 'letter', p_device.letter,
    'head', coalesce(c.seq, 0), 'floor', coalesce(c.floor, 0))
  from public.restaurants r left join private.counters c on c.restaurant_id = r.id
  where r.id = p_device.restaurant_id
$$;

-- Uses up a code; the row of nulls when there is no such code (any more), or whoever made it may make none any more.
-- Counts wrong ones: raises `tooManyTries`.
create function private.use_code(p_code text) returns public.device_codes
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
    perform private.refuse(429, 'tooManyTries', 'Too many wrong codes. Wait 15 minutes, then ask a manager for a new code.');
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
create function private.check_claim(p_restaurant uuid, p_wanted uuid, p_filled boolean) returns void
  language plpgsql stable security definer set search_path = '' as $$
begin
  if p_wanted <> p_restaurant then
    perform private.refuse(403, 'notAllowed', 'This code is for another restaurant than this PC belongs to. '
      || 'Ask a manager of its own restaurant for a code, or disconnect the PC first.');
  end if;
  if p_filled and not exists (select from private.counters c where c.restaurant_id = p_restaurant and c.seq > 0) then
    perform private.refuse(409, 'invalid', 'This restaurant is still empty in the cloud: there is nothing to take over. '
      || 'Choose to send this PC''s orders and menu to the cloud.');
  end if;
end $$;

-- Makes the calling login (anonymous, of this PC alone) a device of the restaurant whose manager made the code. Called
-- again by a device that belongs to one already, it tells the same once more, whatever the code: an answer may get lost.
-- p_restaurant and p_filled: what must be so for the code to be used (see check_claim).
-- → {device, restaurant, name, letter, head, floor}
create function public.claim_device(p_code text, p_core text, p_name text default '', p_letter text default '',
  p_version text default '', p_restaurant uuid default null, p_filled boolean default false) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  pc constant text := private.clean(p_name, 120, 'The name of the device', false);
  core constant text := private.clean(p_core, 64, 'The id of the core');
  version constant text := private.clean(p_version, 64, 'The version', false);
  letter constant text := private.clean(p_letter, 40, 'The letter', false);
  self public.devices;
  used public.device_codes;
begin
  if auth.uid() is null or not private.is_anonymous()
    or exists (select from public.profiles p where p.user_id = auth.uid()) then
    perform private.refuse(403, 'notAllowed',
      'A person''s login cannot be a device. Sign out on this device and enter the code again.');
  end if;
  -- Two calls of one device at the same moment must not use up two codes.
  perform pg_advisory_xact_lock(hashtextextended('claim_device ' || auth.uid(), 0));
  if exists (select from public.devices d where d.id = auth.uid()) then
    return private.claimed(private.require_device());
  end if;
  used := private.use_code(p_code);
  if used.hash is null then
    return private.refuse_and_keep(403, 'wrongCode',
      'This code is wrong, used or older than 15 minutes. Check it, or ask a manager for a new one.');
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

-- Tells the devices of a restaurant that the rights of one of them changed.
create function private.tell_device(p_device public.devices) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  perform realtime.send(jsonb_build_object('device', p_device.id), 'device', 'restaurant:' || p_device.restaurant_id, true);
end $$;

-- Whether a device revoked lately may still hear the topic: Realtime asks for rights when a channel is joined or its
-- token renewed, and a token lives an hour. Until it is surely over, hints go without what they are about.
create function private.overheard(p_restaurant uuid) returns boolean
  language sql stable security definer set search_path = '' as $$
  select exists (select from public.devices d
    where d.restaurant_id = p_restaurant and d.revoked_at > now() - interval '2 hours')
$$;

-- A device that the caller looks after; raises `notAllowed`, also for devices that do not exist.
create function private.require_device_of_mine(p_device uuid) returns public.devices
  language plpgsql security definer set search_path = '' as $$
declare
  found_device public.devices;
begin
  select * into found_device from public.devices d where d.id = p_device;
  perform private.require_role(found_device.restaurant_id, 'manager', 'admin');
  select * into found_device from public.devices d where d.id = p_device for no key update;
  return found_device;
end $$;

-- Takes a device's access away, from its very next call on.
create function public.revoke_device(p_device uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  device constant public.devices := private.require_device_of_mine(p_device);
begin
  if device.revoked_at is not null then return; end if;
  update public.devices d set revoked_at = now(), revoked_by = private.caller_name(device.restaurant_id)
  where d.id = p_device;
  perform private.audit(device.restaurant_id, 'device.revoked', jsonb_build_object('device', p_device, 'name', device.name));
  perform private.tell_device(device);
end $$;

-- Lets a revoked device in again, with its letter and whatever waits in its outbox.
create function public.readmit_device(p_device uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  device constant public.devices := private.require_device_of_mine(p_device);
begin
  if device.revoked_at is null then return; end if;
  update public.devices d set revoked_at = null, revoked_by = null where d.id = p_device;
  perform private.audit(device.restaurant_id, 'device.readmitted', jsonb_build_object('device', p_device, 'name', device.name));
  perform private.tell_device(device);
end $$;
