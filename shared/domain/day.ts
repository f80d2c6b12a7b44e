/** @file The business day: which day a moment belongs to, given the restaurant's zone and cut-off. Pure. */

/** A business day, `YYYY-MM-DD` in the restaurant's zone. */
export type BusinessDay = string

const formats = new Map<string, Intl.DateTimeFormat>()

function format(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone)
  if (!found) {
    found = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
    formats.set(zone, found)
  }
  return found
}

/**
 * The business day of `at` (ms UTC). A moment before the local wall-clock time `cutoff` (minutes after midnight, 0–720)
 * still belongs to the day before. Wall-clock time decides, so a day with a DST change is 23 or 25 hours long.
 * @throws RangeError when `zone` is not an IANA zone.
 */
export function businessDay(at: number, zone: string, cutoff: number): BusinessDay {
  const minute = Math.floor(at / MINUTE_MS)
  if (last.minute !== minute || last.zone !== zone || last.cutoff !== cutoff) {
    last = { minute, zone, cutoff, day: compute(at, zone, cutoff) }
  }
  return last.day
}

const MINUTE_MS = 60_000

/** The last answer: every order of a minute asks the same, and a zone's calendar is slow. */
let last = { minute: Number.NaN, zone: '', cutoff: 0, day: '' }

function compute(at: number, zone: string, cutoff: number): BusinessDay {
  const parts = new Map(
    format(zone)
      .formatToParts(at)
      .map((part) => [part.type, Number(part.value)]),
  )
  const get = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  const early = get('hour') * 60 + get('minute') < cutoff
  const date = new Date(Date.UTC(get('year'), get('month') - 1, get('day') - (early ? 1 : 0)))
  return date.toISOString().slice(0, 10)
}
