/** @file Times and labels as people read them. Pure. */
import type { TicketView } from '../../shared/domain/view.ts'

/** An age as m:ss, or h:mm:ss from an hour on. Never negative. */
export function age(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1_000))
  const seconds = String(total % 60).padStart(2, '0')
  const minutes = Math.floor(total / 60) % 60
  const hours = Math.floor(total / 3_600)
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`
}

/** A clock time, e.g. 19:42:10, in the restaurant's zone; in the screen's own when that zone is unknown to it. */
export function clock(at: number, timeZone?: string, seconds = true): string {
  const format: Intl.DateTimeFormatOptions = {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(seconds ? { second: '2-digit' } : {}),
  }
  try {
    return new Intl.DateTimeFormat('en-GB', timeZone ? { ...format, timeZone } : format).format(at)
  } catch {
    return new Intl.DateTimeFormat('en-GB', format).format(at)
  }
}

const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' }

function day(at: number, timeZone?: string): string {
  try {
    return new Intl.DateTimeFormat('en-GB', timeZone ? { ...DAY, timeZone } : DAY).format(at)
  } catch {
    return new Intl.DateTimeFormat('en-GB', DAY).format(at)
  }
}

/** A past time seen from `now`: 18:02 on the same day, 20 Nov, 18:02 on another. */
export function moment(at: number, now: number, timeZone?: string, seconds = false): string {
  const time = clock(at, timeZone, seconds)
  const on = day(at, timeZone)
  return on === day(now, timeZone) ? time : `${on}, ${time}`
}

const TYPES = { dineIn: 'Dine in', takeaway: 'Takeaway', delivery: 'Delivery' } as const

/** The words for an order type. */
export function typeName(type: TicketView['type']): string {
  return TYPES[type]
}

/** Where a ticket goes: its table, or how it leaves the house. */
export function place(ticket: TicketView): string {
  return ticket.table ? `Table ${ticket.table.name}` : typeName(ticket.type)
}

/** What is said of a ticket beside where it goes, in one short line; empty when there is nothing. */
export function about({ covers, server }: TicketView): string {
  return [covers > 0 && plural(covers, 'guest'), server?.name].filter(Boolean).join(' · ')
}

/** The noun that goes with `count`. */
export function noun(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many
}

/** `count` with its noun, e.g. "1 ticket", "3 tickets". */
export function plural(count: number, one: string, many?: string): string {
  return `${count} ${noun(count, one, many)}`
}

/** What somebody typed, quoted. It has its own direction, so that its quotes stay with it beside text of another one. */
export const said = (text: string): string => `\u2068“${text}”\u2069`
