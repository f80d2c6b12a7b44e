/** @file The closed list of expected failures, each with a sentence that says what to do. Pure. */

/** Codes of expected failures. Anything else is a bug and is thrown. */
export const ERROR_CODES = [
  // the caller
  'invalid',
  'tooLarge',
  'notAllowed',
  'signInNeeded',
  'wrongPin',
  'lockedOut',
  'notPaired',
  'wrongCode',
  'revoked',
  'tooManyRequests',
  'tooManyScreens',
  'versionMismatch',
  'unknownMethod',
  // the order
  'duplicateOrder',
  'unknownOrder',
  'unknownItem',
  'unknownTask',
  'orderCancelled',
  'itemVoided',
  'alreadyServed',
  'notReady',
  'stillHeld',
  'nothingToDo',
  // the restaurant
  'unknownTable',
  'unknownMenuItem',
  'unknownModifier',
  'unknownStation',
  'unknownCourse',
  'soldOut',
  'staleDocument',
  // the cloud
  'cloudAway',
  'wrongLogin',
  'wrongKey',
  'noSchema',
  'deviceLocked',
  // the core
  'storeFull',
  'storeReadOnly',
  'storeBroken',
  'stopping',
  'busy',
  'internal',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/** An expected failure, as a value. `message` is a sentence for the person at the screen; `at` names the offending field. */
export interface Failure {
  code: ErrorCode
  message: string
  at?: string
}

/** Success or an expected failure. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: Failure }

/** Builds a failed outcome. */
export function fail(code: ErrorCode, message: string, at?: string): { ok: false; error: Failure } {
  return { ok: false, error: at === undefined ? { code, message } : { code, message, at } }
}

/** Builds a successful outcome. */
export function ok<T>(value: T): { ok: true; value: T } {
  return { ok: true, value }
}
