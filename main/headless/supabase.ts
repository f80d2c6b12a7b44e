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

const ADDRESS = 'give https://….supabase.co, as the project shows it.'
const TAKES = ['upload', 'download'] as const

/** Reads PLATE_SUPABASE_URL, _KEY, _TAKE and PLATE_DEVICE_CODE; null when none of them is set. */
export function readCloudWish(env: Environment): CloudWish | null {
  const url = env.PLATE_SUPABASE_URL?.trim()
  const key = env.PLATE_SUPABASE_KEY?.trim()
  const code = env.PLATE_DEVICE_CODE?.trim() || undefined
  if (!url && !key && !code) return null
  if (!url) throw new Error(`PLATE_SUPABASE_URL is missing: ${ADDRESS}`)
  // Not repeated: people paste connection strings, which have a password in them.
  if (!isPlainAddress(url)) throw new Error(`PLATE_SUPABASE_URL is no address of a project: ${ADDRESS}`)
  if (!key) throw new Error('PLATE_SUPABASE_KEY is missing: give the publishable key of the project.')
  if (isSecretKey(key))
    throw new Error(
      'PLATE_SUPABASE_KEY is the secret key, which must not be on this computer. Give the publishable one.',
    )
  return { project: { url, key }, code, take: takeOf(env.PLATE_SUPABASE_TAKE) }
}

function takeOf(text: string | undefined): CloudWish['take'] {
  if (!text) return null
  const take = TAKES.find((each) => each === text)
  if (!take) throw new Error(`PLATE_SUPABASE_TAKE=${text}: use ${TAKES.join(' or ')}`)
  return take
}

function isPlainAddress(text: string): boolean {
  if (!/^https?:/.test(text) || !URL.canParse(text)) return false
  const { username, password } = new URL(text)
  return !username && !password
}

/** The secret key may do everything to every restaurant of the project. Old ones are tokens that name their role. */
function isSecretKey(key: string): boolean {
  if (key.startsWith('sb_secret_')) return true
  return Buffer.from(key.split('.')[1] ?? '', 'base64url')
    .toString()
    .includes('"service_role"')
}
