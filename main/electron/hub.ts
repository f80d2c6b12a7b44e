/** @file Opens this Plate to the local network when its switch is on. Puts the hub's adapters together. */
import path from 'node:path'
import { createHubServer, type HubServer } from '../adapters/http/index.ts'
import type { PrometheusMetrics } from '../adapters/metrics/index.ts'
import { createCertificates } from '../adapters/tls/index.ts'
import { createScreenSockets } from '../adapters/ws/index.ts'
import type { Clock, Log } from '../core/ports.ts'
import { words } from './words.ts'

export interface AppHubOptions {
  data: string
  renderer: string
  name: string
  /** https for the local network. */
  port: number
  clock: Clock
  log: Log
  metrics: PrometheusMetrics
}

/** The hub of this app. Windows do not need it, so its ports being taken never stops Plate. */
export function createAppHub({ data, renderer, name, port, clock, log, metrics }: AppHubOptions): HubServer {
  return createHubServer({
    rendererDir: renderer,
    dataDir: data,
    name,
    words,
    log,
    metrics,
    sockets: createScreenSockets({ now: clock.monotonic }),
    certificates: createCertificates({ dir: path.join(data, 'tls'), name, clock, log }),
    // On this machine the windows are the screens; the local port only matters to its own browser.
    ports: { http: 0, tls: port },
  })
}
