/** @file Intake: decides the orders other programs ask for, like any other order. */
import { commandSchemas, lineSchema } from '../../../shared/domain/commands.ts'
import { type Failure, failure } from '../../../shared/domain/errors.ts'
import { FEATURES } from '../../../shared/domain/events/features.ts'
import { keySchema, textSchema, uuidSchema } from '../../../shared/domain/keys.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { type Role, STAFF_ROLES } from '../../../shared/domain/roles.ts'
import type { Actor } from '../actor.ts'
import type { IntakeRequest } from '../ports.ts'
import { type Channel, type ChannelOptions, createChannel } from './channel.ts'
import type { SyncContext } from './context.ts'
import { here, type Trouble } from './failures.ts'

export interface Intake extends Channel {
  /** Claims what was left while this core was not ready, if it is ready now. */
  again(): void
}

/** Requests claimed at a time. */
export const CLAIM = 10
/** The cloud leaves a claim to its core for 30 s (`claim_life`). What is not decided within this (ms) might come too late. */
const GOOD_MS = 15_000
/** Device of orders nobody here took. */
const DEVICE = { id: 'intake', name: 'Online order' }
/** Says nothing about the order but about this core: the claim runs out, and it or another one tries again. */
const NOT_ITS_FAULT: readonly string[] = [
  'storeFull',
  'storeReadOnly',
  'storeBroken',
  'stopping',
  'busy',
  'internal',
  'deviceLocked',
]

const MAY_NOT = failure('notAllowed', { why: 'other', message: say('cloud.mayNotOrder') })
const NO_UUID = failure('invalid', { why: 'arguments', what: 'id', issue: say('issues.notUuid') }, 'id')

const nameSchema = textSchema(120)

const isRole = (role: string): role is Role => (STAFF_ROLES as readonly string[]).includes(role)

function actorOf(by: IntakeRequest['by'], role: Role): Actor {
  // What stands in events must be readable for every other core; an odd name only loses its place there.
  const [id, name] = [keySchema.safeParse(by.id), nameSchema.safeParse(by.name)]
  const staff = id.success && name.success ? { id: id.data, name: name.data } : null
  return { device: DEVICE, staff, roles: [role] }
}

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const membersOf = (value: unknown, known: object): unknown =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).filter(([name]) => Object.hasOwn(known, name)))
    : value

/**
 * The request as this version reads it: without members that only a later project and its programs know. Null when it says
 * that it needs them: a core that knows them takes it.
 */
export function readable(order: unknown): unknown {
  if (!isObject(order)) return order
  const needs = Array.isArray(order.needs) ? order.needs : []
  if (needs.some((feature) => !FEATURES.includes(String(feature)))) return null
  const { items } = order
  const lines = Array.isArray(items) ? items.map((line) => membersOf(line, lineSchema.shape)) : items
  return membersOf({ ...order, items: lines }, commandSchemas.placeOrder.shape)
}

/** Creates the intake. It only claims while `ready`: this core knows the restaurant, and what it decides gets out soon. */
export function createIntake(
  { engine, connection, host, log }: SyncContext,
  ready: () => boolean,
  done: ChannelOptions['done'],
): Intake {
  let left = false

  async function work(): Promise<Trouble | null> {
    left = false
    while (ready()) {
      const asked = host.now()
      const claimed = await connection.claimIntake(CLAIM)
      if (!claimed.ok) return claimed.error
      for (const request of claimed.value) {
        // Asleep, or waiting for a disk: by now another core may have been given it. The next claim tells.
        if (host.now() - asked > GOOD_MS) return null
        const trouble = await decide(request)
        if (trouble) return trouble
      }
      if (claimed.value.length < CLAIM) return null
    }
    left = true
    return null
  }

  /** An accepted order needs no answer: the cloud sees it when its first event arrives. */
  async function decide(request: IntakeRequest): Promise<Trouble | null> {
    const { id, order, by } = request
    if (!isRole(by.role)) return refuse(id, MAY_NOT)
    if (!uuidSchema.safeParse(id).success) return refuse(id, NO_UUID)
    const args = readable(order)
    if (args === null) {
      log.warn('CLOUD_INTAKE_LATER', { request: id })
      return null
    }
    const outcome = await engine.submit({ id, name: 'placeOrder', args, actor: actorOf(by, by.role) })
    log.info('CLOUD_INTAKE', { request: id, outcome: outcome.ok ? 'ok' : outcome.error.code })
    if (outcome.ok || outcome.error.code === 'duplicateOrder') return null
    return NOT_ITS_FAULT.includes(outcome.error.code) ? here(outcome.error) : refuse(id, outcome.error)
  }

  async function refuse(id: string, why: Failure): Promise<Trouble | null> {
    const told = await connection.refuseIntake(id, why)
    return told.ok || told.error.code === 'refused' ? null : told.error
  }

  const channel = createChannel({ name: 'intake', host, log, work, done })
  return {
    ...channel,
    get trouble() {
      return channel.trouble
    },
    again() {
      if (left && ready()) channel.request()
    },
  }
}
