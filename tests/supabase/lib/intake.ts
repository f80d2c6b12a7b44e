/** @file Test helpers: orders of another program, placed, asked about, claimed and taken. Through the API. */
import type { SupabaseClient } from '@supabase/supabase-js'
import { got } from './answers.ts'

export interface Placed {
  id: string
  status: string
}
export interface Status extends Placed {
  number: string | null
  code: string | null
  params: Record<string, unknown> | null
  /** Of a core of version 0.1. */
  message: string | null
  at: number
}
export interface Request {
  id: string
  order: { order: string; items: { id: string }[] }
  by: { id: string; name: string; role: string }
}

/** A good order, with `more` in it. */
export const order = (more: object = {}) => ({
  id: crypto.randomUUID(),
  type: 'takeaway',
  items: [{ menuItem: 'soup', quantity: 2 }],
  ...more,
})

export const place = (client: SupabaseClient, asked: unknown) => client.rpc('place_order', { p_order: asked })

/** What the website and a device do, unless another client is named. */
export function intakeOf(site: () => { website: SupabaseClient; device: SupabaseClient }) {
  return {
    placed: async (asked: unknown = order(), client = site().website) =>
      got<Placed>(await place(client, asked)),
    status: async (id: string, client = site().website) =>
      got<Status>(await client.rpc('order_status', { p_id: id })),
    claim: async (client = site().device) =>
      got<Request[]>(await client.rpc('claim_intake', { p_limit: 50 })),
    append: async (events: unknown[], client = site().device) =>
      got(await client.rpc('append_events', { p_batch: { core: 'core-1', events } })),
  }
}
