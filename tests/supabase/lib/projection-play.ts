/** @file Plays batches of events into a fresh restaurant as its device, in one call per history, and reads the rows back. Test kit; writes the backend. */
import type { PlateEvent } from '../../../shared/domain/events.ts'
import type { TestBackend } from './backend.ts'
import { type Rows, rowsOf, rowsSql } from './projection.ts'

export interface Step {
  events: readonly PlateEvent[]
  /** Closed orders leave the log after this batch. */
  archive: boolean
}

export interface Outcome {
  rows: Rows
  /** Events in the log, the archive and among the superseded. */
  kept: number
  refused: unknown[]
}

export interface Player {
  /** Into a new restaurant. `rebuild`: builds the read models anew before they are read. */
  play(steps: readonly Step[], rebuild?: boolean): Promise<Outcome>
}

const DEVICE = '00000000-0000-4000-8000-00000000d001'

// The device moves from restaurant to restaurant: thousands of logins would take longer than all histories.
const INSTALL = `
insert into auth.users (id, is_anonymous) values ('${DEVICE}', true);
create function private.test_play(p_steps jsonb, p_rebuild boolean) returns jsonb language plpgsql as $$
declare
  place constant uuid := gen_random_uuid();
  step jsonb;
  refused jsonb := '[]';
begin
  insert into public.restaurants (id, name) values (place, 'Test kitchen');
  insert into public.devices (id, restaurant_id, core, name, letter) values ('${DEVICE}', place, 'core', 'PC', '')
    on conflict (id) do update set restaurant_id = place;
  perform set_config('request.jwt.claims', '{"sub": "${DEVICE}", "is_anonymous": true}', true);
  for step in select * from jsonb_array_elements(p_steps) loop
    refused := refused || coalesce((select jsonb_agg(r) from jsonb_array_elements(
      public.append_events(jsonb_build_object('core', 'core', 'events', step -> 'events')) -> 'results') r where r ? 'refused'), '[]');
    if (step -> 'archive')::boolean then perform private.archive_orders(place, '-1 second'); end if;
  end loop;
  if p_rebuild then perform private.project_all(place); end if;
  return jsonb_build_object('rows', ${rowsSql('place')}, 'refused', refused, 'kept',
    (select count(*) from public.order_events e where e.restaurant_id = place)
    + (select count(*) from private.superseded s where s.restaurant_id = place)
    + (select coalesce(sum(jsonb_array_length(a.events)), 0) from public.order_archive a where a.restaurant_id = place));
end $$`

/** Prepares the backend's database; once per database. */
export async function createPlayer(backend: TestBackend): Promise<Player> {
  for (const statement of INSTALL.split(/;\n(?=create function)/)) await backend.sql(statement)
  return {
    async play(steps, rebuild = false) {
      const [answer] = await backend.sql<{ outcome: Outcome }>(
        'select private.test_play(($1::text)::jsonb, $2) as outcome',
        [JSON.stringify(steps), rebuild],
      )
      if (!answer) throw new Error('no answer')
      return { ...answer.outcome, rows: rowsOf(answer.outcome.rows) }
    },
  }
}
