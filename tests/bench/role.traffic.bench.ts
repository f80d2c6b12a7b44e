/** @file Benchmark: what filtering by role and station saves, in bytes, over a whole evening, against sending every screen everything. */

import type { Port } from '../../shared/contract/port.ts'
import type { ScreenKind } from '../../shared/domain/roles.ts'
import type { TicketFilter } from '../../shared/domain/view.ts'
import { online, PINS, startTestCore, tempDir, testClient } from '../support/core.ts'
import { portPair, quietLog } from '../support/ports.ts'
import { progress, report, round } from './lib/report.ts'

const SPEED = 600
const station = (id: string): TicketFilter => ({ scope: 'station', station: id })
/** What hangs in a restaurant of this size. */
const SCREENS: [ScreenKind, TicketFilter][] = [
  ...['grill', 'fryer', 'cold', 'saute', 'pizza', 'oven', 'dessert', 'bar'].map(
    (id): [ScreenKind, TicketFilter] => ['kitchen', station(id)],
  ),
  ['expo', { scope: 'expo' }],
  ['console', { scope: 'open' }],
  ['console', { scope: 'open' }],
  ['manager', { scope: 'open' }],
]

/** A port that counts the bytes that come in. */
function counted(port: Port, count: (bytes: number) => void): Port {
  return {
    ...port,
    onMessage: (receive) =>
      port.onMessage((frame) => {
        count(Buffer.byteLength(frame))
        receive(frame)
      }),
  }
}

const folder = tempDir()
let evening: () => void = () => {}
const over = new Promise<void>((resolve) => {
  evening = resolve
})
const core = await startTestCore(folder.dir, {
  log: {
    ...quietLog,
    info: (event, fields) => {
      if (event === 'TRAINING_EVENING') {
        progress(JSON.stringify(fields))
        evening()
      }
    },
  },
})

/** Opens a screen with that filter; answers how many bytes its tickets took. */
async function screen(kind: ScreenKind, filter: TicketFilter): Promise<() => number> {
  let bytes = 0
  const client = testClient(async () => {
    const [near, far] = portPair()
    core.serve(far, { id: crypto.randomUUID(), name: kind, kind: 'local', station: null })
    return counted(near, (more) => {
      bytes += more
    })
  }, kind)
  await online(client)
  if (filter.scope === 'open') await client.call('signIn', { pin: PINS.manager })
  bytes = 0
  client.subscribe('tickets', filter)
  return () => bytes
}

const filtered = await Promise.all(
  SCREENS.map(async ([kind, filter]) => ({ scope: filter.scope, bytes: await screen(kind, filter) })),
)
// The same screens, were each sent all open tickets to pick from by itself.
const everything = await Promise.all(SCREENS.map(([kind]) => screen(kind, { scope: 'open' })))
core.train(SPEED)
await over
const sum = (bytes: number[]) => bytes.reduce((total, one) => total + one, 0)
const mb = (bytes: number) => round(bytes / 1e6)
const withFilter = sum(filtered.map(({ bytes }) => bytes()))
const without = sum(everything.map((bytes) => bytes()))
const stations = sum(filtered.filter(({ scope }) => scope === 'station').map(({ bytes }) => bytes()))
report('role.traffic', {
  screens: SCREENS.length,
  filteredMb: mb(withFilter),
  everythingMb: mb(without),
  savedShare: round(1 - withFilter / without),
  perStationScreenMb: mb(stations / 8),
  perUnfilteredScreenMb: mb(without / SCREENS.length),
})
await core.stop()
folder.remove()
process.exit(0)
