/** @file What a catalogue must have: a sentence for each code of an area and each of its reasons; and its form for the i18n library. Pure. */

/** Sentences by the plural forms of a language, for a message with a `count`. */
interface Plural {
  readonly zero?: string
  readonly one?: string
  readonly two?: string
  readonly few?: string
  readonly many?: string
  readonly other: string
}
/** A sentence with `{{parameter}}` where they go. */
type Sentence = string | Plural

/** Codes with a sentence each; codes with reasons have one per reason, and `unknown` for a reason a newer Plate gives. */
export type Catalogue<Codes> = {
  readonly [C in keyof Codes]: Codes[C] extends readonly string[]
    ? Sentence
    : { readonly [W in keyof Codes[C] | 'unknown']: Sentence }
}

interface Group {
  readonly [key: string]: Sentence | Group
}
type Flat = { [key: string]: string | Flat }

const FORMS: ReadonlySet<string> = new Set(['zero', 'one', 'two', 'few', 'many', 'other'])
const isPlural = (group: object): group is Plural => Object.keys(group).every((key) => FORMS.has(key))

/** The catalogue as the i18n library reads it: `key_one`, `key_other` instead of `key: {one, other}`. */
export function flatten(group: Group): Flat {
  const flat: Flat = {}
  for (const [key, value] of Object.entries(group)) {
    if (typeof value === 'string') flat[key] = value
    else if (isPlural(value)) for (const [form, text] of Object.entries(value)) flat[`${key}_${form}`] = text
    else flat[key] = flatten(value)
  }
  return flat
}
