/** @file Random evenings of three PCs and a cloud that fails in every way it knows: when it ends, all are equal. */
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AWAY, type CloudFaults, said } from '../../support/cloud.ts'
import { times } from '../../support/long.ts'
import { bumpOf, recallOf } from '../../support/pressed.ts'
import { endAll, evening, expectEqual, type Pc, type Placed, pass, virtualTime } from './cloud-kit.ts'
import { BOSS, shownBy } from './kit.ts'

beforeEach(virtualTime)
afterEach(endAll)

/** Small numbers decide everything, so that fast-check can make a failing evening short. */
const step = fc.record({
  what: fc.constantFrom(
    'place',
    'bump',
    'recall',
    'cancel',
    'faults',
    'calm',
    'cut',
    'live',
    'woke',
    'restart',
    'full',
    'wait',
  ),
  pc: fc.nat(2),
  order: fc.nat(20),
  dice: fc.nat(1_000),
})
type Step = { what: string; pc: number; order: number; dice: number }

/** A generator of chance that a seed decides. */
function chance(seed: number): () => number {
  let state = seed + 1
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state / 0x7fffffff
  }
}

function failing(seed: number): Partial<CloudFaults> {
  const dice = chance(seed)
  return {
    fail: (call) => {
      const one = dice()
      if (call === 'append' && one < 0.1) return { code: 'refused', says: said('This one not.') }
      if (one < 0.25) return AWAY
      return one < 0.35 ? { code: 'busy', says: said('Wait.'), retryAfterMs: 1_000 } : null
    },
    lose: () => dice() < 0.2,
    hold: () => (dice() < 0.3 ? new Promise((resolve) => setTimeout(resolve, dice() * 3_000)) : null),
    refuse: () => (dice() < 0.05 ? { code: 'invalid', says: said('Not readable.') } : null),
    hints: (hint) => {
      const one = dice()
      if (one < 0.3) return []
      if (one < 0.5) return [hint, hint]
      return one < 0.7 ? [{ ...hint, events: null }] : [hint]
    },
  }
}
const CALM: Partial<CloudFaults> = {
  fail: null,
  lose: null,
  hold: null,
  refuse: null,
  hints: null,
}

async function play(steps: readonly Step[]): Promise<void> {
  const { server, restaurant, pcs } = await evening('main', 'bar', 'pass')
  const placed: Placed[] = []
  const act: Record<string, (pc: Pc, one: Step) => Promise<unknown> | unknown> = {
    place: async (pc) => void placed.push(await pc.place()),
    bump: (pc, { order }) =>
      pc.core.submit('bumpTicket', bumpOf(shownBy(pc.store), idOf(order), 'fryer'), BOSS),
    recall: (pc, { order }) => pc.core.submit('recallTicket', recallOf(shownBy(pc.store), idOf(order)), BOSS),
    cancel: (pc, { order }) => pc.core.submit('cancelOrder', { order: idOf(order), reason: 'gone' }, BOSS),
    faults: (_pc, { dice }) => Object.assign(server.faults, failing(dice)),
    calm: () => Object.assign(server.faults, CALM),
    cut: (pc) => restaurant.live(false, pc.device),
    live: (pc) => restaurant.live(true, pc.device),
    woke: (pc) => pc.core.woke(),
    restart: (pc) => pc.restart(),
    async full(pc) {
      pc.store.answer = { ok: false, error: { code: 'storeFull', says: said('Full.') } }
      await pass(700)
      pc.store.answer = null
    },
    wait: (_pc, { dice }) => pass(dice * 10),
  }
  const idOf = (index: number) => placed[index % Math.max(1, placed.length)]?.order ?? ''
  for (const one of steps) {
    await act[one.what]?.(pcs[one.pc] as Pc, one)
    await pass(one.dice)
  }
  Object.assign(server.faults, CALM)
  restaurant.live(true)
  await pass(31_000)
  for (const pc of pcs)
    for (const { lane } of (await pc.info()).parked)
      expect(await pc.call('cloudRetry', { lane })).toMatchObject({ ok: true })
  await pass(1_000)
  expectEqual(restaurant, ...pcs)
  expect(server.most('pull')).toBeLessThanOrEqual(1)
  expect(server.most('append')).toBeLessThanOrEqual(1)
  for (const pc of pcs)
    expect(pc.status()).toMatchObject({ state: 'live', outbox: 0, behind: 0, parked: 0, says: null })
}

test('all are equal in the end, each event once, nothing left over', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      await play(steps)
      await endAll()
      virtualTime()
    }),
    { numRuns: times(10, 300), endOnFailure: true },
  )
}, 600_000)
