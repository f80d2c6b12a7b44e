/** @file A small schema for the tests of the backend itself, and people for it. SQL only. */
import type { SupabaseClient } from '@supabase/supabase-js'
import type { TestBackend } from './backend.ts'

export const NOTES = `
  create table public.notes (
    id bigint generated always as identity primary key,
    owner uuid not null default auth.uid(),
    text text not null,
    price numeric(8, 2),
    data jsonb,
    at timestamptz not null default now()
  );
  alter table public.notes enable row level security;
  create policy own on public.notes to authenticated using (owner = (select auth.uid()));
  grant select, insert, update, delete on public.notes to authenticated;
  create table public.closed (id int primary key);
  alter publication supabase_realtime add table public.notes;

  create function public.echo(p_value jsonb) returns jsonb language sql immutable as 'select p_value';
  create function public.add(a int, b int default 10) returns int language sql immutable as 'select a + b';
  create function public.pair(out left_side int, out right_side text) language sql as $$ select 1, 'r' $$;
  create function public.countdown(n int) returns setof int language sql as 'select generate_series(n, 1, -1)';
  create function public.nothing() returns void language sql as '';
  create function public.ids(p_ids text[]) returns int language sql as 'select cardinality(p_ids)';
  create function public.slow(seconds float) returns void language sql as 'select pg_sleep(seconds)';
  create function public.who() returns jsonb language sql stable as $$
    select jsonb_build_object('user', current_user, 'uid', auth.uid(), 'role', auth.role(),
      'anonymous', (auth.jwt() ->> 'is_anonymous')::boolean, 'email', auth.jwt() ->> 'email')
  $$;
  revoke execute on function public.who() from public;
  grant execute on function public.who() to authenticated;
  create function public.fail(p_code text) returns void language plpgsql as $$
  begin
    raise exception using errcode = p_code, message = 'It went wrong.', detail = 'some details', hint = 'revoked';
  end $$;
  create function public.tell(p_topic text, p_event text, p_payload jsonb) returns void
  language sql security definer set search_path = '' as $$
    select realtime.send(p_payload, p_event, p_topic, true)
  $$;

  create policy members on realtime.messages for select to authenticated
    using (realtime.topic() = 'room:' || split_part(auth.jwt() ->> 'email', '@', 1));
`

/** A new user <name>@plate.test, signed in. */
export async function signedIn(backend: TestBackend, name: string): Promise<SupabaseClient> {
  const client = backend.anon()
  const { error } = await client.auth.signUp({ email: `${name}@plate.test`, password: 'secret-enough' })
  if (error) throw error
  return client
}
