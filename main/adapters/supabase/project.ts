/** @file A project's address and key as people paste them. Pure. */
import { isIPv4, isIPv6 } from 'node:net'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import type { CloudAnswer, CloudFailure, CloudProject } from '../../core/ports.ts'

const refused = (code: CloudFailure['code'], says: Message): { ok: false; error: CloudFailure } => ({
  ok: false,
  error: { code, says },
})

const REF = /^[a-z]{20}$/

/** Quotes and white space come along when somebody copies from a file or a mail. */
const tidy = (text: string) =>
  text
    .trim()
    .replace(/^(["'`])(.*)\1$/, '$2')
    .trim()

/** Whether what is sent there stays in the building, so that it may travel without encryption. */
function isPrivate(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase()
  if (isIPv4(name)) return /^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^169\.254\./.test(name)
  if (isIPv6(name)) return name === '::1' || /^(f[cd]|fe[89ab])/.test(name)
  return name === 'localhost' || /\.(localhost|local|lan|internal)$/.test(name)
}

/** The origin of a project from its URL, a page of its dashboard, one of its API's URLs, or its reference alone. */
export function readAddress(pasted: string): CloudAnswer<string> {
  const text = tidy(pasted)
  if (/^postgres(ql)?:/i.test(text)) return refused('refused', say('cloud.databaseAddress'))
  if (REF.test(text)) return { ok: true, value: `https://${text}.supabase.co` }
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`)
  if (!url?.hostname || !/^https?:$/.test(url.protocol)) return refused('refused', say('cloud.noAddress'))
  const ref = /^\/dashboard\/project\/([a-z]{20})(\/|$)/.exec(url.pathname)?.[1]
  if (/(^|\.)supabase\.com$/.test(url.hostname))
    return ref
      ? { ok: true, value: `https://${ref}.supabase.co` }
      : refused('refused', say('cloud.noSingleProject'))
  if (!/[.:]/.test(url.hostname) && !isPrivate(url.hostname))
    return refused('refused', say('cloud.noAddress'))
  if (url.protocol === 'http:' && !isPrivate(url.hostname))
    return refused('refused', say('cloud.notEncrypted'))
  return { ok: true, value: url.origin }
}

/** The role a legacy key (a JWT) was made for; undefined when the key is none. */
function roleOf(key: string): string | undefined {
  const [, payload, signature] = key.split('.')
  if (!payload || !signature) return undefined
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    return typeof claims === 'object' && claims && 'role' in claims ? String(claims.role) : undefined
  } catch {
    return undefined
  }
}

/** The publishable key (or a legacy anon key). Never accepts one that opens everything. */
export function readKey(pasted: string): CloudAnswer<string> {
  const key = tidy(pasted)
  if (key.startsWith('sb_secret_') || roleOf(key) === 'service_role')
    return refused('wrongKey', say('cloud.secretKey'))
  if (key.startsWith('sbp_')) return refused('wrongKey', say('cloud.accountToken'))
  if (!key || /\s/.test(key) || !/^[\x21-\x7e]+$/.test(key)) return refused('wrongKey', say('cloud.noKey'))
  return { ok: true, value: key }
}

/** Address and key, ready for use. */
export function readProject(pasted: CloudProject): CloudAnswer<CloudProject> {
  const url = readAddress(pasted.url)
  if (!url.ok) return url
  const key = readKey(pasted.key)
  return key.ok ? { ok: true, value: { url: url.value, key: key.value } } : key
}

/** What to type so that a project gets its tables. Version 3 of the CLI means a local stack when no `--remote` is given. */
export function migrationCommand(url: string): Message {
  const project = /^https:\/\/([a-z]{20})\.supabase\.co$/.exec(url)?.[1]
  return project ? say('cloud.push', { project }) : say('cloud.pushToDatabase')
}
