/** @file What an answer of the REST side that is no success means. Pure. */
import * as z from 'zod/mini'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import { readMessage } from '../../../shared/domain/messages/read.ts'
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

/** The parameters of what Plate's own functions say; empty when there are none. */
function paramsIn(details: unknown): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(String(details))
    return typeof read === 'object' && read !== null ? { ...read } : {}
  } catch {
    return {}
  }
}

/** When a device was removed, as the database tells it. */
const momentIn = ({ at }: Record<string, unknown>): { at?: number } =>
  typeof at === 'number' && Number.isFinite(at) ? { at } : {}

/** What Plate's own functions say: the code of a message, or, in a project of version 0.1, a sentence. */
function saidBy(message: string, params: Record<string, unknown>): Message {
  const told = Object.keys(params).length ? { code: message, params } : { code: message }
  return readMessage(told) ?? (message ? say('cloud.saidBefore', { text: message }) : say('cloud.refused'))
}

/** Hints that Plate's own functions give with a message. */
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
const KEY_REFUSED = /invalid api key|no api key|legacy api keys|apikey/i

const NEXT = say('cloud.triesAgain')
const KEEPS = say('cloud.keepsAndTriesAgain')
const BUSY = say('cloud.busy', { next: NEXT })
const AWAY = say('cloud.away', { next: NEXT })

export const WRONG_KEY: CloudFailure = { code: 'wrongKey', says: say('cloud.wrongKey') }

/** What a database's error code means where it is no refusal of what was asked; undefined when it is one. */
function passing(code: string): CloudFailure | undefined {
  if (code === '25006') return { code: 'busy', says: say('cloud.readOnly', { next: KEEPS }) }
  // Cancelled for its length.
  if (code === '57014') return { code: 'busy', says: BUSY, tooLong: true }
  // Pool exhausted; locks and deadlocks; out of memory, disk or connections.
  if (code === 'PGRST003' || /^(55P03|40\w{3}|53\w{3})$/.test(code)) return { code: 'busy', says: BUSY }
  // No connection to the database; it starts or stops.
  if (/^(PGRST00[012]|08\w{3}|57P\w\w)$/.test(code)) return { code: 'away', says: AWAY }
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
  if (status === 401 && KEY_REFUSED.test(message)) return WRONG_KEY
  if (status === 429 || status === 503) return { code: 'busy', says: BUSY }
  // A gateway that takes less than the cloud itself: smaller requests pass.
  if (status === 413) return { code: 'refused', says: say('cloud.tooLargeOnTheWay') }
  if (status === 402)
    return {
      code: 'away',
      says: message ? say('cloud.restricted', { text: message }) : say('cloud.quotaUsedUp'),
    }
  if (status === 540) return { code: 'away', says: say('cloud.paused') }
  return { code: 'away', says: AWAY }
}

/** An answer that tells an error; `says`: how a person hears of it if one of Plate's own functions gave it. */
interface Refusal {
  status: number
  code: string
  message: string
  says: Message
}

/** In the words of the database, which are for whoever looks after it. */
const refusedWith = (text: string): Message =>
  text ? say('cloud.refusedWith', { text }) : say('cloud.refused')

function ofCode({ status, code, message, says }: Refusal): CloudFailure {
  if (/^(PGRST202|PGRST205|42883|42P01)$/.test(code)) return { code: 'noSchema', says: say('cloud.noSchema') }
  if (code === '42501') return { code: 'notAllowed', says: say('cloud.notAllowed') }
  if (status === 429) return { code: 'busy', says: BUSY }
  // Beyond what the database can do at all, like lists nested ten thousand deep: so it would be the next time.
  if (/^54\w{3}$/.test(code)) return { code: 'refused', says: refusedWith(message) }
  if (status >= 500 || status === 408) return { code: status === 503 ? 'busy' : 'away', says: AWAY }
  // Of what is left, only these speak of what was sent: bad values, broken constraints, and what our own functions say.
  if (/^(22|23)/.test(code)) return { code: 'refused', says: refusedWith(message) }
  if (code.startsWith('PT')) return { code: 'refused', says }
  return {
    code: 'noSchema',
    says: say('cloud.notReady', { next: KEEPS }),
    detail: `${code} ${message}`.slice(0, 200),
  }
}

/** Somebody on the way had no answer in time. */
const isLate = (status: number) => [408, 502, 504, 524].includes(status)

/** What of the two ways to refuse a token is no refusal of the key or of a right. */
const refusesToken = (status: number, code: string, message: string) =>
  status === 401 && code !== '42501' && !KEY_REFUSED.test(message)

function failureOf(refusal: Refusal, hint: string): CloudFailure {
  const { status, code, message, says } = refusal
  const hinted = code.startsWith('PT') ? HINTS[hint] : undefined
  if (hinted) return { code: hinted, says }
  const failure = passing(code) ?? (code ? ofCode(refusal) : ofStatus(status, message))
  return failure.code === 'away' && isLate(status) ? { ...failure, late: true } : failure
}

/** Reads an answer that is no success. `now` is ms UTC. */
export function verdictOn({ status, body, retryAfter }: BadAnswer, now: number): Verdict {
  const read = bodySchema.safeParse(body)
  const code = typeof read.data?.code === 'string' ? read.data.code : ''
  const message = read.data?.message ?? ''
  if (refusesToken(status, code, message)) {
    const failure: CloudFailure = { code: 'away', says: say('cloud.sessionRefused') }
    return { failure, staleToken: true, foreign: false }
  }
  const params = paramsIn(read.data?.details)
  const told = failureOf({ status, code, message, says: saidBy(message, params) }, read.data?.hint ?? '')
  const failure = told.code === 'revoked' ? { ...told, ...momentIn(params) } : told
  const wait = failure.code === 'busy' ? retryAfterMs(retryAfter, now) : undefined
  return {
    failure: wait === undefined ? failure : { ...failure, retryAfterMs: wait },
    staleToken: false,
    foreign: !code && failure.code === 'away' && status < 500 && status !== 402 && status !== 408,
  }
}
