/** @file Choosing modifiers within the limits of their groups, as the core will check them. Pure. */
import type { Menu, MenuItem } from '../../shared/domain/documents.ts'

export type Group = Menu['modifierGroups'][number]

/** The groups offered with a dish, in the menu's order. */
export function groupsOf(menu: Menu, item: MenuItem | undefined): Group[] {
  return menu.modifierGroups.filter((group) => item?.modifierGroups.includes(group.id))
}

/** How many of a group are chosen. */
export function countIn(group: Group, chosen: readonly string[]): number {
  return group.options.filter((option) => chosen.includes(option.id)).length
}

/** Takes an option or puts it back. Where only one may be chosen, another takes its place; a full group takes no more. */
export function toggle(group: Group, chosen: readonly string[], option: string): string[] {
  if (chosen.includes(option)) return chosen.filter((id) => id !== option)
  const ids = new Set(group.options.map(({ id }) => id))
  if (group.max === 1) return [...chosen.filter((id) => !ids.has(id)), option]
  return countIn(group, chosen) < group.max ? [...chosen, option] : [...chosen]
}

/** What a group asks for, in words. */
export function limitsOf({ min, max }: Group): string {
  if (min === max) return `choose ${min}`
  return min === 0 ? `up to ${max}` : `choose ${min} to ${max}`
}

/** The first group that does not have enough, if any. */
export function missing(groups: readonly Group[], chosen: readonly string[]): Group | undefined {
  return groups.find((group) => countIn(group, chosen) < group.min)
}

/** The menu's courses, as choices. */
export function courseOptions(menu: Menu): (readonly [id: string, name: string])[] {
  return menu.courses.map(({ id, name }) => [id, name] as const)
}
