/** @file What a store that rejects means to those who asked. Pure. */
import { say } from '../../shared/domain/messages/index.ts'
import type { StoreError, StoreTrouble } from './ports.ts'
import { saysOf } from './says.ts'

/** What the store itself says and does about it; null for a fault of something else. */
export function storeTrouble(error: unknown): StoreTrouble | null {
  const { code } = (error ?? {}) as Partial<StoreError>
  const says = saysOf(error)
  if (code === 'storeInUse' || code === 'storeTooNew') return { code: 'storeBroken', says }
  if (code !== 'storeFull' && code !== 'storeReadOnly' && code !== 'storeBroken') return null
  return { code, says }
}

/** The same where nothing else can have failed. */
export function troubleOf(error: unknown): StoreTrouble {
  return storeTrouble(error) ?? { code: 'storeBroken', says: saysOf(error, say('alarms.storeSilent')) }
}
