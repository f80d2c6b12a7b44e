/** @file Messages: what is to be said to people, as a code and its parameters; never a sentence. Types only. */

/** What a message may be about. Numbers are formatted when worded; a message inside another is worded first; lists are joined. */
export type Param = string | number | boolean | null | Message | readonly Param[]
export type Params = Readonly<Record<string, Param>>

/** Something to be said, e.g. `{code: 'alarms.clockBack', params: {pc: 'Bar', minutes: 12}}`. `shared/words` words it. */
export interface Message {
  readonly code: string
  readonly params?: Params
}

/** The closed list of an area: per code, the names of its parameters. */
export type Table = Readonly<Record<string, readonly string[]>>

/** The parameters of a code that takes `Names`. */
export type ParamsOf<Names extends string> = { readonly [N in Names]: Param }
