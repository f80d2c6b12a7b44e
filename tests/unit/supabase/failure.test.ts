/** @file What bad answers of REST and auth mean for the core. */
import { expect, test } from 'vitest'
import { renewalFailure, signInFailure } from '../../../main/adapters/supabase/auth-failure.ts'
import { retryAfterMs, verdictOn } from '../../../main/adapters/supabase/failure.ts'
import { networkFailure } from '../../../main/adapters/supabase/network.ts'
import { forPerson } from '../../../main/core/serve/cloud.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { createWords } from '../../../shared/words/index.ts'

const NOW = Date.UTC(2026, 10, 22, 18)
const of = (status: number, body?: unknown, retryAfter: string | null = null) =>
  verdictOn({ status, body, retryAfter }, NOW)

test.each([
  ['a sentence of ours with its hint', 403, { code: 'PT403', hint: 'revoked', message: 'Gone.' }, 'revoked'],
  ['a login that is no device', 403, { code: 'PT403', hint: 'notClaimed', message: 'No.' }, 'signedOut'],
  ['a wrong code', 403, { code: 'PT403', hint: 'wrongCode', message: 'No.' }, 'wrongCode'],
  ['too many codes', 429, { code: 'PT429', hint: 'tooManyTries', message: 'Wait.' }, 'busy'],
  ['too large for a gateway', 413, undefined, 'refused'],
  ['too large', 413, { code: 'PT413', hint: 'tooLarge', message: 'Large.' }, 'refused'],
  ['a hint of tomorrow', 400, { code: 'PT400', hint: 'newer', message: 'New.' }, 'refused'],
  ['a missing function', 404, { code: 'PGRST202', message: 'Could not find' }, 'noSchema'],
  ['a missing table', 404, { code: 'PGRST205', message: 'Could not find' }, 'noSchema'],
  ['no right', 403, { code: '42501', message: 'permission denied' }, 'notAllowed'],
  ['no right for anon', 401, { code: '42501', message: 'permission denied' }, 'notAllowed'],
  ['a broken rule', 409, { code: '23505', message: 'duplicate key' }, 'refused'],
  ['a text that no database keeps', 400, { code: '22P05', message: 'unsupported Unicode' }, 'refused'],
  ['a schema that is not exposed', 406, { code: 'PGRST106', message: 'The schema must be' }, 'noSchema'],
  ['a function that is there twice', 300, { code: 'PGRST203', message: 'Could not choose' }, 'noSchema'],
  ['a column that is missing', 400, { code: '42703', message: 'does not exist' }, 'noSchema'],
  ['a plan of before a migration', 400, { code: '0A000', message: 'cached plan' }, 'noSchema'],
  ["somebody else's trigger", 400, { code: 'P0001', message: 'Not on Sundays.' }, 'noSchema'],
  ['a wrong key', 401, { message: 'Invalid API key', hint: 'Double check' }, 'wrongKey'],
  ['no pool', 504, { code: 'PGRST003', message: 'Timed out' }, 'busy'],
  ['a cancelled statement', 500, { code: '57014', message: 'canceling statement' }, 'busy'],
  ['memory of the server', 503, { code: '53200', message: 'out of memory' }, 'busy'],
  ['a lock', 500, { code: '55P03', message: 'lock timeout' }, 'busy'],
  ['a broken disk', 500, { code: '58030', message: 'could not read' }, 'away'],
  ['more than a database can read', 500, { code: '54001', message: 'stack depth limit' }, 'refused'],
  ['a deadlock', 500, { code: '40P01', message: 'deadlock' }, 'busy'],
  ['a full disk', 405, { code: '25006', message: 'read-only transaction' }, 'busy'],
  ['no database', 503, { code: 'PGRST001', message: 'no connection' }, 'away'],
  ['shutting down', 503, { code: '57P01', message: 'terminating' }, 'away'],
  ['overload', 503, undefined, 'busy'],
  ['too many calls', 429, { code: 'over_request_rate_limit', message: 'later' }, 'busy'],
  ['overload in other words', 503, { code: 'over_capacity', message: 'later' }, 'busy'],
  ['a gateway’s impatience', 408, { code: 'request_timeout', message: 'too slow' }, 'away'],
  ['a hint that is not ours', 400, { code: 'P0001', hint: 'revoked', message: 'No.' }, 'noSchema'],
  ['a project without its secret', 500, { code: 'PGRST300', message: 'JWT secret missing' }, 'away'],
  ['a gateway', 502, undefined, 'away'],
  ['a bug', 500, { code: 'XX000', message: 'internal' }, 'away'],
  ['over quota', 402, { message: 'exceed_egress_quota' }, 'away'],
  ['paused', 540, undefined, 'away'],
  ['a login page', 302, undefined, 'away'],
  ['a firewall', 403, undefined, 'away'],
])('%s', (_, status, body, code) => {
  expect(of(status, body)).toMatchObject({ failure: { code }, staleToken: false })
})

test('a request that took too long says so, others that are busy do not', () => {
  expect(of(500, { code: '57014', message: 'canceling statement' }).failure.tooLong).toBe(true)
  expect(of(500, { code: '40P01', message: 'deadlock' }).failure).not.toHaveProperty('tooLong')
})

test('whoever had no answer in time says so, as less at once may pass', () => {
  for (const status of [408, 502, 504, 524]) expect(of(status).failure).toMatchObject({ late: true })
  for (const status of [500, 503, 403]) expect(of(status).failure).not.toHaveProperty('late')
  const timeout = new DOMException('too slow', 'TimeoutError')
  expect(networkFailure(timeout, 'a.co')).toMatchObject({ code: 'away', late: true })
})

test('what our own functions say arrives with its parameters', () => {
  const says = (message: string, details?: string | null) =>
    of(422, { code: 'PT422', hint: 'invalid', message, details }).failure.says
  expect(says('cloud.inputTooLong', '{"input": "letter", "most": 40}')).toEqual(
    say('cloud.inputTooLong', { input: 'letter', most: 40 }),
  )
  expect(says('cloud.lastAdmin', null)).toEqual({ code: 'cloud.lastAdmin' })
  // Of a newer project: this Plate can say that it has no words for it.
  expect(says('cloud.ofTomorrow', '{"dish": "Soup"}')).toEqual({
    code: 'cloud.ofTomorrow',
    params: { dish: 'Soup' },
  })
  expect(of(400, { code: 'PT400', hint: 'newer', message: 'cloud.ofTomorrow' }).failure).toEqual({
    code: 'refused',
    says: { code: 'cloud.ofTomorrow' },
  })
})

test('sentences of a project of version 0.1 are still told, and nothing is said where it says nothing', () => {
  const says = (message?: string) => of(403, { code: 'PT403', hint: 'wrongCode', message }).failure.says
  expect(says('Farah removed it.')).toEqual(say('cloud.saidBefore', { text: 'Farah removed it.' }))
  expect(says('')).toEqual({ code: 'cloud.refused' })
  expect(says()).toEqual({ code: 'cloud.refused' })
})

test('what the database itself says of a value is told with it', () => {
  expect(of(400, { code: '22P05', message: 'unsupported Unicode' }).failure.says).toEqual(
    say('cloud.refusedWith', { text: 'unsupported Unicode' }),
  )
  expect(of(409, { code: '23505', message: null }).failure.says).toEqual({ code: 'cloud.refused' })
})

test('a project that is restricted says why, if it is known', () => {
  expect(of(402, { message: 'exceed_egress_quota' }).failure.says).toEqual(
    say('cloud.restricted', { text: 'exceed_egress_quota' }),
  )
  expect(of(402).failure.says).toEqual({ code: 'cloud.quotaUsedUp' })
})

test.each([
  [401, { code: 'PGRST303', message: 'JWT expired' }],
  [401, { code: 'PGRST301', message: 'No suitable key' }],
  [401, undefined],
])('a refused token may be renewed: %s %o', (status, body) => {
  expect(of(status, body).staleToken).toBe(true)
})

test('only answers without any word of Supabase are foreign', () => {
  expect(of(404).foreign).toBe(true)
  expect(of(302).foreign).toBe(true)
  for (const status of [402, 408, 500, 502]) expect(of(status).foreign).toBe(false)
  expect(of(404, { code: 'PGRST202', message: '' }).foreign).toBe(false)
  expect(of(401, { message: 'Invalid API key' }).foreign).toBe(false)
})

test('a removed device hears when it was removed, as far as the database says so', () => {
  const told = (details: unknown, message = 'cloud.removed') =>
    of(403, { code: 'PT403', hint: 'revoked', message, details }).failure
  expect(told('{"at": 1795360000000, "who": "Farah", "role": "admin"}')).toEqual({
    code: 'revoked',
    says: { code: 'cloud.removed', params: { at: 1_795_360_000_000, who: 'Farah', role: 'admin' } },
    at: 1_795_360_000_000,
  })
  expect(told('{"at": 1795360000000}', 'Farah removed it.')).toEqual({
    code: 'revoked',
    says: say('cloud.saidBefore', { text: 'Farah removed it.' }),
    at: 1_795_360_000_000,
  })
  for (const details of [undefined, null, 'no JSON', 'null', '7'])
    expect(told(details)).toEqual({ code: 'revoked', says: { code: 'cloud.removed' } })
  expect(told('{"at": "today"}')).not.toHaveProperty('at')
})

test('Retry-After is read as seconds or as a date, within bounds', () => {
  expect(of(429, { message: 'slow down' }, '7').failure).toMatchObject({ code: 'busy', retryAfterMs: 7000 })
  expect(retryAfterMs(new Date(NOW + 5000).toUTCString(), NOW)).toBe(5000)
  expect(retryAfterMs(new Date(NOW - 5000).toUTCString(), NOW)).toBe(0)
  expect(retryAfterMs('9999999', NOW)).toBe(600_000)
  expect(retryAfterMs('soon', NOW)).toBeUndefined()
  expect(of(429).failure).not.toHaveProperty('retryAfterMs')
  // A gateway knows nothing of when the internet is back.
  expect(of(502, undefined, '60').failure).not.toHaveProperty('retryAfterMs')
})

test('requests without an answer say what to look at', () => {
  const failed = (code: string) =>
    new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) })
  const says = (error: unknown) => networkFailure(error, 'a.co').says
  const next = say('cloud.triesAgain')
  expect(says(failed('ENOTFOUND'))).toEqual(say('cloud.hostNotFound', { host: 'a.co' }))
  expect(says(failed('ENETUNREACH'))).toEqual(say('cloud.unreachable', { host: 'a.co' }))
  // A server that hangs up is no lost internet, and its code is for the log.
  expect(networkFailure(failed('UND_ERR_SOCKET'), 'a.co')).toEqual({
    code: 'away',
    says: say('cloud.breaksOff', { host: 'a.co', next }),
    late: true,
    detail: 'UND_ERR_SOCKET',
  })
  expect(says(failed('ECONNREFUSED'))).toEqual(say('cloud.noConnections', { host: 'a.co' }))
  expect(says(failed('CERT_NOT_YET_VALID'))).toEqual(say('cloud.certificate', { host: 'a.co' }))
  expect(says(new DOMException('', 'TimeoutError'))).toEqual(say('cloud.tooSlow', { host: 'a.co', next }))
  const both = new AggregateError([Object.assign(new Error('x'), { code: 'ENETUNREACH' })])
  expect(networkFailure(new TypeError('fetch failed', { cause: both }), 'a.co')).toMatchObject({
    says: say('cloud.unreachable', { host: 'a.co' }),
    detail: 'ENETUNREACH',
  })
})

test.each([
  ['invalid_credentials', 400, 'wrongLogin'],
  ['email_not_confirmed', 400, 'wrongLogin'],
  ['over_request_rate_limit', 429, 'busy'],
  ['anonymous_provider_disabled', 422, 'notAllowed'],
  ['captcha_failed', 400, 'notAllowed'],
  ['unexpected_failure', 500, 'away'],
  ['something_new', 422, 'refused'],
  ['', 403, 'away'],
  ['', 0, 'away'],
])('signing in: %s (%i) is %s', (code, status, expected) => {
  expect(signInFailure({ status, code, message: 'Sentence' }).code).toBe(expected)
})

test('servers before error codes are understood', () => {
  expect(signInFailure({ status: 422, code: '', message: 'Anonymous sign-ins are disabled' })).toMatchObject({
    code: 'notAllowed',
    says: { code: 'cloud.noAnonymousSignIns' },
  })
  expect(signInFailure({ status: 400, code: '', message: 'Invalid login credentials' }).code).toBe(
    'wrongLogin',
  )
})

test.each([
  ['refresh_token_not_found', 400, '', 'signedOut'],
  ['refresh_token_already_used', 400, '', 'signedOut'],
  ['session_not_found', 403, '', 'signedOut'],
  ['user_banned', 400, '', 'signedOut'],
  ['over_request_rate_limit', 429, '', 'busy'],
  ['unexpected_failure', 500, '', 'away'],
  ['', 401, 'Invalid API key', 'wrongKey'],
  ['', 403, '', 'away'],
  ['', 502, '', 'away'],
])('renewing: “%s” (%i %s) is %s', (code, status, message, expected) => {
  expect(renewalFailure({ status, code, message }).code).toBe(expected)
})

test('nobody who asked for something once is told that Plate goes on trying', () => {
  const hungUp = new TypeError('fetch failed', {
    cause: Object.assign(new Error('x'), { code: 'UND_ERR_SOCKET' }),
  })
  const passing = [
    of(429).failure,
    of(503).failure,
    of(503, { code: 'PGRST999', message: 'No.' }).failure,
    of(400, { code: '25006', message: 'read-only' }).failure,
    networkFailure(hungUp, 'a.co'),
    networkFailure(new DOMException('', 'TimeoutError'), 'a.co'),
  ]
  const words = createWords()
  for (const failure of passing) {
    expect(words.say(failure.says)).toMatch(/again by itself\.$/)
    expect(words.say(forPerson(failure).says)).toMatch(/[.:] Try again in a moment\.$/)
  }
  const wrongKey = of(401, { message: 'Invalid API key' }).failure
  expect(forPerson(wrongKey)).toEqual(wrongKey)
})
