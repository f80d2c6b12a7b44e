/** @file Addresses and keys as people paste them. */
import { expect, test } from 'vitest'
import {
  migrationCommand,
  readAddress,
  readKey,
  readProject,
} from '../../../main/adapters/supabase/project.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { createWords } from '../../../shared/words/index.ts'

const HOSTED = 'https://abcdefghijklmnopqrst.supabase.co'

const jwt = (role: string) =>
  ['{"alg":"HS256"}', JSON.stringify({ iss: 'supabase', role }), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')

test.each([
  [HOSTED],
  [`  ${HOSTED}/  `],
  [`"${HOSTED}"`],
  ['abcdefghijklmnopqrst.supabase.co'],
  ['abcdefghijklmnopqrst'],
  [`${HOSTED}/rest/v1/`],
  [`${HOSTED}/auth/v1`],
  ['https://supabase.com/dashboard/project/abcdefghijklmnopqrst/settings/api-keys'],
  ['supabase.com/dashboard/project/abcdefghijklmnopqrst'],
])('%s leads to the hosted project', (pasted) => {
  expect(readAddress(pasted)).toEqual({ ok: true, value: HOSTED })
})

test.each([
  ['http://localhost:54321', 'http://localhost:54321'],
  ['http://192.168.1.20:8000/rest/v1', 'http://192.168.1.20:8000'],
  ['http://10.0.0.5', 'http://10.0.0.5'],
  ['http://172.16.0.1', 'http://172.16.0.1'],
  ['http://172.31.9.9', 'http://172.31.9.9'],
  ['http://169.254.7.7', 'http://169.254.7.7'],
  ['http://[fd12::1]', 'http://[fd12::1]'],
  ['http://[fe80::1]', 'http://[fe80::1]'],
  ['http://[::1]:8000', 'http://[::1]:8000'],
  ['http://box.local', 'http://box.local'],
  ['http://box.lan', 'http://box.lan'],
  ['http://box.internal', 'http://box.internal'],
  ['http://api.localhost:54321', 'http://api.localhost:54321'],
  [`https://notsupabase.com/dashboard/project/abcdefghijklmnopqrst`, 'https://notsupabase.com'],
  ['https://db.example.com', 'https://db.example.com'],
  ['https://[2001:db8::1]/rest/v1', 'https://[2001:db8::1]'],
])('%s is a project of one’s own', (pasted, origin) => {
  expect(readAddress(pasted)).toEqual({ ok: true, value: origin })
})

test.each([
  ['', 'noAddress'],
  ['my project', 'noAddress'],
  ['my-project', 'noAddress'],
  ['ftp://abc.supabase.co', 'noAddress'],
  ['https://supabase.com/dashboard', 'noSingleProject'],
  ['http://abcdefghijklmnopqrst.supabase.co', 'notEncrypted'],
  ['http://172.40.0.1', 'notEncrypted'],
  ['http://172.15.0.1', 'notEncrypted'],
  ['http://11.0.0.1', 'notEncrypted'],
  ['http://[2001:db8::1]', 'notEncrypted'],
  ['http://box.local.example.com', 'notEncrypted'],
  ['postgresql://postgres:hunter2@db.abcdefghijklmnopqrst.supabase.co:5432/postgres', 'databaseAddress'],
])('%s is refused: %s', (pasted, code) => {
  const read = readAddress(pasted)
  expect(read).toEqual({ ok: false, error: { code: 'refused', says: { code: `cloud.${code}` } } })
  expect(JSON.stringify(read)).not.toContain('hunter2')
})

test('publishable and anon keys are taken, tidied', () => {
  expect(readKey(' sb_publishable_abc-DEF_123\n')).toEqual({ ok: true, value: 'sb_publishable_abc-DEF_123' })
  expect(readKey(jwt('anon'))).toEqual({ ok: true, value: jwt('anon') })
})

test.each([['sb_secret_abcdef'], [jwt('service_role')]])(
  'a secret key is refused, and not repeated: %s',
  (key) => {
    const read = readKey(key)
    expect(read).toEqual({ ok: false, error: { code: 'wrongKey', says: { code: 'cloud.secretKey' } } })
  },
)

test.each([
  ['', 'noKey'],
  ['sbp_0123', 'accountToken'],
  ['two words', 'noKey'],
  ['sb_publishable_…', 'noKey'],
])('“%s” is no key: %s', (key, code) => {
  expect(readKey(key)).toEqual({ ok: false, error: { code: 'wrongKey', says: { code: `cloud.${code}` } } })
})

test('address and key come out tidied, or the first that is wrong is told', () => {
  const pasted = { url: ` ${HOSTED}/rest/v1/ `, key: "'sb_publishable_abc'" }
  expect(readProject(pasted)).toEqual({ ok: true, value: { url: HOSTED, key: 'sb_publishable_abc' } })
  expect(readProject({ ...pasted, key: '' })).toMatchObject({ ok: false, error: { code: 'wrongKey' } })
  expect(readProject({ url: '', key: '' })).toMatchObject({ ok: false, error: { code: 'refused' } })
})

test('the command that applies the migrations names the project', () => {
  const command = (url: string) =>
    createWords().say(say('cloud.noTables', { command: migrationCommand(url) }))
  expect(command(HOSTED)).toMatch(
    / run: npx supabase@3 login && npx supabase@3 db push --remote=abcdefghijklmnopqrst$/,
  )
  expect(command('http://localhost:1')).toMatch(/ run: npx supabase@3 db push --remote=</)
})
