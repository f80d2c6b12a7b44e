/** @file Two hubs on a network that is cut: each goes on alone, and both end equal. Real processes, TLS, sockets. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../../shared/client/client.ts'
import type { Stream } from '../../../shared/client/stream.ts'
import type { TicketView } from '../../../shared/domain/view.ts'
import { line, online, PINS, streamed, tempDir } from '../../support/core.ts'
import { startHub, type TestHub } from '../../support/hub.ts'
import { pressBump } from '../../support/pressed.ts'
import { type Cable, cableTo } from '../../support/proxy.ts'

interface Site {
  hub: TestHub
  client: Client
  board: Stream<'tickets'>
  status: Stream<'status'>
}

const sorted = (board: Stream<'tickets'>) =>
  [...board.entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1))

async function openSite(dir: string, args: string[]): Promise<Site> {
  const hub = await startHub({ dir, args: ['--tls-port', '0', ...args] })
  const client = hub.client('console')
  const board = client.subscribe('tickets', { scope: 'open' })
  const status = client.subscribe('status', {})
  await online(client)
  expect((await client.call('signIn', { pin: PINS.manager })).ok).toBe(true)
  await streamed(board, () => true)
  return { hub, client, board, status }
}

async function place({ client }: Site, dish: string): Promise<TicketView> {
  const order = client.newId()
  const placed = await client.send('placeOrder', {
    order,
    type: 'takeaway',
    items: [line(client, dish, { quantity: 3 })],
  })
  expect(placed).toMatchObject({ ok: true })
  const found = await client.call('order', { order })
  if (!found.ok) throw new Error(JSON.stringify(found.error))
  return found.value
}

const peerOnline = (site: Site, yes: boolean) =>
  streamed(site.status, (topics) => {
    const peers = topics.get('peers')
    return peers?.topic === 'peers' && peers.value.every((peer) => peer.online === yes)
  })

describe('two Plate PCs on one network', () => {
  const folders = [tempDir(), tempDir()] as const
  let first: Site
  let second: Site
  let cable: Cable
  beforeAll(async () => {
    first = await openSite(folders[0].dir, ['--lan', '--name', 'First'])
    second = await openSite(folders[1].dir, ['--name', 'Second'])
    cable = await cableTo(Number(new URL(first.hub.tlsUrl ?? '').port))
  })
  afterAll(async () => {
    for (const site of [first, second]) {
      site.client.close()
      await site.hub.stop()
    }
    await cable.close()
    for (const folder of folders) folder.remove()
  })

  test('the second joins the first with a code and gets its orders', async () => {
    const early = await place(first, 'soup')
    const pairing = await first.client.call('createPairing', { kind: 'peer', name: 'Second' })
    if (!pairing.ok) throw new Error(JSON.stringify(pairing.error))
    const address = `127.0.0.1:${cable.port}`
    const joined = await second.client.call('joinPeer', { address, code: pairing.value.code })
    expect(joined, JSON.stringify(joined)).toMatchObject({ ok: true, value: { name: 'First' } })
    await streamed(second.board, (tickets) => tickets.has(early.id))
    expect(sorted(second.board)).toEqual(sorted(first.board))
  })

  test('what one does is on the other at once, both ways, each with its own numbers', async () => {
    const here = await place(first, 'fries')
    const there = await place(second, 'tiramisu')
    expect(here.number).toMatch(/^\d+$/)
    expect(there.number).toMatch(/^B\d+$/)
    await streamed(second.board, (tickets) => tickets.has(here.id))
    await streamed(first.board, (tickets) => tickets.has(there.id))
    expect(
      (
        await second.client.send('voidItem', {
          order: here.id,
          item: here.items[0]?.id ?? '',
          reason: 'wrong table',
        })
      ).ok,
    ).toBe(true)
    await streamed(first.board, (tickets) => !tickets.has(here.id))
  })

  test('cut from each other both go on, and meet again equal', async () => {
    const shared = await place(first, 'wings')
    const item = shared.items[0]?.id ?? ''
    await streamed(second.board, (tickets) => tickets.has(shared.id))
    cable.pull()
    await peerOnline(second, false)
    const alone = [await place(first, 'soup'), await place(second, 'fries'), await place(first, 'espresso')]
    expect((await first.client.send('changeItem', { order: shared.id, item, quantity: 5 })).ok).toBe(true)
    expect((await second.client.send('changeItem', { order: shared.id, item, note: 'extra hot' })).ok).toBe(
      true,
    )
    expect((await pressBump(first.client, shared.id, 'fryer')).ok).toBe(true)
    expect((await pressBump(second.client, shared.id, 'fryer')).ok).toBe(true)
    cable.plug()
    const whole = (board: Stream<'tickets'>) =>
      streamed(board, (tickets) => {
        const ticket = tickets.get(shared.id)?.items[0]
        return (
          alone.every(({ id }) => tickets.has(id)) && ticket?.quantity === 5 && ticket.note === 'extra hot'
        )
      })
    await Promise.all([whole(first.board), whole(second.board)])
    expect(sorted(second.board)).toEqual(sorted(first.board))
    // Each bumped what its own screen showed: one five without the note, the other three with it.
    const merged = first.board.entries.get(shared.id)
    expect(merged).toMatchObject({ status: 'preparing', items: [{ tasks: [{ made: 3 }] }] })
    expect((await pressBump(first.client, shared.id, 'fryer')).ok).toBe(true)
    for (const { board } of [first, second])
      await streamed(board, (tickets) => tickets.get(shared.id)?.status === 'ready')
  })
})
