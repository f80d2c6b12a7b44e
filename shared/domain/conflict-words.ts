/** @file Conflicts in sentences for the manager: who did what, when, where, and what counts. Pure. */
import type { Conflict, Side } from './conflict.ts'
import { RANK } from './events.ts'
import { stampDevice } from './stamp.ts'

const LONGEST = 60

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

const quoted = (text: string) => (text === '' ? 'nothing' : `“${cut(text)}”`)
const because = (reason: string) => (reason === '' ? '' : ` (${cut(reason)})`)

/** A field's value as people say it. */
export function valueText(value: unknown): string {
  if (value === null) return 'none'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return quoted(value.map((one: { name?: string }) => one.name ?? '').join(', '))
  return quoted((value as { name?: string }).name ?? '')
}

const RANK_WORDS: Record<number, string> = {
  [RANK.preparing]: 'started',
  [RANK.ready]: 'finished',
  [RANK.served]: 'served',
}

/** What somebody did, to go after a name. */
export const did = {
  set: (field: string, fact: string, value: unknown) => `set ${field} of ${fact} to ${valueText(value)}`,
  voided: (fact: string, reason: string) => `voided ${fact}${because(reason)}`,
  cancelled: (reason: string) => `cancelled the order${because(reason)}`,
  opened: (number: string) => `opened it as ${number}`,
  moved: (fact: string, cycle: number, rank: number) =>
    rank === RANK.confirmed && cycle > 0 ? `recalled ${fact}` : `${RANK_WORDS[rank] ?? 'moved'} ${fact}`,
  changed: (fact: string) => `changed ${fact}`,
  added: (fact: string) => `added ${fact}`,
  fired: (fact: string) => `fired ${fact}`,
  published: (name: string, version: number) => `published version ${version} of the ${name}`,
  stock: (fact: string, out: boolean) => (out ? `set ${fact} to 86` : `put ${fact} back on sale`),
}

/** The last ms UTC that is a date; a clock gone mad may have written later ones. */
const LAST_MS = 8.64e15

const formats = new Map<string, Intl.DateTimeFormat>()

/** Date and time in the restaurant's zone; in UTC when there is no such zone. */
function time(at: number, zone: string): string {
  let format = formats.get(zone)
  if (!format) {
    const options = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const
    try {
      format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone })
    } catch {
      format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' })
    }
    formats.set(zone, format)
  }
  return format.format(Math.max(-LAST_MS, Math.min(LAST_MS, at)))
}

/** What a sentence needs to know of the place it is read in. */
export interface Place {
  /** How a device (id) is called here. */
  nameOf(device: string): string
  /** IANA time zone. */
  zone: string
}

/** The sentence: the earlier side first, then what counts. */
export function tell({ known, news, verdict }: Conflict, place: Place): string {
  const side = ({ by, at, stamp, did }: Side) =>
    `${by?.name || 'Somebody'} (${place.nameOf(stampDevice(stamp))}, ${time(at, place.zone)}) ${did}`
  const [first, second] = known.stamp < news.stamp ? [known, news] : [news, known]
  return `${side(first)}; ${side(second)}. The two met only later: ${verdict}.`
}
