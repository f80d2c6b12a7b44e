/** @file Splits: which line stands for how many portions, and what a line that was split off has of the one it came from. Pure. */
import { type ItemFields, type ItemState, last, type OrderState, type Split, type Write } from './order.ts'
import { knows } from './presses.ts'
import type { Stamp } from './stamp.ts'

type Added = NonNullable<ItemState['added']>
/** A line that was split off. */
export interface Part {
  id: string
  stamp: Stamp
  split: Split
}

/** A line with what it has of others. */
export interface LineFacts {
  readonly item: ItemState
  readonly added: Added
  /** The line it was split from, once that is known here. */
  readonly parent: LineFacts | undefined
  /** What was split off it, by stamp. */
  readonly parts: readonly Part[]
  /** Portions that stand on this line. */
  readonly wanted: number
  /** Portions of this line and of all that was split off it. */
  readonly total: number
}

/** A line of an order in which nothing was ever split. */
export function plainLine(item: ItemState, added: Added): LineFacts {
  const total = last(item.fields.quantity) ?? added.line.quantity
  return { item, added, parent: undefined, parts: [], wanted: total, total }
}

const partOf = ({ id, added }: ItemState): Part[] =>
  added?.split ? [{ id, stamp: added.stamp, split: added.split }] : []

function partsByParent(order: OrderState): Map<string, Part[]> {
  const parts = new Map<string, Part[]>()
  for (const part of Object.values(order.items).flatMap(partOf)) {
    parts.set(part.split.from, [...(parts.get(part.split.from) ?? []), part])
  }
  for (const list of parts.values()) list.sort((a, b) => (a.stamp + a.id < b.stamp + b.id ? -1 : 1))
  return parts
}

/**
 * Every line of an order. Portions are granted to what was split off in the order of the stamps, out of what there is: two
 * who split apart can together not make more of a line than it had.
 */
export function linesOf(order: OrderState): Map<string, LineFacts> {
  const parts = partsByParent(order)
  const lines = new Map<string, LineFacts>()

  function add(item: ItemState, parent: LineFacts | undefined, granted: number | undefined): void {
    const { added } = item
    if (!added || lines.has(item.id)) return
    const own = parts.get(item.id) ?? []
    const total = totalOf(item, added, granted)
    let left = total
    const grants = own.map(({ split }) => {
      const grant = Math.min(split.n, left)
      left -= grant
      return grant
    })
    const line = { item, added, parent, parts: own, wanted: left, total }
    lines.set(item.id, line)
    own.forEach(({ id }, index) => {
      const child = order.items[id]
      if (child) add(child, line, grants[index])
    })
  }

  const items = Object.values(order.items)
  for (const item of items) {
    const from = item.added?.split?.from
    if (from === undefined || !order.items[from]?.added) add(item, undefined, undefined)
  }
  // Lines that only garbage can have made: each split from another in a circle.
  for (const item of items.sort((a, b) => (a.id < b.id ? -1 : 1))) add(item, undefined, undefined)
  return lines
}

/** A later quantity of a line that was split off counts from the portions it was split off with. */
function totalOf({ fields }: ItemState, { line, split }: Added, granted: number | undefined): number {
  const written = last(fields.quantity)
  if (!split) return written ?? line.quantity
  const grant = granted ?? split.n
  return written === undefined ? grant : Math.max(0, written - (split.n - grant))
}

/** The quantity to write so that `wanted` portions stand on the line itself. */
export function quantityFor(line: LineFacts, wanted: number): number {
  const { added, item, total } = line
  const off = total - line.wanted
  const written = last(item.fields.quantity) ?? added.split?.n ?? added.line.quantity
  return wanted + off + (written - total)
}

const INHERITED: readonly (keyof ItemFields)[] = ['modifiers', 'note', 'course', 'allergies']

/** What a field was when it was ordered, before anybody wrote it; of a line that was split off, on the one it came from. */
export function orderedOn<K extends keyof ItemFields>(line: LineFacts, name: K): ItemFields[K] {
  const { parent, added } = line
  if (parent && INHERITED.includes(name)) return orderedOn(parent, name)
  return added.line[name] as ItemFields[K]
}

/**
 * The writes of a field that count for a line: its own, and for one that was split off those on the line it came from by
 * people who did not know of the split and so meant its portions too. Quantity is granted, and a seat is each line's own.
 */
export function writesOn<K extends keyof ItemFields>(
  line: LineFacts,
  name: K,
): readonly Write<ItemFields[K]>[] {
  const own = (line.item.fields[name] ?? []) as readonly Write<ItemFields[K]>[]
  const { parent, added } = line
  if (!parent || !INHERITED.includes(name)) return own
  const meant = writesOn(parent, name).filter((write) => !knows(write, added.stamp))
  return meant.length ? [...meant, ...own].sort((a, b) => (a.stamp < b.stamp ? -1 : 1)) : own
}
