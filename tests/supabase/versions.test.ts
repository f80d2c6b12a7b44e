/** @file Two versions of Plate run one restaurant: the version before and this one, on the LAN and in the cloud, while a later one writes what neither knows. Real processes, sockets, TLS. */
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Stream } from '../../shared/client/stream.ts'
import { canonical } from '../../shared/domain/canonical.ts'
import { tempDir } from '../support/core.ts'
import { type Frozen, versionBefore } from '../support/frozen.ts'
import { startHub } from '../support/hub.ts'
import { laterEvents } from '../support/later.ts'
import { times } from '../support/long.ts'
import { pressBump, pressServe } from '../support/pressed.ts'
import { eventually } from '../support/progress.ts'
import { type Cable, cableTo } from '../support/proxy.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { shows } from './lib/claims.ts'
import { expectEqual, serverLog } from './lib/equal.ts'
import { type HubSite, joinEnv, openHubSite, withFiles } from './lib/hub-site.ts'
import { append } from './lib/projection-events.ts'
import { place } from './lib/service.ts'
import { until } from './lib/wait.ts'

interface Pc extends HubSite {
  dir: string
  internet: Cable
  board: Stream<'tickets'>
}

/** Every event a stopped PC has, by id, as its canonical text. */
async function logOf(dir: string): Promise<Map<string, string>> {
  return withFiles(dir, async ({ store }) => {
    const rows = await store.eventsAfter(0, 1_000_000)
    return new Map(rows.map(({ event }) => [event.id, canonical(event)]))
  })
}

/** The ids of the events that a PC at work has. */
function idsIn(dir: string): Set<string> {
  const db = new Database(path.join(dir, 'plate.db'), { readonly: true })
  try {
    return new Set(db.prepare<[], string>('SELECT id FROM events').pluck().all())
  } finally {
    db.close()
  }
}

describe('two versions in one restaurant', needs('sql'), () => {
  const folders = [tempDir(), tempDir()] as const
  let before: Frozen
  let backend: TestBackend
  let restaurant: string
  let old: Pc
  let now: Pc
  let lan: Cable

  async function open(dir: string, program: string | undefined, args: string[]): Promise<Pc> {
    const internet = await cableTo(Number(new URL(backend.url).port))
    const env = await joinEnv(backend, restaurant, 'upload', `http://127.0.0.1:${internet.port}`)
    const hub = await startHub({ dir, args: ['--tls-port', '0', ...args], env, ...(program && { program }) })
    const site = await openHubSite(hub)
    await shows('the PC live', [site], ({ state }) => state === 'live')
    return { ...site, dir, internet, board: site.client.subscribe('tickets', { scope: 'open' }) }
  }

  beforeAll(async () => {
    before = await versionBefore()
    backend = await openBackend()
    restaurant = await backend.restaurant()
    old = await open(folders[0].dir, before.hub, ['--lan', '--name', 'Bar'])
    now = await open(folders[1].dir, undefined, ['--name', 'Kitchen'])
    lan = await cableTo(Number(new URL(old.hub.tlsUrl ?? '').port))
    const pairing = await old.client.call('createPairing', { kind: 'peer', name: 'Kitchen' })
    if (!pairing.ok) throw new Error(JSON.stringify(pairing.error))
    const address = `127.0.0.1:${lan.port}`
    expect(await now.client.call('joinPeer', { address, code: pairing.value.code })).toMatchObject({
      ok: true,
    })
  })
  afterAll(async () => {
    for (const pc of [old, now]) {
      pc?.client.close()
      await pc?.hub.stop()
      await pc?.internet.close()
    }
    await lan?.close()
    await backend?.close()
    for (const folder of folders) folder.remove()
  })

  /** Cooks what a screen of this PC shows of the order, station by station, and serves it. */
  async function finish(pc: Pc, order: string): Promise<void> {
    await until('the order', pc.board, () => pc.board.entries.has(order))
    const ticket = pc.board.entries.get(order)
    const stations = new Set(ticket?.items.flatMap(({ tasks }) => tasks.map(({ station }) => station)))
    for (const station of stations)
      expect(await pressBump(pc.client, order, station)).toMatchObject({ ok: true })
    await pressServe(pc.client, order)
  }

  const inCloud = (order: string) =>
    eventually('the cloud to have the order', async () =>
      (await serverLog(backend, restaurant)).some(({ event }) => event.order === order),
    )

  async function bothLive(): Promise<void> {
    for (const { internet } of [old, now]) internet.plug()
    lan.plug()
    const done = ({ state, outbox, behind }: { state: string; outbox: number; behind: number }) =>
      state === 'live' && outbox === 0 && behind === 0
    await shows('both live and level', [old, now], done)
  }

  test('an evening with cuts: nothing is dropped, and both are equal once both run this version', {
    timeout: times(300_000, 1_200_000),
  }, async () => {
    const later = await backend.device(restaurant, 'Later PC')
    const rounds = times(6, 40)
    const sent: string[] = []
    for (let round = 0; round < rounds; round++) {
      const [here, there] = [await place(old), await place(now)]
      await Promise.all([inCloud(here), inCloud(there)])
      // The internet goes at one of them, the LAN at times; what a later version writes reaches them by what is left.
      const cut = round % 3 === 0 ? old : now
      cut.internet.pull()
      if (round % 2) lan.pull()
      const item = old.board.entries.get(here)?.items[0]?.id ?? ''
      const events = laterEvents(here, item)
      sent.push(...events.map(canonical))
      const { results } = await append(later, events, 'later')
      expect(results.filter(({ refused }) => refused)).toEqual([])
      const apart = await place(cut)
      await finish(cut, apart)
      await finish(cut === old ? now : old, there)
      await bothLive()
      await Promise.all([inCloud(apart), finish(old, here)])
    }
    await bothLive()
    // What a screen says of the cloud may be a moment old.
    await eventually('both to have what the cloud has', async () => {
      const ids = new Set((await serverLog(backend, restaurant)).map(({ event }) => String(event.id)))
      const held = [old, now].map(({ dir }) => idsIn(dir))
      return held.every((has) => has.size === ids.size && [...has].every((id) => ids.has(id)))
    })
    // Tickets that neither can show as a whole say so at both, and are not done.
    for (const pc of [old, now]) {
      const shown = () => [...pc.board.entries.values()].filter(({ incomplete }) => incomplete)
      // A board shows what its log says a moment later.
      const cooked = () => shown().filter(({ status }) => status === 'preparing').length === rounds
      await until('the cooked tickets', pc.board, cooked)
      const marked = shown()
      expect(marked.length).toBe(rounds)
      expect(marked.map(({ incomplete }) => incomplete?.needs)).toEqual(
        marked.map(() => ['guestAllergies', 'joins']),
      )
      const alarms = pc.status.entries.get('alarms')?.value as { id: string }[] | undefined
      expect(alarms?.map(({ id }) => id)).toEqual(expect.arrayContaining(['incomplete', 'raw']))
    }

    for (const pc of [old, now]) {
      pc.client.close()
      expect(await pc.hub.stop()).toBe(0)
    }
    const wanted = new Map(
      (await serverLog(backend, restaurant)).map(({ event }) => [String(event.id), canonical(event)]),
    )
    expect(sent.every((text) => [...wanted.values()].includes(text))).toBe(true)
    for (const dir of [old.dir, now.dir]) expect(await logOf(dir)).toEqual(wanted)
    // Reading its files above was the update: both run this version now.
    for (const pc of [old, now]) {
      await withFiles(pc.dir, (files) => expectEqual(backend, restaurant, [files]), pc.acknowledged)
    }
  })
})
