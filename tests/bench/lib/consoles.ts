/** @file Consoles that join at once, for benchmarks, in a process of their own that talks to its parent over IPC. Opens sockets. */
import { CONTRACT_VERSION } from '../../../shared/contract/contract.ts'
import type { Port } from '../../../shared/contract/port.ts'
import { PINS } from '../../support/core.ts'
import { socketPort } from '../../support/hub.ts'
import type { Door } from './paint.ts'

export interface ConsolesStart {
  door: Door
  count: number
}

/** What each console saw: how long (ms) until it had the whole collection, null when it was cut off; and of how many bytes. */
export type ConsolesResult = { ms: number | null; bytes: number }[]

/** A console that is signed in. */
async function open({ url, key }: Door): Promise<Port> {
  const { origin } = new URL(url)
  const port = await socketPort(`${origin.replace(/^http/, 'ws')}/ws`, {
    cookie: `plate_local=${key}`,
    origin,
  })
  const hello = { t: 'hello', v: CONTRACT_VERSION, app: 'bench', kind: 'console', station: null }
  port.send(JSON.stringify({ ...hello, clock: Date.now(), session: null }))
  port.send(JSON.stringify({ t: 'call', i: 1, m: 'signIn', a: { pin: PINS.server } }))
  await new Promise<void>((resolve) => {
    port.onMessage((frame) => {
      if (frame.startsWith('{"t":"reply","i":1,"ok":true')) resolve()
    })
  })
  return port
}

/** Frames are counted and not read, so that it is the core that is measured. */
function join(port: Port): Promise<ConsolesResult[number]> {
  const started = performance.now()
  let bytes = 0
  return new Promise((resolve) => {
    port.onClose(() => resolve({ ms: null, bytes }))
    port.onMessage((frame) => {
      if (!/^\{"t":"(snap|batch)"/.test(frame)) return
      bytes += Buffer.byteLength(frame)
      port.send(JSON.stringify({ t: 'credit', i: 2, n: 1 }))
      if (!frame.endsWith('"more":true}')) resolve({ ms: performance.now() - started, bytes })
    })
    port.send(JSON.stringify({ t: 'sub', i: 2, s: 'tickets', a: { scope: 'open' } }))
  })
}

let ports: Port[] = []
process.on('message', (message: ConsolesStart | 'join' | 'finish') => {
  if (message === 'finish') process.exit(0)
  if (message === 'join') {
    void Promise.all(ports.map(join)).then((result: ConsolesResult) => process.send?.(result))
    return
  }
  void Promise.all(Array.from({ length: message.count }, () => open(message.door))).then((opened) => {
    ports = opened
    process.send?.('ready')
  })
})
