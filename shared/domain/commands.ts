/** @file Commands: what a person or a program wants to happen, each with its arguments and limits. Pure. */
import * as z from 'zod/mini'
import { ALLERGENS } from './documents.ts'
import { keySchema as key, textSchema as text, uuidSchema as uuid } from './keys.ts'
import { changedInputs, placedInputs } from './order-fields.ts'

/** Largest number of lines on one order. A wedding is 300; more than this is a mistake or an attack. */
export const MAX_ITEMS = 500
/** Largest quantity on one line. */
export const MAX_QUANTITY = 999

const quantity = z.int().check(z.gte(1), z.lte(MAX_QUANTITY))
const seat = z.nullable(z.int().check(z.gte(1), z.lte(200)))
const reason = text(200)
const allergies = z.array(z.enum(ALLERGENS)).check(z.maxLength(14))

/** So many portions of a line; when some were split off elsewhere the screen may have shown more than one line may have. */
const portions = z.int().check(z.gte(1), z.lte(MAX_QUANTITY))
/** What the screen showed of a line when somebody pressed: its `shown`. Empty for a line as it was ordered. */
const saw = z._default(z.array(z.string().check(z.maxLength(120))).check(z.maxLength(1000)), [])
const MAX_TASKS = 2000
const listOf = <S extends z.ZodMiniType>(one: S, most: number) =>
  z.array(one).check(z.minLength(1), z.maxLength(most))

/** A press on a task says how many portions are made with it, as the screen showed them. */
const answer = z.strictObject({ item: uuid, task: key, n: portions, saw })
/** A recall says how many portions of what was made it takes back; none when a task was only begun. */
const recall = z.strictObject({ item: uuid, task: key, n: z.int().check(z.gte(0), z.lte(MAX_QUANTITY)), saw })

/** A line somebody orders. `id` is made by the client, so a retry is the same line. */
export const lineSchema = z.strictObject({
  id: uuid,
  menuItem: key,
  quantity,
  modifiers: z._default(z.array(key).check(z.maxLength(30)), []),
  seat: z._default(seat, null),
  course: z.optional(key),
  note: z._default(text(300), ''),
  /** What the guest is allergic to; shown in the kitchen as a warning, beside what the dish contains. */
  allergies: z._default(allergies, []),
  /** Visible to the kitchen but not to be cooked until its course or the item is fired. */
  hold: z._default(z.boolean(), false),
})
export type LineInput = z.infer<typeof lineSchema>

const lines = z.array(lineSchema).check(z.minLength(1), z.maxLength(MAX_ITEMS))
export const ORDER_TYPES = ['dineIn', 'takeaway', 'delivery'] as const

/** Arguments of every command. */
export const commandSchemas = {
  placeOrder: z.strictObject({
    order: uuid,
    type: z.enum(ORDER_TYPES),
    table: z._default(z.nullable(key), null),
    ...placedInputs,
    items: lines,
  }),
  addItems: z.strictObject({ order: uuid, items: lines }),
  changeItem: z.strictObject({
    order: uuid,
    item: uuid,
    quantity: z.optional(quantity),
    modifiers: z.optional(z.array(key).check(z.maxLength(30))),
    note: z.optional(text(300)),
    seat: z.optional(seat),
    course: z.optional(key),
    allergies: z.optional(allergies),
  }),
  /** Moves `quantity` of a line to a new line (`newItem`), e.g. to void or serve a part of it. */
  splitItem: z.strictObject({ order: uuid, item: uuid, newItem: uuid, quantity }),
  voidItem: z.strictObject({ order: uuid, item: uuid, reason }),
  cancelOrder: z.strictObject({ order: uuid, reason }),
  changeOrder: z.strictObject({
    order: uuid,
    table: z.optional(z.nullable(key)),
    server: z.optional(z.nullable(key)),
    ...changedInputs,
  }),
  /** Fires the items of a course that the screen showed as held for it. */
  fireCourse: z.strictObject({ order: uuid, course: key, items: listOf(uuid, MAX_ITEMS) }),
  fireItems: z.strictObject({ order: uuid, items: listOf(uuid, MAX_ITEMS) }),
  startTask: z.strictObject({ order: uuid, item: uuid, task: key, saw }),
  bumpTask: z.strictObject({ order: uuid, ...answer.shape }),
  /**
   * These tasks are ready: those that the screen showed as open at this station. What came since stays as it is. `station:
   * 'expo'` bumps what no station shows.
   */
  bumpTicket: z.strictObject({ order: uuid, station: key, tasks: listOf(answer, MAX_TASKS) }),
  recallTask: z.strictObject({ order: uuid, ...recall.shape }),
  /** Brings back the tasks that the screen showed as done. */
  recallTicket: z.strictObject({ order: uuid, tasks: listOf(recall, MAX_TASKS) }),
  /** Hands over what the screen showed as ready. */
  serve: z.strictObject({
    order: uuid,
    items: listOf(z.strictObject({ item: uuid, n: portions, saw }), MAX_ITEMS),
  }),
  /** Takes back what a command did (`deed` of its answer), unless somebody has gone on from there. */
  undo: z.strictObject({ order: uuid, deeds: listOf(z.string().check(z.maxLength(120)), 50) }),
  /** The cook has seen these changes, voids or the cancellation (`seen`: their stamps, as the ticket showed them). */
  acknowledge: z.strictObject({
    order: uuid,
    station: key,
    seen: z.array(z.string().check(z.maxLength(120))).check(z.minLength(1), z.maxLength(2000)),
  }),
  /** Puts a dish on the 86 list or takes it off. */
  setStock: z.strictObject({ menuItem: key, out: z.boolean() }),
  /** Publishes a document; `base` is the version it was edited from, so that two editors cannot overwrite each other unseen. */
  publishDocument: z.strictObject({
    name: z.enum(['menu', 'floor', 'stations', 'staff', 'settings']),
    base: z.int().check(z.gte(0)),
    body: z.unknown(),
  }),
} as const

export type CommandName = keyof typeof commandSchemas
export const COMMAND_NAMES = Object.keys(commandSchemas) as CommandName[]
export type CommandArgs<N extends CommandName> = z.infer<(typeof commandSchemas)[N]>

/** The arguments as a caller gives them: what has a default may be left out. */
export type CommandInput<N extends CommandName> = z.input<(typeof commandSchemas)[N]>

/** A command on its way: `id` (UUID) is made where the intention is born, so that a retry is recognised. */
export type Command = { [N in CommandName]: { id: string; name: N; args: CommandArgs<N> } }[CommandName]
