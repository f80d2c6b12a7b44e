/** @file A demo evening is told wherever its orders are: here, on other PCs, and after a restart. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HEARTBEAT_MS } from '../../../shared/contract/wire.ts'
import { endAll, evening, pass, virtualTime } from './cloud-kit.ts'
import { BOSS, id } from './kit.ts'

beforeEach(virtualTime)
afterEach(endAll)

test('every PC that has its orders open says so, until the last of them is over', async () => {
  const { pcs } = await evening('main', 'bar')
  const [main, bar] = pcs
  await main.place()
  await pass(500)
  expect([main.training(), bar.training()]).toEqual([false, false])
  const order = id()
  const items = [{ id: id(), menuItem: 'fries', quantity: 1 }]
  const played = { ...BOSS, training: true as const }
  expect((await main.core.submit('placeOrder', { order, type: 'takeaway', items }, played)).ok).toBe(true)
  await pass(500)
  expect([main.training(), bar.training()]).toEqual([true, true])
  await bar.restart()
  await pass(500)
  expect(bar.training()).toBe(true)
  await bar.bump(order)
  await bar.serve(order)
  await pass(HEARTBEAT_MS + 500)
  expect([main.training(), bar.training()]).toEqual([false, false])
})
