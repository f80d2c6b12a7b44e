-- @file Foundation: restaurants, their people and devices, the audit log, and who is calling. Everything else builds on it.
--
-- Rights: nothing here is granted to anybody; 000500_rights does that in one place. Functions that look things up for
-- policies or decide about callers live in schema `private`, which the API does not serve.

create schema private;
revoke all on schema private from public;

-- Hosted projects may open new tables and functions to the API's roles by default. Here everything begins closed.
-- Execution by PUBLIC can only be taken away for all schemas at once; a project of Plate's holds nothing else.
alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;
alter default privileges revoke execute on functions from public;

create type public.person_role as enum ('server', 'cook', 'expo', 'host', 'manager', 'admin');

create table public.restaurants (
  id uuid primary key default gen_random_uuid(),
  name text not null check (length(name) between 1 and 120),
  created_at timestamptz not null default now()
);

-- A person may work in several restaurants, in each with a role of their own.
create table public.profiles (
  user_id uuid not null references auth.users (id) on delete cascade,
  restaurant_id uuid not null references public.restaurants (id) on delete cascade,
  role public.person_role not null,
  -- The member of the restaurant's staff document this person is; orders carry it as their server.
  staff_id text check (length(staff_id) between 1 and 64),
  name text not null default '' check (length(name) <= 120),
  created_at timestamptz not null default now(),
  primary key (user_id, restaurant_id)
);
create index profiles_of_restaurant on public.profiles (restaurant_id);

-- A PC of the restaurant. Its row outlives its access, so that a letter (before ticket numbers) is never given twice;
-- that is why its login cannot be deleted while the row is there: revoke the device instead.
create table public.devices (
  id uuid primary key references auth.users (id) on delete restrict,
  restaurant_id uuid not null references public.restaurants (id) on delete cascade,
  core text not null check (length(core) <= 64),
  name text not null check (length(name) <= 120),
  letter text not null check (length(letter) <= 40),
  version text not null default '' check (length(version) <= 64),
  claimed_at timestamptz not null default now(),
  last_seen timestamptz,
  cursor bigint not null default 0,
  outbox int not null default 0,
  parked int not null default 0,
  revoked_at timestamptz,
  -- Name and role of who did it, for the message at the device.
  revoked_by text,
  unique (restaurant_id, letter)
);

-- What lets a new PC in, once, for some minutes. Codes are kept as SHA-256 only.
create table public.device_codes (
  hash bytea primary key,
  restaurant_id uuid not null references public.restaurants (id) on delete cascade,
  name text not null default '' check (length(name) <= 120),
  created_by uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  used_by uuid
);
create index device_codes_of_restaurant on public.device_codes (restaurant_id);

create table public.audit_log (
  id bigint generated always as identity primary key,
  restaurant_id uuid not null references public.restaurants (id) on delete cascade,
  at timestamptz not null default now(),
  -- Person or device; null for what the database or its operator did.
  actor uuid,
  actor_name text not null default '',
  action text not null,
  detail jsonb not null default '{}'
);
create index audit_log_newest on public.audit_log (restaurant_id, id desc);

alter table public.restaurants enable row level security;
alter table public.profiles enable row level security;
alter table public.devices enable row level security;
alter table public.device_codes enable row level security;
alter table public.audit_log enable row level security;

-- Refuses a call: HTTP status, a code for programs, a sentence for people that says what to do.
create function private.refuse(p_status int, p_code text, p_message text) returns void
  language plpgsql set search_path = '' as $$
begin
  raise exception using errcode = 'PT' || p_status, message = p_message, hint = p_code;
end $$;

-- Whether the caller is a login without a person, as devices are.
create function private.is_anonymous() returns boolean
  language sql stable set search_path = '' as $$
  select coalesce((auth.jwt() ->> 'is_anonymous')::boolean, false)
$$;

-- The calling device; a row of nulls when the caller is none, or was revoked (its token may still be valid).
create function private.device() returns public.devices
  language sql stable security definer set search_path = '' as $$
  select d from public.devices d where d.id = auth.uid() and d.revoked_at is null
$$;

-- Tells a revoked device who did it, so that it is known whom to call, and when, for its own clock's words: {at (ms)}.
create function private.refuse_revoked(p_device public.devices) returns void
  language plpgsql set search_path = '' as $$
begin
  raise exception using errcode = 'PT403', hint = 'revoked',
    message = coalesce(nullif(p_device.revoked_by, ''), 'A manager') || ' removed this PC from the restaurant. Ask them to let it in again.',
    detail = jsonb_build_object('at', floor(extract(epoch from p_device.revoked_at) * 1000))::text;
end $$;

-- The calling device; raises `revoked` or `notClaimed`.
create function private.require_device() returns public.devices
  language plpgsql stable security definer set search_path = '' as $$
declare
  self public.devices;
begin
  select * into self from public.devices d where d.id = auth.uid();
  if self.id is null then
    perform private.refuse(403, 'notClaimed',
      'This device belongs to no restaurant yet. Ask a manager for a device code and enter it here.');
  end if;
  if self.revoked_at is not null then
    perform private.refuse_revoked(self);
  end if;
  return self;
end $$;

-- The calling person's role in a restaurant; null when they have none there.
create function private.role_in(p_restaurant uuid) returns public.person_role
  language sql stable security definer set search_path = '' as $$
  select p.role from public.profiles p where p.user_id = auth.uid() and p.restaurant_id = p_restaurant
$$;

-- The calling person's role there, when it is one of these; raises `notAllowed` otherwise. Says the same whether the
-- restaurant exists or not.
create function private.require_role(p_restaurant uuid, variadic p_roles public.person_role[]) returns public.person_role
  language plpgsql stable security definer set search_path = '' as $$
declare
  has public.person_role := private.role_in(p_restaurant);
begin
  if has is null or has <> all (p_roles) then
    perform private.refuse(403, 'notAllowed', 'This needs the role '
      || array_to_string(p_roles, ' or ') || ' in this restaurant. Ask somebody who has it, or sign in as them.');
  end if;
  return has;
end $$;

-- The caller as the audit log and messages show them: "Farah (manager)", or the device's name.
create function private.caller_name(p_restaurant uuid) returns text
  language sql stable security definer set search_path = '' as $$
  select coalesce(
    (select coalesce(nullif(p.name, '') || ' (' || p.role || ')',
        case when p.role in ('admin', 'expo') then 'An ' else 'A ' end || p.role) from public.profiles p
      where p.user_id = auth.uid() and p.restaurant_id = p_restaurant),
    (select d.name from public.devices d where d.id = auth.uid() and d.restaurant_id = p_restaurant),
    '')
$$;

create function private.audit(p_restaurant uuid, p_action text, p_detail jsonb default '{}') returns void
  language sql security definer set search_path = '' as $$
  insert into public.audit_log (restaurant_id, actor, actor_name, action, detail)
  values (p_restaurant, auth.uid(), private.caller_name(p_restaurant), p_action, p_detail)
$$;
