/** @file The adapter's live line on real sockets: hints, dead sockets, restarts, and how it comes back. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { within } from '../support/progress.ts'
import { cableTo } from '../support/proxy.ts'
import { append, type Device, goLive, joinDevice, someEvents } from './lib/adapter.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { tapOn } from './lib/tap.ts'

let backend: TestBackend
let restaurant: string
let sender: Device
let device: Device

beforeAll(async () => {
  backend = await openBackend()
})
afterAll(() => backend.close())
beforeEach(async () => {
  restaurant = await backend.restaurant()
  sender = await joinDevice(backend, restaurant)
  device = await joinDevice(backend, restaurant)
})
afterEach(async () => {
  Object.assign(backend.faults, { delayMs: 0, answer: null, dropAnswer: null, broadcast: null })
  await Promise.all([sender.connection.close(), device.connection.close()])
})

describe('hints', () => {
  test('what one device appends is told to another at once, with the events', async () => {
    await goLive(device)
    const events = someEvents(sender, 2)
    await append(sender, events)
    await device.heard.until(({ hints }) => hints.length > 0)
    expect(device.heard.hints).toEqual([
      { first: 1, last: 2, events: events.map((event, i) => ({ seq: i + 1, event })) },
    ])
  })

  test('large ones are told without the events', async () => {
    await goLive(device)
    await append(sender, someEvents(sender, 1, 20_000))
    await device.heard.until(({ hints }) => hints.length > 0)
    expect(device.heard.hints).toEqual([{ first: 1, last: 1, events: null }])
  })

  test('another restaurant hears nothing', async () => {
    const stranger = await joinDevice(backend, await backend.restaurant())
    await goLive(stranger)
    await goLive(device)
    await append(sender, someEvents(sender, 1))
    await device.heard.until(({ hints }) => hints.length > 0)
    expect(stranger.heard.hints).toEqual([])
    await stranger.connection.close()
  })

  test('an order of another program, and a change of this device’s rights', async () => {
    await goLive(device)
    const host = await backend.person(restaurant, 'host')
    const order = { type: 'takeaway', table: null, items: [{ menuItem: 'soup', quantity: 1 }] }
    await host.rpc('place_order', { p_order: order }).throwOnError()
    await device.heard.until(({ intakes }) => intakes > 0)

    const manager = await backend.person(restaurant, 'manager')
    await manager.rpc('revoke_device', { p_device: sender.link.device }).throwOnError()
    await manager.rpc('revoke_device', { p_device: device.link.device }).throwOnError()
    await device.heard.until(({ rights }) => rights > 0)
    expect(device.heard.rights).toBe(1)
  })

  test('lost, doubled and late ones pass as they come', needs('faults'), async () => {
    await goLive(device)
    const copies: number[][] = [[], [0, 0], [2_000], [0]]
    backend.faults.broadcast = () => copies.shift() ?? [0]
    for (let i = 0; i < 4; i++) await append(sender, someEvents(sender, 1))
    await device.heard.until(({ hints }) => hints.length >= 4)
    expect(device.heard.hints.map(({ first }) => first)).toEqual([2, 2, 4, 3])
  })

  test('garbage is left out, and the next one arrives', needs('sql'), async () => {
    await goLive(device)
    const send = (event: string, payload: unknown) =>
      backend.sql('select realtime.send($1::text::jsonb, $2, $3, true)', [
        JSON.stringify(payload),
        event,
        `restaurant:${restaurant}`,
      ])
    await send('log', { first: 'one' })
    await send('party', { at: 'eight' })
    await append(sender, someEvents(sender, 1))
    await device.heard.until(({ hints }) => hints.length > 0)
    expect(device.heard.hints).toHaveLength(1)
    expect(device.log.lines.filter((line) => line.startsWith('cloud.hint-ignored'))).toHaveLength(2)
  })
})

describe('coming back', () => {
  test('a half-open socket is noticed within 10 s, and replaced', needs('faults'), async () => {
    const cable = await cableTo(Number(new URL(backend.url).port))
    const far = await joinDevice(backend, restaurant, { url: `http://127.0.0.1:${cable.port}` })
    await goLive(far)
    cable.freeze()
    const noticed = far.heard.until((heard) => !heard.isLive())
    await within(10_000, 'noticing it', noticed)
    cable.plug()
    await far.heard.until((heard) => heard.isLive())
    await far.connection.close()
    await cable.close()
  })

  test('after waking up it is noticed within 3 s', needs('faults'), async () => {
    const cable = await cableTo(Number(new URL(backend.url).port))
    const far = await joinDevice(backend, restaurant, { url: `http://127.0.0.1:${cable.port}` })
    await goLive(far)
    cable.freeze()
    far.connection.wake()
    const noticed = far.heard.until((heard) => !heard.isLive())
    await within(3_000, 'noticing it', noticed)
    cable.plug()
    far.connection.wake()
    const back = far.heard.until((heard) => heard.isLive())
    await within(3_000, 'coming back', back)
    await far.connection.close()
    await cable.close()
  })

  test('waking up with a healthy socket changes nothing', async () => {
    await goLive(device)
    for (let i = 0; i < 20; i++) device.connection.wake()
    await append(sender, someEvents(sender, 1))
    await device.heard.until(({ hints }) => hints.length > 0)
    expect(device.heard.live).not.toContain(false)
  })

  test('a server that restarts is found again by itself', needs('faults'), async () => {
    await goLive(device)
    await backend.restart()
    await device.heard.until(({ live }) => live.includes(false))
    await device.heard.until((heard) => heard.isLive())
    await append(sender, someEvents(sender, 1))
    await device.heard.until(({ hints }) => hints.length > 0)
  })

  test('a storm of refusals is waited out', needs('faults'), async () => {
    backend.faults.answer = () => ({ status: 503 })
    device.connection.listen(device.heard.listener)
    const refused = () => device.log.lines.filter((line) => line.startsWith('cloud.not-live')).length
    await expect.poll(refused).toBeGreaterThan(2)
    backend.faults.answer = null
    await device.heard.until((heard) => heard.isLive())
  })

  test('each refusal is waited out longer', needs('faults'), async () => {
    const dials: number[] = []
    backend.faults.answer = (path) => {
      if (path !== '/realtime/v1/websocket') return null
      dials.push(performance.now())
      return { status: 503 }
    }
    device.connection.listen(device.heard.listener)
    await expect.poll(() => dials.length).toBe(4)
    const [, , third = 0, fourth = 0] = dials
    // The first pause is a second at most, the third one 1.2 to 4: timers may round.
    expect(fourth - third).toBeGreaterThan(1_150)
  })

  test('a line that never lasts is waited for longer each time', needs('faults'), async () => {
    const tap = await tapOn(backend.url)
    const far = await joinDevice(backend, restaurant, { url: tap.url })
    await goLive(far)
    const took: number[] = []
    for (let i = 0; i < 3; i++) {
      const cut = performance.now()
      tap.cut()
      await far.heard.until((heard) => !heard.isLive())
      await far.heard.until((heard) => heard.isLive())
      took.push(performance.now() - cut)
    }
    // As for refusals: the third pause is 1.2 s at least.
    expect(took[2]).toBeGreaterThan(1_150)
    await far.connection.close()
    await tap.close()
  })

  test('a device that is let in again goes live again', async () => {
    const manager = await backend.person(restaurant, 'manager')
    await manager.rpc('revoke_device', { p_device: device.link.device }).throwOnError()
    device.connection.listen(device.heard.listener)
    // The server refuses the channel: a reason to look at one's rights.
    await device.heard.until(({ rights }) => rights > 0)
    expect(device.heard.live).not.toContain(true)
    await manager.rpc('readmit_device', { p_device: device.link.device }).throwOnError()
    await device.heard.until((heard) => heard.isLive())
  })

  test('never more than one socket and channel, after 50 cuts', needs('faults'), async () => {
    const tap = await tapOn(backend.url)
    const far = await joinDevice(backend, restaurant, { url: tap.url })
    await goLive(far)
    for (let i = 0; i < 50; i++) {
      tap.cut()
      await far.heard.until((heard) => !heard.isLive())
      far.connection.wake()
      await far.heard.until((heard) => heard.isLive())
    }
    await append(sender, someEvents(sender, 1))
    await far.heard.until(({ hints }) => hints.length > 0)
    expect(far.heard.hints).toHaveLength(1)
    expect({ open: tap.open(), most: tap.most() }).toEqual({ open: 1, most: 1 })
    await far.connection.close()
    await expect.poll(tap.open).toBe(0)
    await tap.close()
  })

  test('listening anew replaces the line', async () => {
    await goLive(device)
    const before = device.heard.live.length
    device.connection.listen(device.heard.listener)
    await device.heard.until(({ live }) => live.length > before)
    await append(sender, someEvents(sender, 1))
    await device.heard.until(({ hints }) => hints.length > 0)
    expect(device.heard.hints).toHaveLength(1)
  })
})
