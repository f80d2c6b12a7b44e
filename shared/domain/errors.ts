/** @file The closed list of expected failures, as values that `shared/words` words. Pure. */
import type { Message, Param, Params, ParamsOf, Table } from './messages/message.ts'

/**
 * Codes of expected failures: anything else is a bug and is thrown. Programs go by the code. People often need to know more:
 * then the code has reasons (`params.why`), each with a sentence and parameters of its own. A code whose `why` is a message
 * (an area's own words) lists it as a parameter.
 */
export const FAILURES = {
  // the caller
  invalid: {
    arguments: ['what', 'issue'],
    commandId: [],
    lineTwice: [],
    lineThere: [],
    newLineThere: [],
    chooseSome: ['count', 'group', 'dish'],
    chooseFewer: ['count', 'group', 'dish'],
    splitFewer: ['quantity'],
    notOnStaff: [],
    samePin: [],
    twice: ['id'],
    noCategory: ['dish'],
    noModifierGroup: ['dish'],
    timeZone: ['zone'],
    money: ['currency', 'locale'],
    noManager: [],
    unknownDevice: [],
    noHello: [],
    helloFirst: [],
    notUnderstood: [],
    cannotJoin: [],
    ownAddress: [],
    noLan: [],
    noCloud: [],
    notJson: [],
    nothingWaits: [],
    /** In the words of another area. */
    other: ['message'],
  },
  tooLarge: { order: ['most'], frame: [], request: [] },
  notAllowed: {
    role: [],
    command: ['command'],
    kind: ['paired', 'wanted'],
    otherSite: [],
    ownUser: [],
    other: ['message'],
  },
  signInNeeded: [],
  wrongPin: [],
  lockedOut: { pins: ['seconds'], codes: [], tries: [] },
  notPaired: { screen: [], other: ['message'] },
  wrongCode: { pairing: [], other: ['message'] },
  revoked: { device: [], cloud: [] },
  tooManyRequests: { calls: [], streams: [], frames: [], minute: [], connects: [] },
  tooManyScreens: ['most'],
  versionMismatch: { older: ['theirs', 'ours'], newer: ['theirs', 'ours'] },
  unknownMethod: { method: ['name'], stream: ['name'], call: [] },
  // the order
  duplicateOrder: [],
  unknownOrder: [],
  unknownItem: [],
  unknownTask: [],
  orderCancelled: ['number', 'reason'],
  itemVoided: ['dish'],
  alreadyServed: { change: ['dish'], void: [], part: [] },
  notReady: { waits: ['dish'], serve: ['dish'] },
  stillHeld: ['dish'],
  nothingToDo: {
    station: [],
    notStarted: [],
    notBumped: [],
    noneReady: [],
    noneHeld: [],
    allFired: [],
    notUndoable: [],
  },
  // the restaurant
  unknownTable: [],
  unknownMenuItem: { order: [], stock: [] },
  unknownModifier: ['option', 'dish'],
  unknownCourse: [],
  soldOut: ['dish'],
  staleDocument: [],
  // the cloud
  cloudAway: ['message'],
  wrongLogin: ['message'],
  wrongKey: ['message'],
  noSchema: ['message'],
  deviceLocked: ['message'],
  // the core
  storeFull: ['message'],
  storeReadOnly: ['message'],
  storeBroken: ['message'],
  stopping: { closing: [], closed: [], again: [] },
  busy: { away: [], left: [], unreachable: [], other: ['message'] },
  internal: [],
} as const satisfies Readonly<Record<string, readonly string[] | Table>>

type Failures = typeof FAILURES
export type ErrorCode = keyof Failures
export const ERROR_CODES = Object.keys(FAILURES) as ErrorCode[]

type Of<Names> = Names extends readonly (infer N extends string)[] ? ParamsOf<N> : never
/** The parameters of a failure; of one with reasons, each of its reasons. */
export type FailureParams<C extends ErrorCode> = Failures[C] extends readonly string[]
  ? Of<Failures[C]>
  : { [W in keyof Failures[C]]: { readonly why: W } & Of<Failures[C][W]> }[keyof Failures[C]]

/** An expected failure, as a value. `at` names the offending field. */
export interface Failure {
  code: ErrorCode
  params?: Params
  at?: string
}

/** A failure as a message, e.g. for the audit trail. */
export function messageOf({ code, params }: Failure): Message {
  return { code: `failures.${code}`, ...(params ? { params } : {}) }
}

/**
 * A failure inside another message. One that an older Plate made brings its own sentence; null: nobody said why.
 */
export function reasonOf(failure: Failure | null | undefined): Param {
  if (!failure) return null
  const { message } = failure as { message?: unknown }
  return typeof message === 'string' ? message : messageOf(failure)
}

/** Success or an expected failure. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: Failure }

/** Builds a failure. */
export function failure<C extends ErrorCode>(code: C, params: FailureParams<C>, at?: string): Failure {
  const given = params as Readonly<Record<string, Param>>
  return {
    code,
    ...(Object.keys(given).length ? { params: given } : {}),
    ...(at === undefined ? {} : { at }),
  }
}

/** Builds a failed outcome. */
export function fail<C extends ErrorCode>(
  code: C,
  ...[params, at]: Record<string, never> extends FailureParams<C>
    ? [params?: FailureParams<C>, at?: string]
    : [params: FailureParams<C>, at?: string]
): { ok: false; error: Failure } {
  return { ok: false, error: failure(code, (params ?? {}) as FailureParams<C>, at) }
}

/** Builds a successful outcome. */
export function ok<T>(value: T): { ok: true; value: T } {
  return { ok: true, value }
}
