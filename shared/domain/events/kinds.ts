/** @file The kinds of events: the version of each, whether it belongs to an order, and the shape of its data. Pure. */
import * as z from 'zod/mini'
import { keySchema as id } from '../keys.ts'
import { changedFields, openedFields } from '../order-fields.ts'
import { type Envelope, stamp, text } from './envelope.ts'
import { itemFields, line, move, orderType, task } from './values.ts'

/** The members `at`, `stamp` and `by` of a state are an event's own: no data may have members of these names. */
const data = {
  'order.opened': z.object({
    /** Shown to people, e.g. "12" or "B12"; unique within the business day. */
    number: text,
    day: text,
    type: orderType,
    ...openedFields,
    /** Of a demo evening: nobody ordered this. Every Plate that has such an order open says so on its screens. */
    training: z.optional(z.literal(true)),
  }),
  'order.changed': z.object({ fields: z.object(changedFields) }),
  'order.cancelled': z.object({ reason: text }),
  'item.added': z.object({
    item: id,
    line,
    /** Never empty: an item without work would count as served without anybody having seen it. */
    tasks: z.array(task).check(z.minLength(1)),
    held: z.boolean(),
    /** The line this one was split from, if any. */
    from: z.optional(id),
  }),
  /** `notify`: the kitchen may already have seen the item, so a cook must acknowledge the difference. */
  'item.changed': z.object({ item: id, fields: z.partial(z.object(itemFields)), notify: z.boolean() }),
  'item.voided': z.object({ item: id, reason: text, notify: z.boolean() }),
  'course.fired': z.object({ course: id }),
  'items.fired': z.object({ items: z.array(id) }),
  'tasks.moved': z.object({ moves: z.array(move) }),
  'changes.acknowledged': z.object({ station: id, seen: z.array(stamp) }),
  'stock.set': z.object({ menuItem: id, out: z.boolean() }),
  'document.published': z.object({ name: id, version: z.int(), body: z.unknown() }),
} as const

export type EventKind = keyof typeof data
export type EventData<K extends EventKind> = z.infer<(typeof data)[K]>

/**
 * Version of each kind that this build writes, and the newest it reads. A member that older readers may ignore needs no new
 * version; one they must not ignore needs a feature (`needs`); only a shape they cannot read at all needs a version.
 */
export const VERSIONS: Readonly<Record<EventKind, number>> = {
  'order.opened': 1,
  'order.changed': 1,
  'order.cancelled': 1,
  'item.added': 1,
  'item.changed': 1,
  'item.voided': 1,
  'course.fired': 1,
  'items.fired': 1,
  'tasks.moved': 1,
  'changes.acknowledged': 1,
  'stock.set': 1,
  'document.published': 1,
}

/** Kinds that belong to the restaurant, not to an order. */
export const ORDERLESS: ReadonlySet<string> = new Set<EventKind>(['stock.set', 'document.published'])

/** An event this version understands. */
export type PlateEvent = {
  [K in EventKind]: Omit<Envelope, 'kind' | 'data'> & { kind: K; data: EventData<K> }
}[EventKind]

/** Schemas of the data by kind. Reading does not use what they return: members of later versions would be missing. */
export const dataSchemas: Readonly<Record<EventKind, z.ZodMiniType>> = data

export const isKind = (kind: string): kind is EventKind => Object.hasOwn(data, kind)
