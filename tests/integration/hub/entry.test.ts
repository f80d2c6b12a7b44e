/** @file What the web server lets in: names, origins, paths, how often, how many; and its security headers. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { HubOptions } from '../../../main/adapters/http/index.ts'
import { failure } from '../../../shared/domain/errors.ts'
import { PAGES } from '../../../shared/domain/roles.ts'
import { ask, localCookie, openScreen, startTestHub, testDir } from './harness.ts'

/** A built renderer with a secret beside it. */
function rendererDir(): string {
  const dir = testDir()
  const root = path.join(dir, 'renderer')
  mkdirSync(path.join(root, 'kitchen'), { recursive: true })
  mkdirSync(path.join(root, 'assets'))
  writeFileSync(path.join(root, 'kitchen', 'index.html'), '<!doctype html><title>Kitchen</title>')
  writeFileSync(path.join(root, 'assets', 'kitchen-DeadBeef.js'), 'export {}')
  writeFileSync(path.join(root, 'assets', 'plain.css'), 'a{}')
  writeFileSync(path.join(root, '.env'), 'SECRET')
  writeFileSync(path.join(dir, 'secret.json'), 'SECRET')
  symlinkSync(path.join(dir, 'secret.json'), path.join(root, 'link.json'))
  return root
}

describe('files', () => {
  test('pages are always fresh, hashed assets are kept for ever, types are right', async () => {
    const { url } = await startTestHub({ hub: { rendererDir: rendererDir() } })
    const page = await ask(url, '/kitchen/?station=grill')
    expect(page.body).toContain('Kitchen')
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    })
    const script = await ask(url, '/assets/kitchen-DeadBeef.js')
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    })
    expect((await ask(url, '/assets/plain.css')).headers['cache-control']).toBe('no-cache')
    const short = await ask(url, '/kitchen?station=grill')
    expect([short.status, short.headers.location]).toEqual([302, '/kitchen/?station=grill'])
  })

  test('nothing outside the folder', async () => {
    const { url } = await startTestHub({ hub: { rendererDir: rendererDir() } })
    const attempts = [
      '/../secret.json',
      '/..%2fsecret.json',
      '/%2e%2e/secret.json',
      '/%2e%2e%2fsecret.json',
      '/kitchen/../../secret.json',
      '/kitchen/..%5c..%5csecret.json',
      '/kitchen/..\\..\\secret.json',
      '/%252e%252e/secret.json',
      '//secret.json',
      '/.env',
      '/%2eenv',
      '/link.json',
      '/kitchen/index.html%00.js',
      '/%',
      '/etc/passwd',
      '/kitchen',
      '/assets/',
    ]
    for (const attempt of attempts) {
      const answer = await ask(url, attempt)
      expect(answer.status, attempt).toBeGreaterThanOrEqual(300)
      expect(answer.body, attempt).not.toContain('SECRET')
    }
  })
})

describe('headers', () => {
  test('pages may load their own files only, and be framed by nobody', async () => {
    const { url } = await startTestHub()
    for (const at of ['/', '/api/health', '/missing']) {
      const { headers } = await ask(url, at)
      const policy = String(headers['content-security-policy'])
      expect(policy).toContain("default-src 'self'")
      expect(policy).toContain(`connect-src 'self' ${url.replace('http', 'ws')};`)
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toMatch(/unsafe|\*/)
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
      expect(headers['permissions-policy']).toContain('microphone=(self)')
    }
  })

  test('the start page lists the screens and runs no script', async () => {
    const { url } = await startTestHub({ hub: { name: '<b>Bar & Grill</b>' } })
    const { body } = await ask(url, '/')
    for (const name of [...PAGES, 'join']) expect(body).toContain(`href="/${name}/"`)
    expect(body).toContain('>Order console</a>')
    expect(body).not.toMatch(/<script|<style|style=|<b>/)
  })
})

describe('pages', () => {
  test('are in the words of the host', async () => {
    const words: HubOptions['words'] = { say: ({ code }) => `[${code}]`, failure: ({ code }) => `<${code}>` }
    const { url } = await startTestHub({
      hub: { words, limits: { http: { points: 4, duration: 60 } }, trustedProxies: ['127.0.0.1'] },
    })
    const headers = { 'x-forwarded-for': '203.0.113.1' }
    const bodies: string[] = []
    for (const page of ['/', '/nowhere', '/open?key=x', '/ca.crt', '/'])
      bodies.push((await ask(url, page, { headers })).body)
    const [index, nowhere, open, certificate, often] = bodies
    expect(index).toMatch(/\[hub\.title\].*\[hub\.screen\].*\[hub\.certificate\]/s)
    expect(nowhere).toMatch(/\[hub\.nothingHere\].*\[hub\.addressNowhere\].*\[hub\.allScreens\]/s)
    expect(open).toMatch(/\[hub\.notSignedIn\].*\[hub\.ownLink\]/s)
    expect(certificate).toBe('[hub.noCertificate]')
    expect(often).toContain('&#60;tooManyRequests&#62;')
    const plain = await ask(url, '/', { headers: { host: 'elsewhere' } })
    expect(plain.body).toBe('[hub.notCalled]')
  })
})

describe('names', () => {
  test('a page that points its own name here is turned away', async () => {
    const { url, hub } = await startTestHub()
    const names = [
      'evil.example',
      'evil.example:80',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'a b',
      '[::2]',
    ]
    for (const host of names) {
      const answer = await ask(url, `/open?key=${hub.key}`, { headers: { host } })
      expect([400, 421], host).toContain(answer.status)
      expect(answer.headers['set-cookie'], host).toBeUndefined()
      await expect(openScreen(url, { ...localCookie({ hub }), host }), host).rejects.toThrow(/4(00|21)/)
    }
  })

  test('own names and those it was given are let in, whatever the port', async () => {
    const { url } = await startTestHub({ hub: { hostNames: ['Kitchen.example'] } })
    for (const host of ['localhost', 'LOCALHOST:1', '127.0.0.1', '[::1]:4680', 'kitchen.example'])
      expect((await ask(url, '/', { headers: { host } })).status, host).toBe(200)
  })
})

describe('origins', () => {
  test('pages of other sites can neither connect nor call', async () => {
    const { url, hub } = await startTestHub()
    for (const origin of [
      'https://evil.example',
      'null',
      url.replace('http', 'https'),
      'http://127.0.0.1:1',
    ]) {
      await expect(openScreen(url, { ...localCookie({ hub }), origin }), origin).rejects.toThrow('403')
      const call = await ask(url, '/api/pair', { body: { code: '12345678' }, headers: { origin } })
      expect([call.status, JSON.parse(call.body).error.code], origin).toEqual([403, 'notAllowed'])
    }
    const hidden = await ask(url, '/api/health', { headers: { 'sec-fetch-site': 'cross-site' } })
    expect(hidden.status).toBe(403)
  })

  test('the own origin and the allowed ones can', async () => {
    const allowed = 'https://board.example'
    const { url, hub } = await startTestHub({ hub: { allowedOrigins: [allowed] } })
    for (const origin of [url, allowed]) {
      const screen = await openScreen(url, { ...localCookie({ hub }), origin })
      screen.socket.close()
      await screen.closed
    }
    const health = await ask(url, '/api/health', { headers: { origin: allowed } })
    expect(health.headers['access-control-allow-origin']).toBe(allowed)
  })
})

describe('how often and how many', () => {
  const proxied = { 'x-forwarded-for': '203.0.113.9' }

  test('an address that asks too much waits; this machine is not counted', async () => {
    const { url } = await startTestHub({ hub: { limits: { http: { points: 3, duration: 60 } } } })
    const statuses: number[] = []
    for (let n = 0; n < 4; n++) statuses.push((await ask(url, '/', { headers: proxied })).status)
    expect(statuses).toEqual([200, 200, 200, 429])
    for (let n = 0; n < 5; n++) expect((await ask(url, '/')).status).toBe(200)
  })

  test('a trusted proxy’s clients are counted each for themselves', async () => {
    const { url } = await startTestHub({
      hub: { limits: { http: { points: 1, duration: 60 } }, trustedProxies: ['127.0.0.1'] },
    })
    const from = (address: string) => ask(url, '/', { headers: { 'x-forwarded-for': `spoofed, ${address}` } })
    expect((await from('203.0.113.1')).status).toBe(200)
    expect((await from('203.0.113.2')).status).toBe(200)
    expect((await from('203.0.113.1')).status).toBe(429)
  })

  test('a screen that connects too often is told to wait', async () => {
    const { url } = await startTestHub({ hub: { limits: { connects: { points: 1, duration: 60 } } } })
    expect((await (await openScreen(url, proxied)).find('bye')).e.code).toBe('notPaired')
    expect((await (await openScreen(url, proxied)).find('bye')).e.code).toBe('tooManyRequests')
  })

  test('one screen too many is told so, pages get a clear text, health still answers', async () => {
    const { url, hub } = await startTestHub({ hub: { maxConnections: 2 } })
    const first = await openScreen(url, localCookie({ hub }))
    await openScreen(url, localCookie({ hub }))
    const third = await openScreen(url, localCookie({ hub }))
    const { e } = await third.find('bye')
    expect(e).toEqual(failure('tooManyScreens', { most: 2 }))
    await third.closed

    const page = await ask(url, '/kitchen/')
    expect(page.status).toBe(503)
    expect(page.body).toContain('MAX_CONCURRENT_CONNECTIONS')
    expect((await ask(url, '/api/health')).status).toBe(200)

    first.socket.close()
    await first.closed
    const next = await openScreen(url, localCookie({ hub }))
    next.send('{')
    expect((await next.find('bye')).e.code).toBe('invalid')
  })
})
