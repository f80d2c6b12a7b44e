/** @file Why an exchange with the cloud did not work, and what that means for screens. Pure. */
import { type Failure, fail, messageOf } from '../../../shared/domain/errors.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import { readMessage } from '../../../shared/domain/messages/read.ts'
import type { CloudFailure } from '../ports.ts'

/** What stands in the way: the cloud, or something on this PC (a full disk, a fault). */
export type Trouble = CloudFailure | { code: 'here'; says: Message; detail?: string; retryAfterMs?: number }

/** Trouble that passes by itself, when the network or the server is back. */
export const isAway = (trouble: Trouble | null): boolean =>
  trouble?.code === 'away' || trouble?.code === 'busy'

/**
 * Why events wait that were refused only as part of a request, whatever stood in it: unlike what is refused event by event, it
 * may not be their fault. They are sent again without being asked.
 */
export const REFUSED_AS_A_WHOLE: CloudFailure['code'] = 'refused'

/** Less at once may get through. */
export const isTooMuch = (failure: CloudFailure): boolean => failure.code === 'busy' || failure.late === true

/** An answer that leads nowhere. */
export const STUCK: Trouble = { code: 'busy', says: say('cloud.stuck') }

/** What this PC itself could not do. */
export const here = (failure: Failure): Trouble => ({ code: 'here', says: messageOf(failure) })

/** What was thrown in the middle of an exchange: the store says itself what is the matter with it, anything else is a bug. */
export function faultHere(error: unknown): Trouble {
  const text = error instanceof Error ? error.message : String(error)
  const said = readMessage((error as { says?: unknown } | null)?.says)
  return { code: 'here', says: said ?? say('cloud.fault', { text }), detail: text }
}

const FAILED: Record<CloudFailure['code'], (message: Message) => { ok: false; error: Failure }> = {
  away: (message) => fail('cloudAway', { message }),
  busy: (message) => fail('cloudAway', { message }),
  revoked: (message) => fail('deviceLocked', { message }),
  signedOut: (message) => fail('notPaired', { why: 'other', message }),
  wrongKey: (message) => fail('wrongKey', { message }),
  noSchema: (message) => fail('noSchema', { message }),
  wrongLogin: (message) => fail('wrongLogin', { message }),
  wrongCode: (message) => fail('wrongCode', { why: 'other', message }),
  notAllowed: (message) => fail('notAllowed', { why: 'other', message }),
  refused: (message) => fail('invalid', { why: 'other', message }),
}

/** A failure of the cloud as a screen gets it. */
export const failed = ({ code, says }: CloudFailure): { ok: false; error: Failure } => FAILED[code](says)

/** What the core itself refuses, like an answer of the cloud. */
export const failure = (code: CloudFailure['code'], says: Message): { ok: false; error: CloudFailure } => ({
  ok: false,
  error: { code, says },
})
export const done = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })

export const NOW_BUSY = failure('busy', say('cloud.connecting'))
