/** @file Reading the log: pages by cursor and by size, one's own events counted but not sent, reports, and who may read at all. */
import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bodies } from '../unit/domain/kit.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { append, pull, Site } from './lib/projection-events.ts'

let backend: TestBackend
beforeAll(async () => {
  backend = await openBackend()
})
afterAll(() => backend?.close())

const site = new Site(1)
for (let n = 0; n < 10; n++) site.place()

async function all(
  device: SupabaseClient,
  limit: number,
  core?: string,
): Promise<{ id: string; seq: number }[]> {
  const found: { id: string; seq: number }[] = []
  for (let after = 0; ; ) {
    const page = await pull(device, after, limit, core)
    found.push(...page.events.map(({ seq, event }) => ({ id: event.id, seq })))
    if (page.next === after) return found
    after = page.next
  }
}

describe('pages', () => {
  test('bring every event once, in order, as it was sent', async () => {
    const restaurant = await backend.restaurant()
    const [writer, reader] = [await backend.device(restaurant), await backend.device(restaurant)]
    await append(writer, site.log, 'writer')
    const wanted = site.log.map(({ id }, index) => ({ id, seq: index + 1 }))
    for (const limit of [1, 7, 1000]) expect(await all(reader, limit)).toEqual(wanted)
    const page = await pull(reader, 3, 2)
    expect(page).toEqual({
      events: [4, 5].map((seq) => ({ seq, event: JSON.parse(JSON.stringify(site.log[seq - 1])) })),
      next: 5,
      head: site.log.length,
      floor: 0,
      last: site.log[4]?.id,
      same: true,
    })
    expect(await pull(reader, site.log.length)).toMatchObject({ events: [], next: site.log.length })
  })

  test('are empty for a device that holds another event at its cursor', async () => {
    const restaurant = await backend.restaurant()
    const device = await backend.device(restaurant)
    await append(device, site.log)
    const following = async (p_after: number, p_event: string | null) => {
      const args = { p_after, p_limit: 3, p_core: 'reader', p_event }
      const { data, error } = await device.rpc('pull_events', args)
      expect(error).toBeNull()
      return data
    }
    const held = site.log[6]?.id ?? ''
    expect(await following(7, held)).toMatchObject({ same: true, next: 10, last: site.log[9]?.id })
    expect(await following(7, null)).toMatchObject({ same: true, next: 10 })
    expect(await following(8, held)).toMatchObject({ same: false, events: [], next: 8, last: null })
    expect(await following(site.log.length + 5, held)).toMatchObject({ same: false, head: site.log.length })
    const reported = async (cursor: number, event?: string) => {
      const { data } = await device.rpc('report_device', { p_report: { cursor, event } })
      return data.same
    }
    expect(await reported(7, held)).toBe(true)
    expect(await reported(7)).toBe(true)
    expect(await reported(6, held)).toBe(false)
    expect(await reported(site.log.length + 5, held)).toBe(false)
  })

  test("leave one's own events out, but count them", async () => {
    const restaurant = await backend.restaurant()
    const device = await backend.device(restaurant)
    const [mine, theirs] = [site.log.slice(0, 20), site.log.slice(20)]
    await append(device, mine, 'mine')
    await append(device, theirs, 'theirs')
    expect(await pull(device, 0, 15, 'mine')).toMatchObject({ events: [], next: 15, head: site.log.length })
    expect((await all(device, 8, 'mine')).map(({ id }) => id)).toEqual(theirs.map(({ id }) => id))
    expect((await all(device, 8, 'theirs')).map(({ id }) => id)).toEqual(mine.map(({ id }) => id))
  })

  test('bring what another device pushed under the same core id: its PC was copied', async () => {
    const restaurant = await backend.restaurant()
    const [first, copy] = [await backend.device(restaurant), await backend.device(restaurant)]
    await append(first, site.log.slice(0, 5), 'copied')
    await append(copy, site.log.slice(5, 9), 'copied')
    expect((await all(copy, 1000, 'copied')).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
    expect((await all(first, 1000, 'copied')).map(({ seq }) => seq)).toEqual([6, 7, 8, 9])
  })

  test('stay near 1 MB, and always bring at least one event', async () => {
    const restaurant = await backend.restaurant()
    const device = await backend.device(restaurant)
    const item = bodies.menu.items[0]
    const menus = Array.from({ length: 6 }, (_, index) => ({
      ...site.log[0],
      id: `menu-${index}`,
      kind: 'document.published',
      order: null,
      data: {
        name: 'menu',
        version: index + 1,
        body: {
          ...bodies.menu,
          items: Array.from({ length: 1900 }, (_, n) => ({ ...item, id: `dish-${n}` })),
        },
      },
    }))
    for (const menu of menus)
      expect((await append(device, [menu])).results).toEqual([
        expect.objectContaining({ id: menu.id, seq: expect.any(Number) }),
      ])
    const first = await pull(device, 0)
    expect(first.events.length).toBeGreaterThan(0)
    expect(first.events.length).toBeLessThan(4)
    expect(first.next).toBe(first.events.length)
    expect(await all(device, 1000)).toHaveLength(6)
  })
})

describe('who may', () => {
  test('nobody but devices of the restaurant, while they are let in', async () => {
    const [ours, other] = [await backend.restaurant(), await backend.restaurant()]
    const [device, stranger] = [await backend.device(ours), await backend.device(other)]
    await append(device, site.log)
    expect(await pull(stranger, 0)).toEqual({
      events: [],
      next: 0,
      head: 0,
      floor: 0,
      last: null,
      same: true,
    })
    const manager = await backend.person(ours, 'manager')
    await expect(pull(manager, 0)).rejects.toMatchObject({ hint: 'notClaimed' })
    await expect(append(manager, site.log)).rejects.toMatchObject({ hint: 'notClaimed' })
    await expect(pull(backend.anon(), 0)).rejects.toMatchObject({ code: '42501' })

    const { data: self } = await device.auth.getUser()
    const { error } = await manager.rpc('revoke_device', { p_device: self.user?.id })
    expect(error).toBeNull()
    for (const refused of [pull(device, 0), append(device, site.log)])
      await expect(refused).rejects.toMatchObject({
        hint: 'revoked',
        message: 'cloud.removed',
        details: expect.stringContaining('manager'),
      })
  })

  test('pages outside of reason are refused', async () => {
    const device = await backend.device(await backend.restaurant())
    for (const [after, limit] of [
      [-1, 10],
      [0, 0],
      [0, 1001],
    ] as const)
      await expect(pull(device, after, limit)).rejects.toMatchObject({ hint: 'invalid' })
  })
})

describe('reports', () => {
  test(
    'answer with the head and the time; the row changes when something begins or ceases to wait',
    needs('sql'),
    async () => {
      const restaurant = await backend.restaurant('The Copper Pan')
      const device = await backend.device(restaurant)
      await append(device, site.log)
      const report = async (cursor: number, outbox: number, parked: number) => {
        const p_report = { core: 'core', version: '1.2.3', cursor, outbox, parked }
        const { data, error } = await device.rpc('report_device', { p_report })
        expect(error).toBeNull()
        return data
      }
      const row = async () => {
        const columns = 'core, version, cursor::int, outbox, parked'
        const [found] = await backend.sql(`select ${columns} from devices where restaurant_id = $1`, [
          restaurant,
        ])
        return found
      }
      const answer = await report(1, 0, 0)
      expect(answer).toEqual({
        head: site.log.length,
        same: true,
        now: expect.any(Number),
        intake: 0,
        name: 'The Copper Pan',
        letter: '',
        removed: [],
      })
      expect(Math.abs(answer.now - Date.now())).toBeLessThan(60_000)
      expect(await row()).toEqual({ core: 'core', version: '1.2.3', cursor: 1, outbox: 0, parked: 0 })
      await report(2, 0, 0)
      expect(await row()).toMatchObject({ cursor: 1 })
      await report(3, 5, 0)
      expect(await row()).toMatchObject({ cursor: 3, outbox: 5 })
      await report(4, 6, 0)
      expect(await row()).toMatchObject({ cursor: 3, outbox: 5 })
      await report(5, 6, 1)
      expect(await row()).toMatchObject({ cursor: 5, outbox: 6, parked: 1 })
      const { error } = await device.rpc('report_device', { p_report: { outbox: 'many', cursor: null } })
      expect(error).toBeNull()
      expect(await row()).toMatchObject({ outbox: 0, parked: 0, version: '1.2.3' })
    },
  )

  test(
    'with words that are none, or endless once they are written out, say nothing',
    needs('sql'),
    async () => {
      const restaurant = await backend.restaurant()
      const device = await backend.device(restaurant)
      const before = await backend.sql('select core, version from devices where restaurant_id = $1', [
        restaurant,
      ])
      const { data } = await device.auth.getSession()
      const endless = `[${Array.from({ length: 20_000 }, () => '1e131071').join(',')}]`
      const response = await fetch(`${backend.url}/rest/v1/rpc/report_device`, {
        method: 'POST',
        headers: {
          apikey: backend.publishableKey,
          authorization: `Bearer ${data.session?.access_token}`,
          'content-type': 'application/json',
        },
        body: `{"p_report": {"core": ${endless}, "version": ${endless}, "event": ${endless}, "cursor": 1e131071, "outbox": 1}}`,
      })
      expect(await response.json()).toMatchObject({ head: 0 })
      const columns = 'core, version, outbox'
      expect(
        await backend.sql(`select ${columns} from devices where restaurant_id = $1`, [restaurant]),
      ).toEqual([{ ...before[0], outbox: 1 }])
    },
  )
})
