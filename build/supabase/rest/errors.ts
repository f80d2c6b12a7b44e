/** @file Turns an error of the database into the HTTP answer PostgREST gives. Pure. */
import { json, type Reply } from '../http.ts'

interface DatabaseError {
  code?: string
  message?: string
  detail?: string
  hint?: string
}

/** The longest prefix decides; from PostgREST's own table. */
const STATUS: Record<string, number> = {
  '08': 503,
  '09': 500,
  '0L': 403,
  '0P': 403,
  '23503': 409,
  '23505': 409,
  '25006': 405,
  '25': 500,
  '28': 403,
  '2D': 500,
  '38': 500,
  '39': 500,
  '3B': 500,
  '40': 500,
  '53400': 500,
  '53': 503,
  '54': 500,
  '55': 500,
  '57': 500,
  '58': 500,
  F0: 500,
  HV: 500,
  P0001: 400,
  P0: 500,
  XX: 500,
  '42883': 404,
  '42P01': 404,
  '42P17': 500,
}

function statusOf(code: string, anonymous: boolean): number {
  const own = /^PT([1-5]\d\d)$/.exec(code)
  if (own) return Number(own[1])
  if (code === '42501') return anonymous ? 401 : 403
  return STATUS[code] ?? STATUS[code.slice(0, 2)] ?? 400
}

/** The reply for a failed statement; `role` is the caller's. */
export function errorReply(error: unknown, role: string): Reply {
  const { code, message, detail, hint } = error as DatabaseError
  if (!code || !/^[0-9A-Z]{5}$/.test(code))
    return json(503, {
      code: 'PGRST001',
      message: 'Database client error. Retrying the connection.',
      details: message ?? null,
      hint: null,
    })
  return json(statusOf(code, role === 'anon'), {
    code,
    message: message ?? '',
    details: detail ?? null,
    hint: hint ?? null,
  })
}
