/** @file Many screens in one process of their own, for benchmarks: each a real client on a real socket. Talks to its parent over IPC. */
import type { Client } from '../../../shared/client/client.ts'
import type { Stream } from '../../../shared/client/stream.ts'
import type { TicketFilter } from '../../../shared/domain/view.ts'
import { online, PINS, testClient } from '../../support/core.ts'
import { socketPort } from '../../support/hub.ts'

interface Start {
  url: string
  key: string
  count: number
  stations: string[]
  /** Every connection drops for `dropMs` once in `everyMs`; 0: never. */
  dropMs: number
  everyMs: number
}
interface Screen {
  client: Client
  stream: Stream<'tickets'>
  filter: TicketFilter
  entered: Set<string>
  away: boolean
}

/** What the parent gets when it asks for the end: latencies in ms, and what each screen saw. */
export interface ScreensResult {
  latencies: number[]
  seen: { filter: TicketFilter; orders: string[] }[]
  reconnects: number
}

const now = () => performance.timeOrigin + performance.now()
const latencies: number[] = []
let reconnects = 0

/** A realistic mix: most screens watch a station, some the pass, some all open orders. */
function filterOf(index: number, stations: string[]): TicketFilter {
  if (index % 10 === 8) return { scope: 'expo' }
  if (index % 10 === 9) return { scope: 'open' }
  return { scope: 'station', station: stations[index % stations.length] ?? 'grill' }
}

async function open(start: Start, index: number): Promise<Screen> {
  const filter = filterOf(index, start.stations)
  const kind = filter.scope === 'station' ? 'kitchen' : filter.scope === 'expo' ? 'expo' : 'console'
  const screen: Partial<Screen> & { away: boolean } = { away: false }
  const connect = async () => {
    if (screen.away) throw new Error('the network is away')
    return socketPort(`${start.url}/ws`, {
      cookie: `plate_local=${start.key}`,
      origin: start.url.replace(/^ws/, 'http'),
    })
  }
  const client = testClient(connect, kind)
  if (kind === 'console') {
    await online(client)
    await client.call('signIn', { pin: PINS.server })
  }
  const stream = client.subscribe('tickets', filter)
  const entered = new Set<string>()
  await new Promise<void>((resolve) => {
    stream.onChange((changes) => {
      const at = now()
      for (const [key, ticket] of changes.entered) {
        entered.add(key)
        // The sender's time is in the order's note. After an absence tickets come late on purpose: those are counted apart.
        if (!changes.reset) latencies.push(at - Number(ticket.note))
      }
      if (stream.loaded) resolve()
    })
  })
  return Object.assign(screen, { client, stream, filter, entered }) as Screen
}

function dropNowAndThen(screen: Screen, start: Start, index: number, count: number): void {
  const drop = () => {
    screen.away = true
    reconnects++
    screen.client.reconnect()
    setTimeout(() => {
      screen.away = false
      screen.client.reconnect()
    }, start.dropMs)
  }
  setTimeout(
    () => {
      drop()
      setInterval(drop, start.everyMs)
    },
    (start.everyMs * index) / count,
  )
}

async function run(start: Start): Promise<Screen[]> {
  const screens: Screen[] = []
  for (let index = 0; index < start.count; index += 50) {
    const some = Array.from({ length: Math.min(50, start.count - index) }, (_, add) =>
      open(start, index + add),
    )
    screens.push(...(await Promise.all(some)))
  }
  if (start.dropMs)
    for (const [index, screen] of screens.entries()) dropNowAndThen(screen, start, index, start.count)
  return screens
}

let screens: Screen[] = []
process.on('message', (message: Start | 'finish') => {
  if (message === 'finish') {
    const seen = screens.map(({ filter, entered }) => ({ filter, orders: [...entered] }))
    process.send?.({ latencies, seen, reconnects } satisfies ScreensResult, () => process.exit(0))
    return
  }
  void run(message).then((opened) => {
    screens = opened
    process.send?.('ready')
  })
})
