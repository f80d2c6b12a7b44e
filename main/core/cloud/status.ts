/** @file What screens see of the cloud: its state in a few words, and alarms for what a person has to do. */
import type { CloudStatus, ParkedLane } from '../../../shared/contract/contract.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import type { Alarms } from '../alarms.ts'
import type { Metrics } from '../ports.ts'
import type { Host } from './channel.ts'
import { isAway, REFUSED_AS_A_WHOLE, type Trouble } from './failures.ts'

/** How things stand. */
export interface Facts {
  name: string
  /** Who removed this device; null while it is trusted. */
  locked: Message | null
  /** When they were said, ms UTC, if the cloud told. */
  lockedAt?: number | undefined
  /** What stands in the way of each exchange. */
  troubles: (Trouble | null)[]
  live: boolean
  /** When the cloud last said that we know everything, ms UTC. */
  currentAt: number | null
  /** Whether it has said so since it was last away. */
  confirmed: boolean
  behind: number
  outbox: number
  parked: ParkedLane[]
}

export interface StatusBoard {
  /** Looks again; tells screens a little later, together with what else changes meanwhile. */
  changed(): void
  /** Tells screens at once. */
  publish(): void
  /** As it stands now. */
  now(): CloudStatus
  close(): void
}

export interface StatusOptions {
  host: Host
  alarms: Alarms
  metrics: Metrics
  facts(): Facts
  /** Null: there is no cloud any more. */
  show(status: CloudStatus | null): void
}

/** Screens hear of changes this often (ms) at most. */
const PUBLISH_MS = 250
/** Being behind for less than this (ms) is on its way, not worth a word. */
const BEHIND_MS = 1_000
/** Tickets named in an alarm. */
const NAMED = 5

const ACCESS = 'cloud:access'
const PARKED = 'cloud:parked'

type Stand = Pick<CloudStatus, 'state' | 'says'>

/** Which state these facts are; `late`: it has been behind for a while. */
export function standOf({ locked, troubles, live, confirmed }: Facts, late: boolean): Stand {
  if (locked !== null) return { state: 'locked', says: locked }
  const all = troubles.filter((trouble) => trouble !== null)
  const refused = all.find((trouble) => !isAway(trouble) && trouble.code !== 'here')
  if (refused) return { state: 'refused', says: refused.says }
  const away = all.find(isAway)
  if (away) return { state: 'away', says: away.says }
  const says = all[0]?.says ?? null
  if (!confirmed || late) return { state: 'catchingUp', says }
  return { state: live ? 'live' : 'polling', says }
}

/** What only a person can give. A code cannot be used with a wrong key, so the key comes first. */
export function needOf({ troubles }: Pick<Facts, 'troubles'>): CloudStatus['needs'] {
  const has = (code: Trouble['code']) => troubles.some((trouble) => trouble?.code === code)
  if (has('wrongKey')) return 'key'
  return has('signedOut') ? 'code' : null
}

/** What the person at the screen has to know about parked lanes. */
export function notTaken(lanes: readonly ParkedLane[]): Message {
  const things = lanes.slice(0, NAMED).map(thingOf)
  const reason = lanes[0]?.says ?? null
  const byItself = lanes.every(({ code }) => code === REFUSED_AS_A_WHOLE)
  const todo = byItself ? say('cloud.sendsAgain') : say('cloud.managerDecides')
  const count = lanes.length - things.length
  return count > 0
    ? say('cloud.notTakenAndMore', { things, count, reason, todo })
    : say('cloud.notTaken', { things, reason, todo })
}

function thingOf({ order, number, lane }: ParkedLane): Message {
  if (order !== null) return number ? say('cloud.ticket', { number }) : say('cloud.order')
  if (lane === 'document.published') return say('cloud.documentChange')
  return lane === 'stock.set' ? say('cloud.stockChange') : say('cloud.otherChange', { kind: lane })
}

/** Creates the board; `show` gets the status at the first change. */
export function createStatusBoard({ host, alarms, metrics, facts, show }: StatusOptions): StatusBoard {
  let state: CloudStatus['state'] | null = null
  let since = host.now()
  let behindSince: number | null = null
  let shown = ''
  let stopTimer: (() => void) | null = null
  let stopLook: (() => void) | null = null
  let closed = false

  function now(): CloudStatus {
    const known = facts()
    const { name, currentAt, behind, outbox, parked, locked, lockedAt } = known
    behindSince = behind === 0 ? null : (behindSince ?? host.tick())
    const late = behindSince !== null && host.tick() - behindSince >= BEHIND_MS
    const stand = standOf(known, late)
    if (stand.state !== state) {
      state = stand.state
      since = host.now()
    }
    if (locked !== null) since = lockedAt ?? since
    const needs = needOf(known)
    const parkedOrders = parked.filter(({ order }) => order !== null).length
    return { ...stand, since, currentAt, name, outbox, parked: parked.length, parkedOrders, behind, needs }
  }

  function publish(): void {
    stopTimer?.()
    stopTimer = null
    const status = now()
    lookAgain()
    // The reasons of what is parked are in the alarm's words only.
    alarm(status)
    const text = JSON.stringify(status)
    if (text === shown) return
    shown = text
    metrics.gauge('cloud_outbox', status.outbox)
    metrics.gauge('cloud_behind', status.behind)
    metrics.gauge('cloud_parked', status.parked)
    show(status)
  }

  /** What is behind becomes late without anything else changing. */
  function lookAgain(): void {
    stopLook?.()
    const left = behindSince === null ? 0 : behindSince + BEHIND_MS - host.tick()
    stopLook = left > 0 ? host.after(left, publish) : null
  }

  function alarm({ state: stand, says }: CloudStatus): void {
    if ((stand === 'locked' || stand === 'refused') && says) alarms.raise(ACCESS, 'alarm', says)
    else alarms.clear(ACCESS)
    const { parked } = facts()
    if (parked.length) alarms.raise(PARKED, 'warning', notTaken(parked))
    else alarms.clear(PARKED)
  }

  return {
    now,
    publish,
    changed() {
      if (!closed) stopTimer ??= host.after(PUBLISH_MS, publish)
    },
    close() {
      closed = true
      stopTimer?.()
      stopLook?.()
      for (const id of [ACCESS, PARKED]) alarms.clear(id)
      for (const name of ['cloud_outbox', 'cloud_behind', 'cloud_parked']) metrics.gauge(name, 0)
      show(null)
    },
  }
}
