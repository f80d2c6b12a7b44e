/** @file The supabase-js client for REST calls, with a token that comes from here. Opens no connection by itself. */
import { createClient, type SupabaseClient, type WebSocketLikeConstructor } from '@supabase/supabase-js'
import WebSocket from 'ws'
import type { CloudProject } from '../../core/ports.ts'
import { judgingFetch } from './ask.ts'

/** What every client shares: nothing is stored, refreshed or repeated behind our back. */
const QUIET = {
  db: { retry: false },
  auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  // Nobody subscribes through these clients; without a transport they refuse to be made where Node has none.
  realtime: { transport: WebSocket as unknown as WebSocketLikeConstructor },
}

/**
 * A client that speaks with `token()`, or anonymously while that is null. supabase-js's own session would fall back to the
 * anonymous key when it cannot be refreshed, and a device would then be told that it has no rights.
 */
export function createRestClient(
  project: CloudProject,
  token: () => string | null,
  now: () => number,
): SupabaseClient {
  return createClient(project.url, project.key, {
    ...QUIET,
    accessToken: () => Promise.resolve(token()),
    global: { fetch: judgingFetch(now) },
  })
}

/** A client for signing in. Its session lives as long as the object. */
export function createAuthClient(project: CloudProject, fetcher: typeof fetch): SupabaseClient {
  return createClient(project.url, project.key, { ...QUIET, global: { fetch: fetcher } })
}
