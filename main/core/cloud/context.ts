/** @file What the parts of one connection to the cloud share. Types, and the names of its cursors. */
import type { State } from '../../../shared/domain/apply.ts'
import type { Alarms } from '../alarms.ts'
import type { Engine } from '../engine/engine.ts'
import type { Names } from '../names.ts'
import type { CloudConnection, Log, Metrics, Store } from '../ports.ts'
import type { Host } from './channel.ts'
import type { Setback } from './setback.ts'

/** What everything about the cloud needs of the core. */
export interface CloudBase {
  /** This core's id. */
  core: string
  version: string
  state: State
  engine: Engine
  store: Store
  alarms: Alarms
  /** What PCs are called. */
  names: Names
  log: Log
  metrics: Metrics
  host: Host
}

export interface SyncContext extends CloudBase {
  connection: CloudConnection
  logs: LogNames
  setback: Setback
  /** Whether nothing may be exchanged: a manager has removed this device, or the cloud was put back. */
  stopped(): boolean
  /** Something a screen may want to know has changed. */
  changed(): void
}

/** Names of one restaurant's cursors in the store. */
export interface LogNames {
  /** The shared log as far as it was taken in here; also the source of the events that came with it. */
  in: string
  /** This core's own log as far as it was sent. */
  out: string
  /** The highest retention floor above what had been taken in: below it something may be missing here. */
  floor: string
  /** Of the orders whose last event is not after this, nothing is missing here, archived or not. */
  history: string
}

/** The names for this restaurant (its id). */
export const logNames = (restaurant: string): LogNames => ({
  in: `cloud:${restaurant}`,
  out: `out:${restaurant}`,
  floor: `floor:${restaurant}`,
  history: `history:${restaurant}`,
})

/** Whether something that was archived in the cloud may be missing here. */
export const lacksHistory = ({ engine, logs }: Pick<SyncContext, 'engine' | 'logs'>): boolean =>
  engine.cursor(logs.history) < engine.cursor(logs.floor)
