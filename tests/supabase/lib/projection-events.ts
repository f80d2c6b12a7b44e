/** @file Events as a kitchen makes them, and a device that sends them. Test kit; writes the backend. */
import type { SupabaseClient } from '@supabase/supabase-js'
import { expect } from 'vitest'
import type { PlateEvent } from '../../../shared/domain/events.ts'
import { Kitchen, line, placing, restaurant, uuid } from '../../unit/domain/kit.ts'

/** A kitchen whose ids nobody else uses. */
export class Site extends Kitchen {
  private made = 0
  private readonly number: number

  constructor(number: number) {
    super(restaurant(), `site-${number}`)
    this.number = number
  }

  fresh(): string {
    return uuid(this.number * 1_000_000 + this.made++)
  }

  /** Places an order of two lines; its id. */
  place(): string {
    const order = this.fresh()
    this.do('placeOrder', placing([line(this.fresh(), 'burger'), line(this.fresh(), 'pizza')], { order }))
    this.later(1000)
    return order
  }

  /** Cooks everything of an order and hands it to the guest. */
  serve(order: string): void {
    for (const station of ['grill', 'fryer', 'pizza', 'oven']) this.do('bumpTicket', this.all(station, order))
    this.do('serve', this.out(Object.keys(this.order(order).items), order))
    this.later(1000)
  }
}

export interface Result {
  id: string
  seq?: number
  refused?: { code: string }
}

/** Sends a batch; what became of each event. Throws what the server answered when it refused the call. */
export async function append(
  device: SupabaseClient,
  events: readonly unknown[],
  core = 'core',
): Promise<{ results: Result[]; head: number }> {
  const { data, error } = await device.rpc('append_events', { p_batch: { core, events } })
  if (error) throw error
  return data
}

/** The refusal codes of a batch by event; undefined for what was taken. */
export async function codes(
  device: SupabaseClient,
  events: readonly unknown[],
): Promise<(string | undefined)[]> {
  const { results } = await append(device, events)
  expect(results).toHaveLength(events.length)
  for (const { refused } of results) if (refused) expect(Object.keys(refused)).toEqual(['code'])
  return results.map(({ refused }) => refused?.code)
}

export interface Page {
  events: { seq: number; event: PlateEvent }[]
  next: number
  head: number
  floor: number
}

/** One page of the log. Throws what the server answered when it refused the call. */
export async function pull(
  device: SupabaseClient,
  after: number,
  limit = 1000,
  core = 'another',
): Promise<Page> {
  const { data, error } = await device.rpc('pull_events', { p_after: after, p_limit: limit, p_core: core })
  if (error) throw error
  return data
}
