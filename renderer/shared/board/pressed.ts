/** @file What a person has just asked for and the core has not shown yet: felt at once, corrected if refused. Pure but for one timer. */
import { useSyncExternalStore } from 'react'
import type { Outcome } from '../../../shared/domain/errors.ts'

/** After the answer the stream brings the news within moments; until then the mark must not fall back. */
const SETTLE_MS = 1_500
const ERROR_MS = 8_000

/** Marks by key (a ticket, a task) and refusals by order. */
export interface Pressed {
  get(key: string): string | undefined
  subscribe(listener: () => void): () => void
  /** Marks `key` as `value` until the answer to `work` has been drawn; a refusal is told under `errorKey`. */
  track<T>(key: string, value: string, errorKey: string, work: Promise<Outcome<T>>): Promise<Outcome<T>>
  clear(key: string): void
}

export function createPressed(): Pressed {
  const marks = new Map<string, { value: string }>()
  const listeners = new Set<() => void>()

  function set(key: string, value: string): { value: string } {
    const mark = { value }
    marks.set(key, mark)
    tell()
    return mark
  }
  function tell(): void {
    for (const listener of [...listeners]) listener()
  }
  // A newer press of the same key keeps its own mark.
  function drop(key: string, mark: { value: string } | undefined): void {
    if (!mark || marks.get(key) !== mark) return
    marks.delete(key)
    tell()
  }
  return {
    get: (key) => marks.get(key)?.value,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    clear: (key) => drop(key, marks.get(key)),
    async track(key, value, errorKey, work) {
      const mark = set(key, value)
      drop(errorKey, marks.get(errorKey))
      const outcome = await work
      if (outcome.ok) {
        setTimeout(() => drop(key, mark), SETTLE_MS)
        return outcome
      }
      drop(key, mark)
      const error = set(errorKey, outcome.error.message)
      setTimeout(() => drop(errorKey, error), ERROR_MS)
      return outcome
    },
  }
}

/** The mark at `key`, if any. */
export function useMark(pressed: Pressed, key: string): string | undefined {
  return useSyncExternalStore(pressed.subscribe, () => pressed.get(key))
}
