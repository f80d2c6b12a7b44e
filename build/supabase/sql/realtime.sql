-- @file The realtime schema of a hosted project: messages, their authorisation, sending from SQL. Here messages reach the server by NOTIFY. Runs as the superuser.
create schema realtime authorization supabase_realtime_admin;
grant usage on schema realtime to postgres, anon, authenticated, service_role;

create table realtime.messages (
  id uuid not null default gen_random_uuid(),
  topic text not null,
  extension text not null,
  payload jsonb,
  event text,
  private boolean default false,
  inserted_at timestamp not null default now(),
  updated_at timestamp not null default now(),
  primary key (id, inserted_at)
);
alter table realtime.messages owner to supabase_realtime_admin;
alter table realtime.messages enable row level security;
grant select, insert, update on realtime.messages to postgres, anon, authenticated, service_role;

create function realtime.topic() returns text language sql stable as $$
  select nullif(current_setting('realtime.topic', true), '')::text
$$;

-- What waits to be delivered. A NOTIFY holds fewer than 8000 bytes, so it only names the row.
create table realtime.outgoing (
  id bigint generated always as identity primary key,
  kind text not null,
  message jsonb not null,
  at timestamptz not null default now()
);

create function realtime.hand_over(kind text, message jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  waiting bigint;
begin
  if octet_length(message::text) < 7000 then
    perform pg_notify('realtime', pg_catalog.jsonb_build_object('kind', kind, 'message', message)::text);
  else
    insert into realtime.outgoing (kind, message) values (kind, message) returning id into waiting;
    perform pg_notify('realtime', pg_catalog.jsonb_build_object('outgoing', waiting)::text);
  end if;
end $$;

-- Hosted: a failure to send is a warning, never the failure of the transaction that wanted to tell.
create function realtime.send(payload jsonb, event text, topic text, private boolean default true) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform realtime.hand_over('broadcast', pg_catalog.jsonb_build_object(
    'id', pg_catalog.gen_random_uuid(), 'topic', topic, 'event', event, 'payload', payload, 'private', private));
exception when others then
  raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
end $$;

-- Put by the local server on every table of the publication; arguments are the columns of the primary key.
create function realtime.tell_change() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  row_now constant jsonb := case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
  key constant jsonb := (select jsonb_object_agg(e.key, e.value) from jsonb_each(row_now) e where e.key = any (tg_argv));
begin
  perform realtime.hand_over('change', jsonb_build_object(
    'schema', tg_table_schema, 'table', tg_table_name, 'type', tg_op, 'key', key,
    'row', case when tg_op <> 'DELETE' then row_now end, 'at', clock_timestamp()));
  return null;
end $$;
revoke execute on function realtime.hand_over(text, jsonb), realtime.tell_change() from public;
