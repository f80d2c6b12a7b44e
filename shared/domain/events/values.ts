/** @file What events are made of: lines with their snapshot of the menu, kitchen work, and the fields that can be changed. Pure. */
import * as z from 'zod/mini'
import { ORDER_TYPES } from '../commands.ts'
import { ALLERGENS } from '../documents.ts'
import { keySchema as id } from '../keys.ts'
import { stamp, text } from './envelope.ts'

export const modifier = z.object({
  id,
  name: text,
  price: z.int(),
  /** What it brings into the dish; kept with the modifier, so that changing modifiers changes the allergens shown. */
  allergens: z.optional(z.array(z.enum(ALLERGENS))),
})
export type LineModifier = z.infer<typeof modifier>

export const course = z.object({ id, name: text, order: z.int() })
export type CourseRef = z.infer<typeof course>

/** What the menu said when the line was ordered; later menu edits never change it. Prices in cents. */
export const line = z.object({
  menuItem: id,
  name: text,
  price: z.int(),
  quantity: z.int().check(z.gte(1)),
  modifiers: z.array(modifier),
  seat: z.nullable(z.int()),
  course: z.nullable(course),
  note: text,
  allergens: z.array(z.enum(ALLERGENS)),
  allergies: z.array(z.enum(ALLERGENS)),
})
export type Line = z.infer<typeof line>

/** One piece of kitchen work: this item at this station, in this step of its route. */
export const task = z.object({ id, station: id, step: z.int() })
export type TaskDef = z.infer<typeof task>

/** What a press says of a task: started, ready (an answer) or served; confirmed in a later cycle is a recall. */
export const RANK = { confirmed: 0, preparing: 1, ready: 2, served: 3 } as const
/** Portions of a line, none or more. */
export const portions = z.int().check(z.gte(0))
/** The facts that somebody knew when they acted. */
export const saw = z.array(stamp).check(z.maxLength(1000))
export const move = z.object({
  item: id,
  task: id,
  /** How often the task had been recalled. Tells readers that know no portions which round this is. */
  cycle: z.int().check(z.gte(0)),
  rank: z.int().check(z.gte(0), z.lte(3)),
  /** Portions of the line that are now made or served, counted from none; of a recall, how many it takes back. */
  n: z.optional(portions),
  /** What the screen showed of the line: its changes then standing, and the recalls and splits then known. */
  saw: z.optional(saw),
})
export type Move = z.infer<typeof move>

export const orderType = z.enum(ORDER_TYPES)

/** Fields of an item that can be written later; its line has the first value of each. */
export const itemFields = {
  quantity: line.shape.quantity,
  modifiers: line.shape.modifiers,
  note: line.shape.note,
  seat: line.shape.seat,
  course: line.shape.course,
  allergies: line.shape.allergies,
} as const
