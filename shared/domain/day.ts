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

const MINUTE_MS = 60_000
/** No clock change in the calendar of any zone sets clocks back further. */
const MOST_BACK_MS = 180 * MINUTE_MS

/**
 * The business day of `at` (ms UTC). A moment before the local wall-clock time `cutoff` (minutes after midnight, 0–720)
 * still belongs to the day before. Wall-clock time decides, so a day with a DST change is 23 or 25 hours long; where clocks
 * are set back over the cut-off, the day that has begun goes on: it never steps back.
 * @throws RangeError when `zone` is not an IANA zone.
 */
export function businessDay(at: number, zone: string, cutoff: number): BusinessDay {
  const minute = Math.floor(at / MINUTE_MS)
  if (last.minute !== minute || last.zone !== zone || last.cutoff !== cutoff) {
    last = { minute, zone, cutoff, day: compute(minute * MINUTE_MS, zone, cutoff) }
  }
  return last.day
}

/** The last answer: every order of a minute asks the same, and a zone's calendar is slow. */
let last = { minute: Number.NaN, zone: '', cutoff: 0, day: '' }

function compute(at: number, zone: string, cutoff: number): BusinessDay {
  const local = localTime(at, zone)
  const changed = setBack(at, local - at, zone)
  if (changed === null) return dayOf(local, cutoff)
  const both = [dayOf(local, cutoff), dayOf(localTime(changed - MINUTE_MS, zone), cutoff)]
  return both.sort().at(-1) ?? ''
}

/** Local wall-clock time, as ms of a calendar without zones. */
function localTime(at: number, zone: string): number {
  const parts = new Map(
    format(zone)
      .formatToParts(at)
      .map((part) => [part.type, Number(part.value)]),
  )
  const get = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  return Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'))
}

/** The moment when clocks were set back, if that was lately; null when it was not. `offset`: local time less UTC at `at`. */
function setBack(at: number, offset: number, zone: string): number | null {
  const offsetAt = (moment: number) => localTime(moment, zone) - moment
  let [before, after] = [at - MOST_BACK_MS, at]
  if (offsetAt(before) <= offset) return null
  while (after - before > MINUTE_MS) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE_MS) * MINUTE_MS
    if (offsetAt(middle) > offset) before = middle
    else after = middle
  }
  return after
}

function dayOf(local: number, cutoff: number): BusinessDay {
  return new Date(local - cutoff * MINUTE_MS).toISOString().slice(0, 10)
}
