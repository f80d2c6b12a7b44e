/** @file Why an exchange with the cloud did not work, and what that means for screens. Pure. */
import { type ErrorCode, type Failure, fail } from '../../../shared/domain/errors.ts'
import type { CloudFailure } from '../ports.ts'

/** What stands in the way: the cloud, or something on this PC (a full disk, a fault). */
export type Trouble = CloudFailure | { code: 'here'; message: string; detail?: string; retryAfterMs?: number }

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
export const STUCK: Trouble = {
  code: 'busy',
  message: 'The cloud says that there is more, but does not hand it over. Plate asks again.',
}

/** What this PC itself could not do. */
export const here = ({ message }: { message: string }): Trouble => ({ code: 'here', message })

const CODES: Record<CloudFailure['code'], ErrorCode> = {
  away: 'cloudAway',
  busy: 'cloudAway',
  revoked: 'deviceLocked',
  signedOut: 'notPaired',
  wrongKey: 'wrongKey',
  noSchema: 'noSchema',
  wrongLogin: 'wrongLogin',
  wrongCode: 'wrongCode',
  notAllowed: 'notAllowed',
  refused: 'invalid',
}

/** A failure of the cloud as a screen gets it. */
export function failed(failure: CloudFailure): { ok: false; error: Failure } {
  return fail(CODES[failure.code], failure.message)
}

/** What the core itself refuses, like an answer of the cloud. */
export const failure = (code: CloudFailure['code'], message: string): { ok: false; error: CloudFailure } => ({
  ok: false,
  error: { code, message },
})
export const done = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })

export const NOW_BUSY = failure('busy', 'This PC is being connected just now. Wait a moment.')
