/** @file Unit tests of the engine's pipeline: what waits is decided while the batch before it is written. */
import { expect, test } from 'vitest'
import type { CommitResult } from '../../../main/core/ports.ts'
import { handedOf, madeOf } from '../../support/pressed.ts'
import { command, FULL, id, memoryStore, placing, testEngine } from './kit.ts'

const code = (outcome: { ok: boolean }) => (outcome as { error?: { code: string } }).error?.code ?? 'ok'
const numberOf = (outcome: unknown) => (outcome as { value?: { number?: string } }).value?.number

/** An engine whose store answers the next commits with these results, and then works. */
async function scripted(results: (CommitResult | Error | null)[]) {
  const store = memoryStore()
  const rig = await testEngine(store)
  const write = store.commit
  const script = [...results]
  store.commit = (batch) => {
    const next = script.shift()
    if (next instanceof Error) return Promise.reject(next)
    return next ? Promise.resolve(next) : write(batch)
  }
  return rig
}

test('of many waiting half is written while the other half is decided; answers come in order, each after its commit', async () => {
  const { engine, store, state } = await testEngine()
  const commits = store.batches.length
  const release = store.hold()
  const reached = store.reached()
  const answered: number[] = []
  const all = Array.from({ length: 20 }, (_, index) =>
    engine.submit(placing()).then((outcome) => {
      answered.push(index)
      return outcome
    }),
  )
  await reached
  // Give the second half every chance to show itself too early.
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect([answered.length, state.orders.size]).toEqual([0, 0])
  release()
  const outcomes = await Promise.all(all)
  expect(store.batches.length - commits).toBe(2)
  expect(answered).toEqual(Array.from({ length: 20 }, (_, index) => index))
  expect(outcomes.map(numberOf)).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 1)))
})

test('what was decided on top of a batch that failed is decided again without it', async () => {
  const { engine, state, troubles } = await scripted([FULL])
  const first = Array.from({ length: 10 }, () => placing())
  const [ghost] = first
  const { order = '', items = [] } = ghost?.args ?? {}
  const second = [
    command('bumpTicket', { order, station: 'fryer', tasks: madeOf(items) }),
    ...Array.from({ length: 9 }, () => placing()),
  ]
  const outcomes = await Promise.all([...first, ...second].map((one) => engine.submit(one)))
  expect(outcomes.slice(0, 10).map(code)).toEqual(Array(10).fill('storeFull'))
  expect(code(outcomes[10] ?? { ok: true })).toBe('unknownOrder')
  expect(outcomes.slice(11).map(numberOf)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9'])
  expect(state.orders.size).toBe(9)
  expect(troubles.map((trouble) => trouble?.code ?? null)).toEqual(['storeFull', null])
})

test('a store that dies under the first half is tried again with the second', async () => {
  const { engine } = await scripted([new Error('the thread is gone')])
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => engine.submit(placing())))
  expect(outcomes.slice(0, 10).map(code)).toEqual(Array(10).fill('storeBroken'))
  expect(outcomes.slice(10).map(code)).toEqual(Array(10).fill('ok'))
})

test('an order that only the store remembers is found out, and what followed it is decided again', async () => {
  const store = memoryStore()
  const old = await testEngine(store)
  const order = id()
  await old.engine.submit(placing(order))
  for (const row of store.rows.values()) Object.assign(row, { open: false, closedAt: 0 })
  const { engine, state } = await testEngine(store)
  expect(state.orders.has(order)).toBe(false)
  const outcomes = await Promise.all(
    [placing(order), ...Array.from({ length: 19 }, () => placing())].map((one) => engine.submit(one)),
  )
  expect(outcomes.map(code)).toEqual(['duplicateOrder', ...Array(19).fill('ok')])
  expect(new Set(outcomes.map(numberOf)).size).toBe(20)
})

test('later batches see what earlier ones on the way have done', async () => {
  const { engine, state } = await testEngine()
  const orders = Array.from({ length: 12 }, () => id())
  const waiting = orders.flatMap((order) => {
    const place = placing(order)
    const { items } = place.args
    return [
      place,
      command('bumpTicket', { order, station: 'fryer', tasks: madeOf(items) }),
      command('serve', { order, items: handedOf(items) }),
    ]
  })
  const outcomes = await Promise.all(waiting.map((one) => engine.submit(one)))
  expect(new Set(outcomes.map(code))).toEqual(new Set(['ok']))
  expect(orders.every((order) => Object.values(state.orders.get(order)?.items ?? {}).length === 1)).toBe(true)
})

test('a menu published in between counts for what comes after it, and for nothing before', async () => {
  const { engine, state } = await testEngine()
  const { body, version } = state.documents.menu
  const cheaper = { ...body, items: body.items.map((item) => ({ ...item, price: 100 })) }
  const waiting = [
    ...Array.from({ length: 10 }, () => placing()),
    command('publishDocument', { name: 'menu', base: version, body: cheaper }),
    ...Array.from({ length: 10 }, () => placing()),
  ]
  const outcomes = await Promise.all(waiting.map((one) => engine.submit(one)))
  expect(new Set(outcomes.map(code))).toEqual(new Set(['ok']))
  const prices = [...state.orders.values()].map((order) => Object.values(order.items)[0]?.added?.line.price)
  expect(prices.slice(0, 10).every((price) => price !== 100)).toBe(true)
  expect(prices.slice(10)).toEqual(Array(10).fill(100))
})

test('a rush without a pause neither nests drafts for ever nor loses anybody', async () => {
  const { engine, state, store } = await testEngine()
  const commits = store.batches.length
  let left = 3_000
  async function guest(): Promise<void> {
    while (left-- > 0) expect((await engine.submit(placing())).ok).toBe(true)
  }
  await Promise.all(Array.from({ length: 32 }, guest))
  expect(state.orders.size).toBe(3_000)
  expect(store.batches.length - commits).toBeLessThan(600)
  expect(new Set([...state.orders.values()].map((order) => order.opened?.number)).size).toBe(3_000)
})

test('a fault while telling the screens is answered from what was saved, and the engine goes on', async () => {
  let faults = 1
  const { engine } = await testEngine(memoryStore(), {
    publish: (changes) => {
      if (changes.orders.length && faults-- > 0) throw new Error('a screen choked')
    },
  })
  expect(code(await engine.submit(placing()))).toBe('ok')
  expect(code(await engine.submit(placing()))).toBe('ok')
})
