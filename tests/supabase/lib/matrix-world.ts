/** @file The world of the rights matrix: two restaurants with rows in every table, and everybody who may knock. Builds it through the API, and where that is impossible by SQL. */
import type { SupabaseClient } from '@supabase/supabase-js'
import { demoDocuments } from '../../support/core.ts'
import { got, idOf } from './answers.ts'
import type { TestBackend } from './backend.ts'
import { event, orderEvents } from './events.ts'

export const ACTORS = [
  'anon',
  'newcomer',
  'stranger',
  'server',
  'cook',
  'expo',
  'host',
  'manager',
  'admin',
  'device',
  'revoked',
  'service',
] as const
export type Actor = (typeof ACTORS)[number]
export type Side = 'own' | 'other'

/** What one restaurant of the world holds, for calls that need an id. */
export interface Place {
  restaurant: string
  device: SupabaseClient
  /** A device nobody of the actors is. */
  spareDevice: string
  /** A person nobody of the actors is, with their address. */
  colleague: { id: string; email: string }
  /** An order its host has asked for. */
  asked: string
}

export interface World {
  backend: TestBackend
  clients: Record<Actor, SupabaseClient>
  /** User ids; '' for those who are none. */
  ids: Record<Actor, string>
  own: Place
  other: Place
}

const PASSWORD = 'long enough 1'

async function signUp(backend: TestBackend): Promise<{ client: SupabaseClient; email: string }> {
  const client = backend.anon()
  const email = `${crypto.randomUUID()}@plate.test`
  const { error } = await client.auth.signUp({ email, password: PASSWORD })
  if (error) throw error
  return { client, email }
}

/** Documents, the 86 list, and orders of two servers: begun in the kitchen, and held for later. */
function history(): unknown[] {
  const documents = ['menu', 'floor', 'stations', 'staff'].map((name) =>
    event('document.published', null, { name, version: 1, body: demoDocuments[name] }),
  )
  const orders = (['anna', 'bob'] as const).flatMap((server) => [
    ...orderEvents(crypto.randomUUID(), { server, lines: ['now', 'held'] }),
    ...orderEvents(crypto.randomUUID(), { server, lines: ['held'] }),
  ])
  return [...documents, event('stock.set', null, { menuItem: 'soup', out: true }), ...orders]
}

const FILL = `
  with archived as (insert into order_archive (restaurant_id, order_id, events) values ($1, 'old', '[]'))
  insert into transcription_usage (restaurant_id, id, device, model, seconds, micro_dollars) values ($1, 'call', 'pc', 'm', 1, 1)`

const asking = (restaurant: string) => ({
  restaurant,
  type: 'takeaway',
  items: [{ menuItem: 'soup', quantity: 1 }],
})

async function furnish(backend: TestBackend, name: string) {
  const restaurant = await backend.restaurant(name)
  const [device, spare, host, server, manager] = await Promise.all([
    backend.device(restaurant),
    backend.device(restaurant),
    backend.person(restaurant, 'host'),
    backend.person(restaurant, 'server', 'anna'),
    backend.person(restaurant, 'manager'),
  ])
  const colleague = await signUp(backend)
  got(await device.rpc('append_events', { p_batch: { core: name, events: history() } }))
  const place = (client: SupabaseClient) => client.rpc('place_order', { p_order: asking(restaurant) })
  const { id: asked } = got<{ id: string }>(await place(host))
  got(await place(server))
  await backend.deviceCode(restaurant)
  await backend.sql(FILL, [restaurant])
  const hired = { p_restaurant: restaurant, p_email: colleague.email, p_role: 'cook' }
  got(await manager.rpc('set_person', hired))
  return {
    people: { host, server, manager },
    place: {
      restaurant,
      device,
      asked,
      spareDevice: await idOf(spare),
      colleague: { id: await idOf(colleague.client), email: colleague.email },
    } satisfies Place,
  }
}

async function revokedDevice(backend: TestBackend, restaurant: string, manager: SupabaseClient) {
  const client = await backend.device(restaurant)
  got(await manager.rpc('revoke_device', { p_device: await idOf(client) }))
  return client
}

/** Builds the world. Both restaurants look the same, down to the ids of their staff. */
export async function buildWorld(backend: TestBackend): Promise<World> {
  const [own, other] = await Promise.all([furnish(backend, 'Own'), furnish(backend, 'Other')])
  const { restaurant } = own.place
  const newcomer = backend.anon()
  await newcomer.auth.signInAnonymously()
  const clients: Record<Actor, SupabaseClient> = {
    ...own.people,
    anon: backend.anon(),
    newcomer,
    stranger: (await signUp(backend)).client,
    cook: await backend.person(restaurant, 'cook'),
    expo: await backend.person(restaurant, 'expo'),
    admin: await backend.person(restaurant, 'admin'),
    device: own.place.device,
    revoked: await revokedDevice(backend, restaurant, own.people.manager),
    service: backend.service(),
  }
  const ids = {} as Record<Actor, string>
  for (const actor of ACTORS)
    ids[actor] = actor === 'anon' || actor === 'service' ? '' : await idOf(clients[actor])
  return { backend, clients, ids, own: own.place, other: other.place }
}
