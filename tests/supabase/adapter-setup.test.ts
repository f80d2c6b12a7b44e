/** @file First contact: checking a project, signing in, making a restaurant and device codes, on a real backend. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createSupabaseCloud } from '../../main/adapters/supabase/index.ts'
import type { Clock } from '../../main/core/ports.ts'
import { say } from '../../shared/domain/messages/index.ts'
import { machineClock } from '../support/ports.ts'
import { createTestLog, createTestVault } from './lib/adapter.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'

const PASSWORD = 'an uncommonly long password'
let backend: TestBackend
const vault = createTestVault()
const log = createTestLog()

const cloudAt = (clock: Clock = machineClock) => createSupabaseCloud({ vault, log, clock })
const project = () => ({ url: backend.url, key: backend.publishableKey })

beforeAll(async () => {
  backend = await openBackend()
})
afterAll(() => backend.close())
afterEach(() => {
  Object.assign(backend.faults, { delayMs: 0, answer: null })
})

async function account(): Promise<string> {
  const email = `${crypto.randomUUID()}@plate.test`
  const made = { email, password: PASSWORD, email_confirm: true, user_metadata: { name: 'Farah' } }
  const { error } = await backend.service().auth.admin.createUser(made)
  expect(error).toBeNull()
  return email
}

test('a project with the migrations, and how far this PC’s clock is off', async () => {
  const right = await cloudAt().check(project())
  expect(right).toMatchObject({ ok: true })
  expect(Math.abs(right.ok ? right.value.skewMs : Number.NaN)).toBeLessThan(60_000)
  const quoted = await cloudAt().check({ ...project(), key: ` "${project().key}"\n` })
  expect(quoted).toMatchObject({ ok: true, value: { key: project().key } })
  const ahead: Clock = { ...machineClock, now: () => Date.now() + 600_000 }
  const wrong = await cloudAt(ahead).check(project())
  expect(wrong.ok && Math.round(wrong.value.skewMs / 10_000)).toBe(60)
})

test('half of a slow round trip is not taken for a wrong clock', needs('faults'), async () => {
  backend.faults.delayMs = 4_000
  const checked = await cloudAt().check(project())
  // Half of it is two seconds: the rest is a machine that was busy on one of the two ways.
  expect(checked.ok && Math.abs(checked.value.skewMs)).toBeLessThan(3_900)
})

test('a wrong key, a secret key, no address', async () => {
  const cloud = cloudAt()
  expect(await cloud.check({ ...project(), key: 'sb_publishable_another' })).toMatchObject({
    ok: false,
    error: { code: 'wrongKey' },
  })
  expect(await cloud.check({ ...project(), key: backend.secretKey })).toMatchObject({
    ok: false,
    error: { code: 'wrongKey', says: { code: 'cloud.secretKey' } },
  })
  expect(await cloud.check({ ...project(), url: 'our restaurant' })).toMatchObject({
    ok: false,
    error: { code: 'refused' },
  })
})

test('a project without the migrations names the command', needs('faults'), async () => {
  const bare = await openBackend({ bare: true })
  const checked = await cloudAt().check({ url: bare.url, key: bare.publishableKey })
  expect(checked).toMatchObject({
    ok: false,
    error: {
      code: 'noSchema',
      says: {
        code: 'cloud.noTables',
        params: { command: say('cloud.pushToDatabase') },
      },
    },
  })
  await bare.close()
})

test.each([
  ['any other web server', 404, 'text/html', '<h1>Not found</h1>'],
  ['a hotel’s login page', 200, 'text/html', '<h1>Room number?</h1>'],
  ['somebody else’s JSON', 200, 'application/json', '{"hello":"world"}'],
])('%s is no Supabase project', async (_, status, type, body) => {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': type }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  expect(await cloudAt().check({ url: `http://127.0.0.1:${port}`, key: 'sb_publishable_x' })).toMatchObject({
    ok: false,
    error: { code: 'refused', says: { code: 'cloud.notSupabase' } },
  })
  server.close()
})

test('nobody there', async () => {
  expect(await cloudAt().check({ url: 'http://127.0.0.1:9', key: 'sb_publishable_x' })).toMatchObject({
    ok: false,
    error: { code: 'away' },
  })
})

test('a person makes a restaurant, a device code, and looks after devices', async () => {
  const email = await account()
  const cloud = cloudAt()
  const person = await cloud.signIn(project(), ` ${email} `, PASSWORD)
  if (!person.ok) throw new Error(JSON.stringify(person.error))
  expect(await person.value.restaurants()).toEqual({ ok: true, value: [] })
  const made = await person.value.createRestaurant('Osteria', '')
  if (!made.ok) throw new Error(JSON.stringify(made.error))
  expect(await person.value.restaurants()).toEqual({
    ok: true,
    value: [{ id: made.value.id, name: 'Osteria', role: 'admin', empty: true }],
  })

  const code = await person.value.deviceCode(made.value.id, 'Pass')
  if (!code.ok) throw new Error(JSON.stringify(code.error))
  expect(code.value.expiresAt - Date.now()).toBeGreaterThan(14 * 60_000)
  const self = { core: crypto.randomUUID(), name: 'Pass', letter: 'X', version: '1' }
  const link = await cloud.claim(project(), code.value.code, self)
  if (!link.ok) throw new Error(JSON.stringify(link.error))
  expect(link.value).toMatchObject({ restaurant: made.value.id, letter: 'X' })

  expect(await person.value.revokeDevice(link.value.device)).toEqual({ ok: true, value: null })
  const connection = cloud.connect(link.value)
  expect(await connection.pull({ after: 0, limit: 1, core: 'x' })).toMatchObject({
    ok: false,
    error: { code: 'revoked', says: { code: 'cloud.removed', params: { who: 'Farah', role: 'admin' } } },
  })
  const told = await connection.pull({ after: 0, limit: 1, core: 'x' })
  expect(Math.abs(Date.now() - ((!told.ok && told.error.at) || 0))).toBeLessThan(60_000)
  expect(await person.value.readmitDevice(link.value.device)).toEqual({ ok: true, value: null })
  expect(await connection.pull({ after: 0, limit: 1, core: 'x' })).toMatchObject({ ok: true })
  const bar = await person.value.deviceCode(made.value.id, 'Bar')
  if (!bar.ok) throw new Error(JSON.stringify(bar.error))
  const second = await cloudAt().claim(project(), bar.value.code, { ...self, core: crypto.randomUUID() })
  if (!second.ok) throw new Error(JSON.stringify(second.error))
  await person.value.revokeDevice(second.value.device)
  // By name, whoever came first.
  expect(await connection.devices()).toMatchObject({
    ok: true,
    value: [
      { name: 'Bar', revoked: true },
      { id: link.value.device, name: 'Pass', letter: 'X', revoked: false },
    ],
  })
  expect(await person.value.readmitDevice(crypto.randomUUID())).toMatchObject({
    ok: false,
    error: { code: 'notAllowed' },
  })
  await connection.close()
  expect(await person.value.deviceCode(crypto.randomUUID(), 'Not mine')).toMatchObject({
    ok: false,
    error: { code: 'notAllowed' },
  })
  await person.value.end()
})

test('a wrong password is told', async () => {
  expect(await cloudAt().signIn(project(), await account(), 'wrong')).toMatchObject({
    ok: false,
    error: { code: 'wrongLogin', says: { code: 'cloud.wrongPassword' } },
  })
})

test('signing in while the cloud has trouble', needs('faults'), async () => {
  const cloud = cloudAt()
  const failed = async () => {
    const answer = await cloud.signIn(project(), 'a@b.c', PASSWORD)
    return answer.ok || answer.error.code
  }
  backend.faults.answer = () => ({ status: 429 })
  expect(await failed()).toBe('busy')
  backend.faults.answer = () => ({ status: 502 })
  expect(await failed()).toBe('away')
  backend.faults.answer = null
  const nowhere = await cloud.signIn({ ...project(), url: 'http://127.0.0.1:9' }, 'a@b.c', PASSWORD)
  expect(nowhere).toMatchObject({
    ok: false,
    error: { code: 'away', says: { params: { host: '127.0.0.1:9' } } },
  })
  expect(await cloud.signIn({ ...project(), key: 'sb_publishable_x' }, 'a@b.c', PASSWORD)).toMatchObject({
    ok: false,
    error: { code: 'wrongKey' },
  })
})

test('a project that lets no devices in says where to switch it on', async () => {
  // The auth server's own refusal, as hosted projects give it; nothing else of it is asked for.
  const server = createServer((_request, response) => {
    response.writeHead(422, { 'content-type': 'application/json', 'x-supabase-api-version': '2024-01-01' })
    response.end('{"code":"anonymous_provider_disabled","message":"Anonymous sign-ins are disabled"}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const self = { core: 'c', name: 'n', letter: '', version: '1' }
  const cloud = cloudAt()
  await cloud.forget()
  expect(
    await cloud.claim({ url: `http://127.0.0.1:${port}`, key: 'sb_publishable_x' }, 'A', self),
  ).toMatchObject({
    ok: false,
    error: { code: 'notAllowed', says: { code: 'cloud.noAnonymousSignIns' } },
  })
  expect(vault.kept.size).toBe(0)
  server.close()
})

test('no log line holds a key, a password or a token', () => {
  const text = log.lines.join('\n')
  for (const secret of [PASSWORD, backend.publishableKey, backend.secretKey, 'eyJ'])
    expect(text).not.toContain(secret)
})
