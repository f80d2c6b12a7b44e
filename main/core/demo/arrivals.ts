/** @file Who comes when: party sizes, and arrival times with an early and a late hump. Pure. */
import type { Floor } from '../../../shared/domain/documents.ts'
import type { Random } from './random.ts'

const SIZES = [1, 2, 2, 2, 2, 3, 3, 4, 4, 4, 5, 6, 8]
const MINUTE = 60_000
/** How long (ms) a party keeps its table. */
const STAY = 80 * MINUTE

/** Party sizes that add up to about `covers`. */
export function partySizes(covers: number, random: Random): number[] {
  const sizes: number[] = []
  for (let seated = 0; seated < covers; seated += sizes.at(-1) ?? 1) sizes.push(random.pick(SIZES))
  return sizes
}

/** A moment (ms after opening) near one of the two humps, the early one and the rush. */
export function arrivalTime(duration: number, random: Random): number {
  const middle = random.chance(0.3) ? 0.22 : 0.6
  // Three draws add up to something like a bell.
  const spread = (random.next() + random.next() + random.next()) / 3 - 0.5
  return Math.round(Math.min(0.99, Math.max(0, middle + spread * 0.45)) * duration)
}

/** Gives parties tables. Where none is free they stand at the bar, so a table there may have several tickets. */
export function createSeating(floor: Floor): (at: number, size: number, random: Random) => string | null {
  const freeAt = new Map<string, number>()
  return (at, size, random) => {
    const fitting = floor.tables.filter((table) => table.seats >= size).sort((a, b) => a.seats - b.seats)
    const free = fitting.find((table) => (freeAt.get(table.id) ?? 0) <= at)
    if (free) freeAt.set(free.id, at + STAY)
    const last = floor.areas.at(-1)?.id
    const standing = floor.tables.filter((table) => table.area === last)
    return free?.id ?? (standing.length ? random.pick(standing).id : null)
  }
}
