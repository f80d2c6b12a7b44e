/** @file Seeded randomness for the demo evening: the same seed plays the same evening. Pure. */

export interface Random {
  /** At least 0, below 1. */
  next(): number
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number
  /** True with this probability (0–1). */
  chance(probability: number): boolean
  /** One of `list`, which must not be empty. */
  pick<T>(list: readonly T[]): T
  /** A UUID of version 7 for a moment (ms UTC). */
  uuid(at: number): string
}

/** A 32-bit number from a text (FNV-1a), to give every person and every dish a generator of its own. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')

/** A generator (mulberry32) that gives the same numbers for the same seed. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new RangeError('nothing to pick from')
      return list[int(0, list.length - 1)] as T
    },
    uuid(at) {
      const time = hex(Math.max(0, Math.floor(at)), 12)
      const word = () => hex(int(0, 0xffff), 4)
      const tail = `7${hex(int(0, 0xfff), 3)}-${hex(int(0x8000, 0xbfff), 4)}-${word()}${word()}${word()}`
      return `${time.slice(0, 8)}-${time.slice(8)}-${tail}`
    },
  }
}
