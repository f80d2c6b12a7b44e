/** @file Noticing a sleep and another network, with time and addresses of its own. Pure. */
import { expect, test, vi } from 'vitest'
import { createWakeWatch } from '../../../main/headless/wake.ts'

test('a long gap between two looks was a sleep; other addresses are another network', () => {
  let at = 0
  let here = '10.0.0.2'
  const woke = vi.fn()
  const { look } = createWakeWatch(woke, { now: () => at, addresses: () => here })
  const after = (ms: number) => {
    at += ms
    look()
    return woke.mock.calls.length
  }
  expect(after(5_000)).toBe(0)
  expect(after(12_000)).toBe(0)
  expect(after(3_600_000)).toBe(1)
  expect(after(5_000)).toBe(1)
  here = '192.168.1.9'
  expect(after(5_000)).toBe(2)
  expect(after(5_000)).toBe(2)
})
