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
  allergies: z._default(z.array(z.enum(ALLERGENS)).check(z.maxLength(14)), []),
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
  fireCourse: z.strictObject({ order: uuid, course: key }),
  fireItems: z.strictObject({
    order: uuid,
    items: z.array(uuid).check(z.minLength(1), z.maxLength(MAX_ITEMS)),
  }),
  startTask: z.strictObject({ order: uuid, item: uuid, task: key }),
  bumpTask: z.strictObject({ order: uuid, item: uuid, task: key }),
  /** Everything this station can still do on the ticket is ready. `station: 'expo'` bumps what no station shows. */
  bumpTicket: z.strictObject({ order: uuid, station: key }),
  recallTask: z.strictObject({ order: uuid, item: uuid, task: key }),
  /** Brings a bumped ticket back and restarts its timer; without a station, for every station. */
  recallTicket: z.strictObject({ order: uuid, station: z.optional(key) }),
  /** Hands items over to the guest; without `items`, all that is ready. */
  serve: z.strictObject({ order: uuid, items: z.optional(z.array(uuid).check(z.maxLength(MAX_ITEMS))) }),
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
