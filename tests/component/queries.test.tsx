/** @file The one way to ask: a query asks again when the connection returns, and an older answer never stands over a newer one. */
import { useState } from 'react'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { useQuery } from '../../renderer/shared/use-query.ts'
import { fail, ok } from '../../shared/domain/errors.ts'
import { createFakeCore, type FakeCore } from './fake-core.ts'
import { closeAll, show } from './show.tsx'

let core: FakeCore
beforeEach(() => {
  core = createFakeCore()
})
afterEach(() => closeAll(core))

const DAYS = ['2026-11-18', '2026-11-19', '2026-11-20']

/** A page that asks about a day, as the manager's Times do, with all that it shows in one line. */
function Times() {
  const [day, setDay] = useState(DAYS[0] ?? '')
  const { value, error, busy, again } = useQuery('ticketTimes', { day })
  const shown = value?.map(({ station }) => station).join() ?? 'nothing'
  return (
    <div>
      <output>{[day, shown, error?.code, busy && 'asking'].filter(Boolean).join(' · ')}</output>
      {DAYS.map((each) => (
        <button key={each} type="button" onClick={() => setDay(each)}>
          Day {each}
        </button>
      ))}
      <button type="button" onClick={again}>
        Again
      </button>
    </div>
  )
}

const row = (station: string) => ({ station, tickets: 1, medianMs: 1, p90Ms: 1, worst: [] })
const shows = (text: string) => expect.element(page.getByRole('status')).toHaveTextContent(text)
const press = (name: string) => page.getByRole('button', { name }).click()

async function open() {
  const shown = await show(core, 'manager', <Times />)
  await expect.poll(() => shown.client.state.link).toBe('online')
  await shown.client.call('signIn', { pin: '9999' })
  await press('Again')
  return shown
}

test('asks again when the connection returns', async () => {
  core.canned.ticketTimes = () => ok([row('grill')])
  const { client } = await open()
  await shows('2026-11-18 · grill')
  core.cut(true)
  client.reconnect()
  // Nobody is signed in at the new connection: this answer is of now.
  await shows('2026-11-18 · grill · signInNeeded')
})

test('the answer about one day never stands under another, in whatever order they arrive', async () => {
  core.canned.ticketTimes = ({ day }) => ok([row(`of ${String(day)}`)])
  await open()
  await shows('2026-11-18 · of 2026-11-18')
  core.hold()
  await press('Day 2026-11-19')
  await press('Day 2026-11-20')
  await shows('2026-11-20 · nothing · asking')
  await expect.poll(() => core.held).toBe(2)
  core.release('newestFirst')
  await shows('2026-11-20 · of 2026-11-20')
})

test('of two questions about the same day the later one’s answer counts', async () => {
  let asked = 0
  core.canned.ticketTimes = () => ok([row(`answer ${++asked}`)])
  await open()
  await shows('2026-11-18 · answer 1')
  core.hold()
  await press('Again')
  await press('Again')
  await expect.poll(() => core.held).toBe(2)
  // Answered in the other order: the first to arrive is the later question's.
  core.release('newestFirst')
  await shows('2026-11-18 · answer 2')
})

test('what is known stays beside the reason why there is nothing newer', async () => {
  core.canned.ticketTimes = () => ok([row('grill')])
  await open()
  await shows('2026-11-18 · grill')
  core.canned.ticketTimes = () => fail('internal')
  await press('Again')
  await shows('2026-11-18 · grill · internal')
  await press('Day 2026-11-19')
  await shows('2026-11-19 · nothing · internal')
})
