/** @file Calls in the name of a session: a refused token is renewed once and the call repeated once. */
import type { SupabaseClient } from '@supabase/supabase-js'
import type * as z from 'zod/mini'
import type { Clock, CloudAnswer, CloudProject } from '../../core/ports.ts'
import { type Asked, createAsker } from './ask.ts'
import { createRestClient } from './client.ts'
import type { Session } from './session.ts'

type Query = { throwOnError(): PromiseLike<{ data: unknown }> }

export interface Caller {
  /** Calls a function of the database; gives up after `within` ms, if that is said. Never rejects. */
  rpc<S extends z.core.$ZodType>(
    shape: S,
    name: string,
    args?: Record<string, unknown>,
    within?: number,
  ): Promise<CloudAnswer<z.output<S>>>
  /** Any other question. */
  query<S extends z.core.$ZodType>(
    shape: S,
    build: (client: SupabaseClient, signal: AbortSignal) => Query,
    within?: number,
  ): Promise<CloudAnswer<z.output<S>>>
  end(): void
}

const plain = <T>(asked: Asked<T>): CloudAnswer<T> =>
  asked.ok ? asked : { ok: false, error: asked.verdict.failure }

/** A caller for `session`. */
export function createCaller(project: CloudProject, session: Session, clock: Clock, callMs?: number): Caller {
  const asker = createAsker(new URL(project.url).host, callMs)
  const client = createRestClient(project, session.current, clock.now)

  const query: Caller['query'] = async (shape, build, within) => {
    const ask = () => asker.ask(shape, (signal) => build(client, signal).throwOnError(), within)
    const token = await session.token()
    if (!token.ok) return token
    const first = await ask()
    if (first.ok || !first.verdict.staleToken) return plain(first)
    const renewed = await session.another(token.value)
    return renewed.ok ? plain(await ask()) : renewed
  }

  return {
    query,
    rpc: (shape, name, args = {}, within) =>
      query(shape, (rest, signal) => rest.rpc(name, args).abortSignal(signal), within),
    end: asker.end,
  }
}
