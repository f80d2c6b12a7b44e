/** @file The cloud in memory: its answers, and the names that are always the same. */
import { createHash } from 'node:crypto'
import type { CloudFailure } from '../../../main/core/ports.ts'
import { say } from '../../../shared/domain/messages/index.ts'

export const PROJECT = { url: 'https://demo.supabase.co', key: 'sb_publishable_demo' }
export const PERSON = { email: 'farah@example.com', password: 'correct horse' }
/** What a fake says: any words. */
export const said = (text: string) => say('cloud.saidBefore', { text })

export const AWAY: CloudFailure = {
  code: 'away',
  says: say('cloud.unreachable', { host: 'demo.supabase.co' }),
}

/** A UUID that is always the same for a name. */
export const uuidOf = (name: string) =>
  createHash('sha256')
    .update(name)
    .digest('hex')
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

export const failed = (code: CloudFailure['code'], text: string): { ok: false; error: CloudFailure } => ({
  ok: false,
  error: { code, says: said(text) },
})
export const WRONG_KEY = failed('wrongKey', 'This key is not of this project.')
export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })
