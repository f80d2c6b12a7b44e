/** @file What an answer of the REST side that is no success means. Pure. */
import * as z from 'zod/mini'
import type { CloudFailure } from '../../core/ports.ts'

/** A response that is no success. `body` is its JSON, or undefined when it is none. */
export interface BadAnswer {
  status: number
  body: unknown
  /** The Retry-After header. */
  retryAfter: string | null
}

export interface Verdict {
  failure: CloudFailure
  /** The access token was refused: a renewed one may be accepted. */
  staleToken: boolean
  /** No Supabase has spoken, as far as one can tell. */
  foreign: boolean
}

const bodySchema = z.looseObject({
  code: z.optional(z.unknown()),
  message: z.optional(z.nullable(z.string())),
  hint: z.optional(z.nullable(z.string())),
  details: z.optional(z.unknown()),
})

/** When a device was removed, as the database tells it. */
function momentIn(details: unknown): { at?: number } {
  try {
    const { at } = JSON.parse(String(details)) as { at?: unknown }
    return typeof at === 'number' && Number.isFinite(at) ? { at } : {}
  } catch {
    return {}
  }
}

/** Hints that Plate's own functions give with a sentence for people. */
const HINTS: Record<string, CloudFailure['code']> = {
  revoked: 'revoked',
  // The session is good but belongs to no device any more: only a new code helps.
  notClaimed: 'signedOut',
  wrongCode: 'wrongCode',
  tooManyTries: 'busy',
  notAllowed: 'notAllowed',
  invalid: 'refused',
  tooLarge: 'refused',
  unknown: 'refused',
}

const LONGEST_WAIT_MS = 10 * 60_000
const WRONG_KEY = /invalid api key|no api key|legacy api keys|apikey/i

const BUSY = 'The cloud has too much to do at the moment. Plate tries again by itself.'
const AWAY = 'The cloud does not answer properly at the moment. Plate tries again by itself.'
const READ_ONLY =
  'The Supabase project only allows reading at the moment, usually because its disk is full: look at its dashboard. ' +
  'Plate keeps everything and tries again by itself.'
const TOO_LARGE =
  'Something on the way to the cloud does not let changes of this size pass. Ask your IT person to raise its limit to 1 MB, then try again.'
const NO_SCHEMA =
  'The Supabase project lacks tables or functions that this Plate needs. Apply the migrations: npx supabase@3 db push --remote=<project>.'
const NOT_READY =
  'Something in the Supabase project is not as Plate needs it. Apply the migrations, and look at what was changed there lately ' +
  '(exposed schemas, functions, triggers). Plate keeps everything and tries again by itself.'
export const WRONG_KEY_MESSAGE =
  'The project refuses this publishable key: it is wrong, or it was replaced. Copy it anew from the dashboard under ' +
  'Project Settings → API Keys.'

/** What a database's error code means where it is no refusal of what was asked; undefined when it is one. */
function passing(code: string): CloudFailure | undefined {
  if (code === '25006') return { code: 'busy', message: READ_ONLY }
  // Cancelled for its length.
  if (code === '57014') return { code: 'busy', message: BUSY, tooLong: true }
  // Pool exhausted; locks and deadlocks; out of memory, disk or connections.
  if (code === 'PGRST003' || /^(55P03|40\w{3}|53\w{3})$/.test(code)) return { code: 'busy', message: BUSY }
  // No connection to the database; it starts or stops.
  if (/^(PGRST00[012]|08\w{3}|57P\w\w)$/.test(code)) return { code: 'away', message: AWAY }
  return undefined
}

/** The Retry-After header (seconds, or a date) in ms from `now`; undefined without one. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (!header) return undefined
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_WAIT_MS) : undefined
}

/** Without a code nobody we know has spoken: a gateway, a firewall, a hotel's login page. */
function ofStatus(status: number, message: string): CloudFailure {
  if (status === 401 && WRONG_KEY.test(message)) return { code: 'wrongKey', message: WRONG_KEY_MESSAGE }
  if (status === 429 || status === 503) return { code: 'busy', message: BUSY }
  // A gateway that takes less than the cloud itself: smaller requests pass.
  if (status === 413) return { code: 'refused', message: TOO_LARGE }
  if (status === 402)
    return {
      code: 'away',
      message: `The Supabase project is restricted: ${message || 'its quota is used up'}`,
    }
  if (status === 540)
    return { code: 'away', message: 'The Supabase project is paused. Restore it in its dashboard.' }
  return { code: 'away', message: AWAY }
}

function ofCode(status: number, code: string, message: string): CloudFailure {
  if (/^(PGRST202|PGRST205|42883|42P01)$/.test(code)) return { code: 'noSchema', message: NO_SCHEMA }
  if (code === '42501')
    return { code: 'notAllowed', message: 'The cloud does not allow this device to do that.' }
  if (status === 429) return { code: 'busy', message: BUSY }
  // Beyond what the database can do at all, like lists nested ten thousand deep: so it would be the next time.
  if (/^54\w{3}$/.test(code)) return { code: 'refused', message: message || 'The cloud refused this.' }
  if (status >= 500 || status === 408) return { code: status === 503 ? 'busy' : 'away', message: AWAY }
  // Of what is left, only these speak of what was sent: bad values, broken constraints, and sentences of ours.
  if (/^(22|23|PT)/.test(code)) return { code: 'refused', message: message || 'The cloud refused this.' }
  return { code: 'noSchema', message: NOT_READY, detail: `${code} ${message}`.slice(0, 200) }
}

/** Somebody on the way had no answer in time. */
const isLate = (status: number) => [408, 502, 504, 524].includes(status)

/** What of the two ways to refuse a token is no refusal of the key or of a right. */
const refusesToken = (status: number, code: string, message: string) =>
  status === 401 && code !== '42501' && !WRONG_KEY.test(message)

function failureOf(status: number, code: string, message: string, hint: string): CloudFailure {
  const hinted = code.startsWith('PT') ? HINTS[hint] : undefined
  if (hinted) return { code: hinted, message: message || 'The cloud refused this.' }
  const failure = passing(code) ?? (code ? ofCode(status, code, message) : ofStatus(status, message))
  return failure.code === 'away' && isLate(status) ? { ...failure, late: true } : failure
}

/** Reads an answer that is no success. `now` is ms UTC. */
export function verdictOn({ status, body, retryAfter }: BadAnswer, now: number): Verdict {
  const read = bodySchema.safeParse(body)
  const code = typeof read.data?.code === 'string' ? read.data.code : ''
  const message = read.data?.message ?? ''
  if (refusesToken(status, code, message)) {
    const failure: CloudFailure = { code: 'away', message: 'The cloud refuses its own session for now.' }
    return { failure, staleToken: true, foreign: false }
  }
  const told = failureOf(status, code, message, read.data?.hint ?? '')
  const failure = told.code === 'revoked' ? { ...told, ...momentIn(read.data?.details) } : told
  const wait = failure.code === 'busy' ? retryAfterMs(retryAfter, now) : undefined
  return {
    failure: wait === undefined ? failure : { ...failure, retryAfterMs: wait },
    staleToken: false,
    foreign: !code && failure.code === 'away' && status < 500 && status !== 402 && status !== 408,
  }
}
