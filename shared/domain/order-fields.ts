/** @file The fields of an order that people set and change: a row each, from which commands, events, state and views derive. Pure. */
import * as z from 'zod/mini'
import { keySchema as id, textSchema } from './keys.ts'

export const PRIORITIES = ['normal', 'rush', 'vip'] as const

/** A text in an event: longer than any input, so that a limit may be raised. */
const eventText = z.string().check(z.maxLength(400))
const named = z.nullable(z.object({ id, name: eventText }))

/** A field that is written as it was typed. `input`: what a command may say; `event`: what the log holds. */
interface Row<Input extends z.ZodMiniType, Held extends z.ZodMiniType> {
  input: Input
  event: Held
  /** What an order has that says nothing. */
  initial: z.infer<Held>
}

const row = <Input extends z.ZodMiniType, Held extends z.ZodMiniType>(
  input: Input,
  event: Held,
  initial: z.infer<Held>,
): Row<Input, Held> => ({ input, event, initial })

/** Fields that every `order.opened` has had from the first version on. */
const FIRST = {
  covers: row(z.int().check(z.gte(0), z.lte(500)), z.int(), 0),
  note: row(textSchema(300), eventText, ''),
  priority: row(z.enum(PRIORITIES), z.enum(PRIORITIES), 'normal'),
}
/** Fields added since: an `order.opened` without one means its initial value. Add a row here for a new field. */
const LATER = {}

export const SIMPLE_FIELDS = { ...FIRST, ...LATER }
type Simple = typeof SIMPLE_FIELDS
export type SimpleName = keyof Simple
export const SIMPLE_NAMES = Object.keys(SIMPLE_FIELDS) as SimpleName[]

/** Fields that a command gives by an id and the log holds as a snapshot. */
const LOOKED_UP = { table: named, server: named }

type Held<Rows extends Record<string, Row<z.ZodMiniType, z.ZodMiniType>>> = {
  [K in keyof Rows]: z.infer<Rows[K]['event']>
}
/** Those of an order's fields that are written as they were typed. */
export type SimpleFields = Held<Simple>
/** An order's fields as they stand. */
export type OrderFields = SimpleFields & { [K in keyof typeof LOOKED_UP]: z.infer<(typeof LOOKED_UP)[K]> }

function schemas<Rows extends object, Out>(rows: Rows, of: (one: Rows[keyof Rows]) => unknown): Out {
  return Object.fromEntries(Object.entries(rows).map(([name, one]) => [name, of(one)])) as Out
}

type Rows = Record<string, Row<z.ZodMiniType, z.ZodMiniType>>
type Events<R extends Rows> = { [K in keyof R]: R[K]['event'] }
type Optional<S extends Record<string, z.ZodMiniType>> = { [K in keyof S]: z.ZodMiniOptional<S[K]> }

const eventsOf = <R extends Rows>(rows: R) => schemas<R, Events<R>>(rows, (one) => one.event)
const optional = <S extends Record<string, z.ZodMiniType>>(shape: S) =>
  schemas<S, Optional<S>>(shape, (one) => z.optional(one))

/** The fields of an order that says nothing. */
export const INITIAL_FIELDS = schemas<Simple, SimpleFields>(SIMPLE_FIELDS, ({ initial }) => initial)

/** Those of `from` that are such fields, where they say something. */
export function simpleOf<A extends { [K in SimpleName]?: OrderFields[K] | undefined }>(
  from: A,
): Pick<A, SimpleName & keyof A> {
  const given = SIMPLE_NAMES.filter((name) => from[name] !== undefined)
  return Object.fromEntries(given.map((name) => [name, from[name]])) as Pick<A, SimpleName & keyof A>
}

/** Shape of the fields in `order.opened`. */
export const openedFields = { ...LOOKED_UP, ...eventsOf(FIRST), ...optional(eventsOf(LATER)) }
/** Shape of the fields in `order.changed`. */
export const changedFields = optional({ ...LOOKED_UP, ...eventsOf(SIMPLE_FIELDS) })

/** Arguments of a command that places an order: each field has its initial value when it is not given. */
export const placedInputs = schemas<Simple, { [K in SimpleName]: z.ZodMiniDefault<Simple[K]['input']> }>(
  SIMPLE_FIELDS,
  ({ input, initial }) => z._default<z.ZodMiniType>(input, initial),
)
/** Arguments of a command that changes an order. */
export const changedInputs = schemas<Simple, Optional<{ [K in SimpleName]: Simple[K]['input'] }>>(
  SIMPLE_FIELDS,
  ({ input }) => z.optional<z.ZodMiniType>(input),
)
