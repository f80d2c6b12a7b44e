/** @file kill −9 at random moments under load: nothing acknowledged is lost, nothing is done twice, screens end equal. */
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../../shared/client/client.ts'
import type { TicketView } from '../../../shared/domain/view.ts'
import { line, online, PINS, streamed, tempDir, testClient } from '../../support/core.ts'
import { startHub, type TestHub } from '../../support/hub.ts'
import { times } from '../../support/long.ts'
import { madeOf } from '../../support/pressed.ts'

/** A port that is free now, so that the hub can come back at the same address. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

const DISHES = ['fries', 'soup', 'espresso', 'tiramisu', 'arrabbiata', 'margherita', 'wings']
/** Of these the fryer makes all. */
const FRIED = ['fries', 'wings']

interface Load {
  acknowledged: Map<string, string>
  stop(): Promise<void>
}

/** Keeps `parallel` orders under way, each sent through the durable client; collects what the core acknowledged. */
function load(client: Client, parallel: number): Load {
  const acknowledged = new Map<string, string>()
  let running = true
  async function one(seed: number): Promise<void> {
    for (let turn = seed; running; turn++) {
      const order = client.newId()
      const items = [0, 1, 2].map((add) =>
        line(client, DISHES[(turn + add) % DISHES.length] ?? 'soup', { quantity: 1 + (turn % 3) }),
      )
      const answer = await client.send('placeOrder', { order, type: 'takeaway', items })
      if (answer.ok) acknowledged.set(order, answer.value.number ?? '')
      else if (running) throw new Error(JSON.stringify(answer.error))
      const tasks = madeOf(items.filter(({ menuItem }) => FRIED.includes(menuItem)))
      if (turn % 3 === 0 && tasks.length) await client.send('bumpTicket', { order, station: 'fryer', tasks })
      if (turn % 5 === 0) await client.send('cancelOrder', { order, reason: 'walked out' })
    }
  }
  const loops = Array.from({ length: parallel }, (_, index) => one(index))
  return {
    acknowledged,
    async stop() {
      running = false
      await Promise.all(loops)
    },
  }
}

const byId = (tickets: ReadonlyMap<string, unknown>) =>
  [...tickets].map(([, ticket]) => ticket as TicketView).sort((a, b) => (a.id < b.id ? -1 : 1))

describe('kill -9 under load', () => {
  const folder = tempDir()
  let port: number
  let hub: TestHub
  let place: () => Client
  beforeAll(async () => {
    port = await freePort()
    hub = await startHub({ dir: folder.dir, port })
    place = () => testClient(() => hub.connect(), 'console')
  })
  afterAll(async () => {
    await hub.stop()
    folder.remove()
  })

  const KILLS = times(12, 300)
  test(`${KILLS} kills lose and double nothing`, async () => {
    const console1 = place()
    const screen = testClient(() => hub.connect(), 'expo')
    const board = screen.subscribe('tickets', { scope: 'expo' })
    const known = new Map<string, string>()
    for (let kill = 0; kill < KILLS; kill++) {
      await online(console1)
      // The restarted core knows no sessions: the person signs in again, as on a real console.
      expect((await console1.call('signIn', { pin: PINS.host })).ok).toBe(true)
      const work = load(console1, 4)
      const target = Math.floor(Math.random() * 25) + 1
      await streamed(board, () => work.acknowledged.size >= target)
      await hub.kill()
      const stopped = work.stop().catch(() => undefined)
      hub = await startHub({ dir: folder.dir, port })
      await stopped
      for (const [order, number] of work.acknowledged) known.set(order, number)

      const checker = place()
      await online(checker)
      // A signed-in person may look orders up; sessions ended with the killed core.
      expect((await checker.call('signIn', { pin: PINS.host })).ok).toBe(true)
      const fresh = checker.subscribe('tickets', { scope: 'expo' })
      await streamed(fresh, () => true)
      await online(screen)
      for (const [order, number] of work.acknowledged) {
        const found = await lookUp(checker, order)
        expect(found?.number, `order ${order}`).toBe(number)
        expect(found?.items.length).toBe(3)
      }
      await streamed(board, (tickets) => tickets.size === fresh.entries.size)
      expect(byId(board.entries)).toEqual(byId(fresh.entries))
      checker.close()
    }
    const numbers = [...known.values()]
    expect(new Set(numbers).size).toBe(numbers.length)
    console1.close()
    screen.close()
  })
})

async function lookUp(client: Client, order: string): Promise<TicketView | undefined> {
  const found = await client.call('order', { order })
  return found.ok ? found.value : undefined
}
