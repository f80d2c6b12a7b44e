/** @file Unit tests of hints that come while this core is busy pulling: none is asked for again, none is taken in twice. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Hint } from '../../support/cloud.ts'
import { endAll, evening, expectEqual, type Pc, pass, virtualTime } from './cloud-kit.ts'

beforeEach(virtualTime)
afterEach(endAll)

/** The bar waits for a page of what came so far. Hints for it are kept until the test hands them over. */
async function pulling(before: number) {
  const { server, restaurant, pcs } = await evening('main', 'bar')
  const [main, bar] = pcs
  const hints: Hint[] = []
  server.faults.hints = (hint, device) => {
    if (device !== bar.device) return [hint]
    hints.push(hint)
    return []
  }
  const place = async (count: number) => {
    for (let turn = 0; turn < count; turn++) {
      await main.place()
      await pass(1)
    }
  }
  await place(before)
  const { promise: gate, resolve: release } = Promise.withResolvers<void>()
  server.faults.hold = (call, device) => (call === 'pull' && device === bar.device ? gate : null)
  const pulls = () =>
    server.calls.filter(({ call, device }) => call === 'pull' && device === bar.device).length
  const earlier = pulls()
  bar.core.woke()
  await pass(1)
  return {
    place,
    hints,
    hear: (...which: Hint[]) => {
      for (const hint of which) restaurant.devices.get(bar.device)?.listener?.grew(structuredClone(hint))
    },
    /** The page arrives; answers how many were asked for in all. */
    async arrives() {
      release()
      await pass(20)
      expectEqual(restaurant, main, bar)
      return pulls() - earlier
    },
    bar,
  }
}

/** Events this core took in, each time it did. */
const takenIn = ({ store }: Pc) =>
  store.batches.flatMap(({ entries }) => entries.map(({ event }) => event.id))

test('hints in any order are put together', async () => {
  const { place, hints, hear, arrives } = await pulling(0)
  await place(3)
  hear(...hints.toReversed())
  expect(await arrives()).toBe(1)
})

test('one that the page has overtaken does not hide the next', async () => {
  const { place, hints, hear, arrives } = await pulling(2)
  await place(1)
  const [overtaken, , next] = hints as [Hint, Hint, Hint]
  hear(overtaken, next)
  expect(await arrives()).toBe(1)
})

test('of one that the page has overtaken in part, only the rest is taken in', async () => {
  const { place, hints, hear, arrives, bar } = await pulling(1)
  await place(1)
  const [first, second] = hints as [Hint, Hint]
  const events = [...(first.events ?? []), ...(second.events ?? [])]
  hear({ first: first.first, last: second.last, events })
  expect(await arrives()).toBe(1)
  const taken = takenIn(bar)
  expect(taken).toHaveLength(new Set(taken).size)
})

test('a page that takes long does not fill the memory with hints: of many, a page brings the rest', async () => {
  const { place, hints, hear, arrives } = await pulling(0)
  await place(250)
  hear(...hints)
  expect(hints).toHaveLength(250)
  expect(await arrives()).toBe(2)
})
