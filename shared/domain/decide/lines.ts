/** @file Turns what somebody ordered into lines with a snapshot of the menu and their tasks. Pure. */
import type { State } from '../apply.ts'
import type { LineInput } from '../commands.ts'
import type { Menu, MenuItem } from '../documents.ts'
import { fail, type Outcome, ok } from '../errors.ts'
import type { CourseRef, EventData, LineModifier } from '../events.ts'
import { routeOf, tasksOf } from '../routing.ts'

/** The snapshot of a course, from the line's own wish, the item, or its category. */
export function courseRef(menu: Menu, item: MenuItem | undefined, wish?: string): Outcome<CourseRef | null> {
  const category = menu.categories.find((candidate) => candidate.id === item?.category)
  const id = wish ?? item?.course ?? category?.course
  if (id === undefined) return ok(null)
  const course = menu.courses.find((candidate) => candidate.id === id)
  if (course) return ok({ id: course.id, name: course.name, order: course.order })
  // A wish that cannot be met is an error; a menu that names a missing course only loses the course.
  return wish === undefined ? ok(null) : fail('unknownCourse', {}, 'course')
}

/**
 * The chosen modifiers as snapshots, checked against the item's groups. Those in `known` (already on the line) stay
 * allowed even when the menu has dropped them since.
 */
export function chooseModifiers(
  menu: Menu,
  item: MenuItem | undefined,
  chosen: readonly string[],
  known: readonly LineModifier[] = [],
): Outcome<LineModifier[]> {
  const groups = menu.modifierGroups.filter((group) => item?.modifierGroups.includes(group.id))
  const options = new Map(
    groups.flatMap((group) => group.options.map((option) => [option.id, option] as const)),
  )
  const result: LineModifier[] = []
  for (const id of chosen) {
    const option = options.get(id) ?? known.find((modifier) => modifier.id === id)
    if (!option) {
      return fail('unknownModifier', { option: id, dish: item?.name ?? null }, 'modifiers')
    }
    const { allergens } = option
    result.push({
      id: option.id,
      name: option.name,
      price: option.price,
      ...(allergens?.length ? { allergens } : {}),
    })
  }
  for (const group of groups) {
    const count = chosen.filter((id) => group.options.some((option) => option.id === id)).length
    const about = { group: group.name, dish: item?.name ?? null }
    if (count < group.min)
      return fail('invalid', { why: 'chooseSome', count: group.min, ...about }, 'modifiers')
    if (count > group.max)
      return fail('invalid', { why: 'chooseFewer', count: group.max, ...about }, 'modifiers')
  }
  return ok(result)
}

/** Builds the `item.added` data of one ordered line. */
export function buildLine(state: State, input: LineInput): Outcome<EventData<'item.added'>> {
  const menu = state.documents.menu.body
  const item = menu.items.find((candidate) => candidate.id === input.menuItem)
  if (!item) {
    return fail('unknownMenuItem', { why: 'order' }, `items.${input.id}`)
  }
  if (state.stock.get(item.id)?.out) {
    return fail('soldOut', { dish: item.name }, `items.${input.id}`)
  }
  const modifiers = chooseModifiers(menu, item, input.modifiers)
  if (!modifiers.ok) return modifiers
  const course = courseRef(menu, item, input.course)
  if (!course.ok) return course
  return ok({
    item: input.id,
    line: {
      menuItem: item.id,
      name: item.name,
      price: item.price,
      quantity: input.quantity,
      modifiers: modifiers.value,
      seat: input.seat,
      course: course.value,
      note: input.note,
      allergens: item.allergens,
      allergies: input.allergies,
    },
    tasks: tasksOf(input.id, routeOf(menu, state.documents.stations.body, item)),
    held: input.hold,
  })
}
