/** @file What the two sides of a conflict did, and the whole of it for the audit trail, as messages. Pure. */
import type { Conflict, Side } from './conflict.ts'
import { RANK } from './events.ts'
import { type MessageCode, say } from './messages/index.ts'
import type { Message, Param } from './messages/message.ts'
import { stampDevice } from './stamp.ts'

const LONGEST = 60

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

const quoted = (text: string) =>
  text === '' ? say('conflicts.nothing') : say('conflicts.quoted', { text: cut(text) })

/** A field's value as people know it: the name of what it refers to, or its text, cut to a readable length. */
export function valueParam(value: unknown): Param {
  if (value === null) return say('conflicts.none')
  if (typeof value === 'number') return value
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return quoted(value.map((one: { name?: string }) => one.name ?? '').join(', '))
  return quoted((value as { name?: string }).name ?? '')
}

const RANK_DEEDS = {
  [RANK.preparing]: 'conflicts.started',
  [RANK.ready]: 'conflicts.finished',
  [RANK.served]: 'conflicts.served',
} as const satisfies Record<number, MessageCode>

const isDeed = (rank: number): rank is keyof typeof RANK_DEEDS => Object.hasOwn(RANK_DEEDS, rank)

/** What somebody did. `fact` names what it was done to. */
export const did = {
  set: (field: string, fact: Param, value: unknown) =>
    say('conflicts.set', { field, fact, value: valueParam(value) }),
  all: (deeds: readonly Message[]) => say('conflicts.several', { deeds }),
  voided: (fact: Param, reason: string) =>
    reason === ''
      ? say('conflicts.voided', { fact })
      : say('conflicts.voidedBecause', { fact, reason: cut(reason) }),
  cancelled: (reason: string) =>
    reason === '' ? say('conflicts.cancelled') : say('conflicts.cancelledBecause', { reason: cut(reason) }),
  opened: (number: string) => say('conflicts.opened', { number }),
  moved(fact: Param, cycle: number, rank: number): Message {
    if (rank === RANK.confirmed && cycle > 0) return say('conflicts.recalled', { fact })
    return say(isDeed(rank) ? RANK_DEEDS[rank] : 'conflicts.moved', { fact })
  },
  changed: (fact: Param) => say('conflicts.changed', { fact }),
  added: (fact: Param) => say('conflicts.added', { fact }),
  fired: (fact: Param) => say('conflicts.fired', { fact }),
  published: (document: string, version: number) => say('conflicts.published', { document, version }),
  stock: (fact: Param, out: boolean) => say(out ? 'conflicts.setOut' : 'conflicts.backOnSale', { fact }),
}

/** The conflict for the audit trail: the earlier side first, then what counts. `nameOf` says what a device is called. */
export function tell({ known, news, verdict }: Conflict, nameOf: (device: string) => string): Message {
  const side = ({ by, at, stamp, did }: Side) =>
    say('conflicts.side', { who: by?.name || null, pc: nameOf(stampDevice(stamp)), at, did })
  const [first, second] = known.stamp < news.stamp ? [known, news] : [news, known]
  return say('conflicts.met', { first: side(first), second: side(second), verdict })
}
