/** @file A session that cannot be written is tried again until it is kept, and only the newest ever is. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createKeeper } from '../../../main/adapters/supabase/keeper.ts'
import { sessionInVault } from '../../../main/adapters/supabase/vaulted.ts'
import { memoryVault } from '../../support/cloud.ts'
import { quietLog } from '../../support/ports.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

const owner = { url: 'https://demo.supabase.co', user: 'u1' }
const session = (refresh: string) => ({ ...owner, access: 'a', refresh, lifetime: 3_600_000, expiresAt: 0 })

function open() {
  const vault = memoryVault()
  const keeper = createKeeper(sessionInVault(vault, quietLog, owner), quietLog)
  const told: boolean[] = []
  keeper.onKept((kept) => told.push(kept))
  const kept = () => JSON.parse(vault.kept.get('supabase-session') ?? '{}').refresh
  return { vault, keeper, told, kept }
}

test('every few seconds, the newest one; told when it begins and when it is over', async () => {
  const { vault, keeper, told, kept } = open()
  await keeper.keep(session('1'))
  expect([kept(), told]).toEqual(['1', []])
  vault.broken = new Error('ENOSPC: no space left on device')
  await keeper.keep(session('2'))
  await vi.advanceTimersByTimeAsync(60_000)
  await keeper.keep(session('3'))
  expect([kept(), told]).toEqual(['1', [false]])
  vault.broken = null
  await vi.advanceTimersByTimeAsync(5_000)
  expect([kept(), told]).toEqual(['3', [false, true]])
})

test('who listens late hears of it; the end is one more chance, and the last', async () => {
  const { vault, keeper, kept } = open()
  vault.broken = new Error('EROFS: read-only file system')
  await keeper.keep(session('1'))
  const late: boolean[] = []
  keeper.onKept((on) => late.push(on))
  expect(late).toEqual([false])
  vault.broken = null
  await keeper.end()
  expect([kept(), late]).toEqual(['1', [false, true]])
})

test('after a vain last attempt nothing is tried any more', async () => {
  const { vault, keeper, kept } = open()
  vault.broken = new Error('EROFS: read-only file system')
  await keeper.keep(session('1'))
  await keeper.end()
  vault.broken = null
  await vi.advanceTimersByTimeAsync(60_000)
  expect(kept()).toBeUndefined()
})

test('one that has ended is given up, and one of a device that took its place is left alone', async () => {
  const { vault, keeper, told, kept } = open()
  vault.broken = new Error('EROFS: read-only file system')
  await keeper.keep(session('1'))
  keeper.drop()
  expect(told).toEqual([false, true])
  await keeper.keep(session('2'))
  vault.broken = null
  await vault.write('supabase-session', JSON.stringify({ ...session('other'), user: 'u2' }))
  await vi.advanceTimersByTimeAsync(5_000)
  expect([kept(), told]).toEqual(['other', [false, true, false, true]])
})
