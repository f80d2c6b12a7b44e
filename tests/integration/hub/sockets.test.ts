/** @file One WebSocket against the limits that protect the core: size, kind, flood, slow readers, silence. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createScreenSockets, type ScreenSocketOptions } from '../../../main/adapters/ws/index.ts'
import type { Port } from '../../../shared/contract/port.ts'
import { MAX_FRAME_BYTES } from '../../../shared/contract/wire.ts'
import { deafScreen, openScreen } from './harness.ts'

/** A bare listener whose ports the test holds itself. */
async function listen(options: ScreenSocketOptions = {}) {
  const sockets = createScreenSockets(options)
  const waiting: ((port: Port) => void)[] = []
  const server = createServer().on('upgrade', (request, socket, head) =>
    sockets.accept(request, socket, head, (port) => waiting.shift()?.(port)),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    await sockets.stop()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    nextPort: () => new Promise<Port>((resolve) => waiting.push(resolve)),
  }
}

const closeOf = (port: Port) => new Promise<void>((resolve) => port.onClose(resolve))
const messagesOf = (port: Port, count: number) =>
  new Promise<string[]>((resolve) => {
    const got: string[] = []
    port.onMessage((frame) => {
      if (got.push(frame) === count) resolve(got)
    })
  })

describe('frames', () => {
  test('come in order, those that were early too, and any script survives', async () => {
    const { url, nextPort } = await listen()
    const opening = nextPort()
    const screen = await openScreen(url)
    const port = await opening
    for (let n = 0; n < 20; n++) screen.send({ n })
    // An answer to the last one proves that all were early.
    screen.send({ n: 'ü🧅بصل' })
    const pong = new Promise((resolve) => screen.socket.once('pong', resolve))
    screen.socket.ping()
    await pong
    const got = await messagesOf(port, 21)
    expect(got.map((frame) => JSON.parse(frame).n)).toEqual([...Array(20).keys(), 'ü🧅بصل'])

    const beat = screen.find('beat')
    port.send(JSON.stringify({ t: 'beat', now: 1, note: 'ü🧅بصل' }))
    expect(await beat).toMatchObject({ note: 'ü🧅بصل' })
  })

  test('one that is too large ends the connection', async () => {
    const { url, nextPort } = await listen()
    const opening = nextPort()
    const screen = await openScreen(url)
    const closed = closeOf(await opening)
    screen.send('x'.repeat(MAX_FRAME_BYTES + 1))
    expect((await screen.closed).code).toBe(1009)
    await closed
  })

  test('one of the largest size passes', async () => {
    const { url, nextPort } = await listen()
    const opening = nextPort()
    const screen = await openScreen(url)
    const got = messagesOf(await opening, 1)
    screen.send('x'.repeat(MAX_FRAME_BYTES))
    expect((await got)[0]).toHaveLength(MAX_FRAME_BYTES)
  })

  test('binary ones end the connection', async () => {
    const { url, nextPort } = await listen()
    const opening = nextPort()
    const screen = await openScreen(url)
    const closed = closeOf(await opening)
    screen.socket.send(Buffer.from([1, 2, 3]))
    expect((await screen.closed).code).toBe(1003)
    await closed
  })

  test('bytes that are no WebSocket frame end the connection', async () => {
    const { url, nextPort } = await listen()
    const opening = nextPort()
    const raw = await deafScreen(url)
    const closed = closeOf(await opening)
    raw.write(Buffer.alloc(64, 0xff))
    await closed
  })
})

describe('limits', () => {
  test('a flood is told why and cut off; a burst of taps passes', async () => {
    const { url, nextPort } = await listen({ messageBurst: 50, messagesPerSecond: 1 })
    const opening = nextPort()
    const screen = await openScreen(url)
    const port = await opening
    const taps = messagesOf(port, 50)
    for (let n = 0; n < 50; n++) screen.send({ n })
    expect(await taps).toHaveLength(50)
    screen.send({ n: 50 })
    expect((await screen.find('bye')).e.code).toBe('tooManyRequests')
    expect(await screen.closed).toEqual({ code: 4000, reason: 'tooManyRequests' })
    await closeOf(port)
  })

  test('the allowance comes back with time', async () => {
    let now = 0
    const { url, nextPort } = await listen({ messageBurst: 1, messagesPerSecond: 10, now: () => now })
    const opening = nextPort()
    const screen = await openScreen(url)
    const port = await opening
    for (let n = 0; n < 5; n++) {
      const got = messagesOf(port, 1)
      screen.send({ n })
      await got
      now += 100
    }
    expect(screen.socket.readyState).toBe(screen.socket.OPEN)
  })

  test('a reader that stands still is cut off, memory stays bounded', async () => {
    const { url, nextPort } = await listen({ maxBufferedBytes: 256 * 1024, closeTimeoutMs: 50 })
    const opening = nextPort()
    const raw = await deafScreen(url)
    raw.pause()
    const port = await opening
    let over = false
    const closed = closeOf(port).then(() => {
      over = true
    })
    const frame = JSON.stringify({ t: 'beat', now: 0, fill: 'x'.repeat(64 * 1024) })
    let sent = 0
    while (!over && sent < 5_000) {
      port.send(frame)
      sent += 1
      await new Promise((resolve) => setImmediate(resolve))
    }
    await closed
    expect(sent).toBeLessThan(1_000)
    // The socket itself goes too, although its other end never answers the close.
    const gone = new Promise((resolve) => raw.once('close', resolve))
    raw.resume()
    await gone
  })

  test('a connection whose other end fell silent is dropped; one that answers stays', async () => {
    const { url, nextPort } = await listen({ pingEveryMs: 40 })
    const openingAwake = nextPort()
    const awake = await openScreen(url)
    const awakePort = await openingAwake
    const openingAsleep = nextPort()
    const asleep = await deafScreen(url)
    const dropped = closeOf(await openingAsleep)
    asleep.pause()
    await dropped
    expect(awake.socket.readyState).toBe(awake.socket.OPEN)
    const beat = awake.find('beat')
    awakePort.send('{"t":"beat","now":1}')
    await beat
  })

  test('sends after the end do nothing', async () => {
    const { url, nextPort } = await listen()
    const opening = nextPort()
    const screen = await openScreen(url)
    const port = await opening
    const closed = closeOf(port)
    port.close()
    port.send('{}')
    port.close()
    await closed
    expect((await screen.closed).code).toBe(1000)
  })
})
