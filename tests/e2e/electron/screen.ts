/** @file A screen for tests: the typed client over the running app's local port. Reads the app's data folder. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { WebSocket } from 'ws'
import { type Client, createClient } from '../../../shared/client/client.ts'
import type { Port } from '../../../shared/contract/port.ts'
import type { ScreenKind } from '../../../shared/domain/roles.ts'
import { uuidv7 } from '../../../shared/domain/uuid.ts'

/** Connects as a screen of this kind. An `expo` may place and bump orders without a PIN. */
export function openScreen(data: string, kind: ScreenKind = 'expo'): Client {
  return createClient({
    app: 'test',
    kind,
    station: null,
    connect: () => dial(data),
    host: {
      now: Date.now,
      random: Math.random,
      id: () => uuidv7(Date.now(), randomBytes(10)),
      after: (ms, task) => {
        const timer = setTimeout(task, ms)
        timer.unref()
        return () => clearTimeout(timer)
      },
    },
  })
}

/** Places a takeaway order with one of each dish and answers its ticket number. */
export async function order(screen: Client, ...dishes: string[]): Promise<string> {
  const items = dishes.map((menuItem) => ({ id: screen.newId(), menuItem, quantity: 1 }))
  const outcome = await screen.send('placeOrder', { order: screen.newId(), type: 'takeaway', items })
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error))
  return String(outcome.value.number)
}

async function dial(data: string): Promise<Port> {
  const read = (name: string) => readFileSync(path.join(data, name), 'utf8')
  const { url } = JSON.parse(read('hub.json')) as { url: string }
  const headers = { cookie: `plate_local=${read('local-key').trim()}` }
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, { headers })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('open', () => resolve(portOf(socket)))
  })
}

function portOf(socket: WebSocket): Port {
  return {
    send: (frame) => socket.send(frame),
    onMessage: (receive) => socket.on('message', (bytes) => receive(String(bytes))),
    onClose: (closed) => socket.once('close', closed),
    close: () => socket.close(),
  }
}
