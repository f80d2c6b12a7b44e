-- @file People: who may make restaurants and give people roles in them. The only writer of restaurants and profiles.

-- A text as people type it, trimmed; raises `invalid` when it is too long, holds control characters or is missing.
create function private.clean(p_text text, p_max int, p_what text, p_needed boolean default true) returns text
  language plpgsql stable set search_path = '' as $$
declare
  clean text := btrim(coalesce(p_text, ''));
begin
  if length(clean) > p_max then
    perform private.refuse(422, 'invalid', p_what || ' is too long: at most ' || p_max || ' characters.');
  elsif clean ~ '[[:cntrl:]]' then
    perform private.refuse(422, 'invalid', p_what || ' has characters that cannot be shown. Type it again.');
  elsif p_needed and clean = '' then
    perform private.refuse(422, 'invalid', p_what || ' is missing.');
  end if;
  return clean;
end $$;

-- The calling person's id; raises `notAllowed` for devices and for logins without a person.
create function private.require_person() returns uuid
  language plpgsql stable security definer set search_path = '' as $$
begin
  if auth.uid() is null or private.is_anonymous()
    or exists (select from public.devices d where d.id = auth.uid()) then
    perform private.refuse(403, 'notAllowed', 'Only a person can do this. Sign in with e-mail and password.');
  end if;
  return auth.uid();
end $$;

-- Makes a restaurant with the caller as its admin. → {restaurant, name}
create function public.create_restaurant(p_name text, p_person text default '') returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  me constant uuid := private.require_person();
  title constant text := private.clean(p_name, 120, 'The name of the restaurant');
  person constant text := private.clean(p_person, 120, 'Your name', false);
  made uuid;
begin
  -- One at a time for each person, so that the limit holds for calls at the same moment, too.
  perform pg_advisory_xact_lock(hashtextextended('create_restaurant ' || me, 0));
  if (select count(*) from public.profiles p where p.user_id = me and p.role = 'admin') >= 50 then
    perform private.refuse(403, 'notAllowed', 'You are the admin of 50 restaurants already. Use another account for more.');
  end if;
  insert into public.restaurants (name) values (title) returning id into made;
  insert into public.profiles (user_id, restaurant_id, role, name) values (me, made, 'admin', person);
  perform private.audit(made, 'restaurant.created', jsonb_build_object('name', title));
  return jsonb_build_object('restaurant', made, 'name', title);
end $$;

-- The restaurants the caller works in, by name. `empty`: no device has sent anything yet. → [{id, name, role, empty}]
create function public.my_restaurants() returns jsonb
  language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name, 'role', p.role,
      'empty', coalesce((select c.seq = 0 from private.counters c where c.restaurant_id = r.id), true))
    order by r.name, r.id), '[]')
  from public.profiles p join public.restaurants r on r.id = p.restaurant_id
  where p.user_id = auth.uid()
$$;

-- The role a person has, for the caller who wants to change it to p_wanted (null: to remove it). Admins may do anything
-- but leave the restaurant without an admin; managers look after those below them, so that nobody promotes himself.
create function private.require_may_set(p_restaurant uuid, p_user uuid, p_wanted public.person_role)
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
    perform private.refuse(403, 'notAllowed', 'Only an admin may do this for managers and admins. Ask one of them.');
  end if;
  if has = 'admin' and p_wanted is distinct from 'admin' and not exists (
    select from public.profiles p where p.restaurant_id = p_restaurant and p.role = 'admin' and p.user_id <> p_user) then
    perform private.refuse(403, 'notAllowed', 'This is the last admin of the restaurant. Make somebody else admin first.');
  end if;
  return has;
end $$;

-- Gives the person with this e-mail address (who has signed up before and confirmed it: anybody may sign up with anybody's)
-- a role in the restaurant, or changes it.
-- p_staff_id: the member of the staff document this person is. → {user, role, staff_id, name}
create function public.set_person(p_restaurant uuid, p_email text, p_role public.person_role, p_staff_id text default null,
  p_name text default '') returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  person constant text := private.clean(p_name, 120, 'The name', false);
  staff constant text := nullif(private.clean(p_staff_id, 64, 'The id of the staff member', false), '');
  target uuid;
  confirmed boolean;
  stored public.profiles;
begin
  perform private.require_role(p_restaurant, 'manager', 'admin');
  if p_role is null then
    perform private.refuse(422, 'invalid', 'The role is missing.');
  end if;
  select u.id, u.email_confirmed_at is not null into target, confirmed from auth.users u
  where u.email = lower(btrim(p_email)) and not u.is_anonymous and u.deleted_at is null
    and not exists (select from public.devices d where d.id = u.id)
  order by u.is_sso_user, u.created_at limit 1;
  if target is null then
    perform private.refuse(404, 'unknown',
      'Nobody has signed up with this e-mail address. Ask them to sign up, or invite them in the Supabase dashboard.');
  end if;
  if not confirmed then
    perform private.refuse(422, 'invalid', 'Nobody has confirmed this e-mail address yet. Ask them to open the link in the '
      || 'e-mail they got when they signed up, then try again.');
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

-- Takes a person's role in the restaurant away. Nothing happens when they have none.
create function public.remove_person(p_restaurant uuid, p_user uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  had constant public.person_role := private.require_may_set(p_restaurant, p_user, null);
begin
  if had is null then return; end if;
  delete from public.profiles p where p.restaurant_id = p_restaurant and p.user_id = p_user;
  perform private.audit(p_restaurant, 'person.removed', jsonb_build_object('user', p_user, 'role', had));
end $$;
