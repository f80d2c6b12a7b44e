-- @file What a hosted Supabase database has before a project's first migration: roles, schemas, extensions. Runs as the superuser.
do $$
declare
  wanted constant jsonb := '{
    "anon": "nologin noinherit", "authenticated": "nologin noinherit", "service_role": "nologin noinherit bypassrls",
    "authenticator": "login noinherit", "postgres": "login createdb createrole bypassrls",
    "supabase_auth_admin": "nologin noinherit", "supabase_realtime_admin": "nologin noinherit"
  }';
  r record;
begin
  for r in select key, value from jsonb_each_text(wanted) loop
    if not exists (select from pg_roles where rolname = r.key) then
      execute format('create role %I %s', r.key, r.value);
    end if;
  end loop;
end $$;
alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
grant anon, authenticated, service_role to authenticator, postgres;
-- Hosted projects let postgres write policies on realtime.messages, which belongs to this role.
grant supabase_realtime_admin to postgres;

alter database :"database" owner to postgres;
alter schema public owner to postgres;
grant usage on schema public to anon, authenticated, service_role;

create schema extensions authorization postgres;
grant usage on schema extensions to public;
create extension pgcrypto schema extensions;
create extension "uuid-ossp" schema extensions;
alter database :"database" set search_path = "$user", public, extensions;

create publication supabase_realtime;
alter publication supabase_realtime owner to postgres;

-- The API hears of every change to the schema and looks again.
create function extensions.pgrst_ddl_watch() returns event_trigger language plpgsql as $$
begin
  notify pgrst, 'reload schema';
end $$;
create event trigger pgrst_ddl_watch on ddl_command_end execute function extensions.pgrst_ddl_watch();
