/** @file The local network switch: closed means closed, open means HTTPS, moves are followed, taken ports explained. */
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { connect as connectTls } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ListenError } from '../../../main/adapters/http/index.ts'
import { createPeerDialer } from '../../../main/adapters/ws/index.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { words } from '../../support/words.ts'
import { ask, hello, localCookie, openScreen, startTestHub, testDir } from './harness.ts'

const outside = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === 'IPv4' && !address.internal)?.address

/** SHA-256 of the certificate that a port shows. */
function shownCertificate(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false })
    socket.once('error', reject)
    socket.once('secureConnect', () => {
      resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? '')
      socket.destroy()
    })
  })
}

/** Takes a port of this machine. */
function takenPort(host: string): Promise<number> {
  const server = createServer()
  onTestFinished(() => void server.close())
  return new Promise((resolve) =>
    server.listen(0, host, () => resolve((server.address() as { port: number }).port)),
  )
}

describe('closed', () => {
  test.skipIf(!outside)('nothing of the hub can be reached from the network', async () => {
    const { url, hub } = await startTestHub()
    expect(hub.lan.state()).toMatchObject({ on: false, addresses: [] })
    const port = new URL(url).port
    await expect(ask(`http://${outside}:${port}`, '/')).rejects.toThrow('ECONNREFUSED')
  })

  test('there is no certificate to hand out yet', async () => {
    const { url } = await startTestHub()
    expect((await ask(url, '/ca.crt')).status).toBe(404)
  })
})

describe('open', () => {
  test('serves pages and screens over TLS to whoever trusts the authority', async () => {
    const { url, hub, core } = await startTestHub()
    const state = await hub.lan.set(true)
    expect(state).toMatchObject({
      on: true,
      fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
    })
    const [lanUrl = ''] = state.addresses
    const { body: ca, headers } = await ask(url, '/ca.crt')
    expect(headers['content-type']).toBe('application/x-x509-ca-cert')
    expect((await ask(lanUrl, '/', { ca })).status).toBe(200)
    await expect(ask(lanUrl, '/')).rejects.toThrow(/self-signed|certificate/)

    const { code } = core.devices.createPairing('kitchen', 'Tablet', null)
    const paired = await ask(lanUrl, '/api/pair', { ca, body: { code } })
    const cookie = paired.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    const screen = await openScreen(lanUrl, { cookie, origin: lanUrl }, { ca })
    screen.send(hello('kitchen'))
    expect((await screen.find('welcome')).device.name).toBe('Tablet')

    await hub.lan.set(false)
    await screen.closed
    await expect(ask(lanUrl, '/', { ca })).rejects.toThrow('ECONNREFUSED')
  })

  test.skipIf(!outside)('is reachable under the machine’s address', async () => {
    const { url, hub } = await startTestHub({ hub: { lan: true, addresses: () => [outside ?? ''] } })
    const [lanUrl = ''] = hub.lan.state().addresses
    expect(lanUrl).toContain(outside)
    const ca = (await ask(url, '/ca.crt')).body
    expect((await ask(lanUrl, '/api/health', { ca })).status).toBe(200)
    expect((await ask(lanUrl, '/metrics', { ca })).status).toBe(403)
  })

  test('can be switched by a manager at a screen, and every screen hears of it', async () => {
    const { url, hub } = await startTestHub()
    const office = await openScreen(url, localCookie({ hub }))
    office.send(hello('manager'))
    office.send({ t: 'call', i: 1, m: 'signIn', a: { pin: '9999' } })
    await office.find('reply')
    office.send({ t: 'sub', i: 2, s: 'status', a: {} })
    await office.find('snap')
    office.send({ t: 'call', i: 3, m: 'setLan', a: { on: true } })
    const { put } = await office.find('batch')
    expect(JSON.stringify(put)).toContain('"on":true')
    expect(hub.lan.state().on).toBe(true)
  })

  test('is remembered', async () => {
    const dir = testDir()
    const first = await startTestHub({ dir })
    await first.hub.lan.set(true)
    await first.core.stop()
    await first.hub.stop()
    const second = await startTestHub({ dir })
    expect(second.tlsUrl).toMatch(/^https:/)
    await second.core.stop()
    await second.hub.stop()
    expect((await startTestHub({ dir, hub: { lan: false } })).tlsUrl).toBeNull()
  })

  test('follows the machine to a new address, with a certificate for it and the same authority', async () => {
    let addresses = ['127.0.0.1']
    const { hub, url } = await startTestHub({ hub: { lan: true, addresses: () => addresses } })
    const before = hub.lan.state()
    const port = Number(new URL(before.addresses[0] ?? '').port)
    const oldCertificate = await shownCertificate(port)
    addresses = ['127.0.0.2']
    await hub.refresh()
    expect(hub.lan.state().addresses[0]).toBe(`https://127.0.0.2:${port}`)
    expect(hub.lan.state().fingerprint).toBe(before.fingerprint)
    expect(await shownCertificate(port)).not.toBe(oldCertificate)
    const ca = (await ask(url, '/ca.crt')).body
    expect((await ask(`https://127.0.0.2:${port}`, '/', { ca })).status).toBe(200)
  })
})

describe('taken ports', () => {
  test('the message names the port and what to do; nothing stays open', async () => {
    const http = await takenPort('127.0.0.1')
    const failure = await startTestHub({ hub: { ports: { http, tls: 0 } } }).catch((error: Error) => error)
    expect(failure).toBeInstanceOf(ListenError)
    const { says } = failure as ListenError
    expect(says).toEqual(say('hub.portTaken', { port: String(http), flag: '--port' }))
    expect(words.say(says)).toMatch(new RegExp(`Port ${http} .*--port`))
  })

  test('a taken network port fails the switch, and the hub goes on', async () => {
    const tls = await takenPort('0.0.0.0')
    const { hub, url } = await startTestHub({ hub: { ports: { http: 0, tls } } })
    const says = say('hub.portTaken', { port: String(tls), flag: '--tls-port' })
    await expect(hub.lan.set(true)).rejects.toMatchObject({ says })
    expect(hub.lan.state().on).toBe(false)
    expect((await ask(url, '/')).status).toBe(200)
  })

  test('a host that goes on without the hub can open it when the port is free again', async () => {
    const blocker = createServer()
    const tls = await new Promise<number>((resolve) =>
      blocker.listen(0, '0.0.0.0', () => resolve((blocker.address() as { port: number }).port)),
    )
    const { hub, core } = await startTestHub({ tolerant: true, hub: { lan: true, ports: { http: 0, tls } } })
    expect(hub.lan.state().on).toBe(false)
    await new Promise((resolve) => blocker.close(resolve))
    const [lanUrl = ''] = (await hub.lan.set(true)).addresses
    const { code } = core.devices.createPairing('peer', '', null)
    const dialer = createPeerDialer()
    onTestFinished(() => dialer.stop())
    const grant = await dialer.redeem(new URL(lanUrl).host, code, { device: 'p', name: 'P' })
    if (!grant.ok) throw new Error(JSON.stringify(grant.error))
    const port = await dialer.connect(grant.value)
    const welcomed = new Promise<string>((resolve) => port.onMessage(resolve))
    port.send(JSON.stringify(hello('peer')))
    expect(await welcomed).toContain('welcome')
  })
})
