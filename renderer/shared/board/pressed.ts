/** @file What a person has just asked for and the core has not shown yet: felt at once, corrected if refused. Pure but for one timer. */
import { useSyncExternalStore } from 'react'
import type { Failure, Outcome } from '../../../shared/domain/errors.ts'

/** After the answer the stream brings the news within moments; until then the mark must not fall back. */
const SETTLE_MS = 1_500
const ERROR_MS = 8_000

/** Marks by key (a ticket, a task) and refusals by order. */
export interface Pressed {
  get(key: string): string | undefined
  /** Why the last request under `errorKey` was refused; for a few seconds. */
  refusal(errorKey: string): Failure | undefined
  subscribe(listener: () => void): () => void
  /** Marks `key` as `value` until the answer to `work` has been drawn; a refusal is told under `errorKey`. */
  track<T>(key: string, value: string, errorKey: string, work: Promise<Outcome<T>>): Promise<Outcome<T>>
  clear(key: string): void
}

type Marks<V> = Map<string, { value: V }>

export function createPressed(): Pressed {
  const marks: Marks<string> = new Map()
  const refusals: Marks<Failure> = new Map()
  const listeners = new Set<() => void>()

  function set<V>(all: Marks<V>, key: string, value: V): { value: V } {
    const mark = { value }
    all.set(key, mark)
    tell()
    return mark
  }
  function tell(): void {
    for (const listener of [...listeners]) listener()
  }
  // A newer press of the same key keeps its own mark.
  function drop<V>(all: Marks<V>, key: string, mark: { value: V } | undefined): void {
    if (!mark || all.get(key) !== mark) return
    all.delete(key)
    tell()
  }
  return {
    get: (key) => marks.get(key)?.value,
    refusal: (errorKey) => refusals.get(errorKey)?.value,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    clear: (key) => drop(marks, key, marks.get(key)),
    async track(key, value, errorKey, work) {
      const mark = set(marks, key, value)
      drop(refusals, errorKey, refusals.get(errorKey))
      const outcome = await work
      if (outcome.ok) {
        setTimeout(() => drop(marks, key, mark), SETTLE_MS)
        return outcome
      }
      drop(marks, key, mark)
      const refusal = set(refusals, errorKey, outcome.error)
      setTimeout(() => drop(refusals, errorKey, refusal), ERROR_MS)
      return outcome
    },
  }
}

/** The mark at `key`, if any. */
export function useMark(pressed: Pressed, key: string): string | undefined {
  return useSyncExternalStore(pressed.subscribe, () => pressed.get(key))
}

/** Why the last request under `errorKey` was refused, if it was just now. */
export function useRefusal(pressed: Pressed, errorKey: string): Failure | null {
  return useSyncExternalStore(pressed.subscribe, () => pressed.refusal(errorKey) ?? null)
}
