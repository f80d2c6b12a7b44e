/** @file What the hub's routes share. Types only. */
import type { HttpBindings } from '@hono/node-server'
import type { Hono } from 'hono'
import type { Log } from '../../core/ports.ts'
import type { Client } from './client.ts'
import type { StaticFile } from './files.ts'
import type { Gate } from './limits.ts'
import type { HubCore, HubMetrics, HubWords, Identification } from './parts.ts'

/** Everything a route may need; made once per hub. */
export interface HubContext {
  core: HubCore
  /** The hub's name for people. */
  name: string
  words: HubWords
  log: Log
  metrics: HubMetrics
  /** The local key. */
  key: string
  gate: Gate
  files: (pathname: string) => Promise<StaticFile | undefined>
  /** Host names and addresses this hub answers to. */
  hosts: () => ReadonlySet<string>
  allowedOrigins: readonly string[]
  trustedProxies: readonly string[]
  metricsToken: string | undefined
  /** Open connections are at their limit. */
  crowded: () => boolean
  maxConnections: number
  /** The certificate, once there is one. */
  identification: () => Identification | undefined
}

export interface HubEnv {
  Bindings: HttpBindings
  Variables: { client: Client }
}
export type HubApp = Hono<HubEnv>
