/** @file What an answer of the auth side that is no success means. Pure. */
import type { CloudFailure } from '../../core/ports.ts'
import { WRONG_KEY_MESSAGE } from './failure.ts'

/** What is known of a failed call to the auth server. `status` 0: it never answered. */
export interface AuthTrouble {
  status: number
  code: string
  message: string
}

const BUSY = 'Too many tries for now. Wait a few minutes, then try again.'
const AWAY = 'The cloud does not answer properly at the moment. Try again in a moment.'

const BY_CODE: Record<string, CloudFailure> = {
  invalid_credentials: {
    code: 'wrongLogin',
    message:
      'The e-mail address or the password is wrong. Type both again; whoever looks after the Supabase project can set a new password there.',
  },
  email_not_confirmed: {
    code: 'wrongLogin',
    message:
      'This e-mail address is not confirmed yet. Open the link in the mail that Supabase sent, then sign in.',
  },
  user_banned: { code: 'notAllowed', message: 'This account is blocked in the Supabase project.' },
  anonymous_provider_disabled: {
    code: 'notAllowed',
    message:
      'The project does not let devices in: switch on “Allow anonymous sign-ins” in the Supabase dashboard under ' +
      'Authentication → Sign In / Providers, then try again.',
  },
  signup_disabled: {
    code: 'notAllowed',
    message:
      'The project does not let devices in: switch on “Allow new users to sign up” in the Supabase dashboard under ' +
      'Authentication → Sign In / Providers, then try again.',
  },
  email_provider_disabled: {
    code: 'notAllowed',
    message:
      'The project does not let people sign in with e-mail: switch it on in the Supabase dashboard under ' +
      'Authentication → Sign In / Providers, then try again.',
  },
  captcha_failed: {
    code: 'notAllowed',
    message:
      'The project asks for a captcha, which a device cannot solve: switch it off in the Supabase dashboard under ' +
      'Authentication → Attack Protection, then try again.',
  },
}

/** Shared by signing in and renewing; undefined for a refusal of what was asked itself. */
function general({ status, code, message }: AuthTrouble): CloudFailure | undefined {
  if (status === 401 && /api key|apikey/i.test(message))
    return { code: 'wrongKey', message: WRONG_KEY_MESSAGE }
  if (status === 429 || /rate_limit/.test(code)) return { code: 'busy', message: BUSY }
  if (status < 400 || status >= 500 || status === 408) return { code: 'away', message: AWAY }
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
  if (!trouble.code) return { code: 'away', message: AWAY }
  return { code: 'refused', message: `Supabase refused the sign-in: ${trouble.message}` }
}

export const SIGNED_OUT: CloudFailure = {
  code: 'signedOut',
  message: 'This device’s access to the cloud has ended. Ask a manager for a new device code.',
}

/** Why a session could not be renewed: for now, or for ever. A gateway's odd answer never ends a session. */
export function renewalFailure(trouble: AuthTrouble): CloudFailure {
  return general(trouble) ?? (trouble.code ? SIGNED_OUT : { code: 'away', message: AWAY })
}
