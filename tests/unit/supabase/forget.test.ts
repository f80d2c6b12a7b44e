/** @file Forgetting a device's session at a vault that cannot: the way out stays open. */
import { expect, test, vi } from 'vitest'
import { createSupabaseCloud } from '../../../main/adapters/supabase/index.ts'
import { memoryVault } from '../../support/cloud.ts'
import { machineClock, quietLog } from '../../support/ports.ts'

test('a session that cannot be forgotten is a line in the log, not a failure', async () => {
  const vault = memoryVault()
  const log = { ...quietLog, error: vi.fn() }
  const cloud = createSupabaseCloud({ vault, log, clock: machineClock })
  vault.broken = new Error('the disk is full')
  await cloud.forget()
  expect(log.error).toHaveBeenCalledWith('cloud.session-stays', { error: 'Error: the disk is full' })
})
