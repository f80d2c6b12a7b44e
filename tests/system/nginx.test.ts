/** @file A hub behind Debian's nginx: a tablet pairs and follows a ticket over TLS and WebSocket; senders' addresses are believed from trusted proxies only. */
import { chromium } from 'playwright'
import { expect, onTestFinished, test } from 'vitest'
import { ask, openScreen } from '../integration/hub/harness.ts'
import { chromiumOptions } from '../support/browser.ts'
import { line, online, PINS, tempDir } from '../support/core.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { NAME, type Nginx, PROXY, startNginx } from './lib/nginx.ts'

interface Behind {
  hub: TestHub
  nginx: Nginx
}

/** A hub that trusts these proxies, and nginx before it. */
async function behindNginx(trusted: string): Promise<Behind> {
  const { dir, remove } = tempDir()
  const env = { TRUSTED_PROXIES: trusted, METRICS_TOKEN: 'secret' }
  const hub = await startHub({ dir, args: ['--tls-port', '0', '--host-name', NAME], env })
  onTestFinished(async () => {
    await hub.stop()
    remove()
  })
  return { hub, nginx: await startNginx(hub.url.replace(/\/$/, '')) }
}

async function manager(hub: TestHub) {
  const client = hub.client('manager')
  onTestFinished(() => client.close())
  await online(client)
  await client.call('signIn', { pin: PINS.manager })
  return client
}

async function codeFor(hub: TestHub, name: string): Promise<string> {
  const client = await manager(hub)
  const pairing = await client.call('createPairing', { kind: 'expo', name })
  if (!pairing.ok) throw new Error(pairing.error.code)
  return pairing.value.code
}

async function order(hub: TestHub, dish: string): Promise<string> {
  const client = await manager(hub)
  const items = [line(client, dish)]
  const placed = await client.send('placeOrder', { order: client.newId(), type: 'takeaway', items })
  if (!placed.ok) throw new Error(placed.error.code)
  return placed.value.number ?? ''
}

interface Sent {
  /** The sender's address on this machine. */
  from?: string
  headers?: Record<string, string>
  body?: unknown
}

/** A request through the proxy. */
const through = ({ nginx }: Behind, path: string, { from, headers, body }: Sent = {}) =>
  ask(nginx.url, path, {
    ca: nginx.ca,
    headers: { host: nginx.host, ...headers },
    ...(body === undefined ? {} : { body }),
    ...(from ? { localAddress: from } : {}),
  })

/** What a guess at a pairing code is answered. */
async function guess(behind: Behind, from: string, headers: Record<string, string> = {}): Promise<string> {
  const { body } = await through(behind, '/api/pair', { from, headers, body: { code: '00000000' } })
  return JSON.parse(body).error.code
}

test('a tablet pairs through it, follows a ticket, and is back by itself when nginx was away', async () => {
  const behind = await behindNginx(PROXY)
  const { hub, nginx } = behind
  const rules = `--host-resolver-rules=MAP ${NAME} 127.0.0.1`
  const options = chromiumOptions([rules, `--ignore-certificate-errors-spki-list=${nginx.key}`])
  const browser = await chromium.launch(options)
  onTestFinished(() => browser.close())
  const tablet = await browser.newPage()
  const complaints: string[] = []
  tablet.on('console', (message) => {
    if (/Content Security Policy|Mixed Content/i.test(message.text())) complaints.push(message.text())
  })
  await tablet.goto(`https://${nginx.host}/join/?code=${await codeFor(hub, 'Tablet')}`)
  await tablet.getByRole('button', { name: 'Pair', exact: true }).click()
  await tablet.waitForURL(/\/expo\//)
  await tablet.getByText('No open tickets').waitFor()
  const cookies = await tablet.context().cookies()
  expect(cookies).toMatchObject([{ httpOnly: true, secure: true, sameSite: 'Strict' }])

  const shows = (number: string) =>
    tablet.getByRole('article', { name: `Ticket ${number}`, exact: true }).waitFor()
  await shows(await order(hub, 'fries'))
  await nginx.stop()
  const meanwhile = await order(hub, 'soup')
  await nginx.start()
  await shows(meanwhile)
  expect(complaints).toEqual([])
})

test('of a trusted proxy the sender’s address counts, and nobody can claim another’s', async () => {
  const behind = await behindNginx(PROXY)
  for (let tries = 0; tries < 5; tries++) expect(await guess(behind, '127.0.0.11')).toBe('wrongCode')
  expect(await guess(behind, '127.0.0.11')).toBe('lockedOut')
  expect(await guess(behind, '127.0.0.11', { 'x-forwarded-for': '127.0.0.12' })).toBe('lockedOut')
  expect(await guess(behind, '127.0.0.12'), 'another tablet is not locked out').toBe('wrongCode')
})

test('the address that a stranger claims for itself counts for nothing', async () => {
  const behind = await behindNginx('127.0.0.99')
  for (let tries = 0; tries < 5; tries++)
    expect(await guess(behind, `127.0.0.${11 + tries}`)).toBe('wrongCode')
  expect(await guess(behind, '127.0.0.30'), 'all of them are the proxy').toBe('lockedOut')
  const { nginx } = behind
  const headers = { host: nginx.host, origin: `https://${nginx.host}` }
  await expect(openScreen(nginx.url, headers, { ca: nginx.ca }), 'TLS is not believed').rejects.toThrow('403')
})

test('this machine’s rights do not reach through it, and stay with this machine', async () => {
  const behind = await behindNginx(PROXY)
  const { hub } = behind
  const open = `/open?key=${hub.key}&to=/kitchen/`
  expect((await through(behind, open)).status).toBe(403)
  expect((await ask(hub.url, open)).status).toBe(302)
  expect((await through(behind, '/metrics')).status).toBe(403)
  const headers = { authorization: 'Bearer secret' }
  expect((await through(behind, '/metrics', { headers })).status).toBe(200)
  expect((await ask(hub.url, '/metrics')).status).toBe(200)
})
