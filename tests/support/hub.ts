/** @file Test helpers: the hub as its own process, and real WebSocket connections to it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { WebSocket } from 'ws'
import type { Client } from '../../shared/client/client.ts'
import type { Port } from '../../shared/contract/port.ts'
import type { ScreenKind } from '../../shared/domain/roles.ts'
import { testClient } from './core.ts'

const root = path.resolve(import.meta.dirname, '../..')

export interface TestHub {
  readonly pid: number
  readonly url: string
  readonly tlsUrl: string | null
  /** Signs this machine's own browsers in. */
  readonly key: string
  /** Everything it has printed, log and all. */
  output(): string
  /** A port as one of this machine's own screens. Rejects when the hub cannot be reached. */
  connect(): Promise<Port>
  client(kind: ScreenKind, station?: string): Client
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>
  /** Ends it as Ctrl+C would. */
  stop(): Promise<number | null>
}

export interface HubOptions {
  dir: string
  args?: string[]
  env?: Record<string, string>
  /** Keep the same port across restarts, so that clients find it again. */
  port?: number
  /** The built program, as people run it, instead of the sources. */
  built?: boolean
  /** Another program: the hub of a version before. */
  program?: string
  /** Command line to put in front, which becomes the hub. */
  wrap?: string[]
}

interface Ready {
  url: string
  tlsUrl: string | null
  key: string
}

/** Opens a WebSocket as a Port, with these headers. */
export function socketPort(
  url: string,
  headers: Record<string, string>,
  options: object = {},
): Promise<Port> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false, ...options })
    socket.once('error', reject)
    socket.once('open', () => {
      socket.off('error', reject)
      socket.on('error', () => undefined)
      resolve({
        send: (frame) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(frame)
        },
        onMessage: (receive) => socket.on('message', (data) => receive(String(data))),
        onClose: (closed) => {
          if (socket.readyState >= WebSocket.CLOSING) closed()
          else socket.once('close', closed)
        },
        close: () => socket.terminate(),
      })
    })
  })
}

/** Starts a hub and waits until it serves. Rejects with its output when it ends before that. */
export async function startHub(options: HubOptions): Promise<TestHub> {
  const { dir, args = [], env = {}, port = 0, built = false, wrap = [] } = options
  const program = options.program ?? (built ? 'out/main/hub.js' : 'main/headless/index.ts')
  const hub = [process.execPath, path.resolve(root, program), '--data', dir, '--port', String(port), ...args]
  const [command = '', ...rest] = [...wrap, ...hub]
  const child: ChildProcess = spawn(
    command,
    rest,
    // Not where a developer may have an .env of their own.
    { cwd: dir, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, ...env } },
  )
  let output = ''
  let errors = ''
  child.stdout?.on('data', (chunk) => {
    output += chunk
  })
  child.stderr?.on('data', (chunk) => {
    errors += chunk
  })
  const exited = once(child, 'exit') as Promise<[number | null]>
  const ready = await Promise.race([
    once(child, 'message').then(([message]) => message as Ready),
    exited.then(([code]) => Promise.reject(new Error(`the hub ended with ${code}: ${errors || output}`))),
  ])
  const connect = () =>
    socketPort(`${ready.url.replace(/^http/, 'ws').replace(/\/$/, '')}/ws`, {
      cookie: `plate_local=${ready.key}`,
      origin: new URL(ready.url).origin,
    })
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    return (await exited)[0]
  }
  return {
    ...ready,
    pid: child.pid ?? 0,
    output: () => output + errors,
    connect,
    client: (kind, station) => testClient(connect, kind, station ?? null),
    kill: async () => {
      await end('SIGKILL')
    },
    stop: () => end('SIGTERM'),
  }
}
