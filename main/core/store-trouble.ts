/** @file What a store that rejects means to those who asked. Pure. */
import type { StoreError, StoreTrouble } from './ports.ts'

/** What the store itself says and does about it; null for a fault of something else. */
export function storeTrouble(error: unknown): StoreTrouble | null {
  const { code, message = '' } = (error ?? {}) as Partial<StoreError>
  if (code === 'storeInUse' || code === 'storeTooNew') return { code: 'storeBroken', message }
  if (code !== 'storeFull' && code !== 'storeReadOnly' && code !== 'storeBroken') return null
  return { code, message }
}

/** The same where nothing else can have failed. */
export function troubleOf(error: unknown): StoreTrouble {
  const { message } = (error ?? {}) as { message?: unknown }
  return (
    storeTrouble(error) ?? {
      code: 'storeBroken',
      message: typeof message === 'string' ? message : 'The database does not answer. Restart Plate.',
    }
  )
}
