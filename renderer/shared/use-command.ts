/** @file Sends commands and actions for a form: whether one is under way, and the core's refusal in its own words. Reads the client. */
import { useCallback, useState } from 'react'
import type { Failure, Outcome } from '../../shared/domain/errors.ts'

export interface Runner {
  busy: boolean
  error: Failure | null
  /** Runs `work`; true when it succeeded. A second call while one is under way does nothing. */
  run<T>(work: () => Promise<Outcome<T>>, done?: (value: T) => void): Promise<boolean>
  clear(): void
}

export function useCommand(): Runner {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Failure | null>(null)
  const clear = useCallback(() => setError(null), [])
  async function run<T>(work: () => Promise<Outcome<T>>, done?: (value: T) => void): Promise<boolean> {
    if (busy) return false
    setBusy(true)
    setError(null)
    const outcome = await work()
    setBusy(false)
    if (outcome.ok) done?.(outcome.value)
    else setError(outcome.error)
    return outcome.ok
  }
  return { busy, error, run, clear }
}
