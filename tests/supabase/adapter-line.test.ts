/** @file One line against a server that misbehaves as no backend would: garbage, closed channels, silence. */

import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Down, type Line, openLine } from '../../main/adapters/supabase/line.ts'
import { within } from '../support/progress.ts'

type Frame = [string | null, string | null, string, string, { access_token?: string }]

let server: WebSocketServer
let line: Line | undefined
/** What the server does with a frame. */
let onFrame: (socket: WebSocket, frame: Frame) => void
let frames: Frame[]

beforeEach(async () => {
  frames = []
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as Frame
      frames.push(frame)
      onFrame(socket, frame)
    })
  })
  await new Promise((resolve) => server.once('listening', resolve))
})
afterEach(() => {
  line?.end()
  for (const socket of server.clients) socket.terminate()
  server.close()
})

const answer = (socket: WebSocket, [joinRef, ref, topic]: Frame, status = 'ok', response: object = {}) =>
  socket.send(JSON.stringify([joinRef, ref, topic, 'phx_reply', { status, response }]))

/** Opens a line and gathers what it says; `until` resolves with all of it once `test` holds. */
function open() {
  const said: unknown[] = []
  const waiting = new Set<() => void>()
  const say = (word: unknown) => {
    said.push(word)
    for (const check of waiting) check()
  }
  const { port } = server.address() as AddressInfo
  const project = { url: `http://127.0.0.1:${port}`, key: 'sb_publishable_x' }
  line = openLine(
    { project, topic: 'restaurant:r', token: 'first' },
    {
      up: () => say('up'),
      broadcast: (event, payload) => say({ event, payload }),
      down: (reason: string, kind: Down) => say({ reason, kind }),
    },
  )
  const until = (count: number) =>
    new Promise<unknown[]>((resolve) => {
      const check = () => {
        if (said.length >= count) resolve(said)
      }
      waiting.add(check)
      check()
    })
  return { line, said, until }
}

test('joins one private channel with the token', async () => {
  onFrame = answer
  const { until } = open()
  await until(1)
  expect(frames).toHaveLength(1)
  expect(frames[0]).toMatchObject({
    2: 'realtime:restaurant:r',
    3: 'phx_join',
    4: { access_token: 'first', config: { private: true, broadcast: { replication_ready: true } } },
  })
})

test('a token that was renewed while joining is sent after it', async () => {
  onFrame = (socket, frame) => {
    if (frame[3] === 'phx_join') line?.renew('second')
    answer(socket, frame)
  }
  const { until } = open()
  await until(1)
  await expect
    .poll(() => frames.map((frame) => [frame[3], frame[4].access_token]))
    .toEqual([
      ['phx_join', 'first'],
      ['access_token', 'second'],
    ])
})

test('a server that says later that changes flow is one more reason to look, but not before the join', async () => {
  onFrame = (socket, frame) => {
    const flowing = { status: 'ok', extension: 'system', message: 'Replication connection established' }
    const system = JSON.stringify([frame[0], null, frame[2], 'system', flowing])
    socket.send(system)
    answer(socket, frame)
    socket.send(system)
    const payload = { type: 'broadcast', event: 'log', payload: {} }
    socket.send(JSON.stringify([null, null, frame[2], 'broadcast', payload]))
  }
  const { until } = open()
  expect(await until(3)).toEqual(['up', 'up', { event: 'log', payload: {} }])
})

test('frames that nobody can read are left out', async () => {
  onFrame = (socket, frame) => {
    answer(socket, frame)
    for (const garbage of [
      '',
      '{',
      'null',
      '[]',
      '[1,2,3]',
      '[null,null,"realtime:restaurant:r","broadcast",null]',
    ])
      socket.send(garbage)
    socket.send(Buffer.from([9, 9, 9, 9]))
    socket.send(Buffer.alloc(0))
    const payload = { type: 'broadcast', event: 'log', payload: { first: 1 } }
    socket.send(JSON.stringify([null, null, 'realtime:restaurant:r', 'broadcast', payload]))
  }
  const { until } = open()
  expect(await until(2)).toEqual(['up', { event: 'log', payload: { first: 1 } }])
})

describe('ends, once, for', () => {
  const ended = async (kind: Down, reason: RegExp) => {
    const { said, until } = open()
    await until(said.length + 1)
    await expect.poll(() => said.at(-1)).toEqual({ reason: expect.stringMatching(reason), kind })
    expect(said.filter((word) => word !== 'up')).toHaveLength(1)
    await expect.poll(() => server.clients.size).toBe(0)
  }

  test('a channel that the server closes', async () => {
    onFrame = (socket, frame) => {
      answer(socket, frame)
      socket.send(JSON.stringify([frame[0], frame[0], frame[2], 'phx_close', {}]))
    }
    await ended('lost', /CLOSED/)
  })

  test('a channel that breaks at the server', async () => {
    onFrame = (socket, frame) => {
      answer(socket, frame)
      socket.send(JSON.stringify([frame[0], frame[0], frame[2], 'phx_error', {}]))
    }
    await ended('lost', /CHANNEL_ERROR/)
  })

  test('a refused join', async () => {
    onFrame = (socket, frame) =>
      answer(socket, frame, 'error', { reason: 'Unauthorized: You do not have permissions to read' })
    await ended('refused', /Unauthorized/)
  })

  test('a refused token', async () => {
    onFrame = (socket, frame) =>
      answer(socket, frame, 'error', { reason: 'InvalidJWTToken: Token has expired 3 seconds ago' })
    await ended('staleToken', /expired/)
  })

  test('a token that ends', async () => {
    onFrame = (socket, frame) => {
      answer(socket, frame)
      const payload = { status: 'error', extension: 'system', message: 'Token has expired' }
      socket.send(JSON.stringify([frame[0], null, frame[2], 'system', payload]))
    }
    await ended('staleToken', /expired/)
  })

  test('a socket that the server ends', async () => {
    onFrame = (socket) => socket.close(1011, 'going away')
    await ended('lost', /CHANNEL_ERROR/)
  })

  test('a server that never answers the join', async () => {
    onFrame = () => {}
    const { until } = open()
    expect(await until(1)).toEqual([{ reason: 'silent', kind: 'lost' }])
  })

  test('a server that lives, but never answers the join', async () => {
    onFrame = (socket, frame) => {
      if (frame[3] === 'heartbeat') answer(socket, frame)
    }
    const { until } = open()
    expect(await until(1)).toEqual([{ reason: 'noChannel', kind: 'lost' }])
  })

  test('a probe without an answer', async () => {
    onFrame = (socket, frame) => {
      if (frame[3] === 'phx_join') answer(socket, frame)
    }
    const { until } = open()
    await until(1)
    line?.probe(200)
    const said = await within(1_000, 'missing the answer', until(2))
    expect(said).toEqual(['up', { reason: 'silent', kind: 'lost' }])
  })
})

test('ended by us it says nothing more', async () => {
  onFrame = answer
  const { said, until } = open()
  await until(1)
  line?.end()
  await expect.poll(() => server.clients.size).toBe(0)
  expect(said).toEqual(['up'])
})
