/** @file The contract suite over real WebSockets: what holds in memory holds on the network. */
import { afterAll, beforeAll, describe, test } from 'vitest'
import WebSocket from 'ws'
import { createHubServer, type HubServer } from '../../../main/adapters/http/index.ts'
import { createMetrics } from '../../../main/adapters/metrics/index.ts'
import { createCertificates } from '../../../main/adapters/tls/index.ts'
import { createScreenSockets } from '../../../main/adapters/ws/index.ts'
import type { Core } from '../../../main/core/api.ts'
import { openSocket } from '../../../renderer/shared/socket-port.ts'
import { contractCases } from '../../contract/cases.ts'
import { startTestCore, tempDir } from '../../support/core.ts'
import { machineClock, quietLog } from '../../support/ports.ts'
import { words } from '../../support/words.ts'

describe('contract over WebSockets', () => {
  const folder = tempDir()
  let core: Core
  let hub: HubServer
  let url: string

  beforeAll(async () => {
    hub = createHubServer({
      rendererDir: folder.dir,
      dataDir: folder.dir,
      name: 'Test PC',
      words,
      log: quietLog,
      metrics: createMetrics(),
      sockets: createScreenSockets(),
      certificates: createCertificates({
        dir: folder.dir,
        name: 'Test PC',
        clock: machineClock,
        log: quietLog,
      }),
      ports: { http: 0, tls: 0 },
    })
    core = await startTestCore(folder.dir, { lan: hub.lan })
    url = (await hub.listen(core)).url
  })
  afterAll(async () => {
    await core.stop()
    await hub.stop()
    folder.remove()
  })

  /** The browser's socket, with the cookie the browser would send. */
  class LocalBrowser extends WebSocket {
    constructor(address: string) {
      super(address, { headers: { cookie: `plate_local=${hub.key}`, origin: url } })
    }
  }
  const connect = () =>
    openSocket(`${url.replace('http', 'ws')}/ws`, LocalBrowser as unknown as typeof globalThis.WebSocket)

  for (const { name, run } of contractCases) test(name, () => run({ connect }))
})
