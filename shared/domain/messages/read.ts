/** @file Reads messages that were kept or sent, perhaps by another version of Plate: nothing is taken for granted. Pure. */
import type { Message, Param } from './message.ts'

/** `area.code`. */
const CODE = /^[a-z]\w*\.\w+$/i

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function isParam(value: unknown): value is Param {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return true
  return Array.isArray(value) ? value.every(isParam) : readMessage(value) !== null
}

/** The message that `value` is; null when it is none. */
export function readMessage(value: unknown): Message | null {
  if (!isObject(value) || typeof value.code !== 'string' || !CODE.test(value.code)) return null
  const { code, params } = value
  if (params === undefined || params === null) return { code }
  return isObject(params) && Object.values(params).every(isParam)
    ? { code, params: params as Record<string, Param> }
    : null
}
