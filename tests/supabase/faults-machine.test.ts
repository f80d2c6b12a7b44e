/** @file The machine fails while it exchanges with the cloud: killed in the middle of sending, disk full while catching up. Real processes. */
import { execFileSync, spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tempDir } from '../support/core.ts'
import { times } from '../support/long.ts'
import { openBackend, type TestBackend } from './lib/backend.ts'
import { expectEqual, serverLog, stateOf } from './lib/equal.ts'
import { joinEnv, startHubSite, withFiles } from './lib/hub-site.ts'
import { type Acknowledged, placeMany } from './lib/service.ts'
import { eventually, openSite } from './lib/site.ts'

const canLimit = spawnSync('prlimit', ['--version']).status === 0

describe('the machine', () => {
  let backend: TestBackend
  beforeAll(async () => {
    backend = await openBackend()
  })
  afterAll(() => backend.close())

  const KILLS = times(5, 30)
  test(`${KILLS} kills while sending lose and double nothing`, {
    timeout: 60_000 + KILLS * 15_000,
  }, async () => {
    const folder = tempDir()
    const restaurant = await backend.restaurant()
    const known: Acknowledged = new Map()
    let env = await joinEnv(backend, restaurant, 'upload')
    for (let kill = 0; kill < KILLS; kill++) {
      const site = await startHubSite(folder.dir, env)
      env = {}
      // Slow enough that the kill meets batches under way.
      backend.faults.delayMs = 30
      const before = (await serverLog(backend, restaurant)).length
      const work = placeMany(site, 400, { known }).catch(() => undefined)
      await eventually('something to be sent', async () => {
        const log = await serverLog(backend, restaurant)
        return log.length > before && known.size > 20 * (kill + 1)
      })
      await site.hub.kill()
      site.client.close()
      await work
    }
    backend.faults.delayMs = 0
    const last = await startHubSite(folder.dir)
    await eventually('all to be sent', () => last.cloud()?.state === 'live' && last.cloud()?.outbox === 0)
    last.client.close()
    await last.hub.stop()
    const state = await withFiles(folder.dir, (held) => expectEqual(backend, restaurant, [held]))
    for (const [order, number] of known) expect(state.orders.get(order)?.opened?.number).toBe(number)
    folder.remove()
  })

  test.skipIf(!canLimit)(
    'a disk that is full while catching up: it says so, skips nothing and goes on when there is room',
    { timeout: 60_000 },
    async () => {
      const folder = tempDir()
      const restaurant = await backend.restaurant()
      const bar = await openSite(backend, 'Bar')
      await bar.join(restaurant)
      const hub = await startHubSite(folder.dir, await joinEnv(backend, restaurant, 'upload'))
      await eventually('the hub to be live', () => hub.cloud()?.state === 'live')
      const limit = (bytes: string) =>
        execFileSync('prlimit', [`--pid=${hub.hub.pid}`, `--fsize=${bytes}:unlimited`])
      limit('40000')
      const orders = await placeMany(bar, 150)
      await eventually('the disk to be full', () => {
        const alarms = hub.status.entries.get('alarms')
        return (
          alarms?.topic === 'alarms' && alarms.value.some((alarm) => /Free some space/.test(alarm.message))
        )
      })
      limit('unlimited')
      await eventually('the bar to have sent all', async () => {
        const { orders: there } = stateOf(await serverLog(backend, restaurant))
        return orders.every((order) => there.has(order))
      })
      const board = hub.client.subscribe('tickets', { scope: 'open' })
      await eventually(
        'the hub to have all',
        () => hub.cloud()?.state === 'live' && orders.every((order) => board.entries.has(order)),
        30_000,
      )
      hub.client.close()
      await hub.hub.stop()
      await withFiles(folder.dir, (held) => expectEqual(backend, restaurant, [held, bar]))
      await bar.stop()
      folder.remove()
    },
  )
})
