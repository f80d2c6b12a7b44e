/** @file Wording: how a line is to be made (modifiers, note, allergies), now and as somebody saw it when they pressed. Pure. */
import type { Allergen } from './documents.ts'
import type { LineModifier } from './events.ts'
import type { Write } from './order.ts'
import { knows } from './presses.ts'
import { type LineFacts, writesOn } from './splits.ts'
import type { Stamp } from './stamp.ts'

export interface Wording {
  modifiers: readonly LineModifier[]
  note: string
  allergies: readonly Allergen[]
}

const FIELDS = ['modifiers', 'note', 'allergies'] as const

function wording(line: LineFacts, counts: (write: Write<unknown>) => boolean): Wording {
  const { modifiers, note, allergies } = line.added.line
  const lastOf = <T>(writes: readonly Write<T>[], ordered: T): T => {
    const write = writes.findLast(counts)
    return write ? write.value : ordered
  }
  return {
    modifiers: lastOf(writesOn(line, 'modifiers'), modifiers),
    note: lastOf(writesOn(line, 'note'), note),
    allergies: lastOf(writesOn(line, 'allergies'), allergies),
  }
}

/** Whether anybody changed how this line is to be made. */
export const isReworded = (line: LineFacts): boolean => FIELDS.some((name) => writesOn(line, name).length > 0)

/** How the line is to be made now. */
export const wordingOf = (line: LineFacts): Wording => wording(line, () => true)

/** How it read to whoever pressed this. */
export const wordingFor = (
  line: LineFacts,
  press: { stamp: Stamp; saw?: readonly Stamp[] | undefined },
): Wording => wording(line, (write) => knows(press, write.stamp))

/** The writes that a screen shows: of each field the last. */
export const shownWrites = (line: LineFacts): Stamp[] =>
  FIELDS.flatMap((name) => writesOn(line, name).at(-1)?.stamp ?? [])

const counted = (modifiers: readonly LineModifier[]): string =>
  modifiers
    .map(({ id }) => id)
    .sort()
    .join('\n')

/**
 * Whether what was made as `made` is what is wanted as `now`: the same modifiers, each as often, and the same note. What
 * was made for more allergies than there are now still is.
 */
export function fits(made: Wording, now: Wording): boolean {
  return (
    made.note === now.note &&
    counted(made.modifiers) === counted(now.modifiers) &&
    now.allergies.every((allergy) => made.allergies.includes(allergy))
  )
}
