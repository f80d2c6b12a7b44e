/** @file A restaurant with a history of 200,000 orders and somebody of each kind who asks. Test kit; opens a backend. */
import type { SupabaseClient } from '@supabase/supabase-js'
import { type AppQuery, letWait } from './app-queries.ts'
import { openBackend } from './backend.ts'
import { layOut, type Measured, measurer } from './projection-history.ts'

export interface LargeRestaurant {
  id: string
  /** Runs `text` as `who`: once to warm up, then `times`. */
  measure(who: AppQuery[0], text: string, times: number): Promise<Measured>
  close(): Promise<void>
}

async function userOf(client: SupabaseClient): Promise<string> {
  const { data } = await client.auth.getUser()
  if (!data.user) throw new Error('not signed in')
  return data.user.id
}

export async function openLargeRestaurant(): Promise<LargeRestaurant> {
  const backend = await openBackend()
  const id = await backend.restaurant()
  const device = await userOf(await backend.device(id))
  const person = async (role: Exclude<AppQuery[0], 'device'>, staffId?: string) =>
    userOf(await backend.person(id, role, staffId))
  const who: Record<AppQuery[0], string> = {
    device,
    server: await person('server', 'server-7'),
    cook: await person('cook'),
    expo: await person('expo'),
    host: await person('host'),
    manager: await person('manager'),
    admin: await person('admin'),
  }
  await layOut(backend, id)
  await backend.sql(letWait(id, device))
  const measure = await measurer(backend)
  return {
    id,
    measure: (role, text, times) => measure(who[role], text, times),
    close: () => backend.close(),
  }
}
