/** @file The refusals of the auth API, in the words and numbers of the hosted one. Pure. */
import { json, type Reply } from '../http.ts'

const REFUSALS = {
  invalid_credentials: [400, 'Invalid login credentials'],
  user_already_exists: [422, 'User already registered'],
  email_exists: [422, 'A user with this email address has already been registered'],
  weak_password: [422, 'Password should be at least 6 characters.'],
  validation_failed: [400, 'Unable to validate email address: invalid format'],
  anonymous_provider_disabled: [422, 'Anonymous sign-ins are disabled'],
  refresh_token_not_found: [400, 'Invalid Refresh Token: Refresh Token Not Found'],
  refresh_token_already_used: [400, 'Invalid Refresh Token: Already Used'],
  session_expired: [400, 'Invalid Refresh Token: Session Expired'],
  unsupported_grant_type: [400, 'unsupported_grant_type'],
  user_banned: [400, 'User is banned'],
  no_authorization: [401, 'This endpoint requires a valid Bearer token'],
  bad_jwt: [403, 'invalid JWT: unable to parse or verify signature, or token is expired'],
  session_not_found: [403, 'Session from session_id claim in JWT does not exist'],
  user_not_found: [404, 'User not found'],
  not_admin: [403, 'User not allowed'],
  not_found: [404, 'The local backend does not know this address of the auth API'],
} as const satisfies Record<string, readonly [status: number, message: string]>

export type Refusal = keyof typeof REFUSALS

export function refusal(code: Refusal): Reply {
  const [status, message] = REFUSALS[code]
  return json(status, { code: status, error_code: code, msg: message }, { 'x-sb-error-code': code })
}
