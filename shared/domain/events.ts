/** @file Events: what happened, as it stands in the log and travels between devices. Versioned. Pure. */
import * as z from 'zod/mini'
import { ORDER_TYPES, PRIORITIES } from './commands.ts'
import { ALLERGENS, type DocumentName, documentSchemas } from './documents.ts'
import { keySchema } from './keys.ts'

/** Version of the event shapes below. A core keeps events of a later version raw until it is upgraded. */
export const EVENT_VERSION = 1

const id = keySchema
const text = z.string().check(z.maxLength(400))
/**
 * A stamp as stamp.ts makes it. The leading zero (times before the year 5138) leaves room above every stamp, so that
 * no garbled one can win for ever or push this device's clock out of its format.
 */
const stamp = z.string().check(z.regex(/^0\d{14}-\d{6}-[\s\S]{1,64}$/, 'notStamp'))

const modifier = z.strictObject({
  id,
  name: text,
  price: z.int(),
  /** What it brings into the dish; kept with the modifier, so that changing modifiers changes the allergens shown. */
  allergens: z.optional(z.array(z.enum(ALLERGENS))),
})
const course = z.strictObject({ id, name: text, order: z.int() })
const table = z.nullable(z.strictObject({ id, name: text }))

/** What the menu said when the line was ordered; later menu edits never change it. Prices in cents. */
const line = z.strictObject({
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

/** One piece of kitchen work: this item at this station, in this step of its route. */
const task = z.strictObject({ id, station: id, step: z.int() })

const orderFields = z.strictObject({
  table: z.optional(table),
  covers: z.optional(z.int()),
  server: z.optional(z.nullable(z.strictObject({ id, name: text }))),
  note: z.optional(text),
  priority: z.optional(z.enum(PRIORITIES)),
})

const itemFields = z.strictObject({
  quantity: z.optional(z.int().check(z.gte(1))),
  modifiers: z.optional(z.array(modifier)),
  note: z.optional(text),
  seat: z.optional(z.nullable(z.int())),
  course: z.optional(z.nullable(course)),
})

/** Ranks of progress: confirmed < preparing < ready < served. A recall opens the next cycle at confirmed. */
export const RANK = { confirmed: 0, preparing: 1, ready: 2, served: 3 } as const
const move = z.strictObject({
  item: id,
  task: id,
  cycle: z.int().check(z.gte(0)),
  rank: z.int().check(z.gte(0), z.lte(3)),
})

const bodies = {
  'order.opened': z.strictObject({
    /** Shown to people, e.g. "12" or "B12"; unique within the business day. */
    number: text,
    day: text,
    type: z.enum(ORDER_TYPES),
    table,
    covers: z.int(),
    server: z.nullable(z.strictObject({ id, name: text })),
    note: text,
    priority: z.enum(PRIORITIES),
    /** Of a demo evening: nobody ordered this. Every Plate that has such an order open says so on its screens. */
    training: z.optional(z.literal(true)),
  }),
  'order.changed': z.strictObject({ fields: orderFields }),
  'order.cancelled': z.strictObject({ reason: text }),
  'item.added': z.strictObject({
    item: id,
    line,
    /** Never empty: an item without work would count as served without anybody having seen it. */
    tasks: z.array(task).check(z.minLength(1)),
    held: z.boolean(),
    /** The line this one was split from, if any. */
    from: z.optional(id),
  }),
  /** `notify`: the kitchen may already have seen the item, so a cook must acknowledge the difference. */
  'item.changed': z.strictObject({ item: id, fields: itemFields, notify: z.boolean() }),
  'item.voided': z.strictObject({ item: id, reason: text, notify: z.boolean() }),
  'course.fired': z.strictObject({ course: id }),
  'items.fired': z.strictObject({ items: z.array(id) }),
  'tasks.moved': z.strictObject({ moves: z.array(move) }),
  'changes.acknowledged': z.strictObject({ station: id, seen: z.array(stamp) }),
  'stock.set': z.strictObject({ menuItem: id, out: z.boolean() }),
  'document.published': z.strictObject({ name: id, version: z.int(), body: z.unknown() }),
} as const

export type EventKind = keyof typeof bodies
export type EventData<K extends EventKind> = z.infer<(typeof bodies)[K]>
export type Line = z.infer<typeof line>
export type LineModifier = z.infer<typeof modifier>
export type CourseRef = z.infer<typeof course>
export type TaskDef = z.infer<typeof task>
export type Move = z.infer<typeof move>

const envelope = z.object({
  id,
  v: z.int().check(z.gte(1)),
  kind: z.string().check(z.maxLength(60)),
  /** The order it belongs to; null for the restaurant's own events (documents, the 86 list). */
  order: z.nullable(id),
  /** When it happened, ms UTC by the clock of the core that decided it. */
  at: z.int(),
  stamp,
  device: id,
  staff: z.nullable(z.strictObject({ id, name: text })),
  command: id,
  data: z.unknown(),
})

/** What every event carries; `data` depends on `kind`. */
export type Envelope = z.infer<typeof envelope>
/** An event this version understands. */
export type PlateEvent = {
  [K in EventKind]: Omit<Envelope, 'kind' | 'data'> & { kind: K; data: EventData<K> }
}[EventKind]

const ORDERLESS: ReadonlySet<string> = new Set(['stock.set', 'document.published'])

/** What came of reading an event: understood, well-formed but of a later version (keep it raw), or garbage. */
export type Parsed =
  | { as: 'event'; event: PlateEvent }
  | { as: 'future'; event: Envelope }
  | { as: 'invalid'; why: string }

/** Reads an event that came from a file or another device. Never throws. */
export function parseEvent(raw: unknown): Parsed {
  const outer = envelope.safeParse(raw)
  if (!outer.success) return { as: 'invalid', why: z.prettifyError(outer.error) }
  const event = outer.data
  if (event.v > EVENT_VERSION) return { as: 'future', event }
  const schema = Object.hasOwn(bodies, event.kind) ? bodies[event.kind as EventKind] : undefined
  if (!schema) return { as: 'invalid', why: `unknown kind ${event.kind}` }
  if ((event.order === null) !== ORDERLESS.has(event.kind)) {
    return { as: 'invalid', why: `${event.kind} with order ${event.order}` }
  }
  const data = schema.safeParse(event.data)
  if (!data.success) return { as: 'invalid', why: z.prettifyError(data.error) }
  const parsed = { ...event, data: data.data } as PlateEvent
  const why = parsed.kind === 'document.published' ? badDocument(parsed.data) : undefined
  return why === undefined ? { as: 'event', event: parsed } : { as: 'invalid', why }
}

function badDocument(data: EventData<'document.published'>): string | undefined {
  if (!Object.hasOwn(documentSchemas, data.name)) return `unknown document ${data.name}`
  const body = documentSchemas[data.name as DocumentName].safeParse(data.body)
  return body.success ? undefined : z.prettifyError(body.error)
}
