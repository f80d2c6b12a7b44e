/** @file A project that was put back to an earlier day: PCs notice however far its log has grown again, lose nothing, and get out. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { append, joinDevice, someEvents } from './lib/adapter.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { showAlarm, shows } from './lib/claims.ts'
import { expectEqual, expectSameBoards, serverLog, settled } from './lib/equal.ts'
import { place, placeMany } from './lib/service.ts'
import { openRestaurant, openSite, type Site, signIn } from './lib/site.ts'

const alarms = ({ status }: Site) => JSON.stringify([...status.entries.values()])

describe('a project that was put back to an earlier day', needs('sql'), () => {
  const account = { email: 'farah@setback.test', password: 'correct horse battery' }
  let backend: TestBackend
  let restaurant: string
  let bar: Site
  let fresh: Site
  beforeAll(async () => {
    backend = await openBackend()
    await backend.anon().auth.signUp(account)
    const opened = await openRestaurant(backend, ['Bar'])
    restaurant = opened.restaurant
    bar = opened.sites[0] as Site
    fresh = await openSite(backend, 'Fresh')
    await signIn(fresh.client)
  })
  afterAll(async () => {
    await bar.stop()
    await fresh.stop()
    await backend.close()
  })

  /** What is left of the log when the database of an earlier day is put in its place. */
  async function putBack(seq: number): Promise<void> {
    await backend.sql(
      `do $$ begin
        perform set_config('plate.archiving', 'on', true);
        delete from order_events where restaurant_id = '${restaurant}' and seq > ${seq};
        update private.counters set seq = ${seq} where restaurant_id = '${restaurant}';
      end $$`,
    )
  }

  test('and has grown beyond the cursor of a PC since: it says so, stands still and goes on by itself', async () => {
    await placeMany(bar, 20)
    await settled(backend, restaurant, [bar])
    const before = (await serverLog(backend, restaurant)).length
    bar.cable.pull()
    await putBack(before - 15)
    const stranger = await joinDevice(backend, restaurant)
    await append(stranger, someEvents(stranger, 30))
    await stranger.connection.close()
    bar.cable.plug()

    await showAlarm(bar, /put back to an earlier state/)
    expect(bar.cloud()).toMatchObject({ state: 'refused', outbox: 0 })
    const order = await place(bar)
    await shows('the order that waits', [bar], ({ outbox }) => outbox > 0)
    await bar.restart()
    await signIn(bar.client)
    await showAlarm(bar, /put back to an earlier state/)
    expect(bar.board.entries.has(order)).toBe(true)
    expect(bar.cloud()?.outbox).toBeGreaterThan(0)
    expect(await bar.ids()).toHaveProperty('size', before + 3)
    expect(await serverLog(backend, restaurant)).toHaveLength(before + 15)
  })

  test('is left behind as documented: a new restaurant gets everything, and others take it over', async () => {
    expect(await bar.client.call('cloudLeave', {})).toMatchObject({ ok: true })
    expect(alarms(bar)).not.toContain('put back to an earlier state')
    const join = async (site: Site, wanted: { create: string } | { id: string }) => {
      const project = { url: `http://127.0.0.1:${site.cable.port}`, key: backend.publishableKey }
      const signed = await site.client.call('cloudSignIn', { ...project, ...account })
      if (!signed.ok) throw new Error(JSON.stringify(signed.error))
      let made = ''
      await site.joinBy(async () => {
        const joined = await site.client.call('cloudJoin', {
          signIn: signed.value.signIn,
          restaurant: wanted,
          take: 'create' in wanted ? 'upload' : 'download',
        })
        if (joined.ok) made = joined.value.restaurant
        return joined
      })
      return made
    }
    const again = await join(bar, { create: 'Again' })
    await settled(backend, again, [bar])
    await join(fresh, { id: again })
    await settled(backend, again, [bar, fresh])
    await expectEqual(backend, again, [bar, fresh])
    await expectSameBoards([bar, fresh])
    expect(bar.board.entries.size).toBe(21)
  })
})
