/** @file Makes this screen's client: over the window's bridge in Plate, over a socket in a browser. Touches clock, timers, randomness, network. */
import { type Client, type ClientHost, createClient } from '../../shared/client/client.ts'
import type { Port } from '../../shared/contract/port.ts'
import type { ScreenKind } from '../../shared/domain/roles.ts'
import { uuidv7 } from '../../shared/domain/uuid.ts'
import { bridge } from './bridge.ts'
import { openSocket } from './socket-port.ts'

/** Heard from more recently than this, a connection is left alone when the screen wakes. */
const FRESH_MS = 3_000
const WAKE_CHECK_MS = 5_000
/** A timer this late means the machine slept. */
const SLEPT_MS = 15_000

const host: ClientHost = {
  now: () => Date.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms)
    return () => clearTimeout(timer)
  },
  id: () => uuidv7(Date.now(), crypto.getRandomValues(new Uint8Array(10))),
  random: () => Math.random(),
}

async function connect(): Promise<Port> {
  const local = bridge()
  if (local) return local.connect()
  return openSocket(`${location.origin.replace(/^http/, 'ws')}/ws`)
}

/** Reconnects at once when the network or the machine comes back, instead of waiting out a retry. */
export function watchWake(client: Client): () => void {
  const wake = () => {
    const { link, lastHeard } = client.state
    const fresh = link === 'online' && Date.now() - (lastHeard ?? 0) < FRESH_MS
    if (!fresh && link !== 'refused') client.reconnect()
  }
  const visible = () => {
    if (document.visibilityState === 'visible') wake()
  }
  let last = Date.now()
  const timer = setInterval(() => {
    const now = Date.now()
    if (now - last > SLEPT_MS) wake()
    last = now
  }, WAKE_CHECK_MS)
  addEventListener('online', wake)
  document.addEventListener('visibilitychange', visible)
  return () => {
    clearInterval(timer)
    removeEventListener('online', wake)
    document.removeEventListener('visibilitychange', visible)
  }
}

/** Opens the one client of this page. */
export function openClient(kind: ScreenKind, station: string | null): Client {
  const app = String(import.meta.env.VITE_PLATE_VERSION ?? 'dev')
  const client = createClient({ connect, host, app, kind, station })
  watchWake(client)
  return client
}
