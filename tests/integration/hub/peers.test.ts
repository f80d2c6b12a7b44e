/** @file Another Plate PC: joined by code, found again by its pinned authority, never confused with a stranger. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createCertificates } from '../../../main/adapters/tls/index.ts'
import { createPeerDialer } from '../../../main/adapters/ws/index.ts'
import { readGrant } from '../../../main/adapters/ws/redeem.ts'
import type { Port } from '../../../shared/contract/port.ts'
import { fail } from '../../../shared/domain/errors.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { quietLog } from '../../support/ports.ts'
import { words } from '../../support/words.ts'
import { hello, startTestHub, testDir } from './harness.ts'

const SELF = { device: 'peer-pc', name: 'Bar PC' }

function dialer() {
  const made = createPeerDialer({ timeoutMs: 5_000 })
  onTestFinished(() => made.stop())
  return made
}

/** A hub that is open to the network, and what a peer got for a code there. */
async function joined() {
  const running = await startTestHub({ hub: { lan: true } })
  const [lanUrl = ''] = running.hub.lan.state().addresses
  const { host } = new URL(lanUrl)
  const { code } = running.core.devices.createPairing('peer', '', null)
  const grant = await dialer().redeem(host, code, SELF)
  if (!grant.ok) throw new Error(JSON.stringify(grant.error))
  return { ...running, host, grant: grant.value }
}

const nextFrame = (port: Port) =>
  new Promise<{ t: string }>((resolve) => port.onMessage((frame) => resolve(JSON.parse(frame))))

/** Another machine at the same address: a valid TLS server with an authority of its own. */
async function impostor() {
  const clock = { now: Date.now }
  const certificates = createCertificates({ dir: testDir(), name: 'Test PC', clock, log: quietLog })
  const identity = await certificates.current(['127.0.0.1'])
  const heard: string[] = []
  const server = createServer({ cert: identity.cert, key: identity.key }, (request, response) => {
    heard.push(String(request.headers.authorization))
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, heard, identity }
}

describe('joining', () => {
  test('a code gives token, address, letter and the fingerprint that was seen', async () => {
    const { grant, hub, core, host } = await joined()
    expect(grant).toEqual({
      token: expect.stringMatching(/^[\w-]{43}$/),
      url: `wss://${host}/ws`,
      device: core.device,
      name: 'Test PC',
      letter: 'B',
      fingerprint: hub.lan.state().fingerprint,
    })
  })

  test('a wrong code is refused with the hub’s own reason', async () => {
    const { host } = await joined()
    const refused = await dialer().redeem(host, '00000000', SELF)
    expect(refused).toEqual(fail('wrongCode', { why: 'pairing' }))
  })

  test('a screen’s code is no peer’s code', async () => {
    const { host, core } = await joined()
    const { code } = core.devices.createPairing('kitchen', 'Tablet', null)
    expect(await dialer().redeem(host, code, SELF)).toMatchObject({ ok: false, error: { code: 'wrongCode' } })
  })

  test.each(['not an address', 'localhost:1', ''])('nobody there: “%s” gets a sentence', async (address) => {
    const refused = await dialer().redeem(address, '12345678', SELF)
    const said = refused.ok ? '' : words.failure(refused.error)
    expect(said).toMatch(/\w+ \w+ \w+/)
    expect(said).not.toMatch(/no words for|undefined|{{/)
  })

  test('a refusal is passed on as it was given, also that of an older Plate; anything else is none', () => {
    const issue = { code: 'issues.codeDigits' }
    const refused = fail('invalid', { why: 'arguments', what: 'code', issue })
    expect(readGrant(refused, 'bar:1')).toEqual(refused)
    const old = { code: 'wrongCode', message: 'This code is used.' }
    expect(readGrant({ error: old }, 'bar:1')).toEqual({ ok: false, error: old })
    const none = fail('invalid', { why: 'other', message: say('hub.notPlate', { address: 'bar:1' }) })
    const deep = { code: 'wrongCode', params: { a: { code: 'x', params: { b: { code: 'y' } } } } }
    const long = { code: 'wrongCode', params: { why: 'x'.repeat(401) } }
    for (const error of [{ code: 'strange' }, deep, long, 'no'])
      expect(readGrant({ error }, 'bar:1')).toEqual(none)
  })

  test('something that is no Plate PC is refused', async () => {
    const { host } = await impostor()
    expect(await dialer().redeem(host, '12345678', SELF)).toMatchObject({
      ok: false,
      error: { code: 'invalid' },
    })
  })
})

describe('connecting', () => {
  test('with its token a peer is served as a peer', async () => {
    const { grant } = await joined()
    const port = await dialer().connect(grant)
    const answer = nextFrame(port)
    port.send(JSON.stringify(hello('peer')))
    expect(await answer).toMatchObject({ t: 'welcome', device: { kind: 'peer', name: 'Bar PC' } })
    const closed = new Promise<void>((resolve) => port.onClose(resolve))
    port.close()
    await closed
  })

  test('goes on after the certificate was renewed: the authority is what is pinned', async () => {
    let addresses = ['127.0.0.1']
    const running = await startTestHub({ hub: { lan: true, addresses: () => addresses } })
    const { host } = new URL(running.hub.lan.state().addresses[0] ?? '')
    const { code } = running.core.devices.createPairing('peer', '', null)
    const grant = await dialer().redeem(host, code, SELF)
    if (!grant.ok) throw new Error(JSON.stringify(grant.error))
    addresses = ['127.0.0.1', '127.0.0.3']
    await running.hub.refresh()
    const port = await dialer().connect(grant.value)
    port.close()
  })

  test('another certificate is refused before the token is sent', async () => {
    const { grant } = await joined()
    const { host, heard, identity } = await impostor()
    const stranger = { ...grant, url: `wss://${host}/ws` }
    const says = say('hub.otherProof', { address: host })
    await expect(dialer().connect(stranger)).rejects.toMatchObject({ says })
    expect(heard).toEqual([])
    // The same stranger with the right pin gets as far as HTTP: it was the pin that stopped it.
    const pinned = dialer().connect({ ...stranger, fingerprint: identity.fingerprints.leaf })
    await expect(pinned).rejects.toMatchObject({ says: { code: 'hub.refused', params: { address: host } } })
  })

  test('an authority that did not sign the certificate proves nothing', async () => {
    const { grant, dir } = await joined()
    const { identity } = await impostor()
    // A stranger who copied the hub's public authority certificate and sends it along with a certificate of their own.
    const [ownLeaf = ''] = identity.cert.split(/(?<=-----END CERTIFICATE-----)/)
    const stolen = readFileSync(path.join(dir, 'tls', 'ca.crt'), 'utf8')
    const server = createServer({ cert: `${ownLeaf}\n${stolen}`, key: identity.key })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const url = `wss://127.0.0.1:${(server.address() as AddressInfo).port}/ws`
    const says = say('hub.otherProof', { address: new URL(url).host })
    await expect(dialer().connect({ ...grant, url })).rejects.toMatchObject({ says })
  })

  test('plain ws is refused: the token would be readable', async () => {
    const url = 'ws://127.0.0.1:1/ws'
    const says = say('hub.notSecure', { address: url })
    await expect(dialer().connect({ url, token: 'x', fingerprint: 'AA' })).rejects.toMatchObject({ says })
  })
})
