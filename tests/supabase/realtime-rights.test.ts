/** @file Who hears a restaurant's topic, and that nobody but the database speaks on it. On real sockets. */
import type { RealtimeChannel, SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { got, someDevice } from './lib/answers.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { event, orderEvents } from './lib/events.ts'

let backend: TestBackend
let restaurant: string
let manager: SupabaseClient

beforeAll(async () => {
  backend = await openBackend()
  restaurant = await backend.restaurant('Roma')
  manager = await backend.person(restaurant, 'manager')
})
afterAll(() => backend.close())

interface Heard {
  event: string
  payload: Record<string, unknown>
}

interface Listener {
  channel: RealtimeChannel
  /** Everything heard so far. */
  heard: Heard[]
  /** The next message that fits, heard already or not. */
  next(fits: (message: Heard) => boolean): Promise<Heard>
  /** Resolves when the server ends the channel. */
  ended: Promise<void>
}

/** Joins a topic; rejects with what the server says when it does not let us. */
async function join(client: SupabaseClient, topic: string, isPrivate = true): Promise<Listener> {
  await client.realtime.setAuth()
  const heard: Heard[] = []
  const waiting = new Set<() => void>()
  const channel = client.channel(topic, { config: { private: isPrivate } })
  channel.on('broadcast', { event: '*' }, ({ event: name, payload }) => {
    heard.push({ event: name, payload: payload as Record<string, unknown> })
    for (const wake of waiting) wake()
  })
  const end = Promise.withResolvers<void>()
  await new Promise<void>((resolve, reject) => {
    channel.subscribe((status, error) => {
      if (status === 'SUBSCRIBED') return resolve()
      reject(new Error(`${status}: ${error?.message ?? ''}`))
      end.resolve()
    })
  })
  return {
    channel,
    heard,
    ended: end.promise,
    next: (fits) =>
      new Promise((resolve) => {
        const look = () => {
          const found = heard.find(fits)
          if (!found) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
  }
}

const topicOf = (place: string) => `restaurant:${place}`
const append = async (client: SupabaseClient, events: unknown[]) =>
  got<{ head: number }>(await client.rpc('append_events', { p_batch: { core: 'core-1', events } }))
const signal = (heard: Heard, name: string) => heard.event === name

describe('joining', () => {
  test('the topic of its restaurant is for a device', async () => {
    await join(await backend.device(restaurant), topicOf(restaurant))
  })

  test('the topic of another restaurant is for nobody here', async () => {
    const there = await backend.restaurant('Elsewhere')
    await expect(join(await backend.device(restaurant), topicOf(there))).rejects.toThrow(
      /unauthorized|permission/i,
    )
  })

  test('is refused to everybody who is no device of it', async () => {
    const newcomer = backend.anon()
    await newcomer.auth.signInAnonymously()
    const revoked = await someDevice(backend, restaurant)
    got(await manager.rpc('revoke_device', { p_device: revoked.id }))
    const others: Record<string, SupabaseClient> = {
      anon: backend.anon(),
      newcomer,
      revoked: revoked.client,
      manager,
      admin: await backend.person(restaurant, 'admin'),
      server: await backend.person(restaurant, 'server'),
    }
    for (const [who, client] of Object.entries(others))
      await expect(join(client, topicOf(restaurant)), who).rejects.toThrow(/unauthorized|permission/i)
  })

  test('without saying that it is private hears nothing', async () => {
    const eavesdropper = await join(backend.anon(), topicOf(restaurant), false)
    const device = await backend.device(restaurant)
    const listener = await join(device, topicOf(restaurant))
    await append(device, orderEvents(crypto.randomUUID()))
    await listener.next((message) => signal(message, 'log'))
    expect(eavesdropper.heard).toEqual([])
  })
})

describe('sending', () => {
  test('is for the database alone: a device is not passed on', async () => {
    const listener = await join(await backend.device(restaurant), topicOf(restaurant))
    const device = await backend.device(restaurant)
    const liar = await join(device, topicOf(restaurant))
    const payload = { first: 1, last: 999, core: 'liar', events: null }
    await liar.channel.send({ type: 'broadcast', event: 'log', payload })
    // The same by HTTP, by the device and by a manager.
    for (const client of [device, manager])
      await client
        .channel(topicOf(restaurant), { config: { private: true } })
        .httpSend('log', payload)
        .catch(() => undefined)
    // What is true comes after what was told, so whatever had passed would be here by then.
    await append(device, orderEvents(crypto.randomUUID()))
    await listener.next((message) => signal(message, 'log') && message.payload.core === 'core-1')
    expect(listener.heard.filter(({ payload: { core } }) => core === 'liar')).toEqual([])
  })

  test('is not possible by writing messages or calling the sender', async () => {
    const device = await backend.device(restaurant)
    const message = { topic: topicOf(restaurant), extension: 'broadcast', private: true }
    const { error } = await device.schema('realtime').from('messages').insert(message)
    expect(error).not.toBeNull()
    const sent = await device
      .schema('realtime')
      .rpc('send', { payload: {}, event: 'log', topic: topicOf(restaurant) })
    expect(sent.error).not.toBeNull()
  })
})

describe('what a device hears', () => {
  test('is that the log grew, with the events when they are small', async () => {
    const place = await backend.restaurant('Small')
    const sender = await backend.device(place)
    const listener = await join(await backend.device(place), topicOf(place))
    const order = crypto.randomUUID()
    const events = orderEvents(order)
    await append(sender, events)
    const { payload } = await listener.next((message) => signal(message, 'log'))
    expect(payload).toMatchObject({ first: 1, last: events.length, core: 'core-1' })
    expect(payload.events).toEqual(events.map((each, n) => ({ seq: n + 1, event: each })))
  })

  test('is the numbers alone when they are large', async () => {
    const place = await backend.restaurant('Large')
    const device = await backend.device(place)
    const listener = await join(device, topicOf(place))
    await append(device, [event('order.cancelled', crypto.randomUUID(), { reason: 'x'.repeat(10_000) })])
    const { payload } = await listener.next((message) => signal(message, 'log'))
    expect(payload).toMatchObject({ first: 1, last: 1, events: null })
  })

  test('is that another program asks for an order, without the order', async () => {
    const listener = await join(await backend.device(restaurant), topicOf(restaurant))
    const asked = { type: 'takeaway', items: [{ menuItem: 'soup', quantity: 1, note: 'for Mr Secret' }] }
    got(await manager.rpc('place_order', { p_order: asked }))
    const { payload } = await listener.next((message) => signal(message, 'intake'))
    expect(JSON.stringify(payload)).not.toContain('Secret')
  })

  test('is whose rights changed', async () => {
    const place = await backend.restaurant('Rights')
    const boss = await backend.person(place, 'manager')
    const { client, id } = await someDevice(backend, place)
    const listener = await join(client, topicOf(place))
    got(await boss.rpc('revoke_device', { p_device: id }))
    expect((await listener.next((message) => signal(message, 'device'))).payload).toMatchObject({
      device: id,
    })
  })

  test('holds nothing of the restaurant any more, though its channel may still be open, once it is revoked', async () => {
    const place = await backend.restaurant('Overheard')
    const boss = await backend.person(place, 'manager')
    const sender = await backend.device(place)
    const { client, id } = await someDevice(backend, place)
    const listener = await join(client, topicOf(place))
    got(await boss.rpc('revoke_device', { p_device: id }))
    await append(sender, orderEvents(crypto.randomUUID()))
    const { payload } = await listener.next((message) => signal(message, 'log'))
    expect(payload.events).toBeNull()

    got(await boss.rpc('readmit_device', { p_device: id }))
    await append(sender, orderEvents(crypto.randomUUID()))
    const again = await listener.next((message) => signal(message, 'log') && message.payload.first === 3)
    expect(again.payload.events).not.toBeNull()
  })

  test('is nothing of another restaurant', async () => {
    const there = await backend.restaurant('Elsewhere')
    const foreign = await backend.device(there)
    const device = await backend.device(restaurant)
    const listener = await join(device, topicOf(restaurant))
    await append(foreign, orderEvents(crypto.randomUUID()))
    await append(device, orderEvents(crypto.randomUUID()))
    await listener.next((message) => signal(message, 'log'))
    expect(listener.heard.filter((message) => signal(message, 'log'))).toHaveLength(1)
  })
})

describe('a device that is revoked while its channel is open', () => {
  test('loses the channel when its token is renewed', needs('faults'), async () => {
    const place = await backend.restaurant('Renewed')
    const boss = await backend.person(place, 'manager')
    const { client, id } = await someDevice(backend, place)
    const listener = await join(client, topicOf(place))
    got(await boss.rpc('revoke_device', { p_device: id }))
    const session = async () => (await client.auth.refreshSession()).data.session?.access_token
    const before = (await client.auth.getSession()).data.session?.access_token
    // Tokens of one second are one token, and no news to the server.
    await expect.poll(session).not.toBe(before)
    await client.realtime.setAuth()
    await listener.ended
  })
})
