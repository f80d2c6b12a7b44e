/** @file What a guest orders: dishes by course with modifiers, seats and wishes. Pure. */
import type { LineInput } from '../../../shared/domain/commands.ts'
import { ALLERGENS, type DocumentBodies, type Menu, type MenuItem } from '../../../shared/domain/documents.ts'
import type { Random } from './random.ts'

const NOTES = [
  'sauce on the side',
  'no salt',
  'extra hot',
  'cut in half',
  'birthday 🎂',
  'please hurry',
  'بدون بصل',
]

/** The course a dish is served in, as the menu says; undefined when it says none. */
function courseOf(menu: Menu, item: MenuItem): string | undefined {
  return item.course ?? menu.categories.find((category) => category.id === item.category)?.course
}

/** Options that satisfy the dish's modifier groups, plus now and then one that need not be. */
export function chooseOptions(menu: Menu, item: MenuItem, random: Random): string[] {
  return menu.modifierGroups
    .filter((group) => item.modifierGroups.includes(group.id))
    .flatMap((group) => {
      const extra = random.chance(0.3) ? 1 : 0
      const wanted = Math.min(group.max, group.options.length, group.min + (group.min === 0 ? extra : 0))
      const start = random.int(0, group.options.length - 1)
      return Array.from(
        { length: wanted },
        (_, index) => group.options[(start + index) % group.options.length]?.id ?? '',
      )
    })
}

export interface MealOptions {
  menu: DocumentBodies['menu']
  random: Random
  /** ms UTC, for the ids. */
  at: number
  covers: number
  /** Whether courses after the first are held (guests at a table) or everything is cooked at once (to go). */
  hold: boolean
  soldOut: ReadonlySet<string>
}

/** How likely a guest takes something of the n-th course (drinks, starters, mains, desserts). */
const APPETITE = [0.85, 0.45, 0.98, 0.5]

function line(options: MealOptions, item: MenuItem, seat: number, held: boolean): LineInput {
  const { menu, random, at } = options
  return {
    id: random.uuid(at),
    menuItem: item.id,
    quantity: 1,
    modifiers: chooseOptions(menu, item, random),
    seat: options.hold ? seat : null,
    note: random.chance(0.06) ? random.pick(NOTES) : '',
    allergies: random.chance(0.03) ? [random.pick(ALLERGENS)] : [],
    hold: held,
  }
}

/** The lines a party orders. Never empty while the menu has anything left. */
export function orderMeal(options: MealOptions): LineInput[] {
  const { menu, random, covers, hold, soldOut } = options
  const left = menu.items.filter((item) => !soldOut.has(item.id))
  const courses = [...menu.courses].sort((a, b) => a.order - b.order)
  const dishes = courses.map((course) => left.filter((item) => courseOf(menu, item) === course.id))
  const takes = (index: number) => random.chance(APPETITE[index] ?? 0.2)
  const lines: LineInput[] = []
  for (let seat = 1; seat <= covers; seat++) {
    dishes.forEach((choice, index) => {
      // Drinks and starters go out at once; what comes after waits until those before are eaten.
      if (choice.length && takes(index))
        lines.push(line(options, random.pick(choice), seat, hold && index >= 2))
    })
  }
  if (lines.length === 0 && left.length > 0) lines.push(line(options, random.pick(left), 1, false))
  return lines
}
