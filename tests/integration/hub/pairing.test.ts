/** @file Pairing over real sockets: codes, guesses, cookies, revocation, the local key. */
import { statSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { SENTENCE, words } from '../../support/words.ts'
import {
  ask,
  cookieOf,
  hello,
  localCookie,
  openScreen,
  pushableClock,
  startTestHub,
  testDir,
} from './harness.ts'

const pair = (url: string, code: string, more = {}) => ask(url, '/api/pair', { body: { code, ...more } })
const codeOf = ({ body }: { body: string }): string => JSON.parse(body).error?.code

describe('pairing a screen', () => {
  test('a code makes this browser a screen of the kind it was made for', async () => {
    const { core, url } = await startTestHub()
    const { code } = core.devices.createPairing('kitchen', 'Grill tablet', 'grill')
    const paired = await pair(url, code, { name: 'ignored' })
    expect(paired.status).toBe(200)
    expect(JSON.parse(paired.body)).toEqual({
      device: { id: expect.any(String), name: 'Grill tablet', kind: 'kitchen', station: 'grill' },
    })
    const screen = await openScreen(url, { cookie: cookieOf(paired), origin: url })
    screen.send(hello('kitchen'))
    expect((await screen.find('welcome')).device).toMatchObject({ kind: 'kitchen', station: 'grill' })

    const other = await openScreen(url, { cookie: cookieOf(paired) })
    other.send(hello('manager'))
    expect((await other.find('bye')).e.code).toBe('notAllowed')
  })

  test('the token is out of reach of scripts and other sites, and not in the answer', async () => {
    const { core, url, hub } = await startTestHub({ hub: { lan: true } })
    const { code } = core.devices.createPairing('expo', 'Pass', null)
    const paired = await pair(url, code)
    const [cookie = ''] = paired.headers['set-cookie'] ?? []
    expect(cookie).toMatch(/^plate_device=[\w-]{40,}; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Strict$/)
    expect(paired.body).not.toContain(cookieOf(paired).split('=')[1])
    expect(paired.headers['cache-control']).toBe('no-store')

    const [secureUrl = ''] = hub.lan.state().addresses
    const ca = (await ask(url, '/ca.crt')).body
    const again = core.devices.createPairing('expo', 'Pass 2', null)
    const secure = await ask(secureUrl, '/api/pair', { body: { code: again.code }, ca })
    expect(secure.headers['set-cookie']?.[0]).toMatch(/; Secure$/)
  })

  test('a code works once', async () => {
    const { core, url } = await startTestHub()
    const { code } = core.devices.createPairing('kitchen', 'A', null)
    expect((await pair(url, code)).status).toBe(200)
    const second = await pair(url, code)
    expect([second.status, codeOf(second)]).toEqual([403, 'wrongCode'])
    expect(second.headers['set-cookie']).toBeUndefined()
  })

  test('a code is worth nothing after its ten minutes', async () => {
    const clock = pushableClock()
    const { core, url } = await startTestHub({ core: { clock } })
    const { code, expiresAt } = core.devices.createPairing('kitchen', 'A', null)
    expect(expiresAt - clock.now()).toBeLessThanOrEqual(600_000)
    clock.push(600_001)
    expect(codeOf(await pair(url, code))).toBe('wrongCode')
  })

  test('whoever guesses is locked out, also with the right code', async () => {
    const { core, url } = await startTestHub()
    const { code } = core.devices.createPairing('manager', 'Office', null)
    const wrong = code === '00000000' ? '11111111' : '00000000'
    const answers: string[] = []
    for (let guess = 0; guess < 6; guess++) answers.push(codeOf(await pair(url, wrong)))
    expect(answers.slice(0, 5)).toEqual(Array(5).fill('wrongCode'))
    expect(answers[5]).toBe('lockedOut')
    const late = await pair(url, code)
    expect([late.status, codeOf(late)]).toEqual([429, 'lockedOut'])
  })

  test('the web server itself limits tries, whatever they are', async () => {
    const { url } = await startTestHub({ hub: { limits: { pairing: { points: 2, duration: 60 } } } })
    const statuses: number[] = []
    for (let guess = 0; guess < 3; guess++) statuses.push((await pair(url, 'x')).status)
    expect(statuses).toEqual([400, 400, 429])
  })

  test.each([
    ['no JSON type', { headers: { 'content-type': 'text/plain' } }, 400],
    ['letters', { body: { code: 'abcdefgh' } }, 400],
    ['unknown fields', { body: { code: '12345678', admin: true } }, 400],
    ['a body that is too long', { body: { code: '1'.repeat(5_000) } }, 413],
  ])('refuses %s', async (_what, given, status) => {
    const { url } = await startTestHub()
    const answer = await ask(url, '/api/pair', { body: { code: '12345678' }, ...given })
    expect(answer.status).toBe(status)
    expect(words.failure(JSON.parse(answer.body).error)).toMatch(SENTENCE)
  })

  test('a removed screen is told so, and stays out', async () => {
    const { core, url, hub } = await startTestHub()
    const paired = await pair(url, core.devices.createPairing('kitchen', 'Lost tablet', null).code)
    const { device } = JSON.parse(paired.body)
    const tablet = await openScreen(url, { cookie: cookieOf(paired) })
    tablet.send(hello('kitchen'))
    await tablet.find('welcome')

    const office = await openScreen(url, localCookie({ hub }))
    office.send(hello('manager'))
    office.send({ t: 'call', i: 1, m: 'signIn', a: { pin: '9999' } })
    expect((await office.find('reply')).ok).toBe(true)
    office.send({ t: 'call', i: 2, m: 'revokeDevice', a: { device: device.id } })
    expect((await tablet.find('bye')).e.code).toBe('revoked')

    const again = await openScreen(url, { cookie: cookieOf(paired) })
    expect((await again.find('bye')).e.code).toBe('revoked')
    await again.closed
  })
})

describe('the local key', () => {
  test('signs this machine’s browser in and leads to a screen, query kept', async () => {
    const { url, hub, dir } = await startTestHub()
    const opened = await ask(url, `/open?key=${hub.key}&to=${encodeURIComponent('/kitchen/?station=grill')}`)
    expect(opened.status).toBe(302)
    expect(opened.headers.location).toBe('/kitchen/?station=grill')
    expect(opened.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict$/)
    const screen = await openScreen(url, { cookie: cookieOf(opened), origin: url })
    screen.send(hello('manager'))
    expect((await screen.find('welcome')).device.kind).toBe('manager')
    expect(statSync(path.join(dir, 'local-key')).mode & 0o777).toBe(0o600)
  })

  test('stays the same across restarts', async () => {
    const dir = testDir()
    const first = await startTestHub({ dir })
    await first.core.stop()
    await first.hub.stop()
    const second = await startTestHub({ dir })
    expect(second.hub.key).toBe(first.hub.key)
  })

  test.each([
    ['//evil.example/'],
    ['https://evil.example/kitchen/'],
    ['/\\evil.example'],
    ['/api/health'],
    ['kitchen'],
  ])('leads to no other place: %s', async (to) => {
    const { url, hub } = await startTestHub()
    const opened = await ask(url, `/open?key=${hub.key}&to=${encodeURIComponent(to)}`)
    expect(opened.status).toBe(400)
    expect(opened.headers.location).toBeUndefined()
  })

  test('a wrong key opens nothing', async () => {
    const { url } = await startTestHub()
    const opened = await ask(url, `/open?key=${'x'.repeat(43)}&to=/kitchen/`)
    expect(opened.status).toBe(403)
    expect(opened.headers['set-cookie']).toBeUndefined()
    const screen = await openScreen(url, { cookie: `plate_local=${'x'.repeat(43)}` })
    expect((await screen.find('bye')).e.code).toBe('notPaired')
  })

  test('is worth nothing through a proxy, which speaks for strangers', async () => {
    const { url, hub } = await startTestHub()
    const headers = { 'x-forwarded-for': '203.0.113.9' }
    expect((await ask(url, `/open?key=${hub.key}`, { headers })).status).toBe(403)
    const screen = await openScreen(url, { ...localCookie({ hub }), ...headers })
    expect((await screen.find('bye')).e.code).toBe('notPaired')
  })

  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal)?.address
  test.skipIf(!outside)('is worth nothing from the network', async () => {
    const address = outside ?? ''
    const { url, hub } = await startTestHub({ hub: { lan: true, addresses: () => [address] } })
    const [lanUrl = ''] = hub.lan.state().addresses
    const ca = (await ask(url, '/ca.crt')).body
    expect((await ask(lanUrl, `/open?key=${hub.key}`, { ca })).status).toBe(403)
    const pairings = await ask(lanUrl, '/api/pairings', {
      ca,
      body: { kind: 'manager' },
      headers: { authorization: `Bearer ${hub.key}` },
    })
    expect(pairings.status).toBe(403)
    const screen = await openScreen(lanUrl, localCookie({ hub }), { ca })
    expect((await screen.find('bye')).e.code).toBe('notPaired')
  })
})
