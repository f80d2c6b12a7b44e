/** @file Two PCs that are joined on the LAN and in the cloud: whichever way is open serves, and nothing arrives twice. Real processes, sockets, TLS. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Stream } from '../../shared/client/stream.ts'
import { tempDir } from '../support/core.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { eventually } from '../support/progress.ts'
import { type Cable, cableTo } from '../support/proxy.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { showLive, shows } from './lib/claims.ts'
import { expectEqual, serverLog } from './lib/equal.ts'
import { type HubSite, joinEnv, openHubSite, withFiles } from './lib/hub-site.ts'
import { auditOf, place } from './lib/service.ts'
import { until } from './lib/wait.ts'

interface Pc extends HubSite {
  dir: string
  internet: Cable
  board: Stream<'tickets'>
}

describe('LAN and cloud together', needs('sql'), () => {
  const folders = [tempDir(), tempDir()] as const
  let backend: TestBackend
  let restaurant: string
  let bar: Pc
  let kitchen: Pc
  let lan: Cable

  async function open(dir: string, args: string[]): Promise<Pc> {
    const internet = await cableTo(Number(new URL(backend.url).port))
    const env = await joinEnv(backend, restaurant, 'upload', `http://127.0.0.1:${internet.port}`)
    const hub: TestHub = await startHub({ dir, args: ['--tls-port', '0', ...args], env })
    const site = await openHubSite(hub)
    await shows('the PC live', [site], ({ state }) => state === 'live')
    return { ...site, dir, internet, board: site.client.subscribe('tickets', { scope: 'open' }) }
  }
  beforeAll(async () => {
    backend = await openBackend()
    restaurant = await backend.restaurant()
    bar = await open(folders[0].dir, ['--lan', '--name', 'Bar'])
    kitchen = await open(folders[1].dir, ['--name', 'Kitchen'])
    lan = await cableTo(Number(new URL(bar.hub.tlsUrl ?? '').port))
    expect(await join()).toMatchObject({ ok: true })
  })

  /** The kitchen joins the bar on the LAN. */
  async function join() {
    const pairing = await bar.client.call('createPairing', { kind: 'peer', name: 'Kitchen' })
    if (!pairing.ok) throw new Error(JSON.stringify(pairing.error))
    const address = `127.0.0.1:${lan.port}`
    return kitchen.client.call('joinPeer', { address, code: pairing.value.code })
  }
  afterAll(async () => {
    for (const pc of [bar, kitchen]) {
      pc.client.close()
      await pc.hub.stop()
      await pc.internet.close()
    }
    await lan.close()
    await backend.close()
    for (const folder of folders) folder.remove()
  })

  async function peersOf({ hub }: Pc): Promise<{ online: boolean }[]> {
    const answer = await fetch(`${hub.url}/api/health`)
    return ((await answer.json()) as { peers: { online: boolean }[] }).peers
  }

  const comes = ({ board }: Pc, order: string) =>
    until('the order to come', board, () => board.entries.has(order))
  const inCloud = (order: string) =>
    eventually('the cloud to have it', async () =>
      (await serverLog(backend, restaurant)).some(({ event }) => event.order === order),
    )
  const away = (...pcs: Pc[]) => shows('that the internet is away', pcs, ({ state }) => state === 'away')

  test('both ways open: each order once', async () => {
    const [here, there] = [await place(bar), await place(kitchen)]
    await comes(kitchen, here)
    await comes(bar, there)
  })

  test('one without internet: its orders go to the cloud through the other', async () => {
    kitchen.internet.pull()
    await away(kitchen)
    const [here, there] = [await place(bar), await place(kitchen)]
    await comes(kitchen, here)
    await comes(bar, there)
    await inCloud(there)
    kitchen.internet.plug()
  })

  test.each(['kitchen', 'bar'])('one removed in the cloud (%s) is let go on the LAN, too', async (name) => {
    const [gone, other] = name === 'bar' ? [bar, kitchen] : [kitchen, bar]
    const info = await gone.client.call('cloud', {})
    const device = info.ok ? info.value.link?.device : null
    const manager = await backend.person(restaurant, 'manager')
    const rights = async (what: 'revoke_device' | 'readmit_device') =>
      expect((await manager.rpc(what, { p_device: device })).error).toBeNull()
    await rights('revoke_device')
    await shows('it locked', [gone], ({ state }) => state === 'locked')
    await eventually('the other to let go', async () =>
      (await auditOf(other)).some((row) => row.name === 'peerRemoved'),
    )
    await eventually('the LAN to be cut', async () => {
      const peers = await Promise.all([bar, kitchen].map(peersOf))
      return peers.flat().every(({ online }) => !online)
    })
    const order = await place(other)
    await inCloud(order)
    expect(gone.board.entries.has(order)).toBe(false)
    expect(await join()).toMatchObject({ ok: false, error: { code: 'revoked' } })
    await rights('readmit_device')
    await shows('it live', [gone], ({ state }) => state === 'live')
    await comes(gone, order)
    // The other hears of it with its next report. Only ten tries a minute are allowed.
    let next = 0
    await eventually('the LAN to take it', async () => {
      if (performance.now() < next) return false
      next = performance.now() + 3_000
      return (await join()).ok
    })
  })

  test('no LAN: through the cloud', async () => {
    lan.pull()
    await shows('the kitchen live', [kitchen], ({ state }) => state === 'live')
    const [here, there] = [await place(bar), await place(kitchen)]
    await comes(kitchen, here)
    await comes(bar, there)
  })

  test('neither: both go on, meet on the LAN first and in the cloud later, and are equal', async () => {
    for (const pc of [bar, kitchen]) pc.internet.pull()
    await away(bar, kitchen)
    const [here, there] = [await place(bar), await place(kitchen)]
    lan.plug()
    await comes(kitchen, here)
    await comes(bar, there)
    for (const pc of [bar, kitchen]) pc.internet.plug()
    await inCloud(here)
    await inCloud(there)
    await showLive([bar, kitchen])
    for (const pc of [bar, kitchen]) await pc.hub.stop()
    await withFiles(
      bar.dir,
      (one) =>
        withFiles(
          kitchen.dir,
          (other) => expectEqual(backend, restaurant, [one, other]),
          kitchen.acknowledged,
        ),
      bar.acknowledged,
    )
  })
})
