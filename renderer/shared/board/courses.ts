/** @file Groups a ticket's items by course, in serving order. Pure. */
import type { ItemView } from '../../../shared/domain/view.ts'

export interface CourseGroup {
  id: string
  /** Empty for items without a course, which come first. */
  name: string
  items: ItemView[]
}

export function byCourse(items: readonly ItemView[]): CourseGroup[] {
  const groups = new Map<string, CourseGroup & { order: number }>()
  for (const item of items) {
    const { id, name, order } = item.course ?? { id: '', name: '', order: Number.NEGATIVE_INFINITY }
    const group = groups.get(id) ?? { id, name, order, items: [] }
    group.items.push(item)
    groups.set(id, group)
  }
  return [...groups.values()].sort((a, b) => a.order - b.order)
}
