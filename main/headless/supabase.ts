/** @file The restaurant in Supabase that the environment asks for. Pure; throws an Error that names the variable. */
import type { CloudProject } from '../core/ports.ts'
import type { Environment } from './values.ts'

export interface CloudWish {
  project: CloudProject
  /** A manager's device code; needed until this hub is connected. */
  code: string | undefined
  /** What becomes of this hub's own orders; null: they go up, unless the restaurant has some already. */
  take: 'upload' | 'download' | null
}

const TAKES = ['upload', 'download'] as const

/**
 * Reads PLATE_SUPABASE_URL, _KEY, _TAKE and PLATE_DEVICE_CODE; null when none of the others is set. Whether address and
 * key are good is found out by whoever uses them.
 */
export function readCloudWish(env: Environment): CloudWish | null {
  const url = env.PLATE_SUPABASE_URL?.trim()
  const key = env.PLATE_SUPABASE_KEY?.trim()
  const code = env.PLATE_DEVICE_CODE?.trim() || undefined
  if (!url && !key && !code) return null
  if (!url) throw new Error('PLATE_SUPABASE_URL is missing: give the address of the project.')
  if (!key) throw new Error('PLATE_SUPABASE_KEY is missing: give the publishable key of the project.')
  return { project: { url, key }, code, take: takeOf(env.PLATE_SUPABASE_TAKE) }
}

function takeOf(text: string | undefined): CloudWish['take'] {
  if (!text) return null
  const take = TAKES.find((each) => each === text)
  if (!take) throw new Error(`PLATE_SUPABASE_TAKE=${text}: use ${TAKES.join(' or ')}`)
  return take
}
