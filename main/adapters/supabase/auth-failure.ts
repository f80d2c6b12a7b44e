/** @file What an answer of the auth side that is no success means. Pure. */
import { say } from '../../../shared/domain/messages/index.ts'
import type { CloudFailure } from '../../core/ports.ts'
import { WRONG_KEY } from './failure.ts'

/** What is known of a failed call to the auth server. `status` 0: it never answered. */
export interface AuthTrouble {
  status: number
  code: string
  message: string
}

const BUSY: CloudFailure = { code: 'busy', says: say('cloud.tooManySignIns') }
const AWAY: CloudFailure = { code: 'away', says: say('cloud.away', { next: say('cloud.tryAgain') }) }

const BY_CODE: Record<string, CloudFailure> = {
  invalid_credentials: { code: 'wrongLogin', says: say('cloud.wrongPassword') },
  email_not_confirmed: { code: 'wrongLogin', says: say('cloud.emailNotConfirmed') },
  user_banned: { code: 'notAllowed', says: say('cloud.banned') },
  anonymous_provider_disabled: { code: 'notAllowed', says: say('cloud.noAnonymousSignIns') },
  signup_disabled: { code: 'notAllowed', says: say('cloud.noSignUps') },
  email_provider_disabled: { code: 'notAllowed', says: say('cloud.noEmailSignIns') },
  captcha_failed: { code: 'notAllowed', says: say('cloud.captcha') },
}

/** Shared by signing in and renewing; undefined for a refusal of what was asked itself. */
function general({ status, code, message }: AuthTrouble): CloudFailure | undefined {
  if (status === 401 && /api key|apikey/i.test(message)) return WRONG_KEY
  if (status === 429 || /rate_limit/.test(code)) return BUSY
  if (status < 400 || status >= 500 || status === 408) return AWAY
  return undefined
}

/** Why somebody, or a device, could not sign in. */
export function signInFailure(trouble: AuthTrouble): CloudFailure {
  const known = BY_CODE[trouble.code] ?? general(trouble)
  if (known) return known
  // Servers before error codes.
  if (/anonymous sign-?ins are disabled/i.test(trouble.message))
    return signInFailure({ ...trouble, code: 'anonymous_provider_disabled' })
  if (/invalid login credentials/i.test(trouble.message))
    return signInFailure({ ...trouble, code: 'invalid_credentials' })
  if (!trouble.code) return AWAY
  return { code: 'refused', says: say('cloud.signInRefused', { text: trouble.message }) }
}

export const SIGNED_OUT: CloudFailure = { code: 'signedOut', says: say('cloud.signedOut') }

/** Why a session could not be renewed: for now, or for ever. A gateway's odd answer never ends a session. */
export function renewalFailure(trouble: AuthTrouble): CloudFailure {
  return general(trouble) ?? (trouble.code ? SIGNED_OUT : AWAY)
}
