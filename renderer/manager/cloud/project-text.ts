/** @file Reads what people paste for a Supabase project: a URL, a key, or the lines of a `.env`. Pure. */

import { type Failure, failure } from '../../../shared/domain/errors.ts'
import { say } from '../../../shared/domain/messages/index.ts'

export interface ProjectText {
  url: string
  key: string
}

const LINE = /^\s*(?:export\s+)?([A-Z0-9_]+)\s*=\s*["']?([^"'\s#]+)/gim

/** URL and publishable key named in a pasted `.env`; only what is there. Empty for any other text. */
export function fromEnv(text: string): Partial<ProjectText> {
  const found: Partial<ProjectText> = {}
  for (const [, name = '', value = ''] of text.matchAll(LINE)) {
    if (/SUPABASE_URL$/i.test(name)) found.url = value
    else if (/(PUBLISHABLE|ANON)_KEY$/i.test(name)) found.key = value
    else if (/SUPABASE_KEY$/i.test(name)) found.key ??= value
  }
  return found
}

function payloadOf(token: string): string {
  try {
    return atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return ''
  }
}

/** Whether `key` opens the whole database: such a key must never be typed into a screen. */
export function isSecret(key: string): boolean {
  return key.startsWith('sb_secret_') || payloadOf(key).includes('"service_role"')
}

export const SECRET_KEY: Failure = failure('wrongKey', { message: say('cloud.secretKey') })

/** Where both are found, in the dashboard's words. */
export const URL_PLACE = 'Project Settings → Data API'
export const KEY_PLACE = 'Project Settings → API Keys'

/** What must not leave this screen; null when the core may be asked, which reads addresses as people paste them. */
export function faultOf({ url, key }: ProjectText): Failure | null {
  return isSecret(key) || isSecret(url) ? SECRET_KEY : null
}
