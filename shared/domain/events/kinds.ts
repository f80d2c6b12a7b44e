/** @file The kinds of events: the version of each, whether it belongs to an order, and the shape of its data. Pure. */
import * as z from 'zod/mini'
import { keySchema as id } from '../keys.ts'
import { changedFields, openedFields } from '../order-fields.ts'
import { type Envelope, stamp, text } from './envelope.ts'
import { itemFields, line, move, orderType, portions, saw, task } from './values.ts'

/** Of what was made (or served) of a line before a split: all of it, and what went to the new line. */
const share = z.object({ had: portions, took: portions })

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
    /** The line this one was split from, before `item.split` told it. */
    from: z.optional(id),
  }),
  /** `n` portions of a line stand in a line of their own from now on. What is written on the line split from is not changed. */
  'item.split': z.object({
    item: id,
    from: id,
    /** The line split from as it stood, with `n` as its quantity. */
    line,
    /** Those of the line split from, in its order. */
    tasks: z.array(task).check(z.minLength(1)),
    held: z.boolean(),
    n: z.int().check(z.gte(1)),
    /** Per task: portions that were made of the whole line, and those of them that go along. */
    made: z.array(share),
    served: share,
    /** The recalls and splits of that line then known, this one not among them. */
    saw,
  }),
  /** `notify`: the kitchen may already have seen the item, so a cook must acknowledge the difference. */
  'item.changed': z.object({
    item: id,
    fields: z.partial(z.object(itemFields)),
    notify: z.boolean(),
    /** The splits of this line then known: whoever wrote this knew that it is not for those. */
    saw: z.optional(saw),
  }),
  'item.voided': z.object({ item: id, reason: text, notify: z.boolean() }),
  /** Fires what is held for a course, seen or not. No longer written: `items.fired` names what was seen. */
  'course.fired': z.object({ course: id }),
  /** `course`: all of these were held for it. */
  'items.fired': z.object({ items: z.array(id), course: z.optional(id) }),
  'tasks.moved': z.object({ moves: z.array(move) }),
  /** Takes presses on these items back, as if they had never been made. */
  'deeds.undone': z.object({ items: z.array(id), deeds: z.array(stamp) }),
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
  'item.split': 1,
  'item.changed': 1,
  'item.voided': 1,
  'course.fired': 1,
  'items.fired': 1,
  'tasks.moved': 1,
  'deeds.undone': 1,
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
