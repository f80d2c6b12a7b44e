/** @file The machine fails while it exchanges with the cloud: killed in the middle of sending, disk full while catching up. Real processes. */

import { execFileSync, spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tempDir } from '../support/core.ts'
import { times } from '../support/long.ts'
import { eventually } from '../support/progress.ts'
import { cableTo } from '../support/proxy.ts'
import { createAcknowledged } from './lib/acknowledged.ts'
import { openBackend, type TestBackend } from './lib/backend.ts'
import { noteClaims, showAlarm, showLive, shows } from './lib/claims.ts'
import { expectEqual, type Held } from './lib/equal.ts'
import { joinEnv, startHubSite, withFiles } from './lib/hub-site.ts'
import { place, placeMany } from './lib/service.ts'
import { openSite } from './lib/site.ts'
import { until } from './lib/wait.ts'

const canLimit = spawnSync('prlimit', ['--version']).status === 0

describe('the machine', () => {
  let backend: TestBackend
  beforeAll(async () => {
    backend = await openBackend()
  })
  afterAll(() => backend.close())

  /** Events in the server's log. */
  async function sent(restaurant: string): Promise<number> {
    const [row] = await backend.sql<{ n: string }>(
      'select count(*) as n from order_events where restaurant_id = $1',
      [restaurant],
    )
    return Number(row?.n)
  }

  const KILLS = times(5, 30)
  test(`${KILLS} kills while sending lose and double nothing`, async () => {
    const folder = tempDir()
    const restaurant = await backend.restaurant()
    const acknowledged = createAcknowledged()
    const { orders } = acknowledged
    let env = await joinEnv(backend, restaurant, 'upload')
    for (let kill = 0; kill < KILLS; kill++) {
      const site = await startHubSite(folder.dir, env, acknowledged)
      env = {}
      // Slow enough that the kill meets batches under way.
      backend.faults.delayMs = 30
      const [before, enough] = [await sent(restaurant), orders.size + 20]
      const work = placeMany(site, 400).catch(() => undefined)
      await eventually(
        'orders to be taken and sent',
        async () => orders.size > enough && (await sent(restaurant)) > before,
      )
      await site.hub.kill()
      site.client.close()
      await work
    }
    backend.faults.delayMs = 0
    const last = await startHubSite(folder.dir, {}, acknowledged)
    await showLive([last])
    last.client.close()
    await last.hub.stop()
    expect(orders.size).toBeGreaterThan(20 * KILLS)
    await withFiles(folder.dir, (held) => expectEqual(backend, restaurant, [held]), acknowledged)
    folder.remove()
  })

  test.skipIf(!canLimit)(
    'a disk that is full while catching up: it says so and since when, skips nothing and goes on when there is room',
    async () => {
      const folder = tempDir()
      const restaurant = await backend.restaurant()
      const bar = await openSite(backend, 'Bar')
      await bar.join(restaurant)
      const cable = await cableTo(Number(new URL(backend.url).port))
      const url = `http://127.0.0.1:${cable.port}`
      const hub = await startHubSite(folder.dir, await joinEnv(backend, restaurant, 'upload', url))
      const { client, status, acknowledged } = hub
      await showLive([hub])
      const limit = (bytes: string) =>
        execFileSync('prlimit', [`--pid=${hub.hub.pid}`, `--fsize=${bytes}:unlimited`])

      cable.pull()
      const cut = Date.now()
      const claims = noteClaims('The hub', hub)
      await shows('that it is away', [hub], ({ state }) => state === 'away')
      const orders = await placeMany(bar, 150)
      await place(hub)
      await eventually('the cloud to have them', async () => (await sent(restaurant)) >= orders.length)
      limit('40000')
      cable.plug()
      await showAlarm(hub, /Free some space/)
      await shows('how far it is behind', [hub], ({ state, behind }) => state === 'catchingUp' && behind > 0)
      // What it cannot keep it does not say yes to.
      const items = [{ id: client.newId(), menuItem: 'fries', quantity: 1 }]
      const refused = await client.send('placeOrder', { order: client.newId(), type: 'takeaway', items })
      expect(refused).toMatchObject({ ok: false, error: { code: 'storeFull' } })
      claims.knewNothingAfter(cut)
      claims.end()

      limit('unlimited')
      const board = client.subscribe('tickets', { scope: 'open' })
      await until('the hub to have all', board, () => orders.every((order) => board.entries.has(order)))
      await until('no alarm', status, () => !JSON.stringify([...status.entries]).includes('Free some space'))
      await showLive([hub])
      client.close()
      await hub.hub.stop()
      const compare = (held: Held) => expectEqual(backend, restaurant, [held, bar])
      await eventually(
        'the bar to have the hub’s',
        async () => (await bar.ids()).size === (await sent(restaurant)),
      )
      await withFiles(folder.dir, compare, acknowledged)
      await bar.stop()
      await cable.close()
      folder.remove()
    },
  )
})
